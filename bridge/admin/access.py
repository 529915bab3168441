"""Who may do what on the administrator's pages: by the roles that Redmine gives people."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from flask import abort
from flask_login import current_user, login_required

from bridge.helpdesk.accounts import StaffAccount

P = ParamSpec("P")
R = TypeVar("R")


class Right(StrEnum):
    """What a page or a button asks for."""

    VIEW = "view"
    """Deadlines, reports, policies, the channels' state: figures and tickets' numbers."""
    PLACE = "place"
    """Citizens' messages and answers, and what is to be done about their placement."""
    ADMINISTER = "administer"
    """The mapping, the channels' switches, replay, the audit."""


_OF_ROLES: Final[Mapping[str, frozenset[Right]]] = {
    "leader": frozenset({Right.VIEW}),
    "curator": frozenset({Right.VIEW, Right.PLACE}),
}


def rights_of(account: StaffAccount) -> frozenset[Right]:
    """What the person may do here; nothing for one who only works in a department."""
    if account.is_administrator:
        return frozenset(Right)
    return frozenset[Right]().union(*(_OF_ROLES.get(role, ()) for role in account.roles))


def requires(right: Right) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view be used by those who have the right: others log in first, or are told no (403)."""

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not current_user.may(right):
                abort(403)
            return view(*args, **kwargs)

        wrapped: Any = login_required(guarded)
        guarded_view: Callable[P, R] = wrapped
        return guarded_view

    return guard
