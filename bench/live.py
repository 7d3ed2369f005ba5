"""A real engine process on a database of the benchmark's own, with a client and a feed."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench import database

START_S = 30.0


class Live:
    def __init__(self, url: str, directory: Path) -> None:
        from apps.commands.client import EngineClient

        self.database_url = url
        self.engine_url = f"unix://{directory}/engine.sock"
        self.engine_token = ""  # a unix socket asks for none
        self.client = EngineClient(self.engine_url)
        self.account_ids: list[int] = []
        self._log = directory / "engine.log"
        self._bytecode = directory / "bytecode"
        self._engines: list[subprocess.Popen[bytes]] = []
        self._stop_feed = threading.Event()
        self._feed: threading.Thread | None = None
        self._asked = 0

    def connection(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(self.database_url, autocommit=True)

    def _spawn(self) -> None:
        environment = database.environment(
            self.database_url,
            ENGINE_URL=self.engine_url,
            PYTHONUNBUFFERED="1",
            # Compiled once, as in the image, whatever this shell says about writing beside the sources.
            PYTHONDONTWRITEBYTECODE="",
            PYTHONPYCACHEPREFIX=str(self._bytecode),
        )
        with self._log.open("ab") as log:
            self._engines.append(
                subprocess.Popen(
                    [sys.executable, "manage.py", "run_engine"], cwd=database.ROOT, env=environment, stdout=log, stderr=log
                )
            )

    def _wait_for(self, text: bytes, times: int) -> None:
        deadline = time.monotonic() + START_S
        while self._log.read_bytes().count(text) < times:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the engine did not say {text!r}: {self._log.read_text()}")
            time.sleep(0.005)

    def _said(self, text: bytes) -> int:
        return self._log.read_bytes().count(text) if self._log.exists() else 0

    def start(self) -> None:
        served = self._said(b" serves ")
        self._spawn()
        self._wait_for(b" serves ", served + 1)

    def start_standby(self) -> None:
        waiting = self._said(b"waiting for the lease")
        self._spawn()
        self._wait_for(b"waiting for the lease", waiting + 1)

    def kill(self) -> float:
        """kill -9 the newest engine; return when (seconds of the performance counter)."""
        return self._kill(self._engines.pop())

    def kill_holder(self) -> float:
        """kill -9 the engine before the standby."""
        return self._kill(self._engines.pop(-2))

    def freeze_holder(self) -> "tuple[float, subprocess.Popen[bytes]]":
        """SIGSTOP the engine before the standby, as one that has served for long; return when, and the engine."""
        with self.connection() as connection:
            connection.execute("UPDATE engine_lease SET taken_at = taken_at - interval '1 minute'")
        engine = self._engines.pop(-2)
        now = time.perf_counter()
        engine.send_signal(signal.SIGSTOP)
        return now, engine

    def _kill(self, engine: "subprocess.Popen[bytes]") -> float:
        now = time.perf_counter()
        engine.send_signal(signal.SIGKILL)
        engine.wait(10)
        return now

    def first_answer(self) -> float:
        from apps.commands.types import Deposit
        from bench.flow import SYSTEM

        self._asked += 1
        command_id = f"first-{os.getpid()}-{self._asked}"
        self.client.send(
            Deposit(command_id=command_id, actor=SYSTEM, account_id=self.account_ids[0], asset="USD", amount="1"), deadline_s=30
        )
        return time.perf_counter()

    def load_ms(self) -> int:
        return int(re.findall(rb"loaded in (\d+) ms", self._log.read_bytes())[-1])

    def open_orders(self) -> int:
        with self.connection() as connection:
            row = connection.execute(
                "SELECT count(*) FROM orders_order WHERE status IN ('WAITING', 'ACCEPTED', 'PARTIALLY_FILLED')"
            ).fetchone()
        return int(row[0]) if row else 0

    def rest_orders(self, count: int, seed: int = 99) -> None:
        """Fill the book with ``count`` orders that nobody meets; another ``seed`` makes others."""
        from bench.flow import Flow
        from bench.load import pipeline

        flow = Flow(self.account_ids, seed)
        pipeline(self, [flow.add() for _ in range(count)])

    def feed(self) -> None:
        self._feed = threading.Thread(target=self._run_feed, daemon=True)
        self._feed.start()

    def _run_feed(self) -> None:
        from apps.commands.quotelink import QuoteLink
        from bench.flow import MID_TICKS, SYMBOL

        link = QuoteLink(self.engine_url)
        epoch, sequence = time.time_ns(), 0
        bid, ask = f"{(MID_TICKS - 900) / 100:.2f}", f"{(MID_TICKS + 900) / 100:.2f}"
        while not self._stop_feed.wait(0.1):
            sequence += 1
            tick = [SYMBOL, sequence, time.time_ns(), bid, ask, "1", "1"]
            link.send(json.dumps({"type": "QUOTES", "source": "bench", "epoch": epoch, "ticks": [tick]}).encode())
        link.close()

    def stop(self) -> None:
        self._stop_feed.set()
        if self._feed is not None:
            self._feed.join(5)
        for engine in self._engines:
            if engine.poll() is None:
                engine.send_signal(signal.SIGTERM)
                engine.wait(30)
        self._engines.clear()
        self.client.close()


@contextmanager
def live_engine() -> Iterator[Live]:
    """A served engine with the flow's accounts open and funded, and a quote every 0.1 s."""
    from bench.flow import ACCOUNTS, setup_commands
    from bench.load import pipeline
    from bench.orders import seed_accounts

    with database.database("tredye_bench_live") as url, tempfile.TemporaryDirectory(prefix="tredye-bench-") as directory:
        database.migrate(url)
        live = Live(url, Path(directory))
        with live.connection() as connection:
            live.account_ids = seed_accounts(connection, ACCOUNTS)
        try:
            live.start()
            pipeline(live, setup_commands(live.account_ids))
            with live.connection() as connection:
                connection.execute("ANALYZE")
            live.feed()
            time.sleep(0.3)  # three quotes
            yield live
        finally:
            live.stop()
