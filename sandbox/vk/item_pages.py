"""Pages of photos, videos, goods and discussions, where a person comments as a citizen."""

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response as Redirect

from sandbox.vk.discussions import ItemCommentDraft
from sandbox.vk.errors import VkError
from sandbox.vk.model import Item, ItemKind
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

TITLES = {
    ItemKind.PHOTO: "Фотография",
    ItemKind.VIDEO: "Видео",
    ItemKind.MARKET: "Товар",
    ItemKind.TOPIC: "Обсуждение",
}


def item_link(item: Item) -> str:
    """The item's address as on vk.com."""
    number = f"{item.owner_id}_{item.id}"
    if item.kind is ItemKind.MARKET:
        return f"/market{item.owner_id}?w=product{number}"
    return f"/{item.kind}{number}"


class ItemPages:
    """Server-rendered pages, readable without scripts."""

    def __init__(self, world: VkWorld) -> None:
        self._world = world

    def routes(self) -> Blueprint:
        """The routes of the pages."""
        routes = Blueprint("vk_item_pages", "sandbox.vk", template_folder="templates")
        item = "<int(signed=True):owner_id>_<int:item_id>"
        routes.get(f"/<any(photo,video,topic):kind>{item}")(self._show)
        routes.get("/market<int(signed=True):owner_id>")(self._show_product)
        routes.post(f"/<any(photo,video,topic,market):kind>{item}/comments")(self._write)
        routes.register_error_handler(VkError, refused)
        return routes

    def _show(self, kind: str, owner_id: int, item_id: int) -> str:
        with self._world.lock:
            item = self._world.discussions.item(ItemKind(kind), owner_id, item_id)
            return render_template(
                "vk/item.html",
                version=self._world.version,
                item=item,
                title=TITLES[item.kind],
                link=item_link(item),
                community=self._world.communities[-owner_id],
                comments=self._world.discussions.comments(item),
                author_name=self._world.author_name,
                target=_target(),
                citizens=citizens_of(self._world),
                chosen=chosen_citizen(),
            )

    def _show_product(self, owner_id: int) -> str:
        wanted = request.args.get("w", "").removeprefix(f"product{owner_id}_")
        if not wanted.isdecimal():
            abort(404, "Такого товара нет.")
        return self._show(ItemKind.MARKET, owner_id, int(wanted))

    def _write(self, kind: str, owner_id: int, item_id: int) -> Redirect:
        author = author_from_form(self._world)
        with self._world.lock:
            pictures = pictures_from_form(self._world, author)
            text = text_from_form(pictures)
            item = self._world.discussions.item(ItemKind(kind), owner_id, item_id)
            draft = ItemCommentDraft(author.id, text, attachments=pictures)
            comment = self._world.discussions.add(item, draft)
        return after_writing(f"{item_link(item)}#comment-{comment.id}", author)


def _target() -> int | None:
    """The comment that the address names: in discussions VK calls it a post."""
    return request.args.get("reply", type=int) or request.args.get("post", type=int)
