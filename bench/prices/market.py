"""The figures of the whole way: a feed, the event log, the consumer, the layer, the hub, a socket; and a page that paints it."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.prices import native
from bench.prices.hops import Hops
from bench.prices.processes import child, sockets
from bench.prices.scene import WrongError, load_average
from bench.report import report
from stack.cluster import Cluster

ROUNDS = 3
SECONDS = 4.0
PAINT_S = 60.0
PROCESSES = ("engine", "realtime", "marketdata", "web", "stream")
BROWSER_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
#: In the page: what keeps it from painting, and when it painted.
WATCH_FRAMES = """() => {
  const seen = window.benchSeen = {long: [], times: []};
  new PerformanceObserver(list => seen.long.push(...list.getEntries().map(entry => entry.duration))).observe({type: "longtask"});
  const frame = time => { seen.times.push(time); requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
}"""
SHOWN = "() => [...document.querySelectorAll('[data-live$=\":bid\"]')].map(cell => cell.textContent.trim())"


class Market:
    """The product on servers that are there, without its feed."""

    def __init__(self, cluster: Cluster, directory: Path) -> None:
        self.cluster = cluster
        self.directory = directory
        self.environment = dict(cluster.env) | {"PROCESS_NAME": "bench"}

    @contextmanager
    def feed(self, rate: int) -> Iterator[None]:
        arguments = [sys.executable, "manage.py", "run_feed", "sim", "--rate", str(rate)]
        with child("run_feed", arguments, self.directory, environment=self.environment):
            yield

    def truth(self) -> dict[str, int]:
        """The newest sequence of each symbol on the log."""
        file = self.directory / "truth"
        command = [sys.executable, "-m", "bench.prices.truth", str(file)]
        root = self.cluster.settings.root
        done = subprocess.run(command, cwd=root, env=self.environment, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(f"the log could not be read: {done.stderr[-2000:]}")
        found: dict[str, int] = json.loads(file.read_text())
        return found

    def symbols(self) -> list[str]:
        from apps.marketdata.demo import INSTRUMENTS

        return sorted(instrument.symbol for instrument in INSTRUMENTS)


@contextmanager
def market() -> Iterator[Market]:
    more = {"STREAM_SOCKETS_PER_IP": "1000", "LOG_FORMAT": "json"}
    with tempfile.TemporaryDirectory(prefix="tredye-bench-market-") as name, Cluster(list(PROCESSES), env=more) as cluster:
        yield Market(cluster, Path(name))


def kafka_to_socket(whole: Market, programs: dict[str, Path]) -> None:
    """``prices.kafka_to_socket_p50_ms``: 1,000 ticks a second of ``run_feed sim``; from the tick's own time to the socket.

    A quote's time has whole milliseconds, cut off, so that the value is up to one too much.
    """
    plan = whole.directory / "plan"
    plan.write_text(" ".join(whole.symbols()) + "\n")
    reports = []
    ports = whole.cluster.settings.ports
    hops = Hops([ports["metrics-realtime"], ports["metrics-stream"]])
    with sockets(programs["wsload"], ports["stream"], whole.cluster.web_url, 1, plan, whole.directory, stamp="ms") as one:
        with whole.feed(1000):
            _until_ticks(one)
            hops.begin()
            for _ in range(ROUNDS):
                one.begin()
                time.sleep(SECONDS)
                one.end()
                reports.append(one.ask("report"))
            half_ms = hops.medians_ms()
        truth = whole.truth()
        _compare(one, truth)
    detail = {
        "p90_ms": statistics.median(each["p90_ms"] for each in reports),
        "p99_ms": statistics.median(each["p99_ms"] for each in reports),
        "ticks_per_s": round(statistics.median(each["ticks"] / each["seconds"] for each in reports)),
        "hops_at_most_ms": half_ms,
        "event_log": whole.cluster.event_log.name,
        "newest_values_that_arrived": len(truth),
        "load_average": load_average(),
        "note": "up to 1 ms too much: the times of quotes are whole milliseconds",
    }
    p50s = [each["p50_ms"] for each in reports]
    report("prices.kafka_to_socket_p50_ms", p50s, "ms", 5, "at most", detail, {"reports": reports})


def _until_ticks(one: Any, within_s: float = 60.0) -> None:
    """Wait until quotes flow through all of it."""
    deadline = time.monotonic() + within_s
    while True:
        one.begin()
        time.sleep(0.5)
        one.end()
        if one.ask("report")["ticks"] > 100:
            time.sleep(1.0)
            return
        if time.monotonic() > deadline:
            raise WrongError(f"no quote came through within {within_s} s")


def _compare(one: Any, truth: dict[str, int]) -> None:
    deadline = time.monotonic() + 5.0
    while True:
        seen = one.ask("newest")["of"][0]
        wrong = {symbol: (seen.get(symbol), sequence) for symbol, sequence in truth.items() if seen.get(symbol) != sequence}
        if truth and not wrong:
            return
        if time.monotonic() > deadline:
            raise WrongError(f"not the newest (on the socket, on the log): {wrong or 'the log is empty'}")
        time.sleep(0.1)


def paint(whole: Market) -> None:
    """``prices.paint``: the markets page in Chromium for a minute at 2,000 ticks a second."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("bench: no prices.paint: playwright is not installed (requirements-test.txt)", flush=True)
        return
    if not path:
        print("bench: no prices.paint: no Chromium was found; name one in CHROMIUM", flush=True)
        return
    with whole.feed(2000), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(BROWSER_ARGUMENTS))
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{whole.cluster.web_url}/markets/")
            page.wait_for_selector('[data-stream-status][data-state="live"]', state="attached", timeout=60_000)
            time.sleep(3.0)
            devtools = browser.new_browser_cdp_session()
            thread = page.context.new_cdp_session(page)
            thread.send("Performance.enable")
            page.evaluate(WATCH_FRAMES)
            before, first, started = page.evaluate(SHOWN), _renderer_s(devtools), time.monotonic()
            spent = _spent_s(thread)
            page.wait_for_timeout(PAINT_S * 1000)
            seen, cpu_s = page.evaluate("() => window.benchSeen"), _renderer_s(devtools) - first
            seconds = time.monotonic() - started
            share = {name: round((value - spent[name]) / seconds, 3) for name, value in _spent_s(thread).items()}
            after = page.evaluate(SHOWN)
        finally:
            browser.close()
    changed = sum(old != new for old, new in zip(before, after, strict=False))
    if not changed:
        raise WrongError("the page painted nothing in a minute")
    _report_paint(seen, cpu_s / seconds, changed, share)


def _report_paint(seen: dict[str, list[float]], renderer_cores: float, changed: int, share: dict[str, float]) -> None:
    times = seen["times"]
    apart = [later - earlier for earlier, later in pairwise(times)]
    fps = (len(times) - 1) / (times[-1] - times[0]) * 1000
    detail = {
        "fps": round(fps, 1),
        "missed_frames": sum(round(each * 60 / 1000) - 1 for each in apart if each > 25),
        "longest_frame_ms": round(max(apart), 1),
        "longest_task_ms": round(max(seen["long"], default=0)),
        "renderer_cores": round(renderer_cores, 3),
        "of_the_main_thread": share,
        "cells_that_changed": changed,
        "and": "at least 58 frames a second, less than a quarter of a core",
        "load_average": load_average(),
    }
    also = fps >= 58 and renderer_cores < 0.25
    report("prices.paint", [float(len(seen["long"]))], "long tasks", 0, "at most", detail, {"long": seen["long"]}, also=also)


def _renderer_s(devtools: Any) -> float:
    """Seconds of CPU of the pages' processes."""
    found = devtools.send("SystemInfo.getProcessInfo")["processInfo"]
    return float(sum(process["cpuTime"] for process in found if process["type"] == "renderer"))


def _spent_s(thread: Any) -> dict[str, float]:
    """Seconds of the clock that the page's main thread has spent, in all and with what."""
    found = {each["name"]: each["value"] for each in thread.send("Performance.getMetrics")["metrics"]}
    names = {"tasks": "TaskDuration", "script": "ScriptDuration", "style": "RecalcStyleDuration", "layout": "LayoutDuration"}
    return {name: found[theirs] for name, theirs in names.items()}


def run(only: str = "") -> None:
    try:
        programs = native.build("wsload")
    except native.NoCompilerError as error:
        print(f"bench: no figures of the sockets: {error}", flush=True)
        return
    with market() as whole:
        if only in ("", "kafka"):
            kafka_to_socket(whole, programs)
        if only in ("", "paint"):
            paint(whole)
