"""VK's error codes with VK's texts (errors.json of its public schema, 5.199)."""

TEXTS = {
    1: "Unknown error occurred",
    2: "Application is disabled. Enable your application or use test mode",
    3: "Unknown method passed",
    5: "User authorization failed",
    6: "Too many requests per second",
    7: "Permission to perform this action is denied",
    8: "Invalid request",
    9: "Flood control",
    10: "Internal server error",
    13: "Runtime error occurred during code invocation",
    14: "Captcha needed",
    15: "Access denied",
    17: "Validation required",
    18: "User was deleted or banned",
    19: "Content blocked",
    23: "This method was disabled",
    24: "Confirmation required",
    27: "Group authorization failed",
    28: "Application authorization failed",
    29: "Rate limit reached",
    30: "This profile is private",
    36: "Method execution was interrupted due to timeout",
    37: "User was banned",
    43: "This section is temporary unavailable",
    100: "One of the parameters specified was missing or invalid",
    104: "Not found",
    113: "Invalid user id",
    118: "Invalid server",
    121: "Invalid hash",
    125: "Invalid group id",
    129: "Invalid photo",
    203: "Access to group denied",
    210: "Access to wall's post denied",
    211: "Access to wall's comment denied",
    212: "Access to post comments denied",
    213: "Access to status replies denied",
    214: "Access to adding post denied",
    222: "Hyperlinks are forbidden",
    223: "Too many replies",
    900: "Can't send messages for users from blacklist",
    901: "Can't send messages for users without permission",
    902: "Can't send messages to this user due to their privacy settings",
    909: "Can't edit this message, because it's too old",
    911: "Keyboard format is invalid",
    912: "This is a chat bot feature, change this status in settings",
    914: "Message is too long",
    917: "You don't have access to this chat",
    924: "Can't delete this message for everybody",
    936: "Contact not found",
    950: "Can't send message, reply timed out",
    2000: "Servers number limit is reached",
}


class VkError(Exception):
    """A call that VK refuses: an error code and its text, with a detail where VK gives one."""

    def __init__(self, code: int, detail: str = "") -> None:
        text = TEXTS.get(code, "Unknown error occurred")
        self.code = code
        self.text = f"{text}: {detail}" if detail else text
        super().__init__(f"[{code}] {self.text}")


def bad_parameter(detail: str) -> VkError:
    """The error 100 that says which parameter is wrong and how."""
    return VkError(100, detail)
