"""Pieces of a wiki page in Redmine's markups: headings, tables, links to pages, files, tickets.

What stands in a cell or a heading is the office's own: names and figures, never a citizen's words.
"""

from collections.abc import Iterable, Sequence

from bridge.helpdesk.markup import TextFormatting, printable


def title(text: str, formatting: TextFormatting) -> str:
    """The heading of the page."""
    mark = "h1." if formatting is TextFormatting.TEXTILE else "#"
    return f"{mark} {_on_one_line(text)}"


def heading(text: str, formatting: TextFormatting) -> str:
    """A heading of the second level."""
    mark = "h2." if formatting is TextFormatting.TEXTILE else "##"
    return f"{mark} {_on_one_line(text)}"


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], formatting: TextFormatting) -> str:
    """A table with a row of titles."""
    lines = [_row(row) for row in rows]
    if formatting is TextFormatting.TEXTILE:
        head = [_row([f"_. {title}" for title in titles], gap="")]
    else:
        head = [_row(titles), _row(["---"] * len(titles))]
    return "\n".join([*head, *lines])


def bullets(items: Iterable[str]) -> str:
    """A list; both markups write it alike."""
    return "\n".join(f"* {item}" for item in items)


def page_link(title: str) -> str:
    """A link to another page of the wiki."""
    return f"[[{title}]]"


def file_link(name: str) -> str:
    """A link to a file that is attached to the page."""
    return f"attachment:{name}"


def ticket_link(number: int) -> str:
    """A link to a ticket."""
    return f"#{number}"


def _row(cells: Iterable[str], gap: str = " ") -> str:
    inner = "|".join(f"{gap}{_on_one_line(cell).replace('|', '/')} " for cell in cells)
    return f"|{inner}|"


def _on_one_line(text: str) -> str:
    return " ".join(printable(text).split())
