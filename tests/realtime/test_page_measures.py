"""What a page measures of itself, in Node and in a real browser, and the door that it tells it to, on real servers."""

import http.client
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.observability import beacon
from tests.observability.test_beacon import counts, told
from tests.realtime.conftest import Process, Server, until
from tests.realtime.pages import Opening, chromium

HERE = Path(__file__).parent
AWAY = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
PAGE = """<!doctype html><html><head><script src="/static/realtime/measure.js" defer></script>
<script src="/static/test/think.js" defer></script></head>
<body data-beacon="{kind}"><button id="think">Think</button></body></html>"""
#: A click that keeps the page busy, so that no frame can be painted meanwhile.
THINK = """document.getElementById("think").addEventListener("click", () => {
  const until = performance.now() + 120;
  while (performance.now() < until);
});"""
#: What the page's paint tells of each painted price, and the clock that it keeps.
PAINTED = """({ count, sent, feed }) => {
  tredye.clock = { offset: () => 1000, rtt: () => 2 };
  tredye.stream = { counts: () => ({ reconnects: { 1006: 2 }, resyncs: { checksum: 1, gap: 0 }, conflated: 4, dropped: 0 }) };
  for (let each = 0; each < count; each += 1) {
    const at = Date.now();
    const detail = { symbol: "A", feedAt: at + 1000 - feed, sentAt: at + 1000 - sent, receivedAt: at - 3, paintedAt: at };
    document.dispatchEvent(new CustomEvent("tredye:frame", { detail: { tookMs: 0.4, quotes: 1 } }));
    document.dispatchEvent(new CustomEvent("tredye:painted", { detail }));
  }
}"""


def test_the_page_s_counting_holds_in_node() -> None:
    node = shutil.which("node")
    assert node, "node is needed to test the page's scripts"
    run = subprocess.run([node, "--test", str(HERE / "measure.test.cjs")], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stdout[-4000:]
    assert "# pass 4" in run.stdout


def send(server: Process, port: int, body: Any, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("POST", beacon.PATH, json.dumps(body), {"Origin": f"http://127.0.0.1:{port}"} | headers)
        return connection.getresponse().status
    finally:
        server.check()
        connection.close()


def measured(port: int, name: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
    finally:
        connection.close()
    found = re.search(rf"^{re.escape(name)} ([0-9.e+]+)$", text, re.MULTILINE)
    return round(float(found[1])) if found else 0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """It needs neither Postgres nor Redis to take a beacon, so here it has none."""
    started = Server("uvicorn", tmp_path_factory.mktemp("measures") / "uvicorn.log", **AWAY)
    yield started
    started.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    # Chromium reports a refusal of a beacon by itself.
    opened.on("console", lambda line: errors.append(line.text) if line.type == "error" and " 429 " not in line.text else None)
    opened.route("**/test/think.js", lambda route: route.fulfill(body=THINK, content_type="text/javascript"))
    yield opened
    opened.close()
    assert errors == []


def open_kind(page: Page, server: Server, kind: str) -> None:
    """Open a page of ``kind`` that measures itself, under the product's content security policy."""
    body, headers = PAGE.format(kind=kind), {"Content-Security-Policy": Opening().policy}
    page.route("**/measured", lambda route: route.fulfill(body=body, content_type="text/html", headers=headers))
    page.goto(f"http://127.0.0.1:{server.port}/measured")
    expect(page.locator("#think")).to_be_visible()


@pytest.mark.processes
def test_beacons_are_taken_while_postgres_and_redis_are_away(server: Server) -> None:
    cookies = {"Cookie": f"sessionid={'a' * 32}; csrftoken={'b' * 32}"}
    assert send(server, server.port, told(painted=counts(at_4=2)), **cookies) == 204
    assert send(server, server.port, told(), **cookies) == 429
    assert send(server, server.port, told(), Origin="https://evil.example") == 403
    assert measured(server.port, 'tredye_browser_socket_to_painted_seconds_count{page="instrument"}') == 2


@pytest.mark.processes
def test_daphne_takes_them_as_well(tmp_path: Path) -> None:
    server = Server("daphne", tmp_path / "daphne.log", **AWAY)
    try:
        assert send(server, server.port, told(feed=counts(at_13=1))) == 204
        assert measured(server.port, 'tredye_browser_feed_to_painted_seconds_count{page="instrument"}') == 1
    finally:
        server.end()


@pytest.mark.processes
@pytest.mark.e2e
def test_a_page_tells_every_fifteen_seconds_what_came_since(page: Page, server: Server) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith(beacon.PATH) else None)

    def next_beacon() -> dict[str, Any]:
        with page.expect_request(f"**{beacon.PATH}") as request:
            page.clock.run_for(15_000)
        found: dict[str, Any] = json.loads(request.value.post_data or "")
        return found

    # Requests of a beacon can be seen, and a real server would want five seconds between two of them.
    page.route(f"**{beacon.PATH}", lambda route: route.fulfill(status=204))
    page.clock.install()
    open_kind(page, server, "markets")
    page.evaluate(PAINTED, {"count": 5, "sent": 12, "feed": 40})
    first = next_beacon()
    assert first["page"] == "markets"
    assert first["painted"] == counts(at_4=5), "12 ms since the hub built it"
    assert first["feed"] == counts(at_6=5), "40 ms since the feed made it"
    assert first["waited"] == counts(at_2=5) and first["paint"] == counts(at_0=5)
    assert first["reconnects"] == {"1006": 2} and first["resyncs"]["checksum"] == 1 and first["conflated"] == 4
    page.clock.run_for(15_000)  # a page that measured nothing tells nothing
    page.evaluate(PAINTED, {"count": 1, "sent": 1, "feed": 1})
    second = next_beacon()
    assert second["painted"] == counts(at_0=1)
    assert second["reconnects"] == {}, "what was told is not told again"
    assert len(sent) == 2


@pytest.mark.processes
@pytest.mark.e2e
def test_a_page_that_goes_tells_of_its_frames_its_long_tasks_and_its_clicks(page: Page, server: Server) -> None:
    def told_of(kind: str) -> dict[str, int]:
        names = ("frame_seconds_count", "long_tasks_total", "longest_task_seconds_count", "interaction_seconds_count")
        return {name: measured(server.port, f'tredye_browser_{name}{{page="{kind}"}}') for name in names}

    def seen() -> bool:
        """Another visit of the page, which paints, is kept busy by a click, and goes."""
        open_kind(page, server, "portfolio")
        page.evaluate(PAINTED, {"count": 3, "sent": 12, "feed": 40})
        page.locator("#think").click()
        until(lambda: page.evaluate("performance.now()") > 1500, "the page is old enough to tell of itself")
        page.goto("about:blank")
        return all(told_of("portfolio").values())

    # A beacon within five seconds of another one is refused.
    until(seen, "frames, tasks and clicks are told", within=60)
    assert told_of("landing") == dict.fromkeys(told_of("landing"), 0)
