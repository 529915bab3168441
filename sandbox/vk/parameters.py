"""Reads the parameters of a call as VK does, with VK's complaints (error 100)."""

from collections.abc import Mapping
from typing import Literal, overload

from sandbox.vk.errors import bad_parameter


class Parameters:
    """The parameters of one call, all of them text on the wire."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """The parameter's text, empty when it was not sent."""
        return self._values.get(name, "")

    def required_text(self, name: str) -> str:
        """The parameter's text; error 100 when it is missing or empty."""
        text = self.text(name)
        if not text:
            raise bad_parameter(f"{name} is undefined")
        return text

    def required_integer(self, name: str) -> int:
        """The parameter as a number; error 100 when it is missing or is none."""
        self.required_text(name)
        return self.integer(name, 0)

    @overload
    def integer(self, name: str, default: int) -> int: ...
    @overload
    def integer(self, name: str, default: None = None) -> int | None: ...
    def integer(self, name: str, default: int | None = None) -> int | None:
        """The parameter as a number, `default` when it was not sent; error 100 if it is none."""
        text = self.text(name)
        if not text:
            return default
        try:
            return int(text)
        except ValueError:
            raise bad_parameter(f"{name} not integer") from None

    def count(self, name: str, default: int, maximum: int) -> int:
        """A number from 0 to `maximum`; error 100 outside of it."""
        number = self.integer(name, default)
        if number < 0:
            raise bad_parameter(f"{name} should be positive")
        if number > maximum:
            raise bad_parameter(f"{name} should be less or equal to {maximum}")
        return number

    def flag(self, name: str) -> bool:
        """A yes-or-no parameter: 1 is yes, 0 or nothing is no."""
        return self.text(name) in ("1", "true")

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """One of `allowed`, the first when nothing was sent; error 100 for anything else."""
        text = self.text(name) or allowed[0]
        if text not in allowed:
            raise bad_parameter(f"{name} should be one of {', '.join(allowed)}")
        return text

    def texts(self, name: str) -> list[str]:
        """A list written with commas."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def integers(self, name: str) -> list[int]:
        """A list of numbers written with commas; error 100 when one is none."""
        try:
            return [int(part) for part in self.texts(name)]
        except ValueError:
            raise bad_parameter(f"{name} not integer") from None

    def switch(self, name: str) -> Literal[0, 1] | None:
        """An event switch: 0, 1, or None when it was not sent; error 100 for anything else."""
        match self.text(name):
            case "":
                return None
            case "0":
                return 0
            case "1":
                return 1
            case _:
                raise bad_parameter(f"{name} should be 0 or 1")
