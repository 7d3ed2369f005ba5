"""axe-core on pages that the test client has made, in a real Chromium, with the product's styles, scripts and policy."""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route

ORIGIN = "http://tredye.test"
#: WCAG 2.2, levels A and AA.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
_RUN = """async ([type, values]) => {
  const { violations } = await axe.run(document, { runOnly: { type, values }, resultTypes: ["violations"] });
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical").flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary.split("\\n").slice(1).join(";")}`));
}"""


@dataclass(frozen=True)
class Made:
    """A page as the server made it, by its address and who asked."""

    address: str
    asked_by: str
    html: bytes
    policy: str

    @classmethod
    def of(cls, address: str, asked_by: str, response: HttpResponse) -> "Made":
        content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        return cls(address, asked_by, content, response.get("Content-Security-Policy", ""))


@contextmanager
def shown(browser: Browser, size: dict[str, int]) -> Iterator[Page]:
    """A page in a context of its own, whose static files come from the tree and everything else from :func:`show`."""
    context: BrowserContext = browser.new_context(viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
    context.route(f"{ORIGIN}/static/**", give_static)
    page = context.new_page()
    yield page
    context.close()


def show(page: Page, made: Made) -> None:
    """The page as it was made, with axe-core to judge it."""
    show_plain(page, made)
    learn(page)


def show_plain(page: Page, made: Made) -> None:
    address = f"{ORIGIN}{made.address}"

    def give(route: Route) -> None:
        if route.request.url == address and route.request.method == "GET":
            route.fulfill(body=made.html, content_type="text/html", headers={"Content-Security-Policy": made.policy})
        elif "/static/" in route.request.url:
            route.fallback()
        else:
            route.abort()

    page.unroute_all(behavior="ignoreErrors")
    page.route(f"{ORIGIN}/**", give)
    page.goto(address, wait_until="load")


def learn(page: Page) -> None:
    """Give axe-core to a page that has none yet: to be called before :func:`judge`, on every page anew."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(_source())


def judge(page: Page, scheme: str, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds that is serious or critical, and where, with ``scheme`` dark or light; by default by all ``RULES``."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    found: list[str] = page.evaluate(_RUN, ["rule", rules] if rules else ["tag", RULES])
    return [f"{each} ({scheme})" for each in found]


def overflow(page: Page) -> list[str]:
    """By how much the page is wider than its window, as a complaint; nothing when it is not."""
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"it is {wide} px wider than its window"] if wide > 0 else []


def _source() -> str:
    return (Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js").read_text()


def give_static(route: Route) -> None:
    path = urlsplit(route.request.url).path.removeprefix("/static/")
    found = finders.find(path)
    if found is None:
        route.abort()
    else:
        give(route, path=str(found), content_type=mimetypes.guess_type(path)[0] or "application/octet-stream")


def give(route: Route, **answer: Any) -> None:
    """Answer, unless the page has gone on meanwhile and what it asked for is not wanted any more."""
    try:
        route.fulfill(**answer)
    except Error as error:
        if "already handled" not in error.message:
            raise
