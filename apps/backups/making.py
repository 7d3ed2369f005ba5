"""Making a backup while people trade: one snapshot, written, read back, and only then given its name.

Left out is what can be made again from the rest, or must not come back:

- the embedded event log, which a restoration publishes anew from the events in the tables;
- log-ins: a session that was ended after the backup must not be alive again.
"""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from apps.backups import shelf as shelves
from apps.backups.manifest import Manifest, check_files, read_manifest, weigh, write_manifest
from apps.backups.tools import count_tables, find_tool, one_row, read_every_row, run_tool, tool_environment
from apps.eventlog.database import Connection, own_connection

DUMP = "database.dump"
#: Tables whose rows are left out; patterns as pg_dump reads them.
LEFT_OUT = (
    "eventlog_logrecord*", "eventlog_logpartition", "eventlog_logmember", "django_session", "usersessions_usersession",
)  # fmt: skip
#: Where a restoration puts the books that were there before.
SET_ASIDE = "before_restore_"
#: A dump takes as long as it takes, and its snapshot waits for it.
PATIENT = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c lock_timeout=10000"
_SAY_APART_S = 2.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """``gone`` are the older ones that were removed for it."""

    path: Path
    manifest: Manifest
    gone: list[Path]


def make_backup(shelf: Path, *, keep: int, say: Say) -> Made:
    """Make one backup in ``shelf``, and remove the oldest beyond ``keep``. ``say`` is told how far it is; what it raises ends it.

    1. A snapshot is taken, and the manifest's figures are read in it.
    2. pg_dump copies that same snapshot; trading goes on, and locks nothing that it needs.
    3. The copy is read back from disk: its checksum, and every row by pg_restore.
    4. It gets its name. Until then it is none.

    Raises :class:`~apps.backups.shelf.ShelfError`, :class:`~apps.backups.tools.ToolError`,
    :class:`~apps.backups.manifest.BrokenBackupError` and psycopg.Error.
    """
    began_s = time.monotonic()
    now = datetime.now(UTC)
    with shelves.only_worker(shelf), own_connection("tredye backup", options=PATIENT) as database:
        major = database.info.server_version // 10_000
        dump, restore = find_tool("pg_dump", major), find_tool("pg_restore", major)
        database.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        figures = _figures(database)
        _check_space(shelf, figures["database_bytes"])
        (snapshot,) = one_row(database, "SELECT pg_export_snapshot()")
        with shelves.new_backup(shelf, shelves.name_at(now)) as directory:
            path = directory / DUMP
            _dump(dump, path, snapshot, say, tables=count_tables(database))
            database.execute("COMMIT")
            say("reading it back")
            written = weigh(path)
            read_every_row(restore, path)
            took_ms = round((time.monotonic() - began_s) * 1000)
            manifest = Manifest(
                kind="dump", made_at=now.isoformat(timespec="seconds"), took_ms=took_ms, left_out=list(LEFT_OUT),
                files={DUMP: written}, **figures,
            )  # fmt: skip
            write_manifest(directory, manifest)
            check_files(directory, read_manifest(directory))
        return Made(shelf / shelves.name_at(now), manifest, shelves.forget_old(shelf, keep))


def _dump(tool: Path, path: Path, snapshot: str, say: Say, *, tables: int) -> None:
    arguments: list[str | Path] = [
        tool, "--format=custom", "--compress=1", "--no-owner", "--no-privileges", "--verbose", "--lock-wait-timeout=10s",
        f"--snapshot={snapshot}", f"--exclude-schema={SET_ASIDE}*", f"--file={path}",
        *(f"--exclude-table-data=public.{pattern}" for pattern in LEFT_OUT),
    ]  # fmt: skip
    progress = _Progress(path, say, tables)
    run_tool(arguments, tool_environment(connection.settings_dict), progress.hear)


class _Progress:
    """Tells every two seconds how far a dump is: the table it is at, of how many, and what was written."""

    def __init__(self, path: Path, say: Say, tables: int) -> None:
        self._path, self._say, self._tables = path, say, tables
        self._at, self._table = 0, ""
        self._said_s = time.monotonic()

    def hear(self, line: str) -> None:
        _, found, name = line.partition('dumping contents of table "')
        if found:
            self._at, self._table = self._at + 1, name.rstrip('"')
        if time.monotonic() - self._said_s >= _SAY_APART_S:
            self._said_s = time.monotonic()
            written = self._path.stat().st_size if self._path.exists() else 0
            self._say(f"table {self._at} of {self._tables}, {self._table or 'the schema'}; {written // 1_000_000} MB written")


def _figures(database: Connection) -> dict[str, Any]:
    """What the manifest says of the books, read in the snapshot that is copied."""
    lease = database.execute("SELECT epoch FROM engine_lease WHERE shard = 0").fetchone()
    last = database.execute("SELECT last_sequence, now_ns FROM engine_journal ORDER BY last_sequence DESC LIMIT 1").fetchone()
    cursor = database.execute("SELECT last_sequence FROM eventlog_relaycursor WHERE lane = 'engine'").fetchone()
    log = database.execute("SELECT identity FROM eventlog_loginuse").fetchone()
    name, size = one_row(database, "SELECT current_database(), pg_database_size(current_database())")
    customers, open_orders = one_row(
        database,
        "SELECT (SELECT count(*) FROM accounts_account WHERE kind = 'CUSTOMER'),"
        " (SELECT count(*) FROM orders_order WHERE status IN ('WAITING', 'ACCEPTED', 'PARTIALLY_FILLED'))",
    )
    applied = database.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id").fetchall()
    return {
        "server_version": database.info.server_version, "database": name, "database_bytes": size,
        "migrations": [row[0] for row in applied], "epoch": lease[0] if lease else 0,
        "last_sequence": last[0] if last else 0, "last_at_ns": last[1] if last else 0, "customers": customers,
        "open_orders": open_orders, "event_log": log[0] if log else "", "relay_sequence": cursor[0] if cursor else 0,
    }  # fmt: skip


def _check_space(shelf: Path, database_bytes: int) -> None:
    """A copy is compressed, so the database's own size is more than it needs. Refuse before, rather than fill the disk."""
    free = shutil.disk_usage(shelf).free
    if free < database_bytes:
        raise shelves.ShelfError(
            f"{shelf} has {free // 1_000_000} MB free, and the database is {database_bytes // 1_000_000} MB: "
            "make room, keep fewer backups (--keep), or put them elsewhere"
        )
