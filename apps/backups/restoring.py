"""Bringing a backup back, into a database that holds no books, so that trading can go on from it.

The books that come back end earlier than what people and the event log have seen. Nothing of that is taken for true, and no
number of it is given out again:

- the engine's sequence goes on far behind everything that may have been given out (``next_sequence``), and its epoch above every
  one that may have served; what lies between is recorded (``eventlog.LostRange``), and consumers pass over it;
- log-ins are gone, so pages that stood open ask for everything anew;
- consumers stand where they stood at the backup, and read on from there.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from apps.backups.making import DUMP, PATIENT, SET_ASIDE
from apps.backups.manifest import BrokenBackupError, Manifest, check_files, read_manifest
from apps.backups.tools import count_tables, find_tool, one_row, read_every_row, run_tool, tool_environment
from apps.eventlog import lost_ranges
from apps.eventlog.database import Connection, own_connection
from apps.eventlog.outbox import ENGINE_LANE
from apps.grants.granting import MayNotError, bring

#: More sequences than an engine gives out in a second, and more engines than can begin in five.
SEQUENCES_PER_SECOND = 1_000_000
EPOCHS_APART_S = 5
#: The least that is left free, should the clock be wrong.
SEQUENCES_MIN = 1_000_000_000
#: Numbers beyond this are not the same in a browser.
SEQUENCE_MAX = 2**53
_SAY_APART_S = 2.0

Say = Callable[[str], None]


class RestoreRefusedError(RuntimeError):
    """Nothing was changed; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Restored:
    """``set_aside`` is the schema that holds what was there before; empty without. Sequence and epoch go on behind these."""

    manifest: Manifest
    set_aside: str
    migrated: int
    epoch: int
    sequence: int


def next_sequence(last: int, now_s: int) -> int:
    """Where an engine goes on whose books end at ``last``, so that nothing is given out twice.

    No engine gives out a million a second, so what was given out since is below the seconds since 1970 times a million, whatever
    became of the books meanwhile, and however often they were restored. Raises :class:`RestoreRefusedError` for a clock that
    would make numbers which a browser cannot tell apart.
    """
    found = max(last + SEQUENCES_MIN, now_s * SEQUENCES_PER_SECOND)
    if found > SEQUENCE_MAX:
        raise RestoreRefusedError(f"this machine's clock says {now_s} s since 1970: set it right first")
    return found


def next_epoch(last: int, now_s: int) -> int:
    """The epoch that is over: the next engine's is one more. By the same thought as :func:`next_sequence`."""
    return max(last, now_s // EPOCHS_APART_S)


def check_backup(directory: Path, say: Say) -> Manifest:
    """Hold a backup against its manifest, and have pg_restore read every row of it. Raises BrokenBackupError, ToolError."""
    manifest = read_manifest(directory)
    if manifest.kind != "dump":
        raise BrokenBackupError(f"{directory} is a base backup: see docs/deploying.md, To a moment")
    say("checking the files")
    check_files(directory, manifest)
    read_every_row(find_tool("pg_restore", manifest.server_major), directory / DUMP)
    return manifest


def restore(directory: Path, *, replace: bool, say: Say) -> Restored:
    """Check everything, restore in one transaction, migrate, and move sequence and epoch on.

    Until the copy is complete the database stays as it is: after an error, or a kill, the same command may be given again. With
    ``replace`` books that are there are put aside, not removed. Raises :class:`RestoreRefusedError`, BrokenBackupError, ToolError
    and psycopg.Error.
    """
    manifest = check_backup(directory, say)
    _check_no_newer(manifest)
    sequence, epoch = next_sequence(manifest.last_sequence, now_s := int(time.time())), next_epoch(manifest.epoch, now_s)
    with own_connection("tredye restore", options=PATIENT) as database:
        if database.info.server_version // 10_000 < manifest.server_major:
            raise RestoreRefusedError(
                f"the backup is of PostgreSQL {manifest.server_major}, this server is {database.info.server_version // 10_000}"
            )
        _check_alone(database)
        set_aside = _make_room(database, replace=replace)
        try:
            _copy(directory, manifest, say)
        except BaseException:
            _put_back(database, set_aside)
            raise
    migrated = _migrate(manifest, say)
    _move_on(manifest, sequence, epoch)
    with own_connection("tredye restore", options=PATIENT) as database:
        database.execute("ANALYZE")
    _grant(say)
    return Restored(manifest, set_aside, migrated, epoch, sequence)


def _grant(say: Say) -> None:
    """A copy holds nobody's rights, and the books that were put aside are nobody's but the owner's."""
    try:
        bring()
    except MayNotError as error:
        say(f"{error}: processes can connect as the owner alone")


def _check_no_newer(manifest: Manifest) -> None:
    loader = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    known |= {f"{app}.{name}" for migration in loader.disk_migrations.values() for app, name in migration.replaces}
    unknown = [name for name in manifest.migrations if name not in known]
    if unknown:
        raise RestoreRefusedError(
            f"the backup was made by a newer version: this one does not know its migrations {', '.join(unknown[:3])}. "
            "Restore with that version"
        )


def _check_alone(database: Connection) -> None:
    """Nobody may read half of it, and no engine write beside it."""
    rows = database.execute(
        "SELECT DISTINCT coalesce(nullif(application_name, ''), 'pid ' || pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY 1 LIMIT 8"
    ).fetchall()
    if rows:
        raise RestoreRefusedError(f"others use this database: {', '.join(row[0] for row in rows)}. Stop every process first")


def _make_room(database: Connection, *, replace: bool) -> str:
    """An empty schema ``public``; returns the name of the one in which the former's tables are now, if they held anything."""
    if not count_tables(database):
        return ""
    if _holds_books(database):
        if not replace:
            raise RestoreRefusedError(
                "this database holds books. Give a fresh, empty one in DATABASE_URL; or --replace, which puts these aside in a "
                "schema of their own"
            )
        name = f"{SET_ASIDE}{datetime.now(UTC):%Y%m%d_%H%M%S}"
        with database.transaction():
            database.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(sql.Identifier(name)))
            database.execute("CREATE SCHEMA public")
        return name
    with database.transaction():  # prepared, and never used
        database.execute("DROP SCHEMA public CASCADE")
        database.execute("CREATE SCHEMA public")
    return ""


def _holds_books(database: Connection) -> bool:
    """Whether anybody was ever here: a person, or an engine that decided something. Tables that are not ours count as books."""
    for table in ("accounts_user", "engine_journal"):
        (there,) = one_row(database, f"SELECT to_regclass('public.{table}') IS NOT NULL")
        if not there or one_row(database, f"SELECT EXISTS (SELECT FROM public.{table})")[0]:  # noqa: S608 - two names of this line
            return True
    return False


def _put_back(database: Connection, set_aside: str) -> None:
    """After a copy that failed: the former books are where they were."""
    if set_aside:
        with database.transaction():
            database.execute("DROP SCHEMA public CASCADE")
            database.execute(sql.SQL("ALTER SCHEMA {} RENAME TO public").format(sql.Identifier(set_aside)))


def _copy(directory: Path, manifest: Manifest, say: Say) -> None:
    said_s, at = time.monotonic(), 0

    def hear(line: str) -> None:
        nonlocal said_s, at
        at += 'processing data for table "' in line
        if time.monotonic() - said_s >= _SAY_APART_S:
            said_s = time.monotonic()
            say(f"{at} tables restored" if "creating" not in line else f"{at} tables restored, making indexes and constraints")

    arguments: list[str | Path] = [
        find_tool("pg_restore", manifest.server_major), "--no-owner", "--no-privileges", "--exit-on-error",
        "--single-transaction", "--verbose", f"--dbname={connection.settings_dict['NAME']}", directory / DUMP,
    ]  # fmt: skip
    say(f"restoring {manifest.bytes // 1_000_000} MB, made at {manifest.made_at}")
    run_tool(arguments, tool_environment(connection.settings_dict), hear)


def _migrate(manifest: Manifest, say: Say) -> int:
    """Bring an older backup to this version; returns how many migrations were missing."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = '10s'")
    call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        row = cursor.fetchone()
    migrated = (row[0] if row else 0) - len(manifest.migrations)
    if migrated:
        say(f"{migrated} migrations were applied: the backup is of an older version")
    return migrated


def _move_on(manifest: Manifest, sequence: int, epoch: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(last_sequence), 0) FROM engine_journal")
        row = cursor.fetchone()
        if row is None or row[0] != manifest.last_sequence:
            raise BrokenBackupError(f"the books end at {row and row[0]}, and the manifest says {manifest.last_sequence}")
        cursor.execute("SELECT coalesce(max(up_to_sequence), 0) FROM eventlog_lostrange WHERE lane = %s", [ENGINE_LANE])
        row = cursor.fetchone()
        after = max(manifest.last_sequence, row[0] if row else 0)
        lost_ranges.record(ENGINE_LANE, after, max(sequence, next_sequence(after, 0)))
        cursor.execute(
            "INSERT INTO engine_lease (shard, epoch, holder, taken_at) VALUES (0, %s, 'restored', now())"
            " ON CONFLICT (shard) DO UPDATE SET epoch = EXCLUDED.epoch, holder = EXCLUDED.holder, taken_at = EXCLUDED.taken_at",
            [epoch],
        )
    connection.close()
