"""What is written beside a file that could not be read, or not wholly: Russian, for people."""

from collections.abc import Sequence
from typing import Final

from bridge.ingest.exchange_events import Trouble

MOST_LINES: Final = 1000


def refused_file(name: str, reason: str) -> str:
    """Of a file that cannot be read at all."""
    return (
        f"Файл «{name}» не прочитан: {reason}.\n\n"
        "Исправьте файл и сохраните его под тем же или другим именем: робот прочитает его снова.\n"
    )


def bad_rows(name: str, cards: int, troubles: Sequence[Trouble]) -> str:
    """Of a file some of whose rows cannot be read; `cards` are those that can."""
    lines = [f"{trouble.place}: {trouble.reason}" for trouble in troubles[:MOST_LINES]]
    left = len(troubles) - len(lines)
    if left:
        lines.append(f"… и ещё {left}")
    return (
        f"Файл «{name}»: карточек прочитано {cards}, не прочитано {len(troubles)}.\n\n"
        + "\n".join(lines)
        + "\n\nПрочитанные карточки приняты. Исправьте остальные и положите файл снова: принятые "
        "второй раз не примутся.\n"
    )
