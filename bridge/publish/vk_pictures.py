"""Pictures that VK would not take are found before they are sent.

https://dev.vk.com/ru/api/upload/wall-photo
"""

import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, UnidentifiedImageError

from bridge.messages import Picture
from bridge.publish.port import PublishError, Remedy

LARGEST: Final = 50 * 1024 * 1024
"""Bytes."""
LONGEST_SIDES: Final = 14_000
"""Pixels of width and height together."""
THINNEST: Final = 20
"""How many times the longer side may be as long as the shorter one."""


@dataclass(frozen=True)
class PhotoFormat:
    """A format of photos that VK takes."""

    extension: str
    content_type: str


_FORMATS: Final = {
    "JPEG": PhotoFormat("jpg", "image/jpeg"),
    "PNG": PhotoFormat("png", "image/png"),
    "GIF": PhotoFormat("gif", "image/gif"),
}


def photo_format(picture: Picture) -> PhotoFormat:
    """The format of a picture that VK takes as a photo.

    Raises `PublishError` (by hand), which names the picture and says what is wrong with it.
    """
    require_size(picture)
    image = _opened(picture)
    if image.format not in _FORMATS:
        raise refused(picture, "ВКонтакте принимает фотографии JPG, PNG и GIF")
    width, height = image.size
    if width + height > LONGEST_SIDES:
        problem = f"ширина и высота вместе больше {LONGEST_SIDES} точек: {width} × {height}"
        raise refused(picture, problem)
    if max(width, height) > THINNEST * min(width, height):
        raise refused(picture, f"одна сторона длиннее другой более чем в {THINNEST} раз")
    return _FORMATS[image.format]


def require_size(picture: Picture) -> None:
    """Raise `PublishError` (by hand) for a file that is empty or too large."""
    if not picture.content:
        raise refused(picture, "файл пуст")
    if len(picture.content) > LARGEST:
        raise refused(picture, f"файл больше {LARGEST // 1024 // 1024} МБ")


def refused(picture: Picture, problem: str) -> PublishError:
    """A picture that is not to be placed; `problem` is Russian, for staff."""
    return PublishError(
        Remedy.BY_HAND,
        "picture",
        f"Фотография «{picture.name}» не подходит: {problem}. "
        "Замените её в карточке и одобрите ответ снова или разместите ответ вручную.",
    )


def _opened(picture: Picture) -> Image.Image:
    """Only the head is read: how large it is does not have to be found out in memory."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(picture.content))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise refused(picture, f"сторон вместе больше {LONGEST_SIDES} точек") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise refused(picture, "это не изображение") from None
