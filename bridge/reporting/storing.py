"""A report as JSON, and back: for programs, and to keep the figures of a closed period.

The shape is that of `bridge.reporting.figures`: instants are ISO 8601 in UTC, days are ISO dates,
times taken are seconds. `shape` is raised when it changes.
"""

from typing import Any

from pydantic import TypeAdapter

from bridge.reporting.figures import Report

_ADAPTER = TypeAdapter(Report)


def to_json(report: Report) -> dict[str, Any]:
    """The report as JSON's own types."""
    document: dict[str, Any] = _ADAPTER.dump_python(report, mode="json")
    return document


def from_json(document: dict[str, Any]) -> Report:
    """The report again. Raises pydantic's `ValidationError` for another shape."""
    return _ADAPTER.validate_python(document)
