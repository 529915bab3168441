"""A local Odnoklassniki: the group's bot (Graph), REST with its signature, webhooks and pages."""

from sandbox.ok.server import OkSandbox, OkSandboxSettings

__all__ = ["OkSandbox", "OkSandboxSettings"]
