"""Charts of a report as plain shapes, for a template to write them as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.reporting.figures import HolderFigures, ReasonFigures, Stretch

_WIDTH = 960
_LEFT, _RIGHT = 44, 8
_PLOT_HEIGHT = 220
_TOP = 16
_BELOW = 28
_MOST_LABELS = 16
_GRID_LINES = 4
_ROW = 30
_BAR = 18
_NAMES = 330
_LETTERS_OF_NAME = 46


@dataclass(frozen=True)
class Rectangle:
    """A bar; `style` is the CSS class that colours it, `title` is shown when pointed at."""

    x: float
    y: float
    width: float
    height: float
    style: str
    title: str


@dataclass(frozen=True)
class Label:
    """A text; `anchor` as in SVG: start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True)
class Line:
    """A straight grid line."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Drawing:
    """A chart; `curve` are the points of a line, as SVG writes them."""

    description: str
    width: int
    height: int
    rectangles: tuple[Rectangle, ...]
    labels: tuple[Label, ...]
    grid: tuple[Line, ...] = ()
    curve: str = ""


def course_chart(course: Sequence[Stretch]) -> Drawing:
    """Columns of duties in time and late, and a line of the messages received."""
    top = _round_up(max(max(part.in_time + part.late, part.received) for part in course))
    scale = _PLOT_HEIGHT / top
    step = (_WIDTH - _LEFT - _RIGHT) / len(course)
    bottom = _TOP + _PLOT_HEIGHT
    rectangles: list[Rectangle] = []
    points = []
    for number, part in enumerate(course):
        x = _LEFT + number * step
        rectangles += _column(part, x + step * 0.15, step * 0.7, bottom, scale)
        points.append(f"{x + step / 2:.1f},{bottom - part.received * scale:.1f}")
    return Drawing(
        "Поступило сообщений и выполнено обязанностей",
        _WIDTH,
        bottom + _BELOW,
        tuple(rectangles),
        (*_scale_labels(top, scale, bottom), *_course_labels(course, step, bottom)),
        tuple(
            Line(_LEFT, bottom - value * scale, _WIDTH - _RIGHT, bottom - value * scale)
            for value in _marks(top)
        ),
        " ".join(points),
    )


def holders_chart(holders: Sequence[HolderFigures]) -> Drawing:
    """A row for each department: duties in time, then those that were late."""
    most = max((holder.tally.done for holder in holders), default=0) or 1
    scale = (_WIDTH - _NAMES - 70) / most
    rectangles: list[Rectangle] = []
    labels: list[Label] = []
    for number, holder in enumerate(holders):
        y = _TOP + number * _ROW
        x: float = _NAMES
        for style, count, words in (
            ("in-time", holder.tally.in_time, "в срок"),
            ("late", holder.tally.late, "с нарушением"),
        ):
            title = f"{holder.name}: {words} {count}"
            rectangles.append(Rectangle(x, y, count * scale, _BAR, style, title))
            x += count * scale
        labels.append(Label(_NAMES - 8, y + _BAR - 4, _shortened(holder.name), "end"))
        labels.append(Label(x + 6, y + _BAR - 4, f"{holder.tally.in_time} / {holder.tally.late}"))
    return _rows("Сроки подразделений: соблюдены / нарушены", len(holders), rectangles, labels)


def reasons_chart(reasons: Sequence[ReasonFigures]) -> Drawing:
    """A row for each reason for which answers were sent back."""
    most = max((reason.count for reason in reasons), default=0) or 1
    scale = (_WIDTH - _NAMES - 70) / most
    rectangles: list[Rectangle] = []
    labels: list[Label] = []
    for number, reason in enumerate(reasons):
        y = _TOP + number * _ROW
        name = f"{reason.clause} {reason.name}".strip()
        title = f"{name}: {reason.count}"
        rectangles.append(Rectangle(_NAMES, y, reason.count * scale, _BAR, "revised", title))
        labels.append(Label(_NAMES - 8, y + _BAR - 4, _shortened(name), "end"))
        labels.append(Label(_NAMES + reason.count * scale + 6, y + _BAR - 4, str(reason.count)))
    return _rows("Доработки по причинам", len(reasons), rectangles, labels)


def _rows(
    description: str, rows: int, rectangles: Sequence[Rectangle], labels: Sequence[Label]
) -> Drawing:
    height = _TOP + rows * _ROW
    return Drawing(description, _WIDTH, height, tuple(rectangles), tuple(labels))


def _column(part: Stretch, x: float, width: float, bottom: float, scale: float) -> list[Rectangle]:
    in_time, late = part.in_time * scale, part.late * scale
    words = f"{part.label}: поступило {part.received}, в срок {part.in_time}, поздно {part.late}"
    return [
        Rectangle(x, bottom - in_time, width, in_time, "in-time", words),
        Rectangle(x, bottom - in_time - late, width, late, "late", words),
    ]


def _course_labels(course: Sequence[Stretch], step: float, bottom: float) -> list[Label]:
    every = -(-len(course) // _MOST_LABELS)
    return [
        Label(_LEFT + (number + 0.5) * step, bottom + 18, part.label, "middle")
        for number, part in enumerate(course)
        if number % every == 0
    ]


def _scale_labels(top: int, scale: float, bottom: float) -> list[Label]:
    return [
        Label(_LEFT - 6, bottom - value * scale + 4, str(value), "end") for value in _marks(top)
    ]


def _marks(top: int) -> list[int]:
    return [top * number // _GRID_LINES for number in range(_GRID_LINES + 1)]


def _round_up(value: int) -> int:
    """A round number, not below the value, that grid lines divide: 4, 8, 12, 20, 40, 60 …"""
    size = 4
    while True:
        for factor in (1, 2, 3, 5):
            if size * factor >= value:
                return size * factor
        size *= 10


def _shortened(name: str) -> str:
    return name if len(name) <= _LETTERS_OF_NAME else f"{name[: _LETTERS_OF_NAME - 1]}…"
