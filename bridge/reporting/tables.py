"""The tables of a report, as both the workbook and the page show them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bridge.reporting.figures import (
    Breach,
    ChannelFigures,
    ClauseFigures,
    HolderFigures,
    Measure,
    MessageFigures,
    Report,
    Tally,
)
from bridge.sla.wording import CLOCK_TITLES

MEASURES = {Measure.ELAPSED: "подряд", Measure.SERVICE_TIME: "служебное время"}
EVERYBODY = "Все"


class Form(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    CLAUSE = "clause"
    WORDS = "words"
    """A sentence or more."""
    COUNT = "count"
    SHARE = "share"
    DURATION = "duration"
    INSTANT = "instant"
    TICKET = "ticket"


@dataclass(frozen=True)
class TicketNumber:
    """A ticket's number in the helpdesk and its address there."""

    number: int | None
    link: str


Value = str | int | float | timedelta | datetime | TicketNumber | None


@dataclass(frozen=True)
class Column:
    """A column's heading and what stands under it."""

    title: str
    form: Form


@dataclass(frozen=True)
class Table:
    """A named table; `note` explains how its figures are counted."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""


_AT_THE_END = "Открыто и просрочено — на конец периода."
_TALLY = (
    Column("В срок", Form.COUNT),
    Column("Поздно", Form.COUNT),
    Column("Доля в срок", Form.SHARE),
    Column("Отменено", Form.COUNT),
    Column("Открыто", Form.COUNT),
    Column("Просрочено", Form.COUNT),
)


def summary(report: Report) -> Table:
    """The figures by which the period is judged at first sight."""
    messages = report.messages
    rows: tuple[tuple[str, int], ...] = (
        ("Поступило сообщений", messages.received),
        ("Размещено ответов", messages.placed),
        ("  из них вручную", messages.placed_by_hand),
        ("Промежуточных ответов (п. 3.6)", report.interims),
        ("Не подлежат ответу (п. 1.3)", messages.not_answerable),
        ("Ответ не требуется", messages.no_answer_needed),
        ("Снято", messages.withdrawn),
        ("Ждут ответа на конец периода", messages.waiting),
        ("Размещение под вопросом: проверял сотрудник", messages.uncertain),
        ("Возвращено на доработку (п. 3.7)", sum(one.count for one in report.revisions)),
        ("Сроков соблюдено", report.tally.in_time),
        ("Сроков нарушено", report.tally.late),
        ("Просрочено и не выполнено на конец периода", report.tally.overdue),
    )
    columns = (Column("Показатель", Form.TEXT), Column("Значение", Form.COUNT))
    return Table("Сводка", columns, rows)


def by_department(report: Report) -> Table:
    """Departments, and the curator at the end."""
    return Table(
        "По подразделениям",
        (
            Column("Подразделение", Form.TEXT),
            Column("Поступило", Form.COUNT),
            *_TALLY,
            Column("Среднее время", Form.DURATION),
            Column("90 % не дольше", Form.DURATION),
            Column("Промежуточных ответов", Form.COUNT),
            Column("Доработок", Form.COUNT),
        ),
        tuple(_holder_row(holder) for holder in (*report.departments, report.curator)),
        "Поступило: сообщения, дошедшие до подразделения за период. Время ответа считается подряд,"
        f" с ночами и выходными, от получения до первой сдачи ответа. {_AT_THE_END}",
    )


def by_channel(report: Report) -> Table:
    """Feed and direct messages of each channel."""
    return Table(
        "По каналам",
        (
            Column("Канал", Form.TEXT),
            Column("Поступило", Form.COUNT),
            Column("Размещено", Form.COUNT),
            Column("Вручную", Form.COUNT),
            Column("Без ответа", Form.COUNT),
            Column("Ждут ответа", Form.COUNT),
            *_TALLY,
        ),
        tuple(_channel_row(channel) for channel in report.channels),
        f"Без ответа: не подлежит ответу (п. 1.3), ответ не требуется, снято. {_AT_THE_END}",
    )


def by_clause(report: Report) -> Table:
    """Every clause for everybody together."""
    columns = _clause_columns()
    rows = tuple(_clause_row(figures) for figures in report.clauses)
    return Table("По пунктам", columns, rows, _MEASURE_NOTE)


def by_clause_and_holder(report: Report) -> Table:
    """The same for everybody together, each department, the curator and each channel."""
    columns = (Column("Чьи сроки", Form.TEXT), *_clause_columns())
    rows = tuple(
        (owner, *_clause_row(figures)) for owner, clauses in _owners(report) for figures in clauses
    )
    return Table("По пунктам", columns, rows, _MEASURE_NOTE)


def discipline(report: Report) -> Table:
    """The curator's own duties: routing (3.1) and placement (3.5)."""
    rows = tuple(_clause_row(figures) for figures in report.curator.clauses)
    return Table("Дисциплина куратора", _clause_columns(), rows, _AT_THE_END)


def revisions(report: Report) -> Table:
    """How often each department's answers were sent back, by reason."""
    clauses = [reason.clause for reason in report.revisions]
    columns = (
        Column("Подразделение", Form.TEXT),
        *(Column(_reason_title(one.clause), Form.COUNT) for one in report.revisions),
        Column("Всего", Form.COUNT),
    )
    sent_back = [one for one in report.departments if one.sent_back]
    rows = tuple(_revision_row(holder, clauses) for holder in sent_back)
    note = "; ".join(
        f"{reason.clause} — {reason.name}" for reason in report.revisions if reason.clause
    )
    return Table("Доработки", columns, rows, note)


def breaches(report: Report, most: int | None = None) -> Table:
    """What was late, the oldest due first; no more than `most` rows, those that were latest."""
    shown = report.breaches
    note = "Опоздание считается подряд, до выполнения или до конца периода."
    if most is not None and len(shown) > most:
        latest = sorted(shown, key=lambda breach: breach.late_by, reverse=True)[:most]
        shown = tuple(sorted(latest, key=lambda breach: breach.due))
        note += f" Показаны {most} самых долгих из {len(report.breaches)}; все — в книге Excel."
    rows = tuple(_breach_row(one) for one in shown)
    if any(breach.obstacle for breach in shown):
        obstacles = tuple((*row, one.obstacle) for row, one in zip(rows, shown, strict=True))
        return Table("Просрочки", (*_BREACH_COLUMNS, _OBSTACLE), obstacles, note)
    return Table("Просрочки", _BREACH_COLUMNS, rows, note)


_MEASURE_NOTE = (
    "Время считается так же, как срок пункта: подряд, с ночами и выходными, или в служебном"
    " времени."
)
_BREACH_COLUMNS = (
    Column("Карточка", Form.TICKET),
    Column("Пункт", Form.CLAUSE),
    Column("Обязанность", Form.TEXT),
    Column("Чей срок", Form.TEXT),
    Column("Откуда сообщение", Form.TEXT),
    Column("Начало", Form.INSTANT),
    Column("Срок", Form.INSTANT),
    Column("Выполнено", Form.INSTANT),
    Column("Опоздание", Form.DURATION),
    Column("Как посчитан срок", Form.WORDS),
)
_OBSTACLE = Column("Что мешало размещению", Form.WORDS)


def _clause_columns() -> tuple[Column, ...]:
    return (
        Column("Пункт", Form.CLAUSE),
        Column("Обязанность", Form.TEXT),
        *_TALLY,
        Column("Среднее время", Form.DURATION),
        Column("90 % не дольше", Form.DURATION),
        Column("Счёт времени", Form.TEXT),
    )


def _owners(report: Report) -> Iterator[tuple[str, Iterable[ClauseFigures]]]:
    yield EVERYBODY, report.clauses
    for holder in (*report.departments, report.curator):
        yield holder.name, holder.clauses
    for channel in report.channels:
        yield channel.name, channel.clauses


def _tally_cells(tally: Tally) -> tuple[Value, ...]:
    return tally.in_time, tally.late, tally.share, tally.cancelled, tally.open, tally.overdue


def _holder_row(holder: HolderFigures) -> tuple[Value, ...]:
    return (
        holder.name,
        holder.received,
        *_tally_cells(holder.tally),
        _duration(holder.answers.average),
        _duration(holder.answers.p90),
        holder.interims,
        holder.sent_back,
    )


def _channel_row(channel: ChannelFigures) -> tuple[Value, ...]:
    return channel.name, *_message_cells(channel.messages), *_tally_cells(channel.tally)


def _message_cells(messages: MessageFigures) -> tuple[Value, ...]:
    return (
        messages.received,
        messages.placed,
        messages.placed_by_hand,
        messages.rejected,
        messages.waiting,
    )


def _clause_row(figures: ClauseFigures) -> tuple[Value, ...]:
    return (
        figures.clause,
        CLOCK_TITLES[figures.kind],
        *_tally_cells(figures.tally),
        _duration(figures.taken.average),
        _duration(figures.taken.p90),
        MEASURES[figures.measure],
    )


def _revision_row(holder: HolderFigures, clauses: Iterable[str]) -> tuple[Value, ...]:
    counts = {reason.clause: reason.count for reason in holder.revisions}
    return (holder.name, *(counts.get(clause, 0) for clause in clauses), holder.sent_back)


def _reason_title(clause: str) -> str:
    return clause or "Не указана"


def _breach_row(breach: Breach) -> tuple[Value, ...]:
    return (
        TicketNumber(breach.issue_id, breach.link),
        breach.clause,
        CLOCK_TITLES[breach.kind],
        breach.holder_name,
        breach.channel,
        breach.start,
        breach.due,
        breach.stop,
        _duration(breach.late_by),
        breach.explanation,
    )


def _duration(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=round(seconds))
