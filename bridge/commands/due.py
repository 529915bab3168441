"""`bridge due`: every deadline of a message, with the arithmetic in words."""

import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import click
from pydantic import BaseModel, ConfigDict, StrictBool, StrictStr, ValidationError

from bridge.config.document import ConfigError, load_document
from bridge.sla.deadlines import Deadline
from bridge.sla.forecast import DueCase, forecast
from bridge.sla.given_instants import given_instant
from bridge.sla.policy import Policy, SlaSettings
from bridge.sla.schedule import CalendarSettings
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.wording import CLOCK_TITLES, local_moment

_WIDEST, _NARROWEST = 110, 60
_WHAT_IS_WRONG = {
    "missing": "нет этого поля",
    "extra_forbidden": "такого поля нет",
    "model_type": "нужен объект JSON",
    "string_type": "нужна строка",
    "bool_type": "нужно true или false",
}


class DueRequest(BaseModel):
    """One case as asked; instants are ISO 8601, without an offset in the office's zone."""

    model_config = ConfigDict(extra="forbid")

    policy: StrictStr
    sent_at: StrictStr
    arrived_at: StrictStr | None = None
    interim_at: StrictStr | None = None
    photos: StrictBool | None = None


@dataclass(frozen=True)
class OfficeRules:
    """The office's policies and calendar."""

    sla: SlaSettings
    calendar: ServiceCalendar

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raises ConfigError that says what is wrong in which file."""
        settings = load_document(folder / "calendar.yaml", CalendarSettings)
        return cls(load_document(folder / "sla.yaml", SlaSettings), ServiceCalendar(settings))

    def deadlines(self, request: DueRequest) -> tuple[Deadline, ...]:
        """Raises ValueError, in Russian, for a case that cannot be answered."""
        case = _case(request, self.calendar.zone)
        return forecast(self.sla.policy(request.policy), case, self.calendar)


@click.command("due")
@click.option("--policy", help="Key of a policy in sla.yaml, such as head-feed.")
@click.option("--sent-at", metavar="ISO", help="When the department got the message.")
@click.option("--arrived-at", metavar="ISO", help="When the message arrived (clause 3.1).")
@click.option("--interim-at", metavar="ISO", help="When an interim answer was placed (3.6).")
@click.option("--photos", is_flag=True, help="The answer needs photos (3.4).")
@click.option("--json", "as_json", is_flag=True, help="JSON, for programs.")
@click.pass_context
def due_command(
    context: click.Context,
    policy: str | None,
    sent_at: str | None,
    arrived_at: str | None,
    interim_at: str | None,
    photos: bool,
    as_json: bool,
) -> None:
    """Print every deadline of a message, with its clause and the arithmetic.

    Instants are ISO 8601; without an offset they are the office's local time. With --json and no
    --sent-at, cases are read from standard input, one JSON object a line with the keys policy,
    sent_at, arrived_at, interim_at, photos; each gets a line of answer, a wrong one {"error": …}.
    """
    try:
        rules = OfficeRules.load(context.obj.config_folder)
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    if as_json and sent_at is None:
        if policy or arrived_at or interim_at or photos:
            raise click.UsageError("укажите --sent-at или передайте случаи строками JSON")
        _answer_lines(rules)
        return
    if policy is None or sent_at is None:
        raise click.UsageError(
            f"укажите --policy и --sent-at; политики: {', '.join(rules.sla.by_key)}"
        )
    request = DueRequest(
        policy=policy, sent_at=sent_at, arrived_at=arrived_at, interim_at=interim_at, photos=photos
    )
    _answer_one(rules, request, as_json=as_json)


def _answer_one(rules: OfficeRules, request: DueRequest, *, as_json: bool) -> None:
    try:
        deadlines = rules.deadlines(request)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    zone = rules.calendar.zone
    if as_json:
        click.echo(_json_line(_as_json(deadlines, zone)))
    else:
        click.echo(_for_people(rules.sla.policy(request.policy), deadlines, zone))


def _answer_lines(rules: OfficeRules) -> None:
    for line in sys.stdin.buffer:
        if line.strip():
            click.echo(_json_line(_answer_line(rules, line)))


def _json_line(answer: Mapping[str, Any]) -> bytes:
    # An error quotes its input, which may hold half of a surrogate pair.
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")


def _answer_line(rules: OfficeRules, line: bytes) -> dict[str, Any]:
    try:
        request = DueRequest.model_validate(json.loads(line))
        return _as_json(rules.deadlines(request), rules.calendar.zone)
    except ValidationError as error:
        return {"error": _mistakes(error)}
    except UnicodeDecodeError:
        return {"error": "строка не в кодировке UTF-8"}
    except (json.JSONDecodeError, RecursionError) as error:
        return {"error": f"строка не JSON: {error}"}
    except ValueError as error:
        return {"error": str(error)}


def _mistakes(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in mistake['loc']) or 'строка'}: "
        f"{_WHAT_IS_WRONG.get(mistake['type'], mistake['msg'])}"
        for mistake in error.errors(include_url=False, include_input=False)
    )


def _case(request: DueRequest, zone: ZoneInfo) -> DueCase:
    return DueCase(
        sent_at=given_instant("sent_at", request.sent_at, zone),
        arrived_at=_optional_instant("arrived_at", request.arrived_at, zone),
        interim_at=_optional_instant("interim_at", request.interim_at, zone),
        photos=bool(request.photos),
    )


def _optional_instant(name: str, text: str | None, zone: ZoneInfo) -> datetime | None:
    return None if text is None else given_instant(name, text, zone)


def _as_json(deadlines: Iterable[Deadline], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "clocks": [
            {
                "clock": deadline.clock.value,
                "clause": deadline.clause,
                "start": deadline.start.astimezone(zone).isoformat(),
                "due": deadline.due.astimezone(zone).isoformat(),
                "explanation": deadline.explanation,
            }
            for deadline in deadlines
        ]
    }


def _for_people(policy: Policy, deadlines: Sequence[Deadline], zone: ZoneInfo) -> str:
    head = f"{policy.title} ({policy.key}), время: {zone.key}"
    return "\n".join([head, "", *_table(deadlines, zone), "", *_arithmetic(deadlines)])


def _table(deadlines: Sequence[Deadline], zone: ZoneInfo) -> list[str]:
    rows = [("Срок", "Пункт", "Начало", "Не позднее")] + [
        (
            CLOCK_TITLES[deadline.clock],
            deadline.clause,
            local_moment(deadline.start, zone),
            local_moment(deadline.due, zone),
        )
        for deadline in deadlines
    ]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _arithmetic(deadlines: Sequence[Deadline]) -> list[str]:
    width = min(max(shutil.get_terminal_size().columns, _NARROWEST), _WIDEST)
    return [
        textwrap.fill(
            f"{CLOCK_TITLES[deadline.clock]} — {deadline.explanation}",
            width,
            subsequent_indent="  ",
            break_on_hyphens=False,
        )
        for deadline in deadlines
    ]
