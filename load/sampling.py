"""Looks at the stack every few seconds while it is under load: its processes, its own metrics, its database."""

import os
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from load import exposition
from load.target import Target

EVERY_S = 5.0
_ASK_S = 4.0
_TICKS = os.sysconf("SC_CLK_TCK")
_DATABASE = """
SELECT xact_commit, xact_rollback, blks_read, blks_hit, tup_inserted, tup_updated, deadlocks, temp_bytes, numbackends,
       pg_database_size(datname) FROM pg_stat_database WHERE datname = current_database()
"""
_DATABASE_NAMES = (
    *("commits", "rollbacks", "blocks_read", "blocks_hit", "rows_inserted", "rows_updated", "deadlocks", "temp_bytes"),
    *("connections", "size_bytes"),
)
_STATEMENTS = """
SELECT left(regexp_replace(query, '\\s+', ' ', 'g'), 160), calls, total_exec_time, mean_exec_time, rows FROM pg_stat_statements
 WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY total_exec_time DESC LIMIT 12
"""

Series = dict[str, list[tuple[float, float]]]


class Sampler:
    """A thread of its own: :meth:`start` when the lane begins, :meth:`stop` when it ends. ``series``: name to pairs of seconds
    since the beginning and a value; names begin with process., database., log. or hop."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sampler")
        self._begin = 0.0
        self._cpu: dict[str, tuple[int, float, float]] = {}
        self._database: psycopg.Connection[Any] | None = None
        self._before: exposition.Scrape = {}
        self._scraped_at = 0.0
        self._asked_database_at = 0.0
        self.first: exposition.Scrape = {}
        self.last: exposition.Scrape = {}
        self.database_first: dict[str, float] = {}
        self.database_last: dict[str, float] = {}
        self.series: Series = defaultdict(list)
        self.restarts: dict[str, int] = defaultdict(int)
        self.problems: dict[str, int] = defaultdict(int)

    def start(self, begin: float) -> None:
        self._begin = begin
        self._look()
        self._thread.start()

    def stop(self) -> None:
        """Look once more. May be called twice."""
        self._stop.set()
        self._thread.join(3 * _ASK_S)
        if self._database is not None:
            self._database.close()

    def statements(self) -> list[dict[str, Any]]:
        """The dearest statements, where pg_stat_statements is installed; else nothing."""
        try:
            with psycopg.connect(self._target.database_url, autocommit=True, connect_timeout=3) as connection:
                names = ("query", "calls", "total_ms", "mean_ms", "rows")
                return [dict(zip(names, row, strict=True)) for row in connection.execute(_STATEMENTS).fetchall()]
        except psycopg.Error:
            return []

    def _run(self) -> None:
        due = time.monotonic()
        while True:
            due += EVERY_S
            is_over = self._stop.wait(max(due - time.monotonic(), 0.0))
            self._look()
            if is_over:
                return

    def _look(self) -> None:
        for name, look in (("processes", self._processes), ("metrics", self._metrics), ("database", self._ask_database)):
            self._guarded(name, look)

    def _guarded(self, name: str, look: Callable[[float], None]) -> None:
        try:
            look(time.monotonic() - self._begin)
        except (OSError, psycopg.Error, ValueError):
            self.problems[name] += 1  # told in the report: a gap in the series is a figure, too

    def _note(self, name: str, t: float, value: float) -> None:
        self.series[name].append((round(t, 2), round(value, 4)))

    # --- processes

    def _processes(self, t: float) -> None:
        for name, pid in self._target.pids().items():
            try:
                found = tree_figures(pid) if name in ("postgres", "kafka", "redis") else process_figures(pid)
            except OSError:
                continue  # it has just ended; its successor is seen next time
            cpu_s, rss, fds = found
            before = self._cpu.get(name)
            if before and before[0] != pid:
                self.restarts[name] += 1
            elif before and cpu_s >= before[1]:
                self._note(f"process.{name}.cpu", t, (cpu_s - before[1]) / max(time.monotonic() - before[2], 0.001))
            self._cpu[name] = (pid, cpu_s, time.monotonic())
            self._note(f"process.{name}.rss_mib", t, rss / 2**20)
            if fds is not None:
                self._note(f"process.{name}.fds", t, fds)
        self._note("machine.load", t, os.getloadavg()[0])

    # --- metrics

    def _metrics(self, t: float) -> None:
        scrape: exposition.Scrape = {}
        for name, url in self._target.metrics.items():
            try:
                with urllib.request.urlopen(url, timeout=_ASK_S) as answer:  # noqa: S310 - of the target
                    scrape[name] = exposition.parse(answer.read().decode())
            except (urllib.error.URLError, TimeoutError):
                self.problems[f"metrics of {name}"] += 1
        if not self.first:
            self.first = scrape
        elif self._before:
            for hop, found in exposition.hops(self._before, scrape).items():
                self._note(f"hop.{hop}.p50_ms", t, found["p50_ms"])
                self._note(f"hop.{hop}.p99_ms", t, found["p99_ms"])
            seconds = max(time.monotonic() - self._scraped_at, 0.001)
            for name, moved in exposition.rates(self._before, scrape).items():
                self._note(name, t, moved / seconds)
        for name, value in exposition.gauges(scrape).items():
            self._note(name, t, value)
        self.last = self._before = scrape
        self._scraped_at = time.monotonic()

    # --- database

    def _ask_database(self, t: float) -> None:
        if self._database is None or self._database.closed:
            self._database = psycopg.connect(
                self._target.database_url, autocommit=True, connect_timeout=3, options="-c statement_timeout=3000",
                application_name="load",
            )  # fmt: skip
        row = self._database.execute(_DATABASE).fetchone()
        if row is None:
            return
        now = dict(zip(_DATABASE_NAMES, (float(value) for value in row), strict=True))
        if not self.database_first:
            self.database_first = now
        else:
            before, seconds = self.database_last, max(t - self._asked_database_at, 0.001)
            for name in ("commits", "rows_inserted"):
                self._note(f"database.{name}_per_s", t, (now[name] - before[name]) / seconds)
        self._note("database.connections", t, now["connections"])
        self._note("database.size_mib", t, now["size_bytes"] / 2**20)
        self.database_last = now
        self._asked_database_at = t


def process_figures(pid: int) -> tuple[float, int, int | None]:
    """Seconds of CPU, bytes of memory, open files (None where they may not be seen) of one process. Raises OSError when it is
    gone."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    cpu_s = (int(fields[11]) + int(fields[12])) / _TICKS
    rss = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    try:
        fds: int | None = sum(1 for _ in os.scandir(f"/proc/{pid}/fd"))
    except PermissionError:
        fds = None
    return cpu_s, rss, fds


def tree_figures(pid: int) -> tuple[float, int, int | None]:
    """The same of a server with what it started. Memory is what is not shared, so that buffers count once: the first process's
    whole memory, of the others what is theirs alone. CPU of children that have ended is the parent's."""
    cpu_s, memory, fds = process_figures(pid)
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    cpu_s += (int(fields[13]) + int(fields[14])) / _TICKS
    for child in _children(pid):
        try:
            used, _, _ = process_figures(child)
            memory += _private_bytes(child)
        except OSError:
            continue
        cpu_s += used
    return cpu_s, memory, fds


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def _private_bytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    return 0
