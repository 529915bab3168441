"""A local VK: API, callbacks, long poll and pages."""

from sandbox.vk.server import VkSandbox, VkSettings

__all__ = ["VkSandbox", "VkSettings"]
