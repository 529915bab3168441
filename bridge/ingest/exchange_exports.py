"""Reads an export of cards: XLSX, CSV or JSON, by the ending of its name.

Lines that tell of one card (an incident with several source posts) are put together. A line that
cannot be read is told with its place, and the others are read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bridge.ingest.exchange_cards import BadCard, read_number
from bridge.ingest.exchange_csv import DELIMITERS, csv_lines, decoded
from bridge.ingest.exchange_documents import NoDocument, cards_in, read_document
from bridge.ingest.exchange_events import Found, Trouble, events_of, found_cards
from bridge.ingest.exchange_header import Line, NoHeader, find_header
from bridge.ingest.exchange_refusal import NoExport
from bridge.networks.exchange_settings import CardFields, ExchangeSettings

LARGEST_FILE: Final = 50 * 1024 * 1024
MOST_ROWS: Final = 100_000

Piece = Found | Trouble


@dataclass(frozen=True)
class Export:
    """What a file holds: cards in its order, and lines that are no rows of a table."""

    found: tuple[Found, ...]
    troubles: tuple[Trouble, ...]

    def troubles_with(self, exchange: ExchangeSettings) -> list[Trouble]:
        """All that cannot be read: lines, and cards whose parts are missing or wrong."""
        cards = (events_of(found, exchange).trouble for found in self.found)
        return [*self.troubles, *(trouble for trouble in cards if trouble)]


def read_export(path: Path, exchange: ExchangeSettings) -> Export:
    """Read the file. Raises `NoExport`, or `OSError` when it cannot be opened."""
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise NoExport("нужен файл XLSX, CSV или JSON: сохраните выгрузку в одном из них")
    if path.stat().st_size > LARGEST_FILE:
        raise NoExport(f"файл больше {LARGEST_FILE // 2**20} МБ: разделите его")
    pieces = list(_bounded(read(path, exchange)))
    found = [piece for piece in pieces if isinstance(piece, Found)]
    return Export(
        tuple(_put_together(found, exchange.fields)),
        tuple(piece for piece in pieces if isinstance(piece, Trouble)),
    )


def _bounded(pieces: Iterator[Piece]) -> Iterator[Piece]:
    for count, piece in enumerate(pieces):
        if count >= MOST_ROWS:
            raise NoExport(f"в файле больше {MOST_ROWS} строк: разделите его")
        yield piece


def _put_together(rows: Iterable[Found], fields: CardFields) -> Iterator[Found]:
    """Rows with one number as one card, at the place of the first."""
    cards: defaultdict[str, list[Found]] = defaultdict(list)
    for row in rows:
        cards[_number_or_place(row, fields)].append(row)
    for rows_of_card in cards.values():
        records = tuple(record for row in rows_of_card for record in row.records)
        yield Found(rows_of_card[0].place, records)


def _number_or_place(row: Found, fields: CardFields) -> str:
    """A row without a number is nobody's: a line break is in no number."""
    try:
        return read_number(row.records, fields)
    except BadCard:
        return f"\n{row.place}"


def _read_workbook(path: Path, exchange: ExchangeSettings) -> Iterator[Piece]:
    """The sheets that have titles of cards; the others are somebody's notes."""
    # Here, not above: the library takes a third of a second to load, and every process would wait.
    from bridge.ingest.exchange_workbook import sheets_of

    refusals, has_cards = [], False
    for title, lines in sheets_of(path):
        try:
            yield from _rows(lines, exchange.fields, f"лист «{title}», строка")
            has_cards = True
        except NoHeader as refusal:
            refusals.append(refusal)
    if refusals and not has_cards:
        raise refusals[0]


def _read_csv(path: Path, exchange: ExchangeSettings) -> Iterator[Piece]:
    """The delimiter is the one by which the titles are found."""
    text = decoded(path.read_bytes())
    refusals = []
    for delimiter in DELIMITERS:
        try:
            yield from _rows(csv_lines(text, delimiter), exchange.fields, "строка")
        except NoHeader as refusal:
            refusals.append(refusal)
        else:
            return
    raise refusals[0]


def _rows(lines: Iterator[Line], fields: CardFields, place: str) -> Iterator[Piece]:
    header = find_header(lines, fields)
    for line in lines:
        if line.broken:
            yield Trouble(f"{place} {line.number}", "строка нарушает правила CSV: кавычки")
        elif record := header.record(line):
            yield Found(f"{place} {line.number}", (record,))


def _read_json(path: Path, exchange: ExchangeSettings) -> Iterator[Piece]:
    try:
        cards = cards_in(read_document(decoded(path.read_bytes())), exchange.cards_at)
    except NoDocument:
        raise NoExport("это не JSON со списком карточек (exchange.cards_at)") from None
    yield from found_cards(cards, "запись")


_READERS: Final[Mapping[str, Callable[[Path, ExchangeSettings], Iterator[Piece]]]] = {
    ".xlsx": _read_workbook,
    ".xlsm": _read_workbook,
    ".csv": _read_csv,
    ".json": _read_json,
}
