"""A channel like those of config/channels.yaml, and recorded events."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import strategies as st

from bridge.channels import ChannelSettings, ChannelsFile
from bridge.config.document import parse_document

PAYLOADS = Path(__file__).parent / "payloads"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
"""Anything that JSON can say."""

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

OK_CHANNEL = """
channels:
  - key: ok-administration
    network: ok
    title: Одноклассники
    policy: {feed: administration, direct: administration}
    limits: {feed: 3000, direct: 3000}
    ok:
      group_id: 53001001
      robot_id: "580091"
      graph_url: http://ok.invalid/graph
      token: {env: TEST_OK_TOKEN}
      webhook: {key: {env: TEST_OK_WEBHOOK_KEY}}
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


@pytest.fixture
def ok_channel(monkeypatch: pytest.MonkeyPatch) -> ChannelSettings:
    """The administration's group in Odnoklassniki, with its secrets in the environment."""
    monkeypatch.setenv("TEST_OK_TOKEN", "token-of-the-group")
    monkeypatch.setenv("TEST_OK_WEBHOOK_KEY", "secret-part")
    return parse_document(OK_CHANNEL, ChannelsFile, "channels.yaml").channels[0]


@pytest.fixture
def ok_payload() -> Callable[[str], bytes]:
    """Reads a recorded event of Odnoklassniki by its name."""
    return lambda name: (PAYLOADS / "ok" / f"{name}.json").read_bytes()
