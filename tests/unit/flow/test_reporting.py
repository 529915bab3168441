"""Reports of closed periods stay as they were, and stand in the wiki once each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import update

from bridge.flow.report_pages import INDEX
from bridge.flow.reporting import MOST_BEHIND, PeriodNotClosed, Reporting, Reports
from bridge.helpdesk.markup import TextFormatting
from bridge.helpdesk.port import HelpdeskRefused, HelpdeskUnavailable, NewFile
from bridge.office import Office
from bridge.reporting.compiling import Compiler
from bridge.reporting.facts import Names
from bridge.reporting.period import Period, PeriodKind, period_of
from bridge.reporting.yardstick import Yardstick
from bridge.sla.policy import SlaSettings
from bridge.sla.schedule import CalendarSettings
from bridge.sla.service_time import ServiceCalendar
from bridge.store.database import Store
from bridge.store.models import ClockRow
from tests.busy_office import BusyOffice

PROJECT = Path(__file__).resolve().parents[3]
BEGAN = datetime(2026, 11, 16, 4, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 21, tzinfo=UTC)
"""Two in the morning of Tuesday the 24th at the office."""
WEEK = period_of(PeriodKind.WEEK, date(2026, 11, 16))


@dataclass
class PaperWiki:
    """A wiki on paper; while `down` it is not there, and it refuses the page `refused`."""

    text_formatting: TextFormatting = TextFormatting.TEXTILE
    pages: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    down: bool = False
    refused: str = ""

    def write(self, title: str, text: str, files: Sequence[NewFile] = ()) -> None:
        if self.down:
            raise HelpdeskUnavailable("down")
        if title == self.refused:
            raise HelpdeskRefused("too large")
        self.pages[title] = text
        self.files[title] = [file.name for file in files]
        self.writes.append(title)


@pytest.fixture(scope="module")
def office() -> Office:
    return Office.load(PROJECT / "config")


@pytest.fixture
def reports(store: Store, office: Office) -> Reports:
    BusyOffice(store, office).work(BEGAN, days=7, messages_of_each=4)
    names = Names({"roads": "Дороги"}, {"vk-head": "Страница Главы"}, {"3.7.1": "формальный"})
    yardstick = Yardstick(office.policies.by_key, office.calendar)
    return Reports(store, Compiler(yardstick, names, lambda id_: f"https://r.example/issues/{id_}"))


@pytest.fixture
def wiki() -> PaperWiki:
    return PaperWiki()


@pytest.fixture
def reporting(reports: Reports, wiki: PaperWiki) -> Reporting:
    return Reporting(reports, wiki, PROJECT / "templates")


def with_rules(reports: Reports, office: Office, **changed: Any) -> Reports:
    """The same store after somebody has changed policies or the calendar."""
    usual = {"policies": office.policies.by_key, "calendar": office.calendar}
    yardstick = Yardstick(**(usual | changed))
    return replace(reports, compiler=replace(reports.compiler, yardstick=yardstick))


def test_a_changed_clock_row_changes_no_closed_period(store: Store, reports: Reports) -> None:
    told = reports.of(WEEK, NOW)
    assert told.final
    with store.writing() as session:
        session.execute(update(ClockRow).values(verdict="late", due=BEGAN))
    assert reports.of(WEEK, NOW + timedelta(days=400)) == told


def test_a_changed_policy_or_calendar_changes_no_closed_period(
    reports: Reports, office: Office
) -> None:
    told = reports.of(WEEK, NOW)
    changed = office.policies.model_dump()
    changed["policies"]["administration"]["answer"]["term"] = {"unit": "elapsed", "hours": 1}
    elapsed = SlaSettings.model_validate(changed).by_key
    settings = yaml.safe_load((PROJECT / "config" / "calendar.yaml").read_text(encoding="utf-8"))
    settings["zone"] = "Europe/Moscow"
    other_calendar = ServiceCalendar(CalendarSettings.model_validate(settings))
    assert with_rules(reports, office, policies=elapsed).of(WEEK, NOW) == told
    assert with_rules(reports, office, calendar=other_calendar).of(WEEK, NOW) == told


def test_a_period_that_goes_on_is_counted_anew_each_time(store: Store, reports: Reports) -> None:
    wednesday = BEGAN + timedelta(days=2)
    told = reports.of(WEEK, wednesday)
    assert not told.final
    with store.writing() as session:
        session.execute(update(ClockRow).values(verdict="late"))
    assert reports.of(WEEK, wednesday).tally.late > told.tally.late


def test_every_closed_period_since_the_first_message_is_published(
    reporting: Reporting, wiki: PaperWiki
) -> None:
    titles = reporting.publish_due(NOW)
    days = [f"Отчёт за {day} ноября 2026" for day in range(17, 24)]
    assert titles == (*days, "Отчёт за неделю 16–22 ноября 2026")
    assert len(days) == MOST_BEHIND
    assert wiki.files["Отчёт за неделю 16–22 ноября 2026"] == [
        "report_week_2026-11-16_2026-11-22.xlsx",
        "report_week_2026-11-16_2026-11-22.html",
    ]


def test_what_is_published_is_not_published_again(reporting: Reporting, wiki: PaperWiki) -> None:
    reporting.publish_due(NOW)
    wiki.writes.clear()
    assert reporting.publish_due(NOW) == ()
    assert wiki.writes == []
    assert reporting.publish_due(NOW + timedelta(days=1)) == ("Отчёт за 24 ноября 2026",)


def test_the_month_is_published_when_it_is_over(reporting: Reporting) -> None:
    titles = reporting.publish_due(datetime(2026, 12, 1, 1, tzinfo=UTC))
    assert "Отчёт за ноябрь 2026" in titles


def test_an_installation_without_messages_publishes_nothing(
    store: Store, office: Office, wiki: PaperWiki
) -> None:
    yardstick = Yardstick(office.policies.by_key, office.calendar)
    empty = Reports(store, Compiler(yardstick, Names({}, {}, {}), str))
    assert Reporting(empty, wiki, PROJECT / "templates").publish_due(NOW) == ()


def test_the_list_of_reports_leads_to_the_newest_first(
    reporting: Reporting, wiki: PaperWiki
) -> None:
    reporting.publish_due(NOW)
    links = [line for line in wiki.pages[INDEX].splitlines() if line.startswith("*")]
    assert links[:2] == ["* [[Отчёт за 23 ноября 2026]]", "* [[Отчёт за 22 ноября 2026]]"]
    assert wiki.pages[INDEX].startswith("h1. Отчёты\n\nh2. По дням")


def test_a_wiki_that_is_down_leaves_the_report_due(reporting: Reporting, wiki: PaperWiki) -> None:
    wiki.down = True
    with pytest.raises(HelpdeskUnavailable):
        reporting.publish_due(NOW)
    wiki.down = False
    assert len(reporting.publish_due(NOW)) == MOST_BEHIND + 1


def test_a_report_that_is_refused_keeps_no_other_waiting(
    reporting: Reporting, wiki: PaperWiki
) -> None:
    wiki.refused = "Отчёт за 17 ноября 2026"
    with pytest.raises(HelpdeskRefused, match="too large"):
        reporting.publish_due(NOW)
    assert "Отчёт за неделю 16–22 ноября 2026" in wiki.pages[INDEX]
    assert wiki.refused not in wiki.pages[INDEX]
    wiki.refused = ""
    assert reporting.publish_due(NOW) == ("Отчёт за 17 ноября 2026",)


def test_a_period_that_is_not_closed_is_not_published(
    reporting: Reporting, wiki: PaperWiki
) -> None:
    today = Period(PeriodKind.DATES, date(2026, 11, 23), date(2026, 11, 24))
    with pytest.raises(PeriodNotClosed):
        reporting.publish(today, NOW)
    assert wiki.pages == {}


@pytest.mark.parametrize("formatting", list(TextFormatting))
def test_the_page_shows_its_tables_in_the_wikis_markup(
    reporting: Reporting, wiki: PaperWiki, formatting: TextFormatting
) -> None:
    wiki.text_formatting = formatting
    page = wiki.pages[reporting.publish(WEEK, NOW)]
    is_textile = formatting is TextFormatting.TEXTILE
    assert ("h2. Сводка" if is_textile else "## Сводка") in page
    assert ("|_. Показатель |_. Значение |" if is_textile else "| --- | --- |") in page
    assert "attachment:report_week_2026-11-16_2026-11-22.xlsx" in page
    assert "[[Отчёты]]" in page
    assert "90 % не дольше" in page
    assert "Как посчитан срок" not in page
