"""`/admin/board`: reads the store, shows the board, and tells browsers when nothing has changed."""

from collections.abc import Sequence
from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bridge.admin.access import Right, requires
from bridge.admin.board import view
from bridge.admin.board.asking import Asked, View, band_name
from bridge.admin.board.choosing import Order, nearest
from bridge.admin.board.lines import TicketLine, Writer, with_words
from bridge.admin.board.view import PAGE, Board
from bridge.admin.parts import AdminParts
from bridge.admin.sessions import person
from bridge.store import board as stored
from bridge.store import clocks
from bridge.store.board import Band, Duty
from bridge.store.database import Store

_WEEK = timedelta(days=7)
_FILTERS = "board-filters"


def routes(parts: AdminParts) -> Blueprint:
    """`/admin/board`."""
    pages = Blueprint("board", __name__)

    @pages.get("/board")
    @requires(Right.VIEW)
    def show() -> ResponseReturnValue:
        try:
            asked = Asked.of(request.args)
        except ValueError as error:
            return render_template("error.html", title="Такого отбора нет", text=str(error)), 400
        writer = Writer(parts.office, parts.now())
        return _answer(_read(parts.store, asked, writer))

    @pages.context_processor
    def words() -> dict[str, object]:
        return {
            "Band": Band,
            "View": View,
            "band_titles": view.BAND_TITLES,
            "band_name": band_name,
            "orders": [(order.value, view.ORDER_TITLES[order]) for order in Order],
            "journeys": "inbox.ticket" in current_app.view_functions,
            "page_size": PAGE,
            "tones": view.TONES,
        }

    return pages


def _read(store: Store, asked: Asked, writer: Writer) -> Board:
    ends = view.horizons(writer)
    with store.reading() as session:
        duties = stored.read_duties(session, ends)
        today = stored.read_promptness(session, ends.start_of_day)
        week = stored.read_promptness(session, writer.now - _WEEK)
        lines = _lines(session, asked, writer, duties) if asked.view is View.LIST else ()
    return view.compose(asked, writer, duties, today, week, lines)


def _lines(
    session: Session, asked: Asked, writer: Writer, duties: Sequence[Duty]
) -> tuple[TicketLine, ...]:
    first = (asked.page - 1) * PAGE
    page = nearest(duties, asked.choice, asked.order)[first : first + PAGE]
    ids = [duty.ticket_id for duty in page]
    tickets, timed = stored.read_tickets(session, ids), clocks.of_tickets(session, ids)
    lines = (writer.line(duty, tickets[duty.ticket_id], timed[duty.ticket_id]) for duty in page)
    if asked.wall or not person().may(Right.PLACE):
        # Whoever passes by the wall must not read what citizens wrote.
        return tuple(lines)
    return tuple(with_words(line, tickets[line.ticket_id].words) for line in lines)


def _answer(board: Board) -> ResponseReturnValue:
    """The whole page; only the board for what refreshes itself; nothing where nothing is new."""
    if board.asked.page > board.pages:
        abort(404)
    address = url_for("board.show", **board.asked.arguments())  # type: ignore[arg-type]
    if not request.headers.get("HX-Request"):
        return render_template("board/show.html", board=board, address=address)
    if request.headers.get("If-None-Match") == board.version:
        return "", 204
    response: Response = make_response(
        render_template("board/board.html", board=board, address=address)
    )
    if request.headers.get("HX-Trigger") == _FILTERS:
        response.headers["HX-Replace-Url"] = address
    return response
