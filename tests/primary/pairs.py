"""Two real servers of which one follows the other, and a guard in the test's process."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any

from apps.primary.connections import Connection
from apps.primary.generations import Place
from apps.primary.guarding import Guard, Pair
from apps.primary.judging import Act, Verdict
from apps.primary.looking import look_at
from apps.primary.talk import Talk
from stack import pair as stack_pair
from stack.cluster import Cluster
from stack.context import make_context
from stack.processes import TREDYE
from stack.settings import Settings

#: On a machine that is busy; no promise, only the end of waiting.
PATIENCE_S = 90.0
NAMES = (stack_pair.PRIMARY, stack_pair.STANDBY)
_numbers = count(1)


class Servers:
    """``with Servers(...) as servers``. With ``reaches`` the guard may end what it fences, as on a machine of its own; without,
    it is as if each server were on another machine, to which nothing can be sent."""

    def __init__(self, *, reaches: bool, wait_s: float = 5.0) -> None:
        base = Settings.from_environment(processes=TREDYE.names)
        base = base.throwaway(f"test-{os.getpid()}-pair-{next(_numbers)}")
        settings = base.with_environ({**base.environ, stack_pair.SETTING: "on", "EVENT_LOG": "embedded"})
        self.cluster = Cluster([], context=make_context(replace(settings), None))
        self.places = {name: Place("127.0.0.1", str(settings.ports[name])) for name in NAMES}
        self._reaches, self._wait_s = reaches, wait_s
        self._frozen = ""

    def __enter__(self) -> "Servers":
        try:
            self.cluster.up_servers()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        data = dict(zip(self.places.values(), map(Path, self.cluster.env["DATABASE_DATA_DIRS"].split(",")), strict=True))
        self.pair = Pair(
            database={"dbname": "tredye", "user": "tredye"},
            places=tuple(self.places.values()),
            data=data if self._reaches else {},
            note=self.cluster.settings.run / "database-pair.json",
            fence_command="",
            wait_s=self._wait_s,
        )
        self.data = data
        self.guard = Guard(self.pair)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.thaw()
        self.cluster.down()
        self.cluster.remove_data()

    # --- the guard

    def rounds_until(self, act: Act) -> float:
        """Let it look, and act, until it does that; seconds since the call."""
        return self.rounds_while(lambda verdict: verdict.act is not act, act.value)

    def rounds_while(self, goes_on: Callable[[Verdict], bool], what: str) -> float:
        began = time.monotonic()
        while goes_on(verdict := self.guard.round()):
            assert time.monotonic() - began < PATIENCE_S, f"{what}: {verdict}"
            time.sleep(0.1)
        return time.monotonic() - began

    # --- what happens to a server

    def freeze(self, name: str, number: int = signal.SIGSTOP) -> None:
        self._frozen = name
        self.cluster.kill(name, number)

    def thaw(self) -> None:
        if self._frozen:
            self.cluster.kill(self._frozen, signal.SIGCONT)
            self._frozen = ""

    # --- what a client does

    def connect(self) -> Connection:
        hosts, ports = zip(*self.places.values(), strict=True)
        return Connection.connect(
            host=",".join(hosts), port=",".join(ports), user="tredye", dbname="tredye", autocommit=True, connect_timeout=2
        )

    def ask(self, name: str, statement: str, within_s: float = 5.0) -> str:
        with Talk(self.pair.database, self.places[name], within_s) as talk:
            return talk.ask(statement, within_s)

    def server(self, name: str) -> Any:
        return look_at(self.pair.database, self.places[name]).server
