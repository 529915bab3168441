"""The person at the browser, as the session's cookie has them: there is no table of users."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from flask_login import UserMixin

from bridge.admin.access import Right, rights_of
from bridge.helpdesk.accounts import StaffAccount


@dataclass(frozen=True)
class Person(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """Who is logged in since when; Redmine was last asked about the account at `confirmed_at`."""

    account: StaffAccount
    since: datetime
    seen_at: datetime
    confirmed_at: datetime

    @property
    def login(self) -> str:
        """The login in Redmine: who an audit entry is by."""
        return self.account.login

    def get_id(self) -> str:
        """What Flask-Login keeps in the session."""
        return str(self.account.id)

    def may(self, right: Right) -> bool:
        """Whether the person has the right."""
        return right in rights_of(self.account)

    def as_json(self) -> dict[str, Any]:
        """For the session's cookie."""
        return {
            "id": self.account.id,
            "login": self.account.login,
            "name": self.account.name,
            "administrator": self.account.is_administrator,
            "roles": sorted(self.account.roles),
            "since": self.since.isoformat(),
            "seen_at": self.seen_at.isoformat(),
            "confirmed_at": self.confirmed_at.isoformat(),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """Back from the cookie, whose signature says that it is ours."""
        return cls(
            account=StaffAccount(
                id=kept["id"],
                login=kept["login"],
                name=kept["name"],
                is_administrator=kept["administrator"],
                roles=frozenset(kept["roles"]),
            ),
            since=datetime.fromisoformat(kept["since"]),
            seen_at=datetime.fromisoformat(kept["seen_at"]),
            confirmed_at=datetime.fromisoformat(kept["confirmed_at"]),
        )
