"""Channels of systems with cards, as config/channels.yaml would have them."""

from typing import Any

import yaml

from bridge.channels import ChannelSettings, ChannelsFile
from bridge.config.document import parse_document
from bridge.messages import Network

_TITLES = {
    Network.INCIDENT: "Инцидент менеджмент",
    Network.MSS: "Модуль «Мониторинг социальных сетей»",
}
_POLICIES = {
    Network.INCIDENT: {"feed": "administration", "direct": "administration"},
    Network.MSS: {"feed": "head-feed", "direct": "head-direct"},
}


def exchange_channel(network: Network = Network.INCIDENT, **exchange: Any) -> ChannelSettings:
    """A channel whose section `exchange` has these keys, and Perm's time."""
    channel = {
        "key": str(network),
        "network": str(network),
        "title": _TITLES[network],
        "policy": _POLICIES[network],
        "exchange": {"time_zone": "Asia/Yekaterinburg", **exchange},
    }
    text = yaml.safe_dump({"channels": [channel]}, allow_unicode=True)
    return parse_document(text, ChannelsFile, "channels.yaml").channels[0]
