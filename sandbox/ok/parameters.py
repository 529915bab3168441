"""Reads the parameters of a call, with OK's complaints (error 100)."""

from collections.abc import Mapping

from sandbox.ok.errors import bad_parameter


class Parameters:
    """The parameters of one call, all of them text on the wire."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """The parameter's text, empty when it was not sent."""
        return self._values.get(name, "")

    def required(self, name: str) -> str:
        """The parameter's text; error 100 when it is missing."""
        text = self.text(name)
        if not text:
            raise bad_parameter(f"{name} is required")
        return text

    def integer(self, name: str, default: int | None = None) -> int:
        """The parameter as a number; error 100 when it is none, or missing without a default."""
        text = self.text(name)
        if not text and default is not None:
            return default
        if not text.removeprefix("-").isdecimal():
            raise bad_parameter(f"{name} is not a number")
        return int(text)

    def flag(self, name: str) -> bool:
        """A yes-or-no parameter."""
        return self.text(name).lower() in ("true", "1")

    def texts(self, name: str) -> list[str]:
        """A list written with commas."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]
