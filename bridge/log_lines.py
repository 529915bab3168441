"""The log: a JSON object a line on standard error; never a citizen's words, never a secret.

Lines tell what happened to what, by numbers. `trace` is the same in all lines about one message,
from its callback to its placement (`bridge.tracing`).
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import Any, Final

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from bridge.secrets import hide_secrets

_OURS: Final = "bridge."
_QUIET: Final = ("urllib3", "requests", "alembic")
"""Libraries whose lines below a warning name whole addresses, some of which hold keys, or come with
each look at the schema."""


def configure_logging(level: str) -> None:
    """Have structlog's lines and those of all libraries come out alike, from `level` on."""
    structlog.configure(
        processors=[
            *_common(),
            _tell_exception,
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def formatter() -> logging.Formatter:
    """For the standard library's handlers; also named by `bridge/web/granian.json`."""
    return ProcessorFormatter(
        foreign_pre_chain=[*_common(), structlog.stdlib.add_logger_name],
        processors=[ProcessorFormatter.remove_processors_meta, _tell_exception, _render],
    )


def _common() -> tuple[Processor, ...]:
    return (
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    )


_json = structlog.processors.JSONRenderer(ensure_ascii=False)


def _render(logger: WrappedLogger, name: str, event: EventDict) -> str:
    """The line. The last defence: whatever got into it, no secret leaves."""
    return hide_secrets(str(_json(logger, name, event)))


def _tell_exception(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    error = _exception_of(event.pop("exc_info", None))
    if error is not None:
        event["exception"] = "\n".join(_told(error, set()))
    return event


def _exception_of(exc_info: Any) -> BaseException | None:
    match exc_info:
        case BaseException():
            return exc_info
        case (_, BaseException() as error, _):
            return error
        case True:
            return sys.exc_info()[1]
    return None


def _told(error: BaseException, seen: set[int]) -> Iterator[str]:
    """Where it was raised and what it is, its causes first."""
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _told(before, seen)
        yield "which led to:"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    yield _named(error)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from (f"  | {line}" for line in _told(one, seen))


def _named(error: BaseException) -> str:
    """Its own words only where they are ours: a library's may repeat what it was given."""
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}"
    return f"{name}: {error}" if kind.__module__.startswith(_OURS) else name
