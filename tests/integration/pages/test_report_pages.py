"""Staff find reports where they work: in the project's wiki, newest first, with their files."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bridge.bootstrap import open_reporting
from bridge.flow.reporting import Reporting
from bridge.office import Office
from bridge.reporting.period import PeriodKind, period_of
from bridge.settings import PROJECT, load_settings
from bridge.store.database import Store
from bridge.store.schema import upgrade
from sandbox.redmine import RedmineAccess
from tests.busy_office import BusyOffice
from tests.integration.pages.conftest import Desk

NOW = datetime(2026, 11, 23, 21, tzinfo=UTC)
WIKI = "/projects/citizen-messages/wiki"
WEEK = "Отчёт за неделю 16–22 ноября 2026"


@pytest.fixture
def reporting(access: RedmineAccess, tmp_path: Path) -> Iterator[Reporting]:
    """Of an office with a busy week behind it."""
    office = Office.load(PROJECT / "config")
    with closing(Store(f"sqlite:///{tmp_path / 'bridge.db'}")) as store:
        upgrade(store.engine)
        BusyOffice(store, office).work(datetime(2026, 11, 15, 19, tzinfo=UTC), 7, 20)
        settings = load_settings(redmine_url=access.url, redmine_key=access.robot_key)
        yield open_reporting(settings, office, store)


def test_the_wiki_opens_with_the_reports_and_leads_to_their_figures(
    reporting: Reporting, curator_desk: Desk
) -> None:
    titles = reporting.publish_due(NOW)
    assert reporting.publish(period_of(PeriodKind.WEEK, date(2026, 11, 16)), NOW) == WEEK
    curator_desk.open(WIKI)
    links = [link.text for link in curator_desk.find_all(".wiki li a")]
    assert sorted(links) == sorted(titles)
    assert links[:2] == ["Отчёт за 23 ноября 2026", "Отчёт за 22 ноября 2026"]
    curator_desk.find_link(WEEK).click()
    headings = [heading.text.rstrip("¶").strip() for heading in curator_desk.find_all(".wiki h2")]
    assert headings[:2] == ["Сводка", "По подразделениям"]
    cells = [cell.text for cell in curator_desk.find_all(".wiki table:first-of-type td")]
    assert cells[:2] == ["Поступило сообщений", "60"]
    files = [link.text for link in curator_desk.find_all(".wiki a.attachment")]
    assert files == [
        "report_week_2026-11-16_2026-11-22.xlsx",
        "report_week_2026-11-16_2026-11-22.html",
    ]
    assert len(curator_desk.find_all(".attachments a.icon-attachment")) == len(files)
