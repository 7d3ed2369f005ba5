"""Databases of the benchmark's own, beside the one that DATABASE_URL names: made, migrated, dropped."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[1]
PGBENCH_PLACES = ("/usr/lib/postgresql/15/bin/pgbench",)
PGBENCH_SCALE = 50


class NoPeerError(RuntimeError):
    """pgbench is not installed: the ratio has no denominator."""


def url_of(name: str) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{name}"))


def _admin(statement: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)


@contextmanager
def database(name: str) -> Iterator[str]:
    """A new, empty database; yields its URL."""
    _admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _admin(f"CREATE DATABASE {name}")
    try:
        yield url_of(name)
    finally:
        _admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def environment(url: str, **more: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, **more}


def migrate(url: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
    subprocess.run(command, cwd=ROOT, env=environment(url), check=True, timeout=300)


def pgbench_path() -> str:
    for place in (shutil.which("pgbench"), *PGBENCH_PLACES):
        if place and Path(place).exists():
            return place
    raise NoPeerError("pgbench was not found; it comes with the PostgreSQL server packages (postgresql-contrib on some systems)")


def pgbench_prepare(url: str) -> None:
    subprocess.run([pgbench_path(), "-i", "-q", "-s", str(PGBENCH_SCALE), url], check=True, capture_output=True, timeout=600)


def pgbench_tps(url: str, seconds: int) -> float:
    """Simple-update (-N), 8 clients, prepared: the peer of the orders family."""
    arguments: list[Any] = [pgbench_path(), "-N", "-n", "-c", "8", "-j", "2", "-M", "prepared", "-T", str(seconds), url]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=seconds + 60)
    for line in done.stdout.splitlines():
        if line.startswith("tps ="):
            return float(line.split()[2])
    raise NoPeerError(f"pgbench said nothing about tps: {done.stdout}")
