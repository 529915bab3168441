"""The administrator's pages over a store on disk, with the real Redmine to log in with."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from flask import Flask
from pydantic import SecretStr
from selenium.webdriver import Chrome

from bridge.admin.app import make_app
from bridge.admin.parts import AdminParts
from bridge.bootstrap import connect_redis, open_accounts, open_office
from bridge.flow.queue import WorkQueue
from bridge.office import Office
from bridge.settings import PROJECT, Settings
from bridge.store.database import Store
from bridge.store.schema import upgrade
from sandbox.redmine import RedmineAccess
from sandbox.redmine_staff import StaffUser, create_administrator
from tests.admin_site import Clock, Visitor, serving
from tests.browser import browsing

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One for all tests of a file, which fill it as they need."""
    path = tmp_path_factory.mktemp("admin") / "bridge.db"
    with closing(Store(f"sqlite:///{path}")) as store:
        upgrade(store.engine)
        yield store


@pytest.fixture(scope="module")
def admin_settings(access: RedmineAccess, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    data = tmp_path_factory.mktemp("data")
    return Settings(
        data=data,
        redmine_url=access.url,
        redmine_key=SecretStr(access.robot_key),
        redis_url=f"unix://{data / 'no-redis.sock'}",
    )


@pytest.fixture(scope="module")
def office() -> Office:
    return Office.load(PROJECT / "config")


@pytest.fixture(scope="module")
def parts(admin_settings: Settings, office: Office, store: Store, clock: Clock) -> AdminParts:
    return AdminParts(
        settings=admin_settings,
        offices=open_office(office, store),
        store=store,
        hints=WorkQueue(connect_redis(admin_settings)),
        accounts=open_accounts(admin_settings, office),
        now=clock,
    )


@pytest.fixture(scope="module")
def site(parts: AdminParts) -> Iterator[str]:
    """The address of the pages."""

    def make(_port: int) -> Flask:
        return make_app(parts)

    with serving(make) as url:
        yield url


@pytest.fixture(scope="session")
def administrator(access: RedmineAccess) -> StaffUser:
    return create_administrator(access, "chief", "Ольга", "Системнова")


@pytest.fixture(scope="session")
def browser() -> Iterator[Chrome]:
    with browsing() as driver:
        yield driver


@pytest.fixture(scope="module")
def visitor(site: str, browser: Chrome) -> Visitor:
    """A browser before the pages; nobody is logged in."""
    browser.delete_all_cookies()
    browser.get_log("browser")  # type: ignore[no-untyped-call]  # what others left there
    return Visitor(browser, site)
