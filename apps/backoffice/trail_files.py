"""The chain over the trail, copied out: files that say what every link was, kept where the database's owner cannot reach them.

One file an hour in which staff did something, a JSON object a link: what is hashed but for people's texts, of which there is the
digest alone, so nothing in these files must ever be erased. ``tools/verify_trail.py`` checks them without the product.
"""

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

#: Links of one file; what is more goes into the next.
FILE_MAX = 50_000
_PATTERN = "trail-*.jsonl"
FIELDS = ("number", "entry", "of_outcome", "at_us", "kind", "actor", "account", "action", "command", "texts", "hash")
_LINKS = """SELECT l.number, l.entry_id, l.of_outcome, (extract(epoch FROM t.at) * 1000000)::bigint, t.kind, t.actor_id,
        t.account_id, t.action, t.command_id, encode(l.texts, 'hex'), encode(l.hash, 'hex')
    FROM backoffice_traillink l JOIN backoffice_trailentry t ON t.id = l.entry_id
    WHERE l.number > %s ORDER BY l.number LIMIT %s"""


class TrailFilesError(RuntimeError):
    """The directory cannot be read or written, or a file in it is not one of ours; the message names it."""


class TrailChangedError(RuntimeError):
    """The database has another chain than the one that was exported before: the trail was changed afterwards."""


class Exported(NamedTuple):
    """The links from ``first`` to ``last``, in ``path``."""

    path: Path
    first: int
    last: int


def export_links(directory: Path) -> list[Exported]:
    """Write the links behind the newest file in ``directory``; return what was written.

    Raises :class:`TrailFilesError`, and :class:`TrailChangedError`, when nothing is written.
    """
    try:
        last = _check_newest(directory)
        written = []
        while rows := _ask(_LINKS, last, FILE_MAX):
            written.append(_write(directory, rows))
            last = rows[-1][0]
    except OSError as error:
        raise TrailFilesError(f"{error.filename or directory}: {error.strerror}") from None
    return written


def _check_newest(directory: Path) -> int:
    """The number of the last link that was exported; 0 before the first."""
    newest = max(directory.glob(_PATTERN), default=None)
    if newest is None:
        return 0
    try:
        link = json.loads(newest.read_bytes().rstrip(b"\n").rpartition(b"\n")[2])
        number, kept = int(link["number"]), str(link["hash"])
    except (ValueError, KeyError, TypeError):
        raise TrailFilesError(f"{newest} does not end with a link of the trail") from None
    found = _ask("SELECT encode(hash, 'hex') FROM backoffice_traillink WHERE number = %s", number)
    if not found or found[0][0] != kept:
        now = found[0][0] if found else "no such link"
        raise TrailChangedError(f"link {number} of the trail was {kept} when {newest.name} was written, and is {now}")
    return number


def _write(directory: Path, rows: list[tuple[Any, ...]]) -> Exported:
    """Whole or not at all; a file that is there already is another's who was at it at the same time, and the same."""
    first, last = rows[0][0], rows[-1][0]
    path = directory / f"trail-{first:012}-{last:012}.jsonl"
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        for row in rows:
            file.write(json.dumps(dict(zip(FIELDS, row, strict=True)), separators=(",", ":")).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return Exported(path, first, last)


def _ask(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
