"""`/admin/policies`: the calculator, the policies, the year."""

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bridge.admin.access import Right, requires
from bridge.admin.parts import AdminParts
from bridge.admin.policies.calculating import (
    Question,
    Reckoning,
    channels_of,
    reckon,
    sources,
)
from bridge.admin.policies.drawing import PolicyPicture, draw
from bridge.admin.policies.duties import PolicyDuty, duties_of
from bridge.admin.policies.regulation import CLAUSES, REGULATION
from bridge.admin.policies.year import YearPage, year_page
from bridge.office import Office
from bridge.sla.day_marks import DayMark, minute_of_day
from bridge.sla.policy import Policy
from bridge.sla.wording import WEEKDAYS, amount


@dataclass(frozen=True)
class PolicyCard:
    """One policy as shown."""

    policy: Policy
    channels: tuple[str, ...]
    duties: tuple[PolicyDuty, ...]
    picture: PolicyPicture


@dataclass(frozen=True)
class Calculation:
    """An answered question, or why it cannot be answered."""

    question: Question | None
    deadlines: tuple[Reckoning, ...]
    mistake: str


def routes(parts: AdminParts) -> Blueprint:
    """`/admin/policies`."""
    pages = Blueprint("policies", __name__)

    @pages.get("/policies")
    @requires(Right.VIEW)
    def show() -> ResponseReturnValue:
        office, now = parts.office, parts.now()
        try:
            year = _year(office, now)
        except ValueError as error:
            return render_template("error.html", title="Года нет", text=str(error)), 400
        calculation = _calculate(office, now)
        cards = [_card(policy, office) for policy in office.policies.by_key.values()]
        page = render_template(
            "policies/show.html",
            calculation=calculation,
            given=calculation.question.fields if calculation.question else request.args,
            sources=sources(office),
            cards=cards,
            year=year,
            warning=office.calendar.office.year_warning(now),
            calendar=office.calendar,
            settings=office.calendar.office.settings,
            clauses=_cited(cards),
            regulation=REGULATION,
            marks=list(DayMark),
            weekdays=WEEKDAYS,
            amount=amount,
            minutes=minute_of_day,
            holidays_version=version("holidays"),
        )
        return page, 400 if calculation.mistake else 200

    return pages


def _year(office: Office, now: datetime) -> YearPage:
    given = request.args.get("year", "")
    if given and not (given.isascii() and given.isdigit() and len(given) == 4):
        raise ValueError(f"«{given}» — не год: нужны четыре цифры, например 2026.")
    year = int(given) if given else office.calendar.local_date(now).year
    return year_page(office.calendar.office, year)


def _calculate(office: Office, now: datetime) -> Calculation:
    try:
        question = Question.of(request.args, office, now)
        return Calculation(question, reckon(question, office.calendar), "")
    except ValueError as error:
        return Calculation(None, (), str(error))


def _card(policy: Policy, office: Office) -> PolicyCard:
    duties = duties_of(policy)
    return PolicyCard(policy, channels_of(policy.key, office), duties, draw(duties))


def _cited(cards: list[PolicyCard]) -> dict[str, str]:
    """The words of the clauses that the policies name, as far as they are this regulation's.

    What heads a clause, and the cases that it lists, are told with it.
    """
    cited = {duty.clause for card in cards for duty in card.duties}
    return {
        clause: text
        for clause, text in CLAUSES.items()
        if any(f"{clause}.".startswith(f"{one}.") or one.startswith(f"{clause}.") for one in cited)
    }
