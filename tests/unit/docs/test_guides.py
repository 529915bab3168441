"""Who follows a guide for developers word by word has something that works."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bridge.settings import PROJECT
from tests.guides.guide import Guide

TREE = ("bridge", "config", "templates", "sandbox", "tests", "docs", "pyproject.toml")
TYPES = ".mypy_cache"
"""What the check of the whole tree has learned of its types makes this one quick."""


@dataclass(frozen=True)
class Follower:
    """A copy of the tree in which a guide was followed."""

    tree: Path
    guide: Guide

    def run(self, *arguments: str) -> None:
        """Run a module of Python there; what it says is shown when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self.tree,
            env={**os.environ, "PYTHONPATH": str(self.tree), "BRIDGE_TEST_ZONES": "UTC"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module", params=["add-a-channel.md", "add-a-rule.md"])
def follower(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Follower:
    guide = Guide.of(PROJECT / "docs" / request.param)
    tree = tmp_path_factory.mktemp("tree")
    for name in TREE:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, tree / name)
        else:
            shutil.copy2(source, tree / name)
    if (PROJECT / TYPES).is_dir():
        shutil.copytree(PROJECT / TYPES, tree / TYPES)
    for edit in guide.edits:
        path = tree / edit.path
        path.write_text(edit.applied(path.read_text(encoding="utf-8")), encoding="utf-8")
    for file in guide.files:
        path = tree / file.path
        assert not path.exists(), f"{file.path} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    return Follower(tree, guide)


def test_the_code_is_formatted_and_without_findings(follower: Follower) -> None:
    files = [str(each.path) for each in follower.guide.files if each.path.suffix == ".py"]
    follower.run("ruff", "format", "--check", *files)
    follower.run("ruff", "check", *files)


def test_the_types_fit(follower: Follower) -> None:
    follower.run("mypy", "--cache-dir", TYPES, *follower.guide.modules)


def test_its_tests_pass(follower: Follower) -> None:
    assert follower.guide.tests
    follower.run("pytest", "-q", "-p", "no:cacheprovider", *follower.guide.tests)
