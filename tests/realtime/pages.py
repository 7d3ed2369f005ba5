"""A page of the stream in a real Chromium, served by the test with the product's policy, and a proxy before its socket."""

import asyncio
import contextlib
import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import websockets
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from apps.accounts.login_digest import digest_of
from apps.web.context import STREAM_SCRIPTS, STREAM_WORKER

if TYPE_CHECKING:
    from tests.realtime.conftest import Server
    from tests.realtime.owner import Owner

TOKEN = "t" * 32
LOGIN = "account.login"
WORKER = " ".join(f"/static/{name}" for name in STREAM_WORKER)
# The page is handed over by the test, so the browser takes it for one from the internet that reaches into this machine.
CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-features=LocalNetworkAccessChecks"]
NO_WORKER = "delete globalThis.SharedWorker"
SCRIPTS = (*STREAM_SCRIPTS, "realtime/depth.js", "realtime/tape.js", "test/log.js")
LOG = """window.log = [];
for (const name of ["tredye:price-picked", "tredye:account", "tredye:status", "tredye:painted"])
  document.addEventListener(name, (event) => window.log.push([name, event.detail]));
for (const name of ["orders-changed", "balances-changed", "positions-changed"])
  document.body.addEventListener(name, () => window.log.push([name]));
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));"""
MARKET = """<table><tr data-watch="PAGE-A" data-decimals="2">
<td id="bid" data-live="PAGE-A:bid">0.00</td><td id="ask" data-live="PAGE-A:ask">0.00</td>
<td id="last" data-live="PAGE-A:last"></td>
<td id="spread" data-live="PAGE-A:spread"></td><td id="change" data-live="PAGE-A:change" data-reference="1000"></td>
<td id="pnl" data-pnl="PAGE-A" data-quantity="0.5" data-cost="600">0</td></tr></table>
<p id="marked" data-watch="PAGE-M" data-decimals="2" data-stale><b id="marked-bid" data-live="PAGE-M:bid">1.00</b></p>
<p id="silent" data-watch="PAGE-N"><b data-live="PAGE-N:bid">1.00</b></p>
<div id="later"></div>
<div id="ladder" data-depth="PAGE-A" data-decimals="2" data-quantity-decimals="1"></div>
<p data-own-symbol="PAGE-A" data-own-price="1234.5"></p>
<div id="tape" data-tape="PAGE-A" data-decimals="2" data-quantity-decimals="2"></div>"""


@dataclass
class Opening:
    """What a page is opened with. ``scripts`` come first; ``init`` runs before any of them."""

    body: str = MARKET
    account: str = ""
    stream_url: str = ""
    worker: str = WORKER
    scripts: tuple[str, ...] = ()
    init: str = ""
    errors_allowed: tuple[str, ...] = ()
    connects_to: str = ""

    def html(self) -> str:
        scripts = "".join(f'<script src="/static/{name}" defer></script>' for name in (*self.scripts, *SCRIPTS))
        sheets = "".join(f'<link rel="stylesheet" href="/static/{name}.css">' for name in ("web/layout", "realtime/realtime"))
        headers = json.dumps({"X-CSRFToken": TOKEN})
        return f"""<!doctype html><html><head>{sheets}{scripts}</head>
<body hx-headers:inherited='{headers}' data-stream-url="{self.stream_url}" data-stream-worker="{self.worker}" {self.account}>
<span class="status-chip" data-stream-status data-state="off">Not live</span><a class="topbar-value">1.00</a>
<div id="modes" class="banner" data-stream-banner hidden><div data-modes-lines></div><p data-stream-says hidden></p></div>
{self.body}</body></html>"""

    @property
    def policy(self) -> str:
        others = "style-src 'self'; object-src 'none'; base-uri 'none'"
        return f"default-src 'self'; script-src 'self'; worker-src 'self'; connect-src 'self' {self.connects_to}; {others}"


def account_of(owner: "Owner") -> str:
    """What the body of the owner's page says of the account, as of its newest event."""
    login = digest_of(owner.account_id, owner.session_key)
    return f'data-ticket-url="/stream/ticket" data-login="{login}" data-account-sequence="{owner.sequence}"'


def cookies_of(owner: "Owner") -> dict[str, str]:
    return {"sessionid": owner.session_key, "csrftoken": TOKEN}


@dataclass
class Profile:
    """A person's browser: its tabs share cookies and workers, and fail the test when a script or the policy complains."""

    context: BrowserContext
    server: "Server"
    errors: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def log_in(self, cookies: dict[str, str]) -> None:
        base = f"http://127.0.0.1:{self.server.port}"
        self.context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])

    def open(self, opening: Opening | None = None) -> Page:
        opening = opening or Opening()
        self.allowed += opening.errors_allowed
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        if opening.init:
            page.add_init_script(opening.init)
        html, policy = opening.html(), opening.policy
        page.route(re.compile(r".*/test-page$"), lambda route: _fulfill(route, html, "text/html", policy))
        page.route(re.compile(r".*/static/test/log\.js$"), lambda route: _fulfill(route, LOG, "text/javascript", policy))
        page.goto(f"http://127.0.0.1:{self.server.port}/test-page")
        return page

    def check(self) -> None:
        unexpected = [error for error in self.errors if not any(text in error for text in self.allowed)]
        assert unexpected == []
        for page in self.context.pages:
            assert page.evaluate("window.violations ?? []") == []


def _fulfill(route: Route, body: str, kind: str, policy: str) -> None:
    route.fulfill(body=body, content_type=kind, headers={"Content-Security-Policy": policy})


@contextmanager
def chromium() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert path, "a Chromium is needed: set CHROMIUM to its path"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@contextmanager
def profile(browser: Browser, server: "Server", cookies: dict[str, str] | None = None) -> Iterator[Profile]:
    context = browser.new_context()
    made = Profile(context, server)
    made.log_in(cookies or {})
    yield made
    made.check()
    context.close()


class Proxy:
    """Between browsers and a server: counts sockets, writes down what browsers say, spoils frames, dies and comes back."""

    def __init__(self, server: "Server") -> None:
        self.port = 0
        self.opened = 0
        self.open: set[Any] = set()
        self.said: list[dict[str, Any]] = []
        self.spoil: Callable[[dict[str, Any]], dict[str, Any]] | None = None
        self._server = server
        self._origin = f"http://127.0.0.1:{server.port}"
        self._listener: Any = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.listen()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def watched(self) -> set[str]:
        """What the newest watch-set asks for."""
        return next((set(message["symbols"]) for message in reversed(self.said) if message["op"] == "watch"), set())

    def listen(self) -> None:
        async def begin() -> None:
            self._listener = await websockets.serve(self._carry, "127.0.0.1", self.port, compression=None)
            self.port = next(iter(self._listener.sockets)).getsockname()[1]

        asyncio.run_coroutine_threadsafe(begin(), self._loop).result(10)

    def die(self) -> None:
        """As a server that is killed: every connection is reset, and the port is closed."""

        async def end() -> None:
            self._listener.close(close_connections=False)
            for connection in tuple(self.open):
                connection.transport.abort()
            await self._listener.wait_closed()

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)

    def close(self) -> None:
        self.die()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _carry(self, connection: Any) -> None:
        self.opened += 1
        self.open.add(connection)
        try:
            async with websockets.connect(self._server.url, origin=self._origin, compression=None) as upstream:
                down = asyncio.create_task(self._down(upstream, connection))
                try:
                    async for text in connection:
                        self.said.append(json.loads(text))
                        await upstream.send(text)
                finally:
                    down.cancel()
                    await asyncio.wait([down])
        except (websockets.ConnectionClosed, OSError):
            pass
        finally:
            self.open.discard(connection)

    async def _down(self, upstream: Any, connection: Any) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            async for text in upstream:
                message = json.loads(text)
                spoiled = self.spoil(message) if self.spoil is not None else message
                await connection.send(text if spoiled is message else json.dumps(spoiled))
