"""Back to a moment, as docs/deploying.md says it: a base backup and the archived write-ahead log; and going on from there."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from stack.cluster import Cluster as Stack
from stack.context import make_context
from stack.identity import server_identity
from stack.postgres import machine_bins
from stack.processes import TREDYE
from stack.settings import Settings, free_ports
from tests.backups.conftest import manage, the_backup, trade
from tests.backups.test_restore import Elsewhere
from tests.engine.test_database_faults import Supervised
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.long, pytest.mark.timeout(600)]

ROOT = Path(__file__).resolve().parents[2]
#: What is lost at most, by the setting of the archive.
RECOVERY_POINT_S = 60.0


def documented(name: str) -> str:
    """A setting as the docs have it."""
    text = (ROOT / "docs/deploying.md").read_text().split("### To a moment", 1)[1]
    return next(line for line in text.splitlines() if line.startswith(f"{name} = "))


@pytest.fixture
def places() -> Iterator[Path]:
    """A directory that PostgreSQL's user owns, for the archive and the base backup."""
    place = Path("/var/tmp") / f"tredye-moment-{os.getpid()}"
    for name in ("archive", "base"):
        (place / name).mkdir(parents=True, mode=0o700)
    identity = server_identity("postgres")
    if identity is not None:
        for path in (place, place / "archive", place / "base"):
            os.chown(path, identity.uid, identity.gid)
    yield place
    shutil.rmtree(place)


@pytest.fixture
def archiving(places: Path) -> Iterator[tuple[Supervised, Path]]:
    """A stack of its own whose PostgreSQL archives, with funded accounts."""
    base = Settings.from_environment(processes=TREDYE.names).throwaway(f"test-{os.getpid()}-moment")
    context = make_context(base.with_environ({**base.environ, "EVENT_LOG": "embedded"}), None)
    stack = Stack(["engine"], seed=False, context=context)
    try:
        stack.up()
        books = Supervised(stack)
        data = Path(setting(books, "data_directory"))
        with (data / "postgresql.conf").open("a") as conf:
            for name in ("archive_mode", "archive_timeout", "archive_command"):
                conf.write(documented(name).replace("/archive/", f"{places}/archive/") + "\n")
        stack.stop("postgres")
        wait_until(lambda: not books.listens(), 30, "PostgreSQL has ended")
        stack.start("postgres")
        wait_until(books.listens, 60, "PostgreSQL is back")
        books.fund()
        yield books, places
        books.client.close()
    finally:
        stack.down()
        stack.remove_data()


def setting(books: Supervised, name: str) -> str:
    with books.connection() as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def as_postgres() -> dict[str, Any]:
    identity = server_identity("postgres")
    return {} if identity is None else {"user": identity.uid, "group": identity.gid, "extra_groups": []}


def program(name: str, books: Supervised) -> str:
    major = setting(books, "server_version_num")[:2]
    return str(next(each for each in machine_bins() if (each / name).exists() and f"/{major}/" in f"{each}/") / name)


@contextmanager
def recovered(books: Supervised, places: Path, moment: str) -> Iterator[str]:
    """The base backup, recovered to ``moment``; its database's URL."""
    port = free_ports(["postgres"])["postgres"]
    options = (
        f"restore_command = 'cp {places}/archive/%f %p'\nrecovery_target_time = '{moment}'\n"
        "recovery_target_action = 'promote'\narchive_mode = off\n"
    )
    # No fewer sessions than the former server took, or the recovery stands still.
    options += f"max_connections = {setting(books, 'max_connections')}\n"
    with (places / "base/postgresql.auto.conf").open("a") as conf:
        conf.write(options)
    (places / "base/recovery.signal").touch()
    command = [program("postgres", books), "-D", str(places / "base"), f"--port={port}", "--listen_addresses=127.0.0.1",
               "--unix_socket_directories=", "--logging_collector=off"]  # fmt: skip
    with (places / "recovery.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **as_postgres())
    url = f"postgres://tredye@127.0.0.1:{port}/{books.database['NAME']}"
    try:
        wait_until(lambda: is_promoted(url) or server.poll() is not None, 90, "it has recovered")
        yield url
    finally:
        server.terminate()
        server.wait(60)


def is_promoted(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
    except (psycopg.OperationalError, OSError):
        return False
    return row is not None and not row[0]


def test_the_books_of_a_moment_come_back_and_go_on(archiving: tuple[Supervised, Path], tmp_path: Path) -> None:
    books, places = archiving
    trade(books, "before", 40)
    host, port = str(books.database["HOST"]), str(books.database["PORT"])
    base = ["--host", host, "--port", port, "--username", "tredye", "--pgdata", str(places / "base")]
    plain = ["--format=plain", "--wal-method=stream", "--checkpoint=fast"]
    subprocess.run([program("pg_basebackup", books), *base, *plain], check=True, cwd="/", timeout=120, **as_postgres())
    subprocess.run([program("pg_verifybackup", books), str(places / "base")], check=True, cwd="/", timeout=60, **as_postgres())
    trade(books, "between", 40)
    with books.connection() as connection:
        row = connection.execute("SELECT clock_timestamp()::text, max(id), count(*) FROM orders_order").fetchone()
    assert row is not None
    moment, newest, orders = row
    said_s = time.monotonic()
    trade(books, "after", 40)
    newest_commit = position(books)
    wait_until(lambda: is_archived(books, newest_commit), RECOVERY_POINT_S, "what was committed is in the archive")
    assert time.monotonic() - said_s < RECOVERY_POINT_S
    books.stack.stop("engine")

    with recovered(books, places, moment) as url:
        again = Elsewhere(tmp_path, url, books)
        with again.connection() as connection:
            row = connection.execute("SELECT max(id), count(*) FROM orders_order").fetchone()
        assert row == (newest, orders)
        environment = {"DATABASE_URL": url, "EVENT_LOG": "embedded"}
        made = manage(again, "backup", "--to", str(tmp_path / "shelf"), **environment)
        assert made.returncode == 0, made.stderr
        back = manage(again, "restore", str(the_backup(tmp_path / "shelf")), "--replace", **environment)
        assert back.returncode == 0, back.stdout + back.stderr
        again.start()
        trade(again, "again", 40)
        again.stop_all()
        again.check_books()


def position(books: Supervised) -> str:
    """Where the write-ahead log stands."""
    with books.connection() as connection:
        row = connection.execute("SELECT pg_current_wal_lsn()::text").fetchone()
    assert row is not None
    return str(row[0])


def is_archived(books: Supervised, lsn: str) -> bool:
    """Whether the file that holds ``lsn`` is in the archive."""
    with books.connection() as connection:
        query = "SELECT last_archived_wal >= pg_walfile_name(%s::pg_lsn) FROM pg_stat_archiver"
        row = connection.execute(query, [lsn]).fetchone()
    return bool(row and row[0])
