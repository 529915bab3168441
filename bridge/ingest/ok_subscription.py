"""Watches that OK still sends chats' events here: after eight hours of failures it may stop.

https://apiok.ru/en/dev/methods/graph/graph.user/graph.user.subscriptions,
https://apiok.ru/en/dev/methods/graph/graph.user/graph.user.subscribe
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from pydantic import SecretStr

from bridge.ingest.ok_polling import polling_failed
from bridge.ingest.port import Polled
from bridge.networks.ok_api import OkFailure, OkGraph

log = structlog.get_logger()

PAUSE = timedelta(minutes=10)


@dataclass(frozen=True)
class OkSubscriptionWatch:
    """One group's subscription. It brings no events; it renews what is missing.

    `address` is the webhook's address without its secret part.
    """

    channel: str
    graph: OkGraph
    address: str
    key: SecretStr

    @property
    def name(self) -> str:
        """What is polled."""
        return "subscription"

    @property
    def pause(self) -> timedelta:
        """Between two looks."""
        return PAUSE

    def poll(self, _state: Mapping[str, Any]) -> Polled:
        """Look once. Raises `PollFailed`."""
        try:
            self._renew(subscribed_urls(self.graph.get("me/subscriptions")))
        except OkFailure as failure:
            raise polling_failed(failure) from None
        return Polled((), {})

    def _renew(self, urls: Sequence[str]) -> None:
        ours = f"{self.address}/{self.key.get_secret_value()}"
        if ours not in urls:
            self.graph.post("me/subscribe", {"url": ours})
            log.warning("subscription renewed", channel=self.channel)
        for url in urls:
            if url != ours and url.startswith(f"{self.address}/"):
                # Of a former key: OK would send there what we refuse.
                self.graph.post("me/unsubscribe", {"url": url})


def subscribed_urls(answer: Any) -> Sequence[str]:
    """The addresses of `me/subscriptions`."""
    items = answer.get("subscriptions") if isinstance(answer, dict) else None
    urls = [item.get("url") for item in items or [] if isinstance(item, dict)]
    return [url for url in urls if isinstance(url, str)]
