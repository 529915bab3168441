"""People log in to the administrator's pages with the accounts they have in Redmine."""

from typing import Any

from bridge.admin.sessions import CONFIRM_EVERY
from bridge.store import audit
from bridge.store.audit import AuditSearch
from bridge.store.database import Store
from sandbox.redmine import RedmineAccess
from sandbox.redmine_staff import StaffUser, create_user, lock_user
from tests.admin_site import Clock, Visitor


def test_an_administrator_of_redmine_is_let_in(
    visitor: Visitor, administrator: StaffUser, store: Store
) -> None:
    visitor.open("/admin/")
    assert visitor.path == "/admin/login?next=/admin/"
    visitor.assert_well_made()
    visitor.screenshot("login")
    with visitor.on_a_phone():
        visitor.assert_fits()
    visitor.log_in(administrator)
    assert "Ольга Системнова" in visitor.text(".who")
    visitor.assert_well_made()
    assert _last_deed(store) == ("chief", "logged_in")


def test_a_wrong_password_is_refused_and_five_of_them_hold_the_login_back(
    visitor: Visitor, administrator: StaffUser, store: Store
) -> None:
    visitor.driver.delete_all_cookies()
    for _ in range(5):
        _try(visitor, administrator.login, "wrong")
        assert "Redmine не принял логин и пароль." in visitor.text()
    assert _last_deed(store) == ("", "login_refused")
    _try(visitor, administrator.login.upper(), "wrong")
    assert "Слишком много попыток" in visitor.text()
    visitor.driver.get_log("browser")  # type: ignore[no-untyped-call]  # the refusals


def test_an_api_key_stands_for_the_password_where_a_second_factor_is_asked_for(
    visitor: Visitor, curator_user: StaffUser
) -> None:
    visitor.driver.delete_all_cookies()
    _try(visitor, curator_user.api_key, "-")
    assert "Анна Куратова" in visitor.text(".who")


def test_a_department_is_told_that_its_work_is_in_redmine(
    visitor: Visitor, access: RedmineAccess, layout: dict[str, Any]
) -> None:
    group = layout["groups"]["departments"]["roads"]["name"]
    clerk = create_user(access, "clerk", "Пётр", "Исполнителев", group)
    visitor.driver.delete_all_cookies()
    _try(visitor, clerk.login, clerk.password)
    assert "Исполнители отвечают на сообщения в самом Redmine." in visitor.text()
    visitor.driver.get_log("browser")  # type: ignore[no-untyped-call]  # the refusal


def test_whoever_leaves_the_office_is_out_within_minutes(
    visitor: Visitor, access: RedmineAccess, layout: dict[str, Any], clock: Clock
) -> None:
    leaver = create_user(access, "leaver", "Яна", "Уходящая", layout["groups"]["curators"]["name"])
    visitor.log_in(leaver)
    lock_user(access, leaver)
    clock.instant += CONFIRM_EVERY
    visitor.open("/admin/")
    assert visitor.path.startswith("/admin/login")


def test_a_session_nobody_sits_at_ends(
    visitor: Visitor, curator_user: StaffUser, clock: Clock
) -> None:
    visitor.log_in(curator_user)
    clock.instant = clock.instant.replace(hour=clock.instant.hour + 2)
    visitor.open("/admin/")
    assert visitor.path.startswith("/admin/login")


def _try(visitor: Visitor, login: str, password: str) -> None:
    visitor.open("/admin/login")
    visitor.type("#login", login)
    visitor.type("#password", password)
    visitor.press("Войти")


def _last_deed(store: Store) -> tuple[str, str]:
    with store.reading() as session:
        (row,) = audit.page(session, AuditSearch(), limit=1)
    return row.actor, row.action
