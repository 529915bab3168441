"""Pages that show what a mapping does: to a message that one types, and to the last real ones."""

from typing import Final

from flask import Blueprint
from flask.typing import ResponseReturnValue

from bridge.admin.access import Right, requires
from bridge.admin.mapping.desk import Desk, Working, typed
from bridge.admin.mapping.trying import Tried, changed_routes, tried
from bridge.store.department_load import newest_messages

MESSAGES: Final = 200
_LONGEST_TEXT: Final = 10_000


def add_routes(pages: Blueprint, desk: Desk) -> None:
    """`/mapping/try`, `/mapping/recent`."""

    @pages.get("/mapping/try")
    @requires(Right.PLACE)
    def try_message() -> ResponseReturnValue:
        return desk.show("try.html", desk.working(), text="", by=[])

    # A message in an address would stand in every log on the way.
    @pages.post("/mapping/try")
    @requires(Right.PLACE)
    def show_tried() -> ResponseReturnValue:
        text = typed().get("text", "")[:_LONGEST_TEXT]
        working = desk.working()
        by = _by_each(desk, working, text) if text.strip() else []
        return desk.show("try.html", working, text=text, by=by)

    @pages.get("/mapping/recent")
    @requires(Right.ADMINISTER)
    def recent() -> ResponseReturnValue:
        working = desk.working()
        if working.draft is None:
            return desk.show("recent.html", working, looked_at=0, changed=[])
        with desk.parts.store.reading() as session:
            messages = newest_messages(session, MESSAGES)
        rules = working.draft.in_force.mapping
        before = desk.routers.of(rules, rules)
        after = desk.routers.of(working.mapping, rules)
        return desk.show(
            "recent.html",
            working,
            looked_at=len(messages),
            changed=list(changed_routes(messages, before, after)),
        )


def _by_each(desk: Desk, working: Working, text: str) -> list[tuple[str, Tried]]:
    """By the draft, if there is one, and by the version in force."""
    rules = working.draft.in_force if working.draft else working.base
    in_force = tried(desk.routers.of(rules.mapping, rules.mapping), text)
    title = f"Действующая версия {rules.number}" if rules.number else "Файл departments.yaml"
    shown = [(title, in_force)]
    if working.draft:
        by_draft = tried(desk.routers.of(working.mapping, rules.mapping), text)
        shown.append(("Черновик", by_draft))
    return shown
