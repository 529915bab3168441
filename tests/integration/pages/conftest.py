"""A real browser in which staff look at the real Redmine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from sandbox.redmine import RedmineAccess
from sandbox.redmine_staff import RedmineDesk, StaffUser, create_user
from tests.browser import browsing, take_picture
from tests.integration.pages.written_tickets import WrittenTickets, at_noon

PATIENCE = 15


class Desk:
    """One person at a browser, logged in to Redmine."""

    def __init__(self, driver: Chrome, url: str, user: StaffUser) -> None:
        self.driver = driver
        self._url = url
        self._log_in(user)

    def open(self, path: str) -> None:
        self.driver.get(self._url + path)

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def find_all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def find_link(self, text: str) -> WebElement:
        return self.driver.find_element(By.LINK_TEXT, text)

    def wait_for(self, selector: str) -> WebElement:
        return WebDriverWait(self.driver, PATIENCE).until(lambda _: self.find(selector))

    def statuses_offered(self) -> set[str]:
        return {option.text for option in Select(self.find("#issue_status_id")).options}

    def choose_status(self, name: str) -> None:
        """Redmine then draws the form anew, with the new status's rules."""
        Select(self.find("#issue_status_id")).select_by_visible_text(name)
        WebDriverWait(self.driver, PATIENCE).until(
            lambda _: self.driver.execute_script("return jQuery.active === 0")
        )

    @contextmanager
    def of_width(self, pixels: int) -> Iterator[None]:
        """The same browser on a screen of that width; below 600 it is a telephone."""
        screen = {"width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": pixels < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        yield
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def runs_over(self, selector: str) -> bool:
        """Whether something is wider than its place, so that one must scroll sideways."""
        script = "return arguments[0].scrollWidth > arguments[0].clientWidth"
        return bool(self.driver.execute_script(script, self.find(selector)))

    def screenshot(self, name: str) -> None:
        """A picture of the whole page, if somebody asked for pictures."""
        take_picture(self.driver, name)

    def _log_in(self, user: StaffUser) -> None:
        self.open("/login")
        self.find("#username").send_keys(user.login)
        self.find("#password").send_keys(user.password)
        self.find("#login-submit").click()
        self.wait_for("#loggedas")


@pytest.fixture(scope="session")
def curator_desk(access: RedmineAccess, curator_user: StaffUser) -> Iterator[Desk]:
    with browsing() as driver:
        yield Desk(driver, access.url, curator_user)


@pytest.fixture(scope="session")
def roads_desk(access: RedmineAccess, layout: dict[str, Any]) -> Iterator[Desk]:
    """Somebody of the department of roads."""
    group = layout["groups"]["departments"]["roads"]["name"]
    user = create_user(access, "roads_clerk", "Мария", "Дорогина", group)
    with browsing() as driver:
        yield Desk(driver, access.url, user)


@pytest.fixture(scope="session")
def written(robot: RedmineDesk, layout: dict[str, Any]) -> WrittenTickets:
    return WrittenTickets.of(robot, layout, at_noon(datetime.now(UTC)))


@pytest.fixture
def roads_ticket(written: WrittenTickets) -> Callable[..., int]:
    """Makes a ticket of the department of roads, in a given status."""
    return written.write


@pytest.fixture
def field_input(layout: dict[str, Any]) -> Callable[[str], str]:
    """The selector of a field's input in the form."""
    return lambda key: f"#issue_custom_field_values_{layout['fields'][key]['id']}"


@pytest.fixture
def field_class(layout: dict[str, Any]) -> Callable[[str], str]:
    """The CSS class that marks a field in lists and on a ticket's page."""
    return lambda key: f".cf_{layout['fields'][key]['id']}"
