"""A migrated database that others are copied from: the migrations run once a server, not once for every database of the tests."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

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
