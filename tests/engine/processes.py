"""Engines as real processes, on a database of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from apps.commands.client import EngineClient
from apps.commands.types import Deposit, OpenAccount
from apps.engine.invariants import find_violations
from apps.engine.recovery import connect
from apps.engine.replay import Replay
from tests.engine.world import LAWS_ASKED, OF_THE_BOOKS, SYSTEM, configure
from tests.faults import figures
from tests.logins import login_of
from tests.template import database_url, migrated_template

ROOT = Path(__file__).resolve().parents[2]
START_S = 60.0  # of a machine that is busy; it ends as soon as the engine serves


class Cluster:
    """A migrated database with two open, funded accounts, and the engines that a test starts on it."""

    def __init__(self, directory: Path, name: str) -> None:
        self.directory = directory
        self.database = {**settings.DATABASES["default"], "NAME": name}
        self.environment = {**os.environ, "DATABASE_URL": database_url(name), "PYTHONUNBUFFERED": "1"}
        self.environment.pop("FAILPOINT", None)
        self.engines: list[subprocess.Popen[bytes]] = []
        self.log = directory / "engine.log"
        self.account_ids: list[int] = []
        self.serve_on(f"unix://{directory}/engine.sock")

    def serve_on(self, url: str, token: str = "") -> None:
        """The address of the engines that are started from now on, and of the client."""
        self.url, self.token = url, token
        self.environment |= {"ENGINE_URL": url, "ENGINE_TOKEN": token}
        self.client = EngineClient(url, token)

    def connection(self) -> "psycopg.Connection[Any]":
        opened = connect(self.database)
        opened.execute("SET application_name = 'test'")
        return opened

    def start(self, *, wait: bool = True, arguments: tuple[str, ...] = (), **environment: str) -> "subprocess.Popen[bytes]":
        """Start an engine; with ``wait`` return when it serves."""
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            command = [sys.executable, "manage.py", "run_engine", *arguments]
            environ = self.environment | login_of(command) | environment
            engine = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
        self.engines.append(engine)
        if wait:
            self.until(lambda: b" serves " in self.log.read_bytes()[before:] or engine.poll() is not None, "the engine serves")
        return engine

    def start_standby(self, **environment: str) -> "subprocess.Popen[bytes]":
        """Start one more engine and return when it waits for the lease."""
        before = self.log.stat().st_size
        engine = self.start(wait=False, **environment)
        self.until(lambda: b"waiting for the lease" in self.log.read_bytes()[before:], "the standby waits")
        return engine

    def renew(self) -> None:
        """A new engine in the place of those that run."""
        self.stop_all()
        self.start()

    def until(self, condition: Any, what: str, limit_s: float = START_S) -> None:
        deadline = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < deadline, f"{what} within {limit_s} s; log: {self.log.read_text()}"
            time.sleep(0.01)

    def kill(self, engine: "subprocess.Popen[bytes]") -> None:
        engine.send_signal(signal.SIGKILL)
        engine.wait(60)

    def fund(self) -> None:
        """Accounts as sign-up leaves them, opened and funded by commands. The last is kept out of every load, which may reach
        the limits of what an account may have open."""
        with self.connection() as connection:
            for name in ("alice", "bob", "charlie"):
                row = connection.execute(
                    """INSERT INTO accounts_user
                           (email, password, is_superuser, role, is_staff, is_active, time_zone, date_joined)
                       VALUES (%s, '!', false, 'CUSTOMER', false, true, 'UTC', now()) RETURNING id""",
                    [f"{name}@tredye.example"],
                ).fetchone()
                assert row is not None
                made = connection.execute(
                    """INSERT INTO accounts_account (user_id, kind, status, opened_at)
                       VALUES (%s, 'CUSTOMER', 'PENDING_FUNDING', now()) RETURNING id""",
                    [row[0]],
                ).fetchone()
                assert made is not None
                self.account_ids.append(made[0])
        self.client.send(configure(), deadline_s=20)
        for account_id in self.account_ids:
            self.client.send(OpenAccount(command_id=f"open-{account_id}", actor=SYSTEM, account_id=account_id))
            for asset in ("USD", "BTC"):
                command_id = f"fund-{asset}-{account_id}"
                self.client.send(
                    Deposit(command_id=command_id, actor=SYSTEM, account_id=account_id, asset=asset, amount="1000000")
                )

    def stop_all(self) -> None:
        for engine in self.engines:
            if engine.poll() is None:
                self.kill(engine)
        self.engines.clear()

    def check_books(self) -> None:
        """The invariants hold, and the journal leads to the same books again."""
        with self.connection() as connection:
            assert [str(violation) for violation in find_violations(connection, OF_THE_BOOKS)] == []
            assert Replay(connection).run() == []
        figures.checked(LAWS_ASKED)


@contextmanager
def cluster(directory: Path, name: str) -> Iterator[Cluster]:
    template = migrated_template()
    with psycopg.connect(database_url("postgres"), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[call-overload]
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[call-overload]
        made = Cluster(directory, name)
        try:
            yield made
        finally:
            made.stop_all()
            made.client.close()
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[call-overload]
