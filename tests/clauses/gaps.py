"""What the regulation asks for and the tree does not show: each gap as a line for developers."""

from collections.abc import Iterator

from tests.clauses.evidence import CLAUSE, READING, SCENARIO, Evidence
from tests.clauses.regulation import Demand


def gaps(evidence: Evidence) -> Iterator[str]:
    """Every gap; none when the page is complete."""
    yield from _unknown_numbers(evidence)
    for clause, demand in evidence.regulation.clauses.items():
        if demand.rule:
            yield from _of_clause(evidence, clause, demand)
    for number, demand in evidence.regulation.readings.items():
        yield from _of_number(evidence, READING, number, demand)
        settings = any(evidence.settings_of_reading(number))
        if not demand.later:
            yield from _exactly_one(f"reading {number}", settings, demand.no_setting)
    for number, demand in evidence.regulation.scenarios.items():
        yield from _of_number(evidence, SCENARIO, number, demand)


def _unknown_numbers(evidence: Evidence) -> Iterator[str]:
    regulation = evidence.regulation
    known = {
        CLAUSE: set(regulation.clauses),
        READING: {str(number) for number in regulation.readings},
        SCENARIO: {str(number) for number in regulation.scenarios},
    }
    for test in evidence.tests:
        if test.number not in known[test.marker]:
            yield f"{test.path.name}: {test.name} shows {test.marker} {test.number}: no such number"


def _of_clause(evidence: Evidence, clause: str, demand: Demand) -> Iterator[str]:
    name = f"clause {clause}"
    yield from _exactly_one(name, any(evidence.settings_of(clause)), demand.no_setting)
    if not any(evidence.code_of(clause)):
        yield f"{name}: no docstring or comment in bridge/ cites it"
    tests = list(evidence.tests_of(CLAUSE, clause))
    if not any(evidence.is_unit(test) for test in tests):
        yield f"{name}: no unit test is marked with it"
    in_redmine = any(not evidence.is_unit(test) for test in tests)
    if in_redmine == bool(demand.no_redmine):
        yield f"{name}: needs a marked integration test or a reason in `no_redmine`, and not both"


def _exactly_one(name: str, settings: bool, reason: str) -> Iterator[str]:
    if settings == bool(reason):
        yield f"{name}: needs a setting that cites it or a reason in `no_setting`, and not both"


def _of_number(evidence: Evidence, marker: str, number: int, demand: Demand) -> Iterator[str]:
    if any(evidence.tests_of(marker, number)) == bool(demand.later):
        yield f"{marker} {number}: needs a marked test or `later`, and not both"
