"""groups.getLongPollServer and its settings (A2)."""

from sandbox.vk.errors import VkError
from sandbox.vk.events import LONG_POLL_EVENT_TYPES, switched
from sandbox.vk.methods.call import USER_OR_COMMUNITY, Call, Method
from sandbox.vk.model import JsonObject


def _get_long_poll_server(call: Call) -> JsonObject:
    community = call.managed_community()
    if not call.services.long_poll.feed(community.id).enabled:
        raise VkError(100, "longpoll for this group is not enabled")
    key, ts = call.services.long_poll.open(community.id)
    return {"key": key, "server": f"{call.base_url}long_poll/{community.id}", "ts": ts}


def _get_settings(call: Call) -> JsonObject:
    feed = call.services.long_poll.feed(call.managed_community().id)
    switches = {event: int(event in feed.event_types) for event in sorted(LONG_POLL_EVENT_TYPES)}
    return {"is_enabled": feed.enabled, "api_version": feed.api_version, "events": switches}


def _set_settings(call: Call) -> int:
    feed = call.services.long_poll.feed(call.managed_community().id)
    enabled = call.parameters.switch("enabled")
    feed.enabled = feed.enabled if enabled is None else bool(enabled)
    feed.api_version = call.parameters.text("api_version") or feed.api_version
    feed.event_types = switched(feed.event_types, LONG_POLL_EVENT_TYPES, call.parameters)
    return 1


METHODS = (
    Method("groups.getLongPollServer", USER_OR_COMMUNITY, _get_long_poll_server),
    Method("groups.getLongPollSettings", USER_OR_COMMUNITY, _get_settings),
    Method("groups.setLongPollSettings", USER_OR_COMMUNITY, _set_settings),
)
