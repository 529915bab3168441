"""What all views of the mapping work with, and the frame that they are shown in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request

from bridge.admin.access import Right
from bridge.admin.mapping.drafts import Draft, Drafts
from bridge.admin.mapping.obstacles import Examiner
from bridge.admin.mapping.trying import Routers
from bridge.admin.parts import AdminParts
from bridge.admin.sessions import person
from bridge.mapping_keeping import KeptVersion
from bridge.routing import DepartmentMapping


@dataclass(frozen=True)
class Working:
    """What the person works on: the own draft, else the version in force."""

    mapping: DepartmentMapping
    base: KeptVersion
    draft: Draft | None


@dataclass(frozen=True)
class Desk:
    """One for the whole application."""

    parts: AdminParts
    drafts: Drafts
    routers: Routers
    examiner: Examiner

    def working(self) -> Working:
        """Of the person at the browser."""
        draft = self.drafts.of(person().login) if person().may(Right.ADMINISTER) else None
        if draft:
            return Working(draft.mapping, draft.base, draft)
        in_force = self.drafts.in_force()
        return Working(in_force.mapping, in_force, None)

    def change(self, make: Callable[[DepartmentMapping], DepartmentMapping]) -> None:
        """Keep what `make` makes of the mapping as the person's draft."""
        working = self.working()
        self.drafts.keep(person().login, make(working.mapping), working.base)

    def version(self, number: int) -> KeptVersion:
        """The version with this number; ends the request with 404 when there is none."""
        version = self.drafts.version(number)
        if version is None:
            abort(404)
        return version

    def show(self, template: str, working: Working, **values: Any) -> str:
        """The page, with the person's draft told above it."""
        return render_template(
            f"mapping/{template}",
            draft=working.draft,
            in_force=working.draft.in_force if working.draft else working.base,
            may_edit=person().may(Right.ADMINISTER),
            is_fragment=bool(request.headers.get("HX-Request")),
            **values,
        )


def typed() -> dict[str, str]:
    """What was typed into the form, with plain ends of lines."""
    return {name: value.replace("\r\n", "\n") for name, value in request.form.items()}
