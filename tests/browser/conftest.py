"""Chromium as it comes with the system, and pages that fail a test by any error or outside request."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from api.http import create_app
from api.settings import Settings
from index.library import Library
from tests.browser.shelf import HOSTILE, PAGES, many, shelve
from tests.conftest import WordEncoder
from tests.serving import serving

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
PATIENCE = 20_000  # milliseconds until something that does not come has failed
WIDE = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def chromium():
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no Chromium here: 'apt-get install chromium' brings it")
    playwright = pytest.importorskip("playwright.sync_api", reason="'pip install playwright' drives the browser")
    with playwright.sync_playwright() as driver:
        playwright.expect.set_options(timeout=PATIENCE)
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Watch:
    """What went wrong on a page; `forgiven` are parts of messages that a test has called forth."""

    def __init__(self, context, host: str) -> None:
        self.wrong: list[str] = []
        self.forgiven: list[str] = []
        context.on("weberror", lambda found: self.wrong.append(f"error: {found.error}"))
        context.on("console", lambda said: said.type in ("error", "warning") and self.wrong.append(said.text))
        context.on("dialog", lambda shown: (self.wrong.append(f"dialog: {shown.message}"), shown.dismiss()))
        context.on("request", lambda asked: self._inside(asked.url, host))

    def _inside(self, url: str, host: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != host:
            self.wrong.append(f"outside request: {url}")

    def check(self) -> None:
        assert [line for line in self.wrong if not any(part in line for part in self.forgiven)] == []


@contextmanager
def opened(browser, address: str, **options) -> Iterator:
    """A page at this address's host, watched; `page.watch` takes what is to be forgiven."""
    context = browser.new_context(base_url=address, **options)
    context.set_default_timeout(PATIENCE)
    watch = Watch(context, urlsplit(address).netloc)
    page = context.new_page()
    page.watch = watch
    yield page
    context.close()
    watch.check()


def served(home, **settings):
    return serving(create_app(Library.open(home, WordEncoder()), Settings(home=home, **settings)))


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    return shelve(PAGES, tmp_path_factory.mktemp("shelf"))


@pytest.fixture(scope="session")
def site(chromium, shelf):
    with served(shelf) as address:
        yield address


@pytest.fixture(scope="session")
def hostile_site(chromium, tmp_path_factory):
    with served(shelve(HOSTILE | PAGES, tmp_path_factory.mktemp("hostile"))) as address:
        yield address


@pytest.fixture(scope="session")
def big_site(chromium, tmp_path_factory):
    with served(shelve(many(1_016), tmp_path_factory.mktemp("big"))) as address:
        yield address


@pytest.fixture(params=[PHONE, WIDE], ids=["390", "1440"])
def page(request, chromium, site):
    """A page on a phone and on a wide screen."""
    with opened(chromium, site, **request.param) as page:
        yield page


@pytest.fixture
def wide(chromium, site):
    with opened(chromium, site, **WIDE) as page:
        yield page
