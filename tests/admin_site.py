"""The administrator's pages for tests: served for real, and a person at a browser before them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from flask import Flask
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait
from werkzeug.serving import make_server

from sandbox.redmine_staff import StaffUser
from tests.browser import take_picture
from tests.ports import find_free_port

PATIENCE: Final = 15
NAVIGATION: Final = 5
_LEADS_AWAY: Final = """
    const element = arguments[0];
    window.isTheOldPage = true;
    if (element.closest('[hx-get], [hx-post]')) return false;
    if (element.tagName === 'A') return !(element.getAttribute('href') || '#').startsWith('#');
    return element.tagName === 'BUTTON' && element.type === 'submit' && element.form !== null;
"""
AXE: Final = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
PHONE: Final = 390
"""CSS pixels that a common telephone is wide."""


_HAS_ARRIVED: Final = "return !window.isTheOldPage && document.readyState === 'complete'"


@dataclass
class Clock:
    """The time on the pages, which tests set."""

    instant: datetime

    def __call__(self) -> datetime:
        return self.instant


@contextmanager
def serving(make: Callable[[int], Flask]) -> Iterator[str]:
    """Serve the application that is made for a port; its address."""
    port = find_free_port()
    server = make_server("127.0.0.1", port, make(port), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join()


@dataclass
class Visitor:
    """One person at a browser before the administrator's pages at `url`."""

    driver: Chrome
    url: str
    width: int = field(default=1360, init=False)

    def log_in(self, user: StaffUser) -> None:
        """As `user`, whoever was logged in before."""
        self.driver.delete_all_cookies()
        self.open("/admin/login")
        self.type("#login", user.login)
        self.type("#password", user.password)
        self.press("Войти")
        self.wait_for(".who")

    def open(self, path: str) -> None:
        self.driver.get(self.url + path)

    @property
    def path(self) -> str:
        """Where the browser is."""
        return self.driver.current_url.removeprefix(self.url)

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def find_all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        """What stands in each of the elements."""
        return [element.text for element in self.find_all(selector)]

    def text(self, selector: str = "main") -> str:
        """What stands there, once no page is being exchanged for another."""
        waiting = WebDriverWait(self.driver, PATIENCE, ignored_exceptions=[WebDriverException])
        (text,) = waiting.until(lambda _: (self.find(selector).text,))
        return text

    def wait_for(self, selector: str) -> WebElement:
        return WebDriverWait(self.driver, PATIENCE).until(lambda _: self.find(selector))

    def wait_until(self, seen: Callable[[], Any], what: str) -> None:
        """As soon as `seen` is true; a failed test when it never is."""
        WebDriverWait(self.driver, PATIENCE).until(lambda _: seen(), what)

    def type(self, selector: str, text: str) -> None:
        """In place of what stands in the field."""
        field = self.find(selector)
        field.clear()
        field.send_keys(text)

    def choose(self, selector: str, text: str) -> None:
        """An option of a list by its visible text."""
        Select(self.find(selector)).select_by_visible_text(text)

    def press(self, name: str) -> None:
        """The one visible button or link that is called so."""
        spoken = f"normalize-space(.)='{name}'"
        path = f"//main//button[{spoken}] | //main//a[{spoken}] | //main//summary[{spoken}]"
        (button,) = [
            each for each in self.driver.find_elements(By.XPATH, path) if each.is_displayed()
        ]
        self._follow(button)

    def click(self, selector: str) -> None:
        """What the selector finds."""
        self._follow(self.find(selector))

    def _follow(self, element: WebElement) -> None:
        """Click; where that opens another page, wait until the old one is gone."""
        leads_away = self.driver.execute_script(_LEADS_AWAY, element)
        element.click()
        if leads_away:
            arriving = WebDriverWait(
                self.driver, NAVIGATION, ignored_exceptions=[WebDriverException]
            )
            with suppress(TimeoutException):  # a download, or a field that is not filled in
                arriving.until(lambda _: self.driver.execute_script(_HAS_ARRIVED))

    @contextmanager
    def on_a_phone(self) -> Iterator[None]:
        """The same browser, as wide as a telephone."""
        screen = {"width": PHONE, "height": 844, "deviceScaleFactor": 2, "mobile": True}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        yield
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def screenshot(self, name: str) -> None:
        """A picture of the whole page, if somebody asked for pictures."""
        take_picture(self.driver, name)

    def assert_well_made(self) -> None:
        """No complaint of the browser (scripts, styles, content security), none of axe-core."""
        self.assert_quiet()
        self.assert_accessible()

    def assert_quiet(self) -> None:
        """The browser's console is empty."""
        entries = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        assert not entries, entries

    def assert_accessible(self) -> None:
        """Names, contrast, roles: what axe-core checks of WCAG 2.1 AA."""
        self.driver.execute_script(AXE.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
            ".then(result => done(result.violations));"
        )
        told = [
            f"{each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes']]}"
            for each in found
        ]
        assert not told, "\n".join(told)

    def assert_fits(self) -> None:
        """Nothing makes one scroll sideways."""
        over = self.driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert over <= 0, f"{over} pixels too wide"
