"""A real Chromium for tests of pages."""

import base64
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from selenium.webdriver import Chrome, ChromeOptions, ChromeService

SCREENSHOTS: Final = "BRIDGE_SCREENSHOTS"
"""A folder: pictures of pages are put there."""
FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1360,900",
    "--lang=ru",
)


@contextmanager
def browsing() -> Iterator[Chrome]:
    chromedriver = shutil.which("chromedriver")
    assert chromedriver, "no browser: apt-get install chromium chromium-driver"
    options = ChromeOptions()
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=ChromeService(chromedriver))
    try:
        yield driver
    finally:
        driver.quit()


def take_picture(driver: Chrome, name: str) -> None:
    """Of the whole page that the browser shows, if somebody asked for pictures."""
    folder = os.environ.get(SCREENSHOTS)
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    taken = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
    (Path(folder) / f"{name}.png").write_bytes(base64.b64decode(taken["data"]))
