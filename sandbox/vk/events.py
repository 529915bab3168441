"""The event types that a community can switch on for a callback server or for long poll."""

from sandbox.vk.parameters import Parameters

_COMMENT_SECTIONS = ("wall_reply", "photo_comment", "video_comment", "market_comment", "board_post")

EVENT_TYPES = frozenset(
    {
        *(f"{section}_{verb}" for section in _COMMENT_SECTIONS for verb in ("new", "edit")),
        *(f"{section}_{verb}" for section in _COMMENT_SECTIONS for verb in ("restore", "delete")),
        "message_new",
        "message_reply",
        "message_edit",
        "message_allow",
        "message_deny",
        "message_read",
        "message_typing_state",
        "message_event",
        "message_reaction_event",
        "wall_post_new",
        "wall_repost",
        "wall_schedule_post_new",
        "wall_schedule_post_delete",
        "photo_new",
        "audio_new",
        "video_new",
        "market_order_new",
        "market_order_edit",
        "like_add",
        "like_remove",
        "group_join",
        "group_leave",
        "group_change_settings",
        "group_change_photo",
        "group_officers_edit",
        "user_block",
        "user_unblock",
        "poll_vote_new",
        "lead_forms_new",
    }
)
"""A1 of the API facts, what a city's page can meet."""

CALLBACK_ONLY = frozenset(
    {
        "wall_schedule_post_new",
        "wall_schedule_post_delete",
        "market_order_new",
        "market_order_edit",
        "lead_forms_new",
    }
)
"""Not switchable in the long poll settings (A2)."""

LONG_POLL_EVENT_TYPES = EVENT_TYPES - CALLBACK_ONLY


def switched(
    before: frozenset[str], switchable: frozenset[str], parameters: Parameters
) -> frozenset[str]:
    """The event types that are on after the switches among `parameters` have been set."""
    switches = {event: parameters.switch(event) for event in switchable}
    on = {event for event, state in switches.items() if state == 1}
    off = {event for event, state in switches.items() if state == 0}
    return frozenset((before | on) - off)
