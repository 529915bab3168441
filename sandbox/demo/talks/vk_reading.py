"""Reading in VK as a member of the page's staff does, at the pace that VK allows."""

from typing import Any

from sandbox.demo.waiting import NotYet, wait_for
from sandbox.vk.client import CallRefused, SandboxVk
from sandbox.vk.seed import ADMINISTRATION

_SECONDS = 10.0
_PAUSE = 0.4
"""VK allows a reader three calls a second."""


def read(vk: SandboxVk, method: str, **parameters: str | int) -> Any:
    """The method's response. Raises `DemoFailed` when VK refuses it for ten seconds.

    The token is none of the bridge's: looking on must not use up its calls.
    """

    def look() -> Any:
        try:
            return vk.answer(method, ADMINISTRATION.admin_token, **parameters)
        except CallRefused as refusal:
            raise NotYet(str(refusal)) from refusal

    return wait_for(f"VK's answer to {method}", look, _SECONDS, pause=_PAUSE)
