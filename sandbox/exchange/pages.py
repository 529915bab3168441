"""The pages where a person registers a card and sees what was answered."""

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as Redirect

from sandbox.control import NoSuchThing
from sandbox.exchange.desk import Desk
from sandbox.exchange.model import TITLES, Card, CardDraft, System

WAYS = {"http": "по HTTP", "file": "файлом"}


class ExchangePages:
    """Server-rendered pages, readable without scripts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> Blueprint:
        """The routes of the pages."""
        routes = Blueprint("exchange_pages", "sandbox.exchange", template_folder="templates")
        routes.get("/")(self._systems)
        routes.get("/version")(self._version)
        system = "/<any(incident, mss):system>"
        routes.get(system)(self._cards)
        routes.post(f"{system}/cards")(self._register)
        routes.get(f"{system}/cards/<number>")(self._card)
        routes.post(f"{system}/cards/<number>")(self._change)
        return routes

    def _version(self) -> Response:
        with self._desk.world.lock:
            for system in System:
                self._desk.ways.look_for_answers(system)
            return jsonify(version=self._desk.world.version)

    def _systems(self) -> str:
        with self._desk.world.lock:
            counts = {system: len(self._desk.world.cards(system)) for system in System}
            return render_template(
                "exchange/systems.html",
                version=self._desk.world.version,
                titles=TITLES,
                counts=counts,
            )

    def _cards(self, system: str) -> str:
        with self._desk.world.lock:
            cards = self._desk.world.cards(System(system))
            return self._render("exchange/cards.html", System(system), cards[::-1])

    def _card(self, system: str, number: str) -> str:
        with self._desk.world.lock:
            return self._render(
                "exchange/card.html", System(system), [self._known(System(system), number)]
            )

    def _render(self, template: str, system: System, cards: list[Card]) -> str:
        self._desk.ways.look_for_answers(system)
        return render_template(
            template,
            version=self._desk.world.version,
            system=system,
            title=TITLES[system],
            cards=cards,
            answers={c.number: self._desk.world.answers(system, c.number) for c in cards},
            deliveries=self._desk.ways.deliveries[system][:-21:-1],
            ways=WAYS,
        )

    def _register(self, system: str) -> Redirect:
        card = self._desk.register(System(system), _draft_from_form())
        return redirect(f"/{system}/cards/{card.number}", code=303)

    def _change(self, system: str, number: str) -> Redirect:
        self._known(System(system), number)
        self._desk.change(System(system), number, _draft_from_form())
        return redirect(f"/{system}/cards/{number}", code=303)

    def _known(self, system: System, number: str) -> Card:
        try:
            return self._desk.world.card(system, number)
        except NoSuchThing:
            abort(404, "Такой карточки нет.")


def _draft_from_form() -> CardDraft:
    form = request.form
    return CardDraft(
        text=form.get("text", "").strip() or abort(400, "Напишите текст сообщения."),
        sources=tuple(form.get("sources", "").split()),
        author=form.get("author", "").strip(),
        author_link=form.get("author_link", "").strip(),
        topic=form.get("topic", "").strip(),
        district=form.get("district", "").strip(),
        private=form.get("private") == "yes",
    )
