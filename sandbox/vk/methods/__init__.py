"""The methods of the VK API that the sandbox has, by name."""

from sandbox.vk.methods import (
    callback_settings,
    comments,
    discussions,
    long_poll_settings,
    messages,
    people,
    posts,
    uploads,
)
from sandbox.vk.methods.call import Method

_SECTIONS = (
    callback_settings,
    comments,
    discussions,
    long_poll_settings,
    messages,
    people,
    posts,
    uploads,
)

METHODS: dict[str, Method] = {
    method.name: method for section in _SECTIONS for method in section.METHODS
}
