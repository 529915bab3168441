"""An attachment of a message as staff see it in a ticket."""

from bridge.helpdesk.markup import caption, web_address
from bridge.messages import Attachment

_ATTACHMENTS = {
    "audio": "Аудиозапись",
    "audio_message": "Голосовое сообщение",
    "doc": "Документ",
    "link": "Ссылка",
    "photo": "Фото",
    "video": "Видео",
    "wall": "Запись",
}
_OTHER_ATTACHMENT = "Вложение"


def attachment_line(attachment: Attachment) -> str:
    """An attachment on one line: what it is, its title, and a link where there is one."""
    kind = _ATTACHMENTS.get(attachment.kind, _OTHER_ATTACHMENT)
    title = caption(attachment.title)
    address = f": {web_address(attachment.url)}" if attachment.url else ""
    return kind + (f" «{title}»" if title else "") + address
