"""The tests that say with a marker which clause, reading or scenario they show.

A marker is `@pytest.mark.clause("3.6")` on a test or a class, or among a module's `pytestmark`; it
may name several numbers.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MARKERS: Final = ("clause", "reading", "scenario")


@dataclass(frozen=True)
class MarkedTest:
    """A test and one number that it shows; `marker` is one of `MARKERS`."""

    path: Path
    name: str
    marker: str
    number: str


def marked_tests(path: Path) -> Iterator[MarkedTest]:
    """The module's markers, test by test. Raises ValueError at one that cannot be read."""
    text = path.read_text(encoding="utf-8")
    if not any(f"mark.{marker}" in text for marker in MARKERS):
        return
    tree = ast.parse(text)
    yield from _in_body(path, tree.body, _of_module(path, tree))


Numbers = tuple[tuple[str, str], ...]


def _of_module(path: Path, tree: ast.Module) -> Numbers:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            listed = node.value.elts if isinstance(node.value, ast.List) else [node.value]
            return _numbers(path, listed)
    return ()


def _in_body(path: Path, body: list[ast.stmt], outer: Numbers) -> Iterator[MarkedTest]:
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        numbers = dict.fromkeys([*outer, *_numbers(path, node.decorator_list)])
        if isinstance(node, ast.ClassDef):
            yield from _in_body(path, node.body, tuple(numbers))
        elif node.name.startswith("test_"):
            for marker, number in numbers:
                yield MarkedTest(path, node.name, marker, number)


def _numbers(path: Path, expressions: list[ast.expr]) -> Numbers:
    return tuple(number for each in expressions for number in _numbers_of(path, each))


def _numbers_of(path: Path, expression: ast.expr) -> Iterator[tuple[str, str]]:
    if not isinstance(expression, ast.Call):
        return
    called = ast.unparse(expression.func)
    for marker in MARKERS:
        if called == f"pytest.mark.{marker}":
            for argument in expression.args:
                if not isinstance(argument, ast.Constant):
                    raise ValueError(f"{path}:{argument.lineno}: a marker's number is a literal")
                yield marker, str(argument.value)
