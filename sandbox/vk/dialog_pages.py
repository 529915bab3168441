"""The page of a community's dialog with one person, where one writes as that person."""

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response as Redirect

from sandbox.vk.dialogs import IncomingMessage
from sandbox.vk.errors import VkError
from sandbox.vk.page_forms import (
    after_writing,
    author_from_form,
    chosen_citizen,
    citizens_of,
    pictures_from_form,
    refused,
    text_from_form,
)
from sandbox.vk.world import VkWorld


class DialogPages:
    """Server-rendered pages, readable without scripts."""

    def __init__(self, world: VkWorld) -> None:
        self._world = world

    def routes(self) -> Blueprint:
        """The routes of the pages."""
        routes = Blueprint("vk_dialog_pages", "sandbox.vk", template_folder="templates")
        routes.get("/gim<int:group_id>")(self._show)
        routes.post("/gim<int:group_id>/messages")(self._write)
        routes.register_error_handler(VkError, refused)
        return routes

    def _show(self, group_id: int) -> str:
        """With `sel` one dialog, as on vk.com; without it the choice of a person."""
        person_id = request.args.get("sel", type=int)
        with self._world.lock:
            community = self._world.communities.get(group_id)
            if community is None:
                abort(404, "Такого сообщества нет.")
            person = self._world.users.get(person_id or 0)
            messages = self._world.dialogs.messages(group_id, person.id) if person else []
            return render_template(
                "vk/dialog.html",
                version=self._world.version,
                community=community,
                person=person,
                messages=messages,
                citizens=citizens_of(self._world),
                chosen=chosen_citizen(),
            )

    def _write(self, group_id: int) -> Redirect:
        author = author_from_form(self._world)
        with self._world.lock:
            pictures = pictures_from_form(self._world, author)
            text = text_from_form(pictures)
            self._world.dialogs.receive(group_id, author.id, IncomingMessage(text, pictures))
        return after_writing(f"/gim{group_id}?sel={author.id}", author)
