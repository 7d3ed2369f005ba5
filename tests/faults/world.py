"""The product's real processes on servers of their own, with a network between them that fails when it is told.

    with World("engine", "relay", "feed", "stream") as world, Traders(world, rate=20) as traders:
        world.kill("postgres")                              # the supervisor starts it again
        world.line("engine", "postgres").blackhole()        # the network between two of them: tests/faults/proxy.py
        world.freeze("relay")
        traders.accepted_after(time.monotonic())            # the first order that was accepted from then on
        world.quiesce(traders)                              # heal, let everything drain, and ask every law

Every process reaches PostgreSQL, Redis and the engine's socket over a line of its own, Kafka over one line that all share (a
broker tells everybody the same address). ``client`` is who stands outside. What a failing run leaves behind is named with its
seed: logs, journals and a dump of the database.
"""

import contextlib
import itertools
import os
import random
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from apps.engine.invariants import CHECKS, find_violations
from apps.engine.replay import Replay
from stack import pair
from stack.cluster import Cluster
from stack.context import make_context
from stack.eventlog import SETTING
from stack.kafka import ADVERTISED
from stack.postgres import machine_bins
from stack.processes import TREDYE
from stack.settings import Settings
from tests.faults import figures
from tests.faults.proxy import Proxy
from tests.scaling.shares import LogOfCluster
from tests.waiting import wait_until

if TYPE_CHECKING:
    from tests.faults.traders import Traders

#: Consumers that keep what they make of the orders' events, by the process that they live in.
CONSUMERS = {"portfolio": ("portfolio", "alerts")}
ORDERS = "orders.events"
#: On a machine that is busy; no promise, only the end of waiting.
PATIENCE_S = 90.0
#: The supervisor starts what has lived for so long at once, and what falls sooner later and later.
STEADY_S = 10.0
_BEHIND = """
SELECT max(b.last_sequence) - coalesce(max(c.last_sequence), 0) FROM eventlog_outboxbatch b
LEFT JOIN eventlog_relaycursor c USING (lane) GROUP BY lane
HAVING max(b.last_sequence) > coalesce(max(c.last_sequence), 0)
"""
_numbers = itertools.count(1)
#: Those that are up, the newest last: what a failing test leaves behind is in them (conftest.py).
running: list["World"] = []


class World:
    """``processes`` by their names in stack/processes.py, on the embedded log unless ``event_log`` is kafka.

    ``seed`` is of everything that is left to ``chance``; without ``seeded`` the market is empty. ``env`` is for all processes.
    With ``standby`` PostgreSQL is two servers, of which the second follows the first (process "guard" lets it take over).
    """

    def __init__(
        self,
        *processes: str,
        event_log: str = "embedded",
        seed: int = 1,
        seeded: bool = True,
        env: Mapping[str, str] | None = None,
        standby: bool = False,
    ) -> None:
        self.seed, self.chance = seed, random.Random(seed)
        self._lines: dict[tuple[str, str], Proxy] = {}
        self._frozen: list[int] = []
        self._stopped: list[str] = []
        self._is_kept = False
        self._sockets = Path(tempfile.mkdtemp(prefix="tredye-lines-"))
        base = Settings.from_environment(processes=TREDYE.names)
        base = base.with_environ({**base.environ, SETTING: event_log, pair.SETTING: "on" if standby else "off"})
        self._databases = (pair.PRIMARY, pair.STANDBY) if standby else (pair.PRIMARY,)
        settings = base.throwaway(f"test-{os.getpid()}-world-{next(_numbers)}")
        self.ports = dict(settings.ports)
        self.ports[ADVERTISED] = self.line("all", "kafka").port
        context = make_context(replace(settings, ports=self.ports), None)
        self.cluster = Cluster(processes, seed=seeded, env=env, context=context, routes=self._routes)
        self.journals = settings.logs / "journals"

    def __enter__(self) -> "World":
        try:
            self.cluster.up()
            self.journals.mkdir(parents=True, exist_ok=True)
        except BaseException:
            self._end()
            raise
        running.append(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        running.remove(self)
        if error is not None:
            self.keep(error)
        self._end()
        if not self._is_kept:
            shutil.rmtree(self.cluster.settings.var)

    def _end(self) -> None:
        self._thaw()
        for line in self._lines.values():
            line.heal()
        self.cluster.down()
        self.cluster.remove_data()
        for line in self._lines.values():
            line.close()
        shutil.rmtree(self._sockets)

    def keep(self, error: BaseException) -> None:
        """Say what makes it come again, and keep what tells what happened; once, since what follows from a failure says less."""
        if self._is_kept:
            return
        self._is_kept = True
        logs = self.cluster.settings.logs
        with contextlib.suppress(StopIteration, OSError, subprocess.SubprocessError):
            dump = ["-Fc", "-f", str(logs / "database.dump"), self.cluster.database_url]
            subprocess.run([next(machine_bins()) / "pg_dump", *dump], timeout=60, check=False, capture_output=True)
        text = f"FAULT_SEED={self.seed} makes the same again; logs, journals and a dump of the database are in {logs}"
        (logs / "seed").write_text(f"{text}\n{error!r}\n")
        error.add_note(text)

    # --- the network

    def line(self, client: str, server: str) -> Proxy:
        """What stands between two of them: a process and postgres, redis, kafka or engine; or ``client`` and web or stream."""
        key = ("all" if server == "kafka" else client, server)
        if key not in self._lines:
            if server == "engine":
                path = self.cluster.env["ENGINE_URL"].removeprefix("unix://")
                self._lines[key] = Proxy(path, str(self._sockets / client))
            else:
                self._lines[key] = Proxy(("127.0.0.1", self.ports[server]))
        return self._lines[key]

    def lines(self, server: str) -> list[Proxy]:
        """Those of all processes to ``server`` so far."""
        return [line for (_, to), line in self._lines.items() if to == server]

    def _routes(self, process: str) -> dict[str, str]:
        env = self.cluster.env
        routes = {
            "DATABASE_URL": _with_port(env["DATABASE_URL"], *(self.line(process, name).port for name in self._databases)),
            "REDIS_URL": _with_port(env["REDIS_URL"], self.line(process, "redis").port),
        }
        if env.get("KAFKA_BOOTSTRAP"):
            routes["KAFKA_BOOTSTRAP"] = f"127.0.0.1:{self.line(process, 'kafka').port}"
        if process not in ("engine", "standby"):  # they listen there
            routes["ENGINE_URL"] = f"unix://{self.line(process, 'engine').address}"
        return routes

    # --- what happens to processes and servers, by name

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """The supervisor starts it again; wait for that with :meth:`wait_restarted`."""
        self.cluster.kill(name, number)

    def wait_restarted(self, name: str, restarts: int, limit_s: float = PATIENCE_S) -> None:
        wait_until(lambda: self.cluster.restart_count(name) > restarts, limit_s, f"{name} is started again")

    def wait_ready(self, limit_s: float = PATIENCE_S) -> None:
        """Until every process is. Who was felled by the test again and again is none that only falls by itself."""
        for child in self.cluster._supervisor.children():
            child.falls = 0
        self.cluster.wait_ready(limit_s)

    def stop(self, name: str) -> None:
        """Gone until it is started, or until everything heals."""
        self.cluster.stop(name)
        self._stopped.append(name)

    def start(self, name: str) -> None:
        self._stopped.remove(name)
        self.cluster.start(name)

    def freeze(self, name: str) -> None:
        """It and whatever it has started stand still, and its kernel goes on answering for it."""
        for pid in _tree(self.cluster.pid(name)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
                self._frozen.append(pid)

    def thaw(self) -> None:
        """Everything that was frozen goes on."""
        self._thaw()

    def _thaw(self) -> None:
        while self._frozen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._frozen.pop(), signal.SIGCONT)

    def listens(self) -> bool:
        """Whether PostgreSQL takes connections, by no line."""
        try:
            self.connection().close()
        except psycopg.OperationalError:
            return False
        return True

    def connection(self) -> "psycopg.Connection[Any]":
        """To the database itself, by no line."""
        return psycopg.connect(self.cluster.database_url, autocommit=True, connect_timeout=2, application_name="test")

    def ask(self, query: str, *arguments: object) -> list[Any]:
        with self.connection() as opened:
            return opened.execute(query, arguments).fetchall()

    def written(self, name: str) -> str:
        """All that a process has written to its log, of the file before it too: its last lines alone forget."""
        path = self.cluster.settings.log(name)
        files = (path.with_name(f"{path.name}.1"), path)
        return "".join(each.read_text(errors="replace") for each in files if each.exists())

    def threads(self, name: str) -> int:
        return len(os.listdir(f"/proc/{self.cluster.pid(name)}/task"))

    def leader(self) -> str:
        """The name of the server of PostgreSQL that leads, by no line."""
        with self.connection() as opened:
            port = opened.info.port
        return next(name for name in self._databases if self.ports[name] == port)

    # --- the end

    def heal(self) -> None:
        """As if nothing had been, as far as that takes no time."""
        self._thaw()
        for line in self._lines.values():
            line.heal()
        for name in list(self._stopped):
            self.start(name)

    def quiesce(self, traders: "Traders | None" = None) -> None:
        """Heal, wait until every process is ready, every order is resolved and everything is published and counted; then ask
        every law of the books, of their replay, and of what clients were told."""
        self.heal()
        wait_until(self.listens, PATIENCE_S, "PostgreSQL is back")
        self.wait_ready()
        if traders is not None:
            traders.finish()
        self._wait_until_drained()
        self.check()
        if traders is not None:
            traders.check()

    def _wait_until_drained(self) -> None:
        if "relay" not in self.cluster.names:
            return
        wait_until(lambda: not self.ask(_BEHIND), PATIENCE_S, "everything is published")
        log = LogOfCluster(self.cluster)
        ends = {number: end for number, end in log.ends(ORDERS).items() if end}
        consumers = [name for process in self.cluster.names for name in CONSUMERS.get(process, ())]
        wait_until(
            lambda: all(log.stands(name, ORDERS) == ends for name in consumers), PATIENCE_S, f"{consumers} have read everything"
        )

    def check(self) -> None:
        """Every law of the books, and that the engine's journal leads to the same ones."""
        with self.connection() as opened:
            assert [str(violation) for violation in find_violations(opened, CHECKS)] == []
            assert [str(difference) for difference in Replay(opened).run()] == []
        figures.checked({*(check.name for check in CHECKS), "replay"})


def _with_port(url: str, *ports: int) -> str:
    """On this machine, at these ports instead; several are servers of one database."""
    parts = urlsplit(url)
    user = f"{parts.username}@" if parts.username else ""
    return urlunsplit(parts._replace(netloc=user + ",".join(f"127.0.0.1:{port}" for port in ports)))


def _tree(pid: int) -> list[int]:
    """A process and all that it has started, it first: once it stands still there are no more."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [pid]
    for each in found:
        found += parents.get(each, [])
    return found
