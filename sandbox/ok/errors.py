"""OK's errors, as they stand in an answer's body and in its header (B2 of the API facts)."""

NAMES = {
    1: "UNKNOWN",
    2: "SERVICE",
    3: "METHOD",
    4: "REQUEST",
    7: "ACTION_BLOCKED",
    8: "FLOOD_BLOCKED",
    10: "PERMISSION_DENIED",
    11: "LIMIT_REACHED",
    50: "NOT_ADMIN",
    100: "PARAM",
    101: "PARAM_API_KEY",
    102: "PARAM_SESSION_EXPIRED",
    103: "PARAM_SESSION_KEY",
    104: "PARAM_SIGNATURE",
    160: "PARAM_GROUP_ID",
    300: "NOT_FOUND",
    454: "CENSOR_MATCH",
    601: "TEXT_LIMIT",
    700: "COMMENT_NOT_FOUND",
    701: "INVALID_AUTHOR",
    702: "COMMENT_NOT_ACTIVE",
    705: "CHAT_NOT_FOUND",
    2001: "GRAPH_PARAM_REQUEST",
    9999: "SYSTEM",
}


class OkError(Exception):
    """A call that OK refuses."""

    def __init__(self, code: int, text: str = "") -> None:
        super().__init__(f"{NAMES.get(code, 'UNKNOWN')} : {text}".rstrip(" :"))
        self.code = code

    def as_json(self) -> dict[str, object]:
        """The body of the answer."""
        return {"error_code": self.code, "error_msg": str(self), "error_data": None}


def bad_parameter(text: str) -> OkError:
    """Error 100 that says which parameter is wrong."""
    return OkError(100, text)
