"""Cards that are fetched: a JSON page that is read again and again, from a cursor on."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any, Final, Self

from bridge.channels import ChannelSettings
from bridge.ingest.exchange_documents import NoDocument, at_path, cards_in
from bridge.ingest.exchange_events import events_of, found_cards
from bridge.ingest.port import Polled, PollFailed
from bridge.networks.exchange_api import ExchangeAnswer, ExchangeClient, ExchangeFailure
from bridge.networks.exchange_settings import ExchangeSettings, PullTransport
from bridge.secrets import SecretMissing

_CURSOR: Final = "cursor"
_LONGEST_CURSOR: Final = 1000


class PullPoller:
    """Reads one channel's page."""

    name = "pull"

    def __init__(self, exchange: ExchangeSettings, pull: PullTransport, service: str) -> None:
        self._service = service
        self._exchange = exchange
        self._pull = pull

    @classmethod
    def of_channel(cls, channel: ChannelSettings) -> Self | None:
        """The channel's poller, None when nothing is fetched.

        It reads its token when it looks: a missing one must not keep the channel's folder shut.
        """
        exchange = channel.exchange_section
        return cls(exchange, exchange.pull, channel.network) if exchange.pull else None

    @property
    def pause(self) -> timedelta:
        """How long to rest between two looks."""
        return timedelta(seconds=self._pull.pause)

    def poll(self, state: Mapping[str, Any]) -> Polled:
        """Read one page. Raises `PollFailed`."""
        cursor = str(state.get(_CURSOR, ""))
        document = self._document(cursor)
        try:
            cards = cards_in(document, self._exchange.cards_at)
        except NoDocument:
            raise _unreadable() from None
        found = found_cards(cards, "карточка")
        events = (event for each in found for event in events_of(each, self._exchange).events)
        following = self._next_cursor(document) or cursor
        more = bool(cards) and following != cursor
        return Polled(tuple(events), {_CURSOR: following} if following else {}, more)

    @cached_property
    def _client(self) -> ExchangeClient:
        try:
            return ExchangeClient.with_secret(
                self._pull.url, self._pull.token, "exchange.pull.token", self._service
            )
        except SecretMissing:
            raise PollFailed(
                "no_token",
                "У канала нет ключа exchange.pull.token: bridge check скажет, где его ждут.",
                down=True,
            ) from None

    def _document(self, cursor: str) -> Any:
        parameters: dict[str, str | int] = {self._pull.size_parameter: self._pull.size}
        if cursor:
            parameters[self._pull.cursor_parameter] = cursor
        try:
            answer = self._client.get(self._pull.url, parameters)
        except ExchangeFailure as failure:
            raise PollFailed(
                failure.code,
                "Система не ответила на запрос карточек. Робот повторит запрос сам; если это "
                "продолжается, проверьте адрес exchange.pull.url и саму систему.",
            ) from None
        if not answer.is_success:
            raise _refused(answer)
        if answer.contents is None:
            raise _unreadable()
        return answer.contents

    def _next_cursor(self, document: Any) -> str:
        """The next page's cursor; empty where the answer is a bare list or tells none."""
        told = at_path(document, self._pull.next_cursor)
        if isinstance(told, bool) or not isinstance(told, str | int):
            return ""
        if len(str(told)) > _LONGEST_CURSOR:
            raise _unreadable()
        return str(told)


def _unreadable() -> PollFailed:
    return PollFailed(
        "unreadable answer",
        "Система ответила не списком карточек в JSON. Проверьте exchange.pull.url, "
        "exchange.cards_at и exchange.pull.next_cursor.",
    )


def _refused(answer: ExchangeAnswer) -> PollFailed:
    code = f"http {answer.status}"
    if answer.status in (401, 403):
        return PollFailed(code, "Система не приняла ключ: замените exchange.pull.token.", down=True)
    if answer.status == 429:
        return PollFailed(code, "Система просит спрашивать реже: увеличьте exchange.pull.pause.")
    if answer.status < 500:
        return PollFailed(
            code, "Система не знает такого запроса: проверьте exchange.pull.url.", down=True
        )
    return PollFailed(code, "В системе сбой. Робот повторит запрос сам.")
