"""`/admin/placement`: the lists, and the actions on one answer."""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bridge.admin.access import Right, requires
from bridge.admin.parts import AdminParts
from bridge.admin.placement.reading import TICKETS, read_placements, read_troubled
from bridge.admin.sessions import person
from bridge.flow.placement_endings import (
    DROP_REASONS,
    LONGEST_LINK,
    LONGEST_REASON,
    DropReason,
    PlacementEndings,
)
from bridge.flow.placement_hold import NotDone, Orderer, PlacementDesk, Seen
from bridge.flow.placement_tries import PlacementTries
from bridge.flow.starting_over import StartingOver
from bridge.store.placements import Tab

TABS: Final = (
    (Tab.ATTENTION, "Ждут решения"),
    (Tab.BY_HAND, "Разместить вручную"),
    (Tab.UNCERTAIN, "Неизвестно"),
    (Tab.FAILED, "Не вышло"),
    (Tab.WAITING, "Ждут отправки"),
    (Tab.SENDING, "Отправляются"),
    (Tab.DONE, "Сделано за сутки"),
)
_LARGEST_ID: Final = 2**31 - 1


def routes(parts: AdminParts) -> Blueprint:
    """The page and its actions."""
    pages = Blueprint("placement", __name__)
    desk = PlacementDesk(parts.store, parts.office, parts.hints, parts.now)
    tries, endings = PlacementTries(desk), PlacementEndings(desk)
    starting_over = StartingOver(parts.store, parts.hints, parts.now)

    @pages.get("/placement")
    @requires(Right.PLACE)
    def show() -> ResponseReturnValue:
        before = _before()
        if request.args.get("list") == TICKETS:
            troubled = read_troubled(parts, before)
            return render_template(
                "placement/tickets.html", tabs=TABS, chosen=TICKETS, list=troubled
            )
        tab = _tab()
        return render_template(
            "placement/list.html",
            tabs=TABS,
            chosen=tab.value,
            list=read_placements(parts, tab, before),
            reasons=DROP_REASONS,
            longest_reason=LONGEST_REASON,
            longest_link=LONGEST_LINK,
        )

    @pages.post("/placement/<int:delivery>/again")
    @requires(Right.PLACE)
    def again(delivery: int) -> ResponseReturnValue:
        has_checked = request.form.get("checked") == "yes"
        return _act(lambda: tries.again(_seen(delivery), _orderer(), has_checked=has_checked))

    @pages.post("/placement/<int:delivery>/look")
    @requires(Right.PLACE)
    def look(delivery: int) -> ResponseReturnValue:
        return _act(lambda: tries.look(_seen(delivery), _orderer()))

    @pages.post("/placement/<int:delivery>/by-hand")
    @requires(Right.PLACE)
    def by_hand(delivery: int) -> ResponseReturnValue:
        link = request.form.get("link", "").strip()
        return _act(lambda: endings.by_hand(_seen(delivery), _orderer(), link))

    @pages.post("/placement/<int:delivery>/drop")
    @requires(Right.PLACE)
    def drop(delivery: int) -> ResponseReturnValue:
        return _act(lambda: endings.drop(_seen(delivery), _orderer(), _reason(), _words()))

    @pages.post("/placement/tickets/<int:ticket>/again")
    @requires(Right.PLACE)
    def ticket_again(ticket: int) -> ResponseReturnValue:
        def retry() -> str:
            starting_over.ticket(_known(ticket), _orderer())
            return "Поручено повторить. Если причина осталась, карточка появится здесь снова."

        return _act(retry)

    return pages


def _act(action: Callable[[], str]) -> ResponseReturnValue:
    """Do it, say what came of it, and go back to the list."""
    try:
        flash(action(), "good")
    except NotDone as refusal:
        flash(str(refusal), "warn")
    chosen = request.form.get("list", "")
    known = {tab.value for tab in Tab} | {TICKETS}
    return redirect(url_for("placement.show", list=chosen if chosen in known else None))


def _tab() -> Tab:
    chosen = request.args.get("list", Tab.ATTENTION.value)
    return Tab(chosen) if chosen in set(Tab) else abort(404)


def _before() -> int | None:
    wanted = request.args.get("before")
    if wanted is None:
        return None
    return int(wanted) if wanted.isdecimal() and len(wanted) < 10 else abort(404)


def _known(number: int) -> int:
    return number if number <= _LARGEST_ID else abort(404)


def _seen(delivery: int) -> Seen:
    return Seen(_known(delivery), request.form.get("mark", ""))


def _orderer() -> Orderer:
    who = person()
    return Orderer(who.login, who.account.name)


def _reason() -> DropReason:
    chosen = request.form.get("reason", "")
    if chosen not in set(DropReason):
        raise NotDone("Выберите причину, по которой ответ не размещается.")
    return DropReason(chosen)


def _words() -> str:
    words = " ".join(request.form.get("words", "").split())
    if len(words) > LONGEST_REASON:
        raise NotDone(f"Причина длиннее {LONGEST_REASON} знаков. Скажите короче.")
    return words
