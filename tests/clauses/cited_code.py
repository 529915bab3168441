"""The modules, classes and functions of `bridge/` whose docstrings or comments cite a clause."""

import ast
import io
import tokenize
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.clauses.citations import Cited, cited_in

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Place:
    """Where something is cited: `name` is the innermost definition, empty for the module."""

    path: Path
    name: str
    cited: Cited


def cited_code(path: Path, known: Collection[str]) -> Iterator[Place]:
    """The module's places that cite something, each once, in the order of the lines."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    found: dict[str, Cited] = {}
    for line, words in sorted([*_docstrings(tree), *_comments(text)]):
        cited = cited_in(words, known)
        if cited:
            name = _innermost(tree, line)
            found[name] = found.get(name, Cited()) | cited
    return (Place(path, name, cited) for name, cited in found.items())


def _docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Those of modules, classes and functions, and the strings that stand under a name."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield node.lineno, node.value.value


def _comments(text: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _innermost(node: ast.AST, line: int, outside: str = "") -> str:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition) and child.lineno <= line <= (child.end_lineno or 0):
            return _innermost(child, line, f"{outside}.{child.name}".lstrip("."))
    return outside
