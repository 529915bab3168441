"""What configuration, code, notes and tests say of each number of the regulation."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.clauses.citations import cited_in
from tests.clauses.cited_code import Place, cited_code
from tests.clauses.cited_settings import Setting, cited_settings
from tests.clauses.marked_tests import MarkedTest, marked_tests
from tests.clauses.regulation import Regulation, and_above, load_regulation

CLAUSE, READING, SCENARIO = "clause", "reading", "scenario"
_NOT_UNIT = "tests/integration/", "tests/end_to_end/"


@dataclass(frozen=True)
class Evidence:
    """Looks through the project's tree, each part once."""

    project: Path

    @cached_property
    def regulation(self) -> Regulation:
        return load_regulation()

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        files = sorted((self.project / "config").glob("*.yaml"))
        return tuple(each for path in files for each in cited_settings(path, self._known))

    @cached_property
    def code(self) -> tuple[Place, ...]:
        files = sorted((self.project / "bridge").rglob("*.py"))
        return tuple(place for path in files for place in cited_code(path, self._known))

    @cached_property
    def notes(self) -> dict[Path, frozenset[str]]:
        """The notes for staff, each with the clauses that it names."""
        files = sorted((self.project / "templates" / "notes").glob("*.j2"))
        return {
            path: cited_in(path.read_text(encoding="utf-8"), self._known).clauses for path in files
        }

    @cached_property
    def tests(self) -> tuple[MarkedTest, ...]:
        files = sorted((self.project / "tests").rglob("*.py"))
        return tuple(test for path in files for test in marked_tests(path))

    def settings_of(self, clause: str) -> Iterator[Setting]:
        return (each for each in self.settings if clause in each.cited.clauses)

    def settings_of_reading(self, reading: int) -> Iterator[Setting]:
        return (each for each in self.settings if reading in each.cited.readings)

    def code_of(self, clause: str) -> Iterator[Place]:
        numbers = frozenset(and_above(clause))
        return (place for place in self.code if numbers & place.cited.clauses)

    def notes_of(self, clause: str) -> Iterator[Path]:
        return (path for path, clauses in self.notes.items() if clause in clauses)

    def tests_of(self, marker: str, number: str | int) -> Iterator[MarkedTest]:
        return (test for test in self.tests if (test.marker, test.number) == (marker, str(number)))

    def is_unit(self, test: MarkedTest) -> bool:
        """Whether the test needs no Redmine. A contract of the store's is a unit test."""
        return not test.path.relative_to(self.project).as_posix().startswith(_NOT_UNIT)

    @property
    def _known(self) -> frozenset[str]:
        return frozenset(self.regulation.clauses)
