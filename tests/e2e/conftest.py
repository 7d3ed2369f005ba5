"""The whole product as processes of its own, and a real Chromium in front of it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from stack.cluster import Cluster
from stack.eventlog import KAFKA, choose
from stack.settings import ROOT, Settings

SCREENSHOTS = ROOT / "var" / "screenshots"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Clusters:
    """One whole stack at a time: this machine's cores are few."""

    def __init__(self) -> None:
        self._running: Cluster | None = None

    def get(self, event_log: str) -> Cluster:
        """The stack on that log; whichever is there, when none is named. Skips the test when the log is not to be had."""
        if self._running and event_log in ("", self._running.event_log.name):
            return self._running
        by_itself = choose(Settings.from_environment())
        if event_log == KAFKA and not by_itself.is_kafka:
            pytest.skip(f"no Kafka here, because {by_itself.reason}")
        self.end()
        cluster = Cluster(event_log=event_log, env={"BEACON_SHARE": "100"})
        self._running = cluster.__enter__()
        return self._running

    def end(self) -> None:
        if self._running:
            self._running.down()
            self._running = None


@pytest.fixture(scope="session")
def clusters() -> Iterator[Clusters]:
    each = Clusters()
    yield each
    each.end()


@pytest.fixture
def cluster(request: pytest.FixtureRequest, clusters: Clusters) -> Cluster:
    return clusters.get(getattr(request, "param", ""))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, headless=True, args=CHROMIUM_ARGS)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser, cluster: Cluster) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        base_url=cluster.web_url, viewport={"width": 1280, "height": 800}, color_scheme="dark", timezone_id="Europe/Berlin"
    )
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(f"script error: {error}"))
    opened.on("console", lambda line: problems.append(f"console: {line.text}") if _is_wrong(line) else None)
    yield opened
    assert not problems, problems


def _is_wrong(line: ConsoleMessage) -> bool:
    """A ticket that is asked about again is answered with 422, which a browser notes: prices may be late on a busy machine."""
    is_question = "status of 422" in line.text and line.location["url"].endswith("/orders/submit/")
    return line.type == "error" and not is_question


def shoot(page: Page, name: str) -> None:
    """Screenshots of the page as a desktop and as a phone shows it, dark and light, under var/screenshots."""
    directory = Path(SCREENSHOTS)
    directory.mkdir(parents=True, exist_ok=True)
    for width, height in ((1280, 800), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.screenshot(path=directory / f"{name}-{width}-{scheme}.png", full_page=width == 360)
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{name} is {overflow} px too wide at {width}"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="dark")
