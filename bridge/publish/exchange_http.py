"""Answers over HTTP into a system: one `POST`, known again by its key."""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Self
from urllib.parse import quote

from bridge.messages import Address, Placed, Placement
from bridge.networks.exchange_api import ExchangeAnswer, ExchangeClient, ExchangeFailure
from bridge.networks.exchange_settings import AnswerHttp
from bridge.publish.exchange_answer import AnswerTo
from bridge.publish.exchange_by_hand import no_retraction
from bridge.publish.exchange_errors import looking_failed, looking_refused, placing_failed, refused
from bridge.publish.port import CannotLook
from bridge.web_links import web_link

_LONGEST: Final = 500


class HttpPublisher:
    """Sends one channel's answers. Keep one per worker."""

    def __init__(
        self, http: AnswerHttp, client: ExchangeClient, now: Callable[[], datetime]
    ) -> None:
        self._http = http
        self._client = client
        self._now = now

    @classmethod
    def of(cls, http: AnswerHttp, now: Callable[[], datetime], service: str = "exchange") -> Self:
        """The publisher with the token of the settings. Raises `SecretMissing`."""
        setting = "exchange.answers.http.token"
        client = ExchangeClient.with_secret(http.url, http.token, setting, service)
        return cls(http, client, now)

    def place(self, placement: Placement) -> Placed:
        """Send the answer. Raises `PublishError`."""
        url = _filled(self._http.url, placement)
        headers = {self._http.key_header: placement.idempotency_key}
        try:
            answer = self._client.post(url, self._contents(placement), headers)
        except ExchangeFailure as failure:
            raise placing_failed(failure) from None
        if not answer.is_success or not (answer.is_empty or isinstance(answer.contents, dict)):
            raise refused(answer)
        return _placed(placement, answer)

    def find(self, placement: Placement, since: datetime) -> Placed | None:  # noqa: ARG002 - the port has it
        """The answer if the system knows its key. Raises `CannotLook` or `PublishError`."""
        if self._http.status_url is None:
            raise CannotLook("no exchange.answers.http.status_url: answers cannot be looked up")
        try:
            answer = self._client.get(_filled(self._http.status_url, placement))
        except ExchangeFailure as failure:
            raise looking_failed(failure) from None
        if answer.status == 404:
            return None
        if not answer.is_success or not isinstance(answer.contents, dict):
            raise looking_refused(answer)
        return _placed(placement, answer)

    def retract(self, address: Address, placed: Placed) -> None:  # noqa: ARG002 - the port has it
        """No way is agreed with any system. Raises `PublishError`."""
        raise no_retraction(address)

    def _contents(self, placement: Placement) -> dict[str, Any]:
        names = self._http.names
        contents: dict[str, Any] = dict(AnswerTo.of(placement, self._now()).row(names))
        if placement.pictures:
            contents[names.pictures] = [
                {
                    "name": picture.name,
                    "content_type": picture.content_type,
                    "content": base64.b64encode(picture.content).decode("ascii"),
                }
                for picture in placement.pictures
            ]
        return contents


def _filled(url: str, placement: Placement) -> str:
    number = quote(str(placement.address["number"]), safe="")
    key = quote(placement.idempotency_key, safe="")
    return url.replace("{number}", number).replace("{key}", key)


def _placed(placement: Placement, answer: ExchangeAnswer) -> Placed:
    """As the system names it, or by the card, where it names nothing."""
    told = answer.contents if isinstance(answer.contents, dict) else {}
    external_id = told.get("id")
    return Placed(
        str(external_id)[:_LONGEST] if external_id else str(placement.address["number"]),
        _link(told.get("link")) or str(placement.address.get("link", "")),
    )


def _link(told: Any) -> str:
    return web_link(told) if isinstance(told, str) else ""
