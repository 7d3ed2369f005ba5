"""Where the figures of the sockets are taken: servers, feeds and sockets of one run, and a window of measuring them."""

import os
import secrets
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench.database import environment
from bench.prices import native
from bench.prices.processes import Child, Cores, Feed, Sockets, child, feed, free_port, sockets
from bench.prices.table import Table
from stack.processes import PROCESSES

ORIGIN = "http://prices.bench"
SYMBOLS = tuple(f"S{number:03d}-USD" for number in range(200))
WATCHED = 25
SETTLE_S = 1.0
ARRIVE_S = 5.0
#: What a run is when frames are full: 62.5 a second is what the product's 16 ms come to.
FLOOR_FRAMES = 62
TUTORIAL = "bench.prices.tutorial_asgi:application"


class WrongError(RuntimeError):
    """What was measured did not do what it is for, so its speed means nothing."""


class Window(NamedTuple):
    """What the sockets saw in one window, and what the server spent on it."""

    seconds: float
    frames: int
    bytes: int
    ticks: int
    offered: int
    within: int
    regressions: int
    missed: int
    p50_ms: float
    p99_ms: float
    cpu_s: float
    client_cores: float
    feed_cores: float

    @property
    def cpu_us_a_tick(self) -> float:
        return self.cpu_s / self.ticks * 1e6

    @property
    def cpu_us_a_frame(self) -> float:
        return self.cpu_s / self.frames * 1e6

    @property
    def ticks_per_s(self) -> float:
        return self.ticks / self.seconds

    @property
    def frames_per_s(self) -> float:
        return self.frames / self.seconds

    @property
    def server_cores(self) -> float:
        return self.cpu_s / self.seconds

    @property
    def in_time(self) -> float:
        """The share of what was published that the sockets had, or something newer, within 100 ms."""
        return self.within / self.offered if self.offered else 0.0


class Side(NamedTuple):
    """One contender: its server, who feeds it, the sockets on it, and the table of what was published."""

    name: str
    server: Child
    feed: Feed | None
    sockets: Sockets


def watch_sets(count: int, size: int, symbols: Sequence[str] = SYMBOLS) -> list[list[str]]:
    """``count`` sets of ``size`` neighbours, evenly begun; as many as there are symbols / size cover each symbol once."""
    step = max(1, len(symbols) // count)
    return [[symbols[(start * step + offset) % len(symbols)] for offset in range(size)] for start in range(count)]


class Scene:
    def __init__(self, database_url: str, directory: Path, cores: Cores) -> None:
        self.directory = directory
        self.cores = cores
        self.programs = native.build("wsload", "wsfloor")
        self._environment = environment(
            database_url,
            REDIS_PREFIX=f"bench{secrets.token_hex(4)}",
            PUBLIC_ORIGINS=ORIGIN,
            STREAM_SOCKETS_PER_IP="20000",
            STREAM_SOCKETS_MAX="20000",
            LOG_FORMAT="json",
            METRICS_PORT="",
        )
        self._made = 0

    def _file(self, name: str) -> Path:
        self._made += 1
        return self.directory / f"{name}-{self._made}"

    def plan(self, sets: Sequence[Sequence[str]]) -> Path:
        """The sockets' plan: a line for each watch-set."""
        file = self._file("plan")
        file.write_text("".join(" ".join(each) + "\n" for each in sets))
        return file

    def table(self) -> Path:
        file = self._file("table")
        Table.create(file, SYMBOLS)
        return file

    @contextmanager
    def stream(self) -> Iterator[tuple[Child, int]]:
        """The product's stream process, as ``make run`` starts it."""
        port = free_port()
        of = next(process for process in PROCESSES if process.name == "stream")
        given = {**self._environment, "STREAM_PORT": str(port)}
        arguments = [sys.executable, *(each.format_map(given) for each in of.arguments[1:])]
        with child("stream", arguments, self.directory, environment=given, cores=self.cores.server) as server:
            server.wait_for_port(port)
            yield server, port

    @contextmanager
    def tutorial(self) -> Iterator[tuple[Child, int]]:
        port = free_port()
        arguments = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0", TUTORIAL]
        given = self._tutorial_environment()
        with child("tutorial", arguments, self.directory, environment=given, cores=self.cores.server) as server:
            server.wait_for_port(port)
            yield server, port

    def _tutorial_environment(self) -> dict[str, str]:
        prefix = self._environment["REDIS_PREFIX"] + "t"
        return {**self._environment, "DJANGO_SETTINGS_MODULE": "bench.prices.tutorial_settings", "REDIS_PREFIX": prefix}

    @contextmanager
    def floor(self) -> Iterator[tuple[Child, int]]:
        port = free_port()
        arguments = [str(self.programs["wsfloor"]), str(port), str(FLOOR_FRAMES)]
        with child("wsfloor", arguments, self.directory, cores=self.cores.server, pipe=True) as server:
            server.wait_for_port(port)
            yield server, port

    @contextmanager
    def fed(self, kind: str, table: Path) -> Iterator[Feed]:
        """``kind`` is product or tutorial."""
        given = self._environment if kind == "product" else self._tutorial_environment()
        with feed(kind, table, self.directory, given) as started:
            yield started

    @contextmanager
    def sockets(
        self, port: int, count: int, sets: Sequence[Sequence[str]], table: Path | None, **options: Any
    ) -> Iterator[Sockets]:
        program, plan = self.programs["wsload"], self.plan(sets)
        with sockets(program, port, ORIGIN, count, plan, self.directory, table=table, **options) as opened:
            yield opened


def measure(side: Side, rate: float, seconds: float, kind: str = "q", settle_s: float = SETTLE_S) -> Window:
    """One window at ``rate`` ticks a second, after a while of the same; then the feed is stopped."""
    _start(side, rate, kind)
    time.sleep(settle_s)
    fed = side.feed.cpu_s() if side.feed else 0.0
    own = side.sockets.cpu_s()
    side.sockets.begin()
    server_s = side.server.cpu_s()
    time.sleep(seconds)
    server_s = side.server.cpu_s() - server_s
    side.sockets.end()
    own, fed = side.sockets.cpu_s() - own, (side.feed.cpu_s() if side.feed else 0.0) - fed
    time.sleep(0.15)  # what was published at the end of the window may still be in time
    _start(side, 0, kind)
    report = side.sockets.ask("report")
    window = Window(
        **{name: report[name] for name in Window._fields if name in report},
        cpu_s=server_s,
        client_cores=round(own / seconds, 2),
        feed_cores=round(fed / seconds, 2),
    )
    if window.regressions or (side.name == "product" and not window.ticks):
        raise WrongError(f"{side.name}: {report}")
    return window


def _start(side: Side, rate: float, kind: str) -> None:
    if side.feed:
        side.feed.rate(rate, kind)
    else:
        side.server.say("on" if rate else "off")


def all_arrived(side: Side) -> int:
    """Every socket has the newest value of everything that it watches: how many values that are. Raises when not."""
    deadline = time.monotonic() + ARRIVE_S
    while True:
        found = side.sockets.ask("check")
        if found["checked"] and not found["wrong"]:
            return int(found["checked"])
        if time.monotonic() > deadline:
            raise WrongError(f"{side.name}: of {found['checked']} newest values {found['wrong']} did not arrive")
        time.sleep(0.05)


def load_average() -> float:
    return round(os.getloadavg()[0], 1)
