"""Debian's chromium, and the demonstration district served by the real server. Tools: site.py and screens.py.

    def test_official_sees_the_period(visitors):
        page = visitors("canbo", "phone", "dark")
        check_reachable(page)
        shoot(page, "home")

A test that leaves a script error, a refused style, a broken image or a call to another address behind fails at its end.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.lab import Lab
from tests.browser.lab import lab as make_lab
from tests.browser.screens import Visitors
from tests.browser.site import Site, demo_instance, running

HERE = Path(__file__).parent
CHROMIUM = os.environ.get("TDTEAM_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    *(
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ),
    *(
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--hide-scrollbars",
    ),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """How pytest-playwright starts the browser: Debian's, for it may download none of its own."""
    if CHROMIUM is None:
        raise RuntimeError("chromium is missing: run `make test`, which installs it, or set TDTEAM_CHROMIUM")
    return {"executable_path": CHROMIUM, "headless": True, "args": QUIET}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance of the demonstration district, shared by the workers of this run: copy it."""
    base = tmp_path_factory.getbasetemp()
    return demo_instance(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture(scope="session")
def site(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration district, served; shared by all tests of a worker, so a test adds and never empties."""
    with running(demo, tmp_path_factory.mktemp("site") / "instance") as served:
        yield served


@pytest.fixture
def own_site(demo: Path, tmp_path: Path) -> Iterator[Site]:
    """The same for one test alone, which may stop it, restart it or upset its figures."""
    with running(demo, tmp_path / "instance") as served:
        yield served


@pytest.fixture
def visitors(browser: Browser, site: Site) -> Iterator[Visitors]:
    """Opens pages of the shared site for people; see screens.Visitors."""
    yield from _visit(Visitors(browser, site))


@pytest.fixture
def own_visitors(browser: Browser, own_site: Site) -> Iterator[Visitors]:
    """Opens pages of this test's own site."""
    yield from _visit(Visitors(browser, own_site))


@pytest.fixture
def lab(browser: Browser) -> Iterator[Lab]:
    """Modules of the phone in a browser, with a server inside the page; see lab.py."""
    with make_lab(browser) as made:
        yield made


def _visit(people: Visitors) -> Iterator[Visitors]:
    yield people
    faults = people.close()
    assert not faults, "\n".join([*faults, "the server's last words:", people.site.log()[-3000:]])
