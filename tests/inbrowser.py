"""Pages in a real Chromium without a server: every request of the browser is answered by Django's test client, in the test's own
transaction, with the engine in the test's process. Prices come when the test says so, as the stream would hand them to the page.

The browser has to be there before the test's transaction begins: with its loop in the thread, connections are kept by context.
"""

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db import DEFAULT_DB_ALIAS, connections
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from tests.accessibility.axe import DESKTOP, give, give_static
from tests.realtime import pages
from tests.waiting import PATIENCE_MS

ORIGIN = "http://localhost"  # no other name without TLS may isolate its windows
#: A page of these tests has no stream, and is told now and then that a ticket is not right: neither is an error of its own.
AWAY = ("ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "WebSocket", "Failed to fetch", "status of 422")


@contextmanager
def chromium() -> Iterator[Browser]:
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread, and the database is asked from it
    try:
        with pages.chromium() as browser:
            yield browser
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Visit:
    """A browser of one person. ``loses_answers``: the page's requests are done, and it never hears of it."""

    page: Page
    client: Client
    loses_answers: bool = False
    #: What the browser asked for, as "METHOD path?query", without static files.
    asked: list[str] = field(default_factory=list)
    connection: Any = field(default_factory=lambda: connections[DEFAULT_DB_ALIAS])
    problems: list[str] = field(default_factory=list)
    unanswered: bool = False
    _instead: dict[str, Callable[[Route], None]] = field(default_factory=dict)

    def open(self, path: str) -> Page:
        self.page.goto(f"{ORIGIN}{path}")
        return self.page

    @property
    def ordered(self) -> list[str]:
        """What was posted to the order pages, in order."""
        return [each.removeprefix("POST ") for each in self.asked if each.startswith("POST /orders/")]

    def count(self, pattern: str) -> int:
        return sum(bool(re.search(pattern, each)) for each in self.asked)

    def instead(self, pattern: str, answer: Callable[[Route], None]) -> None:
        """Let ``answer`` deal with requests that match, until :meth:`again`; the browser may complain of what it gets."""
        self._instead[pattern] = answer
        self.unanswered = True

    def again(self) -> None:
        self._instead.clear()

    def answer(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.path.startswith("/static/"):
            give_static(route)
            return
        if f"{url.scheme}://{url.netloc}" != ORIGIN:
            route.abort()
            return
        self.asked.append(f"{route.request.method} {url.path}{f'?{url.query}' if url.query else ''}")
        for pattern, answer in self._instead.items():
            if re.search(pattern, self.asked[-1]):
                answer(route)
                return
        answer = self._ask(route)
        if self.loses_answers:
            route.abort()
        else:
            give(route, **answer)

    def lose(self, route: Route) -> None:
        """What was asked is done, and the page does not hear of it."""
        self._ask(route)
        route.abort()

    def _ask(self, route: Route) -> dict[str, Any]:
        request = route.request
        connections[DEFAULT_DB_ALIAS] = self.connection  # this is called in a context of Playwright's
        kept = {name: value for name, value in request.headers.items() if name.startswith(("hx-", "x-csrf", "accept"))}
        response: Any = self.client.generic(
            request.method,
            request.url.removeprefix(ORIGIN),
            request.post_data_buffer or b"",
            content_type=request.headers.get("content-type", "application/octet-stream"),
            headers=kept,
        )
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return {"status": response.status_code, "headers": dict(response.items()), "body": body}

    # --- What the stream would bring ------------------------------------------------------------------------------------

    def tell(self, **parts: Any) -> None:
        """Hand quotes (``q``), prints (``p``), books (``d``) or bars (``b``) to the page, as its hub does."""
        self.page.evaluate("parts => tredye.paint.take(parts)", json.loads(json.dumps(parts)))

    def quote(self, symbol: str, bid: str, ask: str, *, sequence: int = 2, epoch: int = 1) -> None:
        at_ms = time.time_ns() // 1_000_000
        self.tell(q=[[[symbol, epoch, sequence, at_ms, bid, ask, "1", "1"], {"sentAt": 0, "receivedAt": 0}]])


@contextmanager
def visit(browser: Browser, client: Client, *, size: dict[str, int] = DESKTOP, **options: Any) -> Iterator[Visit]:
    """Ends with an error when a script failed or the policy of the page was broken."""
    context = browser.new_context(viewport=size, **{"color_scheme": "dark", **options})  # type: ignore[arg-type]
    context.add_init_script(pages.NO_WORKER)  # what it would ask for could not be answered here
    context.set_default_timeout(PATIENCE_MS)
    made = Visit(context.new_page(), client)
    with made.connection.cursor() as cursor:  # a browser takes its time, and the transaction is the test's
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    made.page.on("pageerror", lambda error: made.problems.append(str(error)))
    made.page.on("console", lambda line: made.problems.append(line.text) if line.type == "error" else None)
    context.route("**/*", made.answer)
    problems: list[str] = []
    try:
        yield made
        problems = list(made.problems)  # what is asked from here on finds nobody
    finally:
        context.unroute_all(behavior="wait")
        context.close()
    known = (*AWAY, "Failed to load resource") if made.unanswered else AWAY
    unexpected = [text for text in problems if not any(part in text for part in known)]
    assert not unexpected, unexpected
