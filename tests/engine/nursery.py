"""Processes of the product that start in milliseconds: forked from one that has loaded Django, each on a database of its own.

They are whole processes, with sockets and connections of their own, which die of SIGKILL and at fail points like any other.
"""

import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

if not apps.ready:
    django.setup()

import pytest

from apps.core import failpoint
from apps.engine.management.commands import run_engine as _engine
from apps.engine.session import Session
from apps.eventlog.management.commands import relay_outbox as _relay
from apps.eventlog.management.commands import run_consumer as _consumer
from apps.portfolio import handlers as _portfolio
from tests.engine.bugs import PROCESSES

#: Loaded before the first fork.
PRELOADED = (_engine, _relay, _consumer, _portfolio)
START_S = 60


def _live(argv: tuple[str, ...], overrides: dict[str, Any], database: str, dies_at: str, bug: str, log: str, ahead: bool) -> None:
    with open(log, "ab") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    connections["default"].settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = database
    for name, value in overrides.items():
        setattr(settings, name, value)
    if bug:
        PROCESSES[bug][2](pytest.MonkeyPatch())
    arm_when_ahead(dies_at) if ahead else failpoint.arm(dies_at)
    call_command(*argv)


def arm_when_ahead(dies_at: str) -> None:
    """Arm the fail point when a batch begins while the one before it is being written, and never otherwise: whoever dies of it
    had two under way."""
    start = Session.start

    def watched(session: Session, *arguments: Any) -> None:
        if session._under_way and session._settlement._under_way:
            Session.start = start  # type: ignore[method-assign]
            failpoint.arm(dies_at)
        start(session, *arguments)

    Session.start = watched  # type: ignore[method-assign,assignment]


class Nursery:
    def __init__(self, directory: Path) -> None:
        self.log = directory / "processes.log"
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__])
        self._started: list[Any] = []

    def start(self, *argv: str, database: str, dies_at: str = "", bug: str = "", ahead: bool = False, **overrides: Any) -> Any:
        """``manage.py`` with ``argv``, under other settings, perhaps with a planted bug. Returns the process.

        ``ahead``: it dies only with a batch decided, or being decided, while another is being written."""
        arguments = (argv, overrides, database, dies_at, bug, str(self.log), ahead)
        process = self._context.Process(target=_live, args=arguments, daemon=True)
        process.start()
        self._started.append(process)
        return process

    def said(self) -> str:
        """The end of what the processes wrote."""
        return self.log.read_text()[-2000:]

    def end_all(self) -> None:
        for process in self._started:
            process.kill()
            process.join(START_S)
        self._started.clear()


def connect(database: str) -> "psycopg.Connection[Any]":
    d = connection.settings_dict
    return psycopg.connect(
        dbname=database, user=d["USER"], password=d["PASSWORD"], host=d["HOST"], port=d["PORT"], autocommit=True,
        application_name="test",
    )  # fmt: skip


@contextmanager
def cloned(template: str, name: str) -> Iterator[str]:
    """A database like ``template``, which nobody may be using meanwhile."""
    with connect("postgres") as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[call-overload]
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", [template]
        )
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[call-overload]
        try:
            yield name
        finally:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[call-overload]
