"""A running VK sandbox whose long pauses pass quickly, and a server that takes its callbacks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from sandbox.clock import ManualClock
from sandbox.receiver import Answer, Receiver
from sandbox.vk import VkSandbox, VkSettings
from sandbox.vk.callback_delivery import DeliveryPolicy
from sandbox.vk.client import SandboxVk
from sandbox.vk.seed import ADMINISTRATION

SECRET = "sandbox-secret"


class UnhurriedVk(SandboxVk):
    """Lets a second pass before each API call, so that no test meets a rate limit unasked."""

    def __init__(self, url: str, clock: ManualClock) -> None:
        super().__init__(url)
        self._clock = clock

    def call(self, method: str, token: str, **parameters: str | int) -> dict[str, Any]:
        self._clock.advance(timedelta(seconds=1))
        return super().call(method, token, **parameters)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 23, 13, 30, tzinfo=UTC))


@pytest.fixture
def sandbox(clock: ManualClock) -> VkSandbox:
    policy = DeliveryPolicy(time_scale=0.0001, answer_timeout=timedelta(seconds=0.5))
    return VkSandbox(VkSettings(delivery=policy), clock)


@pytest.fixture
def url(sandbox: VkSandbox) -> Iterator[str]:
    with sandbox.running() as url:
        yield url


@pytest.fixture
def vk(url: str, clock: ManualClock) -> SandboxVk:
    return UnhurriedVk(url, clock)


@pytest.fixture
def receiver() -> Receiver:
    """Confirms the administration's handshake, then takes everything."""
    receiver = Receiver()
    receiver.plan(Answer(ADMINISTRATION.confirmation_code.encode()))
    return receiver


@pytest.fixture
def callback_url(receiver: Receiver) -> Iterator[str]:
    with receiver.running() as url:
        yield url


@pytest.fixture
def connected(vk: SandboxVk, callback_url: str) -> SandboxVk:
    """The sandbox with the receiver confirmed for comments, posts and messages."""
    events = ("wall_reply_new", "wall_reply_delete", "wall_post_new", "message_new")
    connect = partial(vk.connect, ADMINISTRATION, callback_url, SECRET)
    connect(events)
    return vk
