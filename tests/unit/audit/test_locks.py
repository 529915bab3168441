"""A lock that does not pin, or not what the project asks for, is told with what to do."""

from pathlib import Path

import pytest

from bridge.settings import PROJECT
from tests.audit.locks import lock_objections, read_lock

HASH = f"--hash=sha256:{'0' * 64}"
RUNTIME = f"""\
flask[async]==3.1.3 \\
    {HASH} \\
    {HASH}
NumPy==2.4.6 ; python_version < '3.12' \\
    {HASH}
"""
DEV = f"{RUNTIME}pytest==9.2.0 \\\n    {HASH}\n"
WANTED = """
[project]
dependencies = ["Flask>=3.1"]
[project.optional-dependencies]
classifier = ["numpy>=2"]
[dependency-groups]
dev = ["pytest>=9"]
"""


def objections(folder: Path, runtime: str = RUNTIME, dev: str = DEV, wanted: str = WANTED) -> str:
    (folder / "requirements").mkdir()
    (folder / "requirements" / "runtime.lock").write_text(runtime, encoding="utf-8")
    (folder / "requirements" / "dev.lock").write_text(dev, encoding="utf-8")
    (folder / "pyproject.toml").write_text(wanted, encoding="utf-8")
    return "\n".join(lock_objections(folder))


def test_this_projects_locks_are_in_order() -> None:
    assert list(lock_objections(PROJECT)) == []


def test_good_locks_have_nothing_against_them(tmp_path: Path) -> None:
    assert objections(tmp_path) == ""


@pytest.mark.parametrize(
    ("line", "objection"),
    [
        ("six==1.0", "six==1.0: has no sha256 hash"),
        (f"six>=1.0 {HASH}", "six>=1.0: pin one version"),
        (f"six==1.0,!=1.1 {HASH}", "pin one version"),
        (f"six @ https://example.com/six.whl {HASH}", "pin one version"),
        ("six==1.0 --hash=md5:00", "has no sha256 hash"),
        (f"six==1.0 {HASH}", "runtime.lock: six 1.0: tests do not run with it"),
    ],
)
def test_a_package_that_is_not_pinned_or_not_tested_is_told(
    tmp_path: Path, line: str, objection: str
) -> None:
    assert objection in objections(tmp_path, runtime=f"{RUNTIME}{line}\n")


@pytest.mark.parametrize(
    ("asked", "instead", "objection"),
    [
        ("Flask>=3.1", "Flask>=4", "flask 3.1.3: pyproject.toml asks for Flask>=4"),
        ("Flask>=3.1", "django", "runtime.lock: django: pyproject.toml asks for it"),
        ("numpy>=2", "scipy", "runtime.lock: scipy: pyproject.toml asks for it"),
        ("pytest>=9", "mypy", "dev.lock: mypy: pyproject.toml asks for it"),
    ],
)
def test_a_lock_that_is_behind_the_project_is_told(
    tmp_path: Path, asked: str, instead: str, objection: str
) -> None:
    told = objections(tmp_path, wanted=WANTED.replace(asked, instead))
    assert objection.lower() in told.lower()


def test_a_line_that_is_no_requirement_is_named(tmp_path: Path) -> None:
    lock = tmp_path / "a.lock"
    lock.write_text("-e .\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.lock: -e \.: is no requirement"):
        read_lock(lock)
