"""What a person fills in on the pages: as whom, which words, which picture."""

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response as Redirect

from sandbox.vk.errors import VkError
from sandbox.vk.files import FileKind, Upload, is_photo
from sandbox.vk.model import JsonObject, User
from sandbox.vk.world import VkWorld

_NOT_FOUND = frozenset({104, 210, 211, 212})
"""VK's codes for what is not there: an item, a post, comments."""
_CITIZEN_COOKIE = "citizen"


def citizens_of(world: VkWorld) -> list[User]:
    """Those in whose name a person may write."""
    admins = {community.admin_id for community in world.communities.values()}
    return [user for user in world.users.values() if user.id not in admins]


def chosen_citizen() -> int | None:
    """In whose name the person wrote last."""
    return request.cookies.get(_CITIZEN_COOKIE, type=int)


def author_from_form(world: VkWorld) -> User:
    """In whose name is written."""
    author = world.users.get(request.form.get("from_id", 0, type=int))
    return author or abort(400, "Выберите, от чьего имени писать.")


def text_from_form(pictures: tuple[JsonObject, ...]) -> str:
    """The words, which may be missing beside a picture."""
    text = request.form.get("text", "").strip()
    return text if text or pictures else abort(400, "Напишите текст.")


def pictures_from_form(world: VkWorld, author: User) -> tuple[JsonObject, ...]:
    """The picture that was chosen: kept as the author's photo. Called with the world's lock."""
    sent = request.files.get("picture")
    if sent is None or not sent.filename:
        return ()
    upload = Upload(sent.filename, sent.read(), sent.mimetype)
    if not is_photo(upload.content):
        abort(400, "Это не фотография: подойдут JPG, PNG и GIF.")
    stored = world.files.store(FileKind.PHOTO, author.id, upload, request.host_url)
    return (stored.attachment,)


def after_writing(link: str, author: User) -> Redirect:
    """Show what was written, and remember the author for the next time."""
    response = redirect(link, code=303)
    response.set_cookie(_CITIZEN_COOKIE, str(author.id), samesite="Lax")
    return response


def refused(error: VkError) -> tuple[str, int]:
    """The page that says what VK would not do."""
    status = 404 if error.code in _NOT_FOUND else 403
    return render_template("vk/refused.html", error=error), status
