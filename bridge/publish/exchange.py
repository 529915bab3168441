"""Answers into a system with cards: by file, over HTTP, or by hand (clause 2.1.4)."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from bridge.channels import ChannelSettings
from bridge.messages import Capabilities, ChannelCapabilities, Visibility
from bridge.networks.exchange_settings import Answers
from bridge.networks.outside import Outside
from bridge.publish.exchange_by_hand import HandPublisher
from bridge.publish.exchange_files import FilePublisher
from bridge.publish.exchange_http import HttpPublisher
from bridge.publish.port import Publisher

PICTURES: Final = 10
"""Pictures that go with one answer; no system says how many it takes."""


def publisher_of(channel: ChannelSettings, outside: Outside) -> Publisher:
    """The channel's way out. Raises `SecretMissing`."""
    exchange = channel.exchange_section

    def now() -> datetime:
        return outside.now().astimezone(exchange.time_zone)

    if exchange.answers.files:
        return FilePublisher(exchange.answers.files, outside.data, now)
    if exchange.answers.http:
        return HttpPublisher.of(exchange.answers.http, now, channel.network)
    return HandPublisher(channel.title)


def capabilities_where(*, self_placement: bool) -> Callable[[ChannelSettings], ChannelCapabilities]:
    """What channels can do of a system where departments may, or may not, place answers
    themselves (clause 2.1.4)."""

    def capabilities(channel: ChannelSettings) -> ChannelCapabilities:
        answers = channel.exchange_section.answers
        return ChannelCapabilities(
            {
                visibility: _capabilities(
                    answers, channel.limits.of(visibility), self_placement=self_placement
                )
                for visibility in Visibility
            }
        )

    return capabilities


def _capabilities(answers: Answers, limit: int, *, self_placement: bool) -> Capabilities:
    takes_pictures = bool(answers.files or (answers.http and answers.http.pictures))
    return Capabilities(
        place=bool(answers.files or answers.http),
        photos=takes_pictures,
        edit=False,
        verify=bool(answers.files or (answers.http and answers.http.status_url)),
        limit=limit,
        self_placement=self_placement,
        pictures_limit=PICTURES if takes_pictures else 0,
        is_told_where=True,
    )
