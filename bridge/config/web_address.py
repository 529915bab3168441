"""Addresses in configuration files."""

from typing import Annotated

from pydantic import AfterValidator, Field, HttpUrl


def _without_slash(text: str) -> str:
    HttpUrl(text)
    return text.rstrip("/")


WebAddress = Annotated[
    str, AfterValidator(_without_slash), Field(json_schema_extra={"format": "uri-template"})
]
"""An http(s) address without a slash at its end."""
