"""Acts on a running sandbox from outside, through its `/sandbox/` API."""

from typing import Any

import requests

TIMEOUT_SECONDS = 30


class SandboxClient:
    """What the clients of all sandboxes have in common."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def control(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Call `/sandbox/<path>`; raises `requests.HTTPError` when the sandbox refuses."""
        answer = requests.request(
            verb, f"{self.url}/sandbox/{path}", json=body or {}, timeout=TIMEOUT_SECONDS
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None
