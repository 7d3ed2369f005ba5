"""``python -m bench.costs``: what one tick and one order cost each process, and how much memory each has. A line of JSON a part.

The processes are those of ``make run``, on a log and a database of their own. CPU is what the kernel counted for each process,
and for PostgreSQL that of the sessions in this database; so a busy machine makes the figures a little dearer (caches), not many
times.
"""

import json
import os
import threading
import time
from collections import defaultdict
from pathlib import Path

import psycopg

from bench.live import Live
from stack.cluster import Cluster
from stack.errors import StackError

RATE = 1_000
WARM_S = 8.0
WINDOW_S = 20.0
CALLERS = 64
_SESSIONS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_HZ = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = ["engine", "relay", "feed", "realtime", "marketdata", "portfolio", "web", "stream"]
ORDERS = ["engine", "relay", "realtime", "marketdata", "portfolio"]


class OnCluster(Live):
    """The callers of the order benchmark, on the engine of a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self.database_url = cluster.database_url
        self.engine_url = cluster.env["ENGINE_URL"]
        self.account_ids = []
        self._stop_feed = threading.Event()
        self._feed: threading.Thread | None = None

    def end_feed(self) -> None:
        self._stop_feed.set()
        if self._feed is not None:
            self._feed.join(5)


class Meter:
    """Seconds of CPU since the beginning, by process. PostgreSQL's sessions are counted together; those that end are lost."""

    def __init__(self, cluster: Cluster) -> None:
        self._pids = {name: cluster.pid(name) for name in cluster.names}
        with psycopg.connect(cluster.database_url, autocommit=True) as database:
            rows = database.execute(_SESSIONS).fetchall()
        self._sessions = [pid for (pid,) in rows]
        self._began = self._now()

    def _now(self) -> dict[str, float]:
        used: defaultdict[str, float] = defaultdict(float)
        for name, pid in [*self._pids.items(), *(("postgres", pid) for pid in self._sessions)]:
            used[name] += _cpu_s(pid)
        return used

    def used(self) -> dict[str, float]:
        now = self._now()
        return {name: max(0.0, now[name] - began) for name, began in self._began.items()}

    def memory_mb(self) -> dict[str, int]:
        return {name: int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE // 2**20 for name, pid in self._pids.items()}


def _cpu_s(pid: int) -> float:
    """User and system time of a process; 0 for one that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _HZ


def ticks() -> None:
    """Microseconds of CPU that a tick costs each process at 1,000 a second, no socket being open."""
    with Cluster(TICKS, env={"FEED_RATE": str(RATE), "FEED_SEED": "1"}) as cluster:
        time.sleep(WARM_S)
        meter, began = Meter(cluster), time.monotonic()
        time.sleep(WINDOW_S)
        seconds = time.monotonic() - began
        count = RATE * seconds
        _say("tick", cluster, meter, count, {"ticks_a_second": RATE})


def orders() -> None:
    """Microseconds of CPU that a command of the order benchmark's flow costs each process."""
    from bench.flow import ACCOUNTS, setup_commands
    from bench.load import closed_loop, pipeline
    from bench.orders import seed_accounts

    with Cluster(ORDERS, seed=False) as cluster:
        live = OnCluster(cluster)
        with live.connection() as connection:
            live.account_ids = seed_accounts(connection, ACCOUNTS)
        pipeline(live, setup_commands(live.account_ids))
        live.feed()
        time.sleep(2.0)
        meter = Meter(cluster)
        result = closed_loop(live, callers=CALLERS, seconds=WINDOW_S, seed=7)
        _wait_until_told(live)
        live.end_feed()
        count = result.per_second * WINDOW_S
        _say("order", cluster, meter, count, {"commands_a_second": round(result.per_second), "callers": CALLERS})


def _wait_until_told(live: Live) -> None:
    """Until the relay has published all and the portfolio has counted it: their work is part of the order's cost."""
    deadline = time.monotonic() + 120
    with live.connection() as connection:
        while time.monotonic() < deadline:
            query = "SELECT max(moved_at) < clock_timestamp() - interval '3 seconds' FROM eventlog_consumerposition"
            if (row := connection.execute(query).fetchone()) and row[0]:
                return
            time.sleep(0.5)
    raise StackError("the consumers did not come to an end within two minutes")


def _say(what: str, cluster: Cluster, meter: Meter, count: float, detail: dict[str, object]) -> None:
    used = {name: round(seconds * 1e6 / count, 1) for name, seconds in meter.used().items()}
    load = Path("/proc/loadavg").read_text().split()[0]
    line = {"figure": f"costs.{what}", "unit": f"µs of CPU a {what}", "value": used, "memory_mb": meter.memory_mb()}
    print(json.dumps(line | {"detail": detail | {"log": cluster.event_log.name, "load": load}}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tredye.settings.dev")
    ticks()
    orders()
