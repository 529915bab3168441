"""A channel like those of config/channels.yaml, and recorded events."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.channels import ChannelSettings, ChannelsFile
from bridge.config.document import parse_document

PAYLOADS = Path(__file__).parent / "payloads"

CHANNEL = """
channels:
  - key: vk-administration
    network: vk
    title: ВКонтакте
    policy: {feed: administration, direct: administration}
    vk:
      group_id: 1001
      api_url: http://vk.invalid/method
      token: {env: TEST_VK_TOKEN}
      callback:
        secret: {env: TEST_VK_SECRET}
        confirmation: a1b2c3d4
"""


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> ChannelSettings:
    """The administration's page, with its secrets in the environment."""
    monkeypatch.setenv("TEST_VK_TOKEN", "token-of-the-community")
    monkeypatch.setenv("TEST_VK_SECRET", "shared secret")
    return parse_document(CHANNEL, ChannelsFile, "channels.yaml").channels[0]


@pytest.fixture
def payload() -> Callable[[str], bytes]:
    """Reads a recorded event by its name."""
    return lambda name: (PAYLOADS / f"{name}.json").read_bytes()
