"""Makes reports, keeps those of closed periods, and publishes them where staff look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from bridge.flow.report_pages import WikiPage, index_page, report_page
from bridge.helpdesk.port import HelpdeskRefused
from bridge.helpdesk.wiki import Wiki
from bridge.reporting.compiling import Compiler
from bridge.reporting.figures import Report
from bridge.reporting.period import CALENDAR_KINDS, Period, PeriodKind, before, last_closed
from bridge.reporting.storing import from_json, to_json
from bridge.store import report_facts, report_snapshots
from bridge.store.database import Store

log = structlog.get_logger()

MOST_BEHIND = 7
"""Periods of one kind, from the newest closed one back, that are published if they are not yet."""

_LISTED: Final = {
    PeriodKind.DAY: 31,
    PeriodKind.WEEK: 26,
    PeriodKind.MONTH: 24,
    PeriodKind.QUARTER: 12,
    PeriodKind.YEAR: 10,
    PeriodKind.DATES: 20,
}
"""How many reports of each kind the list of reports shows."""


class PeriodNotClosed(Exception):
    """The period is not over, or what happened in it may still be arriving."""


@dataclass(frozen=True)
class Reports:
    """The reports of the office. Instants are UTC, periods are days of the office's zone."""

    store: Store
    compiler: Compiler

    def of(self, period: Period, now: datetime) -> Report:
        """The period's report; of a closed period the one that was made first, for ever.

        So neither a changed policy or calendar nor a late correction changes reported figures.
        Raises `StoreUnavailable`.
        """
        with self.store.reading() as session:
            kept = report_snapshots.figures_of(session, period)
        if kept is not None:
            return from_json(kept)
        report = self._made(period, now)
        return self._kept(report, now) if report.final else report

    def _made(self, period: Period, now: datetime) -> Report:
        zone = self.compiler.yardstick.calendar.zone
        start, end = period.start(zone), period.end(zone)
        with self.store.reading() as session:
            facts = report_facts.read_facts(session, start, end)
        return self.compiler.report(period, facts, now)

    def _kept(self, report: Report, now: datetime) -> Report:
        """Keep it; where somebody else was faster, theirs is the report."""
        with self.store.writing() as session:
            report_snapshots.keep(session, report.period, to_json(report), now)
            kept = report_snapshots.figures_of(session, report.period)
        return report if kept is None else from_json(kept)


@dataclass(frozen=True)
class Reporting:
    """Publishes reports in the helpdesk's wiki; `templates` is the folder of the texts."""

    reports: Reports
    wiki: Wiki
    templates: Path

    def publish_due(self, now: datetime) -> tuple[str, ...]:
        """Publish every closed day, week, month, quarter and year that is not published yet.

        Returns the titles of the pages, oldest period first. A report that the helpdesk refuses
        (too large a file) does not keep the others waiting; its `HelpdeskRefused` is raised when
        they are published. Raises also other `HelpdeskError` and `StoreUnavailable`, at once: what
        was published stays so, the rest is due again.
        """
        titles: list[str] = []
        refusals: list[HelpdeskRefused] = []
        for period in [period for kind in CALENDAR_KINDS for period in self._due(kind, now)]:
            try:
                titles.append(self._publish_report(period, now))
            except HelpdeskRefused as refusal:
                log.error("report refused", kind=period.kind, first=period.first.isoformat())
                refusals.append(refusal)
        if titles:
            self._publish_index()
        if refusals:
            raise refusals[0]
        return tuple(titles)

    def publish(self, period: Period, now: datetime) -> str:
        """Publish one closed period's report, once more if it was before; the page's title.

        Raises `PeriodNotClosed`, `HelpdeskError`, `StoreUnavailable`.
        """
        title = self._publish_report(period, now)
        self._publish_index()
        return title

    def _due(self, kind: PeriodKind, now: datetime) -> Sequence[Period]:
        """Of the newest closed periods since the first message, those not published; oldest first.

        One that was refused is tried again as long as it is among the newest.
        """
        zone = self.reports.compiler.yardstick.calendar.zone
        due: list[Period] = []
        period = last_closed(kind, now, zone)
        with self.reports.store.reading() as session:
            began = report_facts.first_arrival(session)
            for _ in range(MOST_BEHIND):
                if began is None or period.end(zone) <= began:
                    break
                if not report_snapshots.is_published(session, period):
                    due.append(period)
                period = before(period)
        return due[::-1]

    def _publish_report(self, period: Period, now: datetime) -> str:
        report = self.reports.of(period, now)
        if not report.final:
            raise PeriodNotClosed(period.title)
        page = report_page(report, self.wiki.text_formatting, self.templates)
        self._write(page)
        with self.reports.store.writing() as session:
            report_snapshots.note_published(session, period, now)
        log.info("report published", kind=period.kind, first=period.first.isoformat())
        return page.title

    def _publish_index(self) -> None:
        with self.reports.store.reading() as session:
            published = {
                kind: report_snapshots.published(session, kind, most)
                for kind, most in _LISTED.items()
            }
        self._write(index_page(published, self.wiki.text_formatting))

    def _write(self, page: WikiPage) -> None:
        self.wiki.write(page.title, page.text, page.files)
