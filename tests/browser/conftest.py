"""Debian's Chromium against a live server on a database of its own."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from tests.accounts.factories import PASSWORD
from tests.browser.sitting import Screens

# Playwright's synchronous interface runs its own event loop; Django would refuse the database in its thread.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = "/usr/bin/chromium"
expect.set_options(timeout=20_000)  # ms: several people may share this machine
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"viewport": {"width": 1280, "height": 900}, "locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The live server answers from its own threads: SQLite needs a file for that."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("db") / "browser.sqlite3")


@pytest.fixture(autouse=True)
def _folder_of_its_own(settings: Any, tmp_path: Path) -> None:
    """A test that compares files with their rows must not find those of the one before."""
    settings.DATA_DIR, settings.FILES_DIR = tmp_path, tmp_path / "files"


@pytest.fixture
def log_in(page: Page, live_server: Any) -> Any:
    """`log_in(user)`: through the login page, as anybody would; `log_in(user, another_page)` for another window."""

    def log_in(user: User, window: Page = page) -> Page:
        window.goto(f"{live_server.url}/compte/login/")
        window.fill("input[name=login]", user.email)
        window.fill("input[name=password]", PASSWORD)
        window.click("main button[type=submit]")
        window.wait_for_url(lambda url: "/compte/" not in url)
        return window

    return log_in


@pytest.fixture
def second_tab(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def screens(browser: Browser, live_server: Any, browser_context_args: dict[str, Any]) -> Iterator[Screens]:
    """Several people before the jury's pages, each in a browser of their own."""
    screens = Screens(browser, live_server, browser_context_args)
    yield screens
    screens.close()
