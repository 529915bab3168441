"""VK's events for an office with no public address: the bridge asks, VK answers when there is news.

https://dev.vk.com/ru/api/bots-long-poll/getting-started
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final, Self

import requests

from bridge.calls import Calls, Outcome
from bridge.http_environment import settle_environment
from bridge.ingest.port import Polled, PollFailed
from bridge.ingest.vk_event import event_of_update
from bridge.ingest.vk_poll_failures import UNREADABLE, no_answer, poll_failed
from bridge.networks.told_address import NotToBeCalled, told_address
from bridge.networks.vk_api import VkClient, VkError, VkFailure
from bridge.networks.vk_settings import VkSettings

WAIT: Final = 25
"""Seconds for which VK holds a request open while there is no news; at most 90."""
CONNECT_TIMEOUT: Final = 3.05
ANSWER_TIMEOUT: Final = WAIT + 10.0

_NOT_ENABLED = 100
_HISTORY_OUTDATED = 1
_KEY_EXPIRED = 2


@dataclass(frozen=True)
class _Server:
    """Where to ask, and from which event on."""

    server: str
    key: str
    ts: str

    @classmethod
    def of(cls, fields: Any, api_url: str) -> Self | None:
        """From VK's answer or from a kept state. `ts` comes as a number, too."""
        if not isinstance(fields, dict):
            return None
        told, key, ts = (fields.get(name) for name in ("server", "key", "ts"))
        try:
            server = told_address(told, api_url)
        except NotToBeCalled:
            return None
        if not isinstance(key, str) or not isinstance(ts, str | int):
            return None
        return cls(server, key, str(ts))


class VkLongPoll:
    """One community's long poll. Events are VK's own, so repetitions are known by their ids."""

    name = "long-poll"
    pause = timedelta(0)

    def __init__(
        self, vk: VkSettings, community: VkClient, session: requests.Session | None = None
    ) -> None:
        self._group_id = vk.group_id
        self._api_url = vk.api_url
        self._community = community
        self._session = session or requests.Session()
        settle_environment(self._session, vk.api_url)

    def poll(self, state: Mapping[str, Any]) -> Polled:
        """Wait for news for at most `WAIT` seconds. Raises `PollFailed`."""
        server = _Server.of(dict(state), self._api_url)
        if server is None:
            return Polled((), asdict(self._new_server()))
        answer = self._ask(server)
        if "failed" in answer:
            return self._recovered(server, answer)
        updates, ts = answer.get("updates"), answer.get("ts")
        if not isinstance(updates, list) or not isinstance(ts, str | int):
            raise no_answer(UNREADABLE)
        events = tuple(event_of_update(update) for update in updates)
        return Polled(events, {**asdict(server), "ts": str(ts)})

    def _recovered(self, server: _Server, answer: Mapping[str, Any]) -> Polled:
        """Go on as VK asks: from another event, with another key, or anew."""
        ts = answer.get("ts")
        if answer["failed"] == _HISTORY_OUTDATED and isinstance(ts, str | int):
            return Polled((), {**asdict(server), "ts": str(ts)}, lost=True)
        new = self._new_server()
        if answer["failed"] == _KEY_EXPIRED:
            return Polled((), {**asdict(new), "ts": server.ts})
        return Polled((), asdict(new), lost=True)

    def _new_server(self) -> _Server:
        try:
            answer = self._community.call("groups.getLongPollServer", group_id=self._group_id)
        except VkError as error:
            if error.code == _NOT_ENABLED:
                raise _not_enabled() from None
            raise poll_failed(error) from None
        except VkFailure as failure:
            raise poll_failed(failure) from None
        server = _Server.of(answer, self._api_url)
        if server is None:
            raise no_answer(UNREADABLE)
        return server

    def _ask(self, server: _Server) -> Mapping[str, Any]:
        query: Mapping[str, str | int] = {
            "act": "a_check",
            "key": server.key,
            "ts": server.ts,
            "wait": WAIT,
        }
        with _CALLS.to("long_poll"):
            return _readable(self._answer(server.server, query))

    def _answer(self, url: str, query: Mapping[str, str | int]) -> requests.Response:
        try:
            return self._session.get(
                url,
                params=query,
                timeout=(CONNECT_TIMEOUT, ANSWER_TIMEOUT),
                allow_redirects=False,
            )
        except requests.Timeout:
            raise no_answer("timeout") from None
        except requests.RequestException:
            # `from None`: the library's exception holds the address, and that holds the key.
            raise no_answer("connection") from None


def _outcome_of(error: Exception) -> Outcome | None:
    return Outcome.UNKNOWN if isinstance(error, PollFailed) else None


_CALLS: Final = Calls("vk", _outcome_of)


def _readable(answer: requests.Response) -> Mapping[str, Any]:
    if answer.status_code != requests.codes.ok:
        raise no_answer(f"http {answer.status_code}")
    try:
        fields = answer.json()
    except (ValueError, RecursionError):
        raise no_answer(UNREADABLE) from None
    if not isinstance(fields, dict):
        raise no_answer(UNREADABLE)
    return fields


def _not_enabled() -> PollFailed:
    return PollFailed(
        str(_NOT_ENABLED),
        "Long Poll API в сообществе выключен. Включите его: Управление → Работа с API → "
        "Long Poll API.",
        down=True,
    )
