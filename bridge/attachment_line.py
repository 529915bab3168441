"""An attachment of a message as staff see it in a ticket."""

from bridge.helpdesk.markup import caption, web_address
from bridge.messages import Attachment

_ATTACHMENTS = {
    "audio": "Аудиозапись",
    "audio_message": "Голосовое сообщение",
    "doc": "Документ",
    "geo": "Место на карте",
    "graffiti": "Граффити",
    "link": "Ссылка",
    "market": "Товар",
    "photo": "Фото",
    "poll": "Опрос",
    "sticker": "Стикер",
    "story": "История",
    "video": "Видео",
    "wall": "Запись",
    "wall_reply": "Комментарий",
}
_OTHER_ATTACHMENT = "Вложение"


def attachment_kind(kind: str) -> str:
    """What an attachment is, in Russian."""
    return _ATTACHMENTS.get(kind, _OTHER_ATTACHMENT)


def attachment_line(attachment: Attachment) -> str:
    """An attachment on one line: what it is, its title, and a link where there is one.

    Never the picture itself: a ticket is opened by people who did not ask to see it. Redmine shows
    the attached files below the text.
    """
    kind = attachment_kind(attachment.kind)
    title = caption(attachment.title)
    address = f": {web_address(attachment.url)}" if attachment.url else ""
    return kind + (f" «{title}»" if title else "") + address
