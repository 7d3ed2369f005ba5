"""Who was deleted, beside the backups: a backup of before has the person again, and whoever restores it must delete again.

One file in ``BACKUP_DIR``, a line of JSON for each: numbers and instants, no name. The instant of joining is with it because
numbers are given out anew after a restoration: it is the same person only when both agree.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from django.conf import settings

from apps.privacy.models import Deletion

NAME = "deletions.jsonl"


class Kept(msgspec.Struct, frozen=True):
    """One line, of somebody whose data was deleted at ``done_at``."""

    user_id: int
    account_id: int
    joined_at: datetime
    asked_at: datetime
    due_at: datetime
    done_at: datetime


def note(row: Deletion, *, joined_at: datetime) -> None:
    """Write down a deletion that is done, on disk before this returns; nothing where no backups are kept. Raises OSError."""
    if not settings.BACKUP_DIR or row.done_at is None:
        return
    line = Kept(row.user_id, row.account_id, joined_at, row.asked_at, row.due_at, row.done_at)
    shelf = Path(settings.BACKUP_DIR)
    shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(shelf / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # A line feed before as well: what a process that died has left half written is a line of its own then.
        os.write(file, b"\n" + msgspec.json.encode(line) + b"\n")
        os.fsync(file)
    finally:
        os.close(file)


def read(shelf: Path) -> Iterator[Kept]:
    """Everybody on the list, once; half a line is nobody. Nothing where there is no list."""
    try:
        lines = (shelf / NAME).read_bytes().splitlines()
    except FileNotFoundError:
        return
    seen: set[Kept] = set()
    for line in lines:
        try:
            kept = msgspec.json.decode(line, type=Kept)
        except msgspec.DecodeError:
            continue
        if kept not in seen:
            seen.add(kept)
            yield kept
