"""Who sees what on the administrator's pages, and what stands round every page."""

import re
from collections.abc import Callable

import pytest

from bridge.admin.access import Right, rights_of
from bridge.admin.login import way_on
from bridge.helpdesk.accounts import StaffAccount
from tests.unit.admin.conftest import ADMINISTRATOR, CURATOR, LEADER, Pages


@pytest.mark.parametrize(
    ("account", "rights"),
    [
        (ADMINISTRATOR, set(Right)),
        (CURATOR, {Right.VIEW, Right.PLACE}),
        (LEADER, {Right.VIEW}),
        (StaffAccount(4, "clerk", "Пётр", False, frozenset({"department"})), set()),
    ],
)
def test_rights_follow_from_the_roles_in_redmine(account: StaffAccount, rights: set[Right]) -> None:
    assert rights_of(account) == rights


def test_whoever_is_not_logged_in_sees_no_page(pages: Pages) -> None:
    client = pages.app.test_client()
    for rule in pages.app.url_map.iter_rules():
        if rule.endpoint in {"static", "login.show", "login.log_in", "login.log_out"}:
            continue
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        answer = client.open(re.sub(r"<[^>]+>", "1", rule.rule), method=method)
        assert answer.status_code in {302, 404}, rule
        assert answer.status_code == 404 or "/admin/login" in answer.location, rule


def test_every_page_keeps_foreign_scripts_frames_and_caches_out(pages: Pages) -> None:
    headers = pages.as_(ADMINISTRATOR).get("/admin/login").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_changes_nothing(pages: Pages) -> None:
    pages.app.config["WTF_CSRF_ENABLED"] = True
    answer = pages.as_(ADMINISTRATOR).post("/admin/logout")
    assert answer.status_code == 400
    assert "Страница была открыта слишком давно" in answer.text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/admin/", "/\\evil.example", "/hooks/x"]
)
def test_logging_in_never_leads_elsewhere(target: str) -> None:
    assert way_on(target, "/admin/") == "/admin/"


def test_logging_in_leads_back_to_the_page_that_was_wanted() -> None:
    assert way_on("/admin/board?department=roads", "/admin/") == "/admin/board?department=roads"


def test_cookies_travel_over_https_only_where_the_pages_are_opened_so(
    make_pages: Callable[..., Pages],
) -> None:
    assert make_pages(admin_url="https://bridge.example").app.config["SESSION_COOKIE_SECURE"]
    assert not make_pages().app.config["SESSION_COOKIE_SECURE"]
