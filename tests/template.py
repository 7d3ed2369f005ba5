"""A migrated database that others are copied from: the migrations run once a server, not once for every database of the tests."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

ROOT = Path(__file__).resolve().parents[1]
MIGRATE_S_MAX = 120
#: Whoever comes first makes it, under this lock; the workers of one run come at the same time.
LOCK = 0x7465_6D70


def database_url(name: str) -> str:
    """The address of a database on the tests' server."""
    d = settings.DATABASES["default"]
    password = f":{d['PASSWORD']}" if d["PASSWORD"] else ""
    return f"postgres://{d['USER']}{password}@{d['HOST']}:{d['PORT']}/{name}"


def migrated_template() -> str:
    """The name of the template, made if there is none of these migrations yet. Nobody may be connected to it."""
    name = f"tredye_template_{_digest()}"
    with psycopg.connect(database_url("postgres"), autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # given back with the connection
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            _make(admin, name)
    return name


def make_database(*, verbosity: int) -> Any:
    """Copy the template for Django's default connection; returns what :func:`remove_database` takes."""
    default = settings.DATABASES["default"]
    default.setdefault("TEST", {})["TEMPLATE"] = migrated_template()
    # A test is one transaction, and may well compute for longer between two statements than a page's transaction may be idle.
    default["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"
    with _unhurried():
        return setup_databases(verbosity=verbosity, interactive=False, aliases={"default"})


def remove_database(made: Any, *, verbosity: int) -> None:
    with connection.cursor() as cursor:  # whoever is left, such as a thread that is ending, would bar the removal
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with _unhurried():
        teardown_databases(made, verbosity=verbosity)


@contextmanager
def _unhurried() -> Iterator[None]:
    """CREATE and DROP DATABASE wait for a checkpoint, so for the disk and for whatever else is at work: the limit that a page's
    statements have is not for them. The test that waits for it has one of its own."""
    nobodys = connection.creation._nodb_cursor

    @contextmanager
    def without_limit() -> Iterator[Any]:
        with nobodys() as cursor:
            cursor.execute("SET statement_timeout = 0")
            yield cursor

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.creation, "_nodb_cursor", without_limit)
        yield


def _make(admin: "psycopg.Connection[Any]", name: str) -> None:
    unfinished = f"{name}_unfinished"
    admin.execute(f"DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")  # type: ignore[call-overload]
    admin.execute(f"CREATE DATABASE {unfinished}")  # type: ignore[call-overload]
    # With what `prepare` grants: processes of tests connect by the logins of their kinds, as they do everywhere.
    for command in (["manage.py", "migrate", "--verbosity", "0", "--skip-checks"], ["-m", "tests.granting"]):
        environment = {**os.environ, "DATABASE_URL": database_url(unfinished)}
        subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True, timeout=MIGRATE_S_MAX)
    admin.execute(f"ALTER DATABASE {unfinished} RENAME TO {name}")  # type: ignore[call-overload]


def _digest() -> str:
    """Of all migrations of the project, what is granted, and what it is installed with: each makes another template."""
    digest = hashlib.blake2b(digest_size=8)
    grants = sorted(ROOT.glob("apps/grants/*.py"))
    for path in (*sorted(ROOT.glob("apps/*/migrations/*.py")), *grants, ROOT / "requirements.txt"):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
