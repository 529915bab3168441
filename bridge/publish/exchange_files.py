"""Answers as files for import into a system: one for each, given out once.

An importer may take a file away at any moment, so that its absence says nothing. Therefore an
answer is first `prepared`, then noted as `given`, and then moved out in one step: noted and no
longer prepared, it is out, whatever has become of the file since.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from bridge.durable_files import move_durably, write_durably
from bridge.messages import Address, Placed, Placement
from bridge.networks.exchange_settings import AnswerFiles
from bridge.publish.exchange_answer import (
    AnswerTo,
    Row,
    as_csv,
    as_json,
    as_workbook,
    picture_names,
)
from bridge.publish.exchange_by_hand import no_retraction
from bridge.publish.port import PublishError, Remedy

PREPARED: Final = ".prepared"
GIVEN: Final = ".given"

_WRITERS: Final[Mapping[str, Callable[[Row], bytes]]] = {
    "csv": as_csv,
    "xlsx": as_workbook,
    "json": as_json,
}
_UNSAFE: Final = re.compile(r"[^\w.-]+")
_LONGEST_NUMBER: Final = 60
_DIGEST: Final = 12


class FilePublisher:
    """Writes one channel's answers into a folder."""

    def __init__(self, files: AnswerFiles, data: Path, now: Callable[[], datetime]) -> None:
        """`data` is the folder below which a relative one lies."""
        self._files = files
        self._folder = files.place(data)
        self._now = now

    def place(self, placement: Placement) -> Placed:
        """Give the answer out, unless it is out already. Raises `PublishError`."""
        try:
            folder = self._opened()
            if not self._is_out(folder, placement):
                self._give(folder, placement)
        except OSError as error:
            raise self._failed(error) from None
        return self._placed(placement)

    def find(self, placement: Placement, since: datetime) -> Placed | None:  # noqa: ARG002 - the port has it
        """The answer if it was given out, also when it has been taken away since.

        Raises `PublishError`.
        """
        try:
            return self._placed(placement) if self._is_out(self._opened(), placement) else None
        except OSError as error:
            raise self._failed(error) from None

    def retract(self, address: Address, placed: Placed) -> None:  # noqa: ARG002 - the port has it
        """The system may have read it. Raises `PublishError`."""
        raise no_retraction(address)

    def _opened(self) -> Path:
        for part in (PREPARED, GIVEN):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        return self._folder

    def _is_out(self, folder: Path, placement: Placement) -> bool:
        name = self._name(placement)
        return (folder / GIVEN / name).exists() and not (folder / PREPARED / name).exists()

    def _give(self, folder: Path, placement: Placement) -> None:
        name = self._name(placement)
        pictures = picture_names(Path(name).stem, placement.pictures)
        names = self._files.names
        row = AnswerTo.of(placement, self._now()).row(names)
        if pictures:
            row[names.pictures] = "; ".join(pictures)
        contents = _WRITERS[self._files.format](row)
        for picture, picture_name in zip(placement.pictures, pictures, strict=True):
            write_durably(folder / picture_name, picture.content)
        write_durably(folder / PREPARED / name, contents)
        write_durably(folder / GIVEN / name, contents)
        move_durably(folder / PREPARED / name, folder / name)

    def _name(self, placement: Placement) -> str:
        """The same for every try: the card's number for people, the key for certain."""
        number = _UNSAFE.sub("_", str(placement.address["number"]))[:_LONGEST_NUMBER].strip("._")
        digest = hashlib.sha256(placement.idempotency_key.encode()).hexdigest()[:_DIGEST]
        return f"answer-{number or 'card'}-{digest}.{self._files.format}"

    def _placed(self, placement: Placement) -> Placed:
        return Placed(self._name(placement), str(placement.address.get("link", "")))

    def _failed(self, error: OSError) -> PublishError:
        return PublishError(
            Remedy.CHANNEL_DOWN,
            type(error).__name__,
            f"Папка ответов {self._files.folder} недоступна ({error.strerror}). Администратору: "
            "дайте учётной записи моста право писать в неё и проверьте место на диске.",
        )
