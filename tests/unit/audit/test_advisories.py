"""An audit that nobody answers is not one that found nothing."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.audit.accepted import Acceptance, expired, read_accepted
from tests.audit.advisories import Audit, audit
from tests.audit.verdict import Verdict, conclude

LOCK = Path("dev.lock")
SAFE = {"name": "flask", "version": "3.1.3", "vulns": []}
UNKNOWN = {"name": "six", "skip_reason": "not found"}
BAD = {
    "name": "jinja2",
    "version": "2.10",
    "vulns": [
        {"id": "PYSEC-2019-217", "aliases": ["CVE-2019-10906"], "fix_versions": ["2.10.1", "3.0"]}
    ],
}
ACCEPTED = Acceptance(
    id="CVE-2019-10906",
    package="jinja2",
    reason="templates are the office's own",
    until=date(2027, 1, 31),
)


def answering(**by_source: list[dict[str, Any]] | str) -> Callable[[Path, str], str]:
    """Sources by pip-audit's names; a text is what is printed instead of a report."""

    def ask(_lock: Path, source: str) -> str:
        answer = by_source.get(source, "")
        return answer if isinstance(answer, str) else json.dumps({"dependencies": answer})

    return ask


def test_packages_that_a_source_knows_and_has_nothing_against_are_fine() -> None:
    conclusion = conclude([], audit(LOCK, answering(pypi=[SAFE])), [])
    assert conclusion.verdict is Verdict.FINE
    assert conclusion.lines == ("no known vulnerabilities in 1 packages",)


@pytest.mark.parametrize("printed", ["", "Traceback", "{}", "[]", "null", '{"dependencies": 5}'])
def test_without_an_answering_source_nothing_is_known_and_it_is_said_loudly(printed: str) -> None:
    conclusion = conclude([], audit(LOCK, answering(pypi=printed, osv=printed)), [])
    assert conclusion.verdict is Verdict.UNKNOWN
    assert "COULD NOT BE AUDITED: no advisory source answers" in conclusion.lines[0]


def test_a_source_that_knows_no_package_has_not_found_them_safe() -> None:
    """A mirror of the index without its advisories: pip-audit ends well all the same."""
    conclusion = conclude([], audit(LOCK, answering(pypi=[UNKNOWN])), [])
    assert conclusion.verdict is Verdict.UNKNOWN


def test_what_one_source_does_not_know_another_is_asked_for() -> None:
    known = {"name": "six", "version": "1.17", "vulns": []}
    assert conclude([], audit(LOCK, answering(pypi=[SAFE, UNKNOWN], osv=[SAFE, known])), []) == (
        conclude([], Audit(audited=frozenset({"flask", "six"})), [])
    )


def test_a_package_that_nobody_knows_is_named() -> None:
    conclusion = conclude([], audit(LOCK, answering(pypi=[SAFE, UNKNOWN], osv="")), [])
    assert conclusion.verdict is Verdict.UNKNOWN
    assert conclusion.lines[0].endswith("no advisory source knows six")


def test_a_vulnerability_fails_with_package_version_advisory_and_what_mends_it() -> None:
    conclusion = conclude([], audit(LOCK, answering(pypi=[BAD, UNKNOWN])), [])
    assert conclusion.verdict is Verdict.TO_BE_MENDED
    assert conclusion.lines[0] == "jinja2 2.10: PYSEC-2019-217, fixed in: 2.10.1, 3.0"


def test_an_accepted_vulnerability_does_not_fail_and_is_not_forgotten() -> None:
    conclusion = conclude([], audit(LOCK, answering(pypi=[BAD])), [ACCEPTED])
    assert conclusion.verdict is Verdict.FINE
    assert "accepted for now in requirements/audit.toml: 1" in conclusion.lines


def test_an_acceptance_is_for_one_package_and_one_advisory() -> None:
    for other in ({"package": "flask"}, {"id": "CVE-2020-28493"}):
        conclusion = conclude(
            [], audit(LOCK, answering(pypi=[BAD])), [ACCEPTED.model_copy(update=other)]
        )
        assert conclusion.verdict is Verdict.TO_BE_MENDED


def test_what_is_wrong_without_a_source_fails_without_one() -> None:
    conclusion = conclude(["six: has no hash"], Audit(), [])
    assert conclusion.verdict is Verdict.TO_BE_MENDED
    assert "COULD NOT BE AUDITED" in conclusion.lines[1]


def test_an_acceptance_ends_with_its_day() -> None:
    assert list(expired([ACCEPTED], date(2027, 1, 31))) == []
    (line,) = expired([ACCEPTED], date(2027, 2, 1))
    assert line.startswith("jinja2: CVE-2019-10906 was accepted until 31.01.2027: update")


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ('id = "CVE-1"\npackage = "a"\nuntil = 2027-01-31', "reason: Field required"),
        ('id = "CVE-1"\npackage = "a"\nreason = "so"\nuntil = 2027-01-31', "at least 20"),
        ('id = "CVE-1"\npackage = "a"\nreason = "it does no harm here"', "until: Field required"),
        ("forever = true", "forever"),
    ],
)
def test_an_acceptance_without_a_reason_or_an_end_is_refused(
    tmp_path: Path, entry: str, wrong: str
) -> None:
    file = tmp_path / "audit.toml"
    file.write_text(f"[[accepted]]\n{entry}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=wrong):
        read_accepted(file)
