"""OK's webhook at the door. OK signs nothing: the address is secret, and its networks are known.

https://apiok.ru/en/dev/graph_api/bot_api
"""

import hmac
from ipaddress import IPv4Address, IPv6Address, ip_address

from bridge.channels import ChannelSettings
from bridge.ingest.callback_body import json_object
from bridge.ingest.ok_events import sent_event
from bridge.ingest.port import Callback, Event, Refused
from bridge.networks.ok_settings import OkWebhook
from bridge.secrets import SecretMissing


class OkCallbackReader:
    """Verifies the webhooks of one group. The web edge bounds the size of a body.

    What is OK's is always taken, however odd: after eight hours without a success OK may end the
    subscription.
    """

    def __init__(self, webhook: OkWebhook) -> None:
        self._webhook = webhook

    def read(self, callback: Callback) -> Event:
        """Tell what came.

        Raises `Refused`: 403 for a wrong address or sender, 400 for what is not a JSON object, 503
        while the bridge itself cannot tell (its key is not there).
        """
        self._require_key(callback.key)
        self._require_sender(callback.sender)
        return sent_event(json_object(callback.body))

    def _require_key(self, given: str) -> None:
        try:
            expected = self._webhook.key.read("ok.webhook.key").get_secret_value()
        except SecretMissing:
            raise Refused(503, "the bridge has no key to compare with") from None
        if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode()):
            raise Refused(403, "the secret part of the address is wrong")

    def _require_sender(self, sender: str) -> None:
        address = _address(sender)
        if address is None or not any(address in network for network in self._webhook.networks):
            raise Refused(403, "the sender is not in the allowed networks")


def callback_reader(channel: ChannelSettings) -> OkCallbackReader | None:
    """The reader of a channel that OK sends to; None for one that fetches."""
    ok = channel.ok_section
    if ok.transport != "webhook" or ok.webhook is None:
        return None
    return OkCallbackReader(ok.webhook)


def _address(sender: str) -> IPv4Address | IPv6Address | None:
    """The sender's address; an IPv4 one as such, though it came over an IPv6 socket."""
    try:
        address = ip_address(sender)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
