"""The directory where backups are kept: their names, the one who works in it, and how many stay."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from apps.backups.manifest import BrokenBackupError, Manifest, read_manifest

_NAME = re.compile(r"tredye-\d{8}T\d{6}Z")
#: In front of what is not a backup yet, or none any more.
_UNFINISHED = ".unfinished-"
_LOCK = ".lock"


class ShelfError(RuntimeError):
    """A backup cannot be put there; the text says why."""


def name_at(now: datetime) -> str:
    return f"tredye-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


@contextmanager
def only_worker(shelf: Path) -> Iterator[None]:
    """Make the directory, readable by us alone, and keep others from making a backup in it meanwhile. What an earlier one left
    unfinished is removed. Raises :class:`ShelfError`."""
    try:
        shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(shelf / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ShelfError(f"{shelf} cannot be written: {error.strerror}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in shelf.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left)
        yield
    except BlockingIOError:
        raise ShelfError(f"another backup is being made in {shelf}") from None
    finally:
        os.close(lock)


@contextmanager
def new_backup(shelf: Path, name: str) -> Iterator[Path]:
    """A directory to write a backup into: it gets its name when the block ends well, on disk, and is removed otherwise."""
    final, unfinished = shelf / name, shelf / f"{_UNFINISHED}{name}"
    if final.exists():
        raise ShelfError(f"{final} exists already: nothing is written over")
    unfinished.mkdir(mode=0o700)
    try:
        yield unfinished
        for path in (*unfinished.rglob("*"), unfinished):
            _sync(path)
        unfinished.rename(final)
        _sync(shelf)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def backups(shelf: Path) -> list[Path]:
    """The finished ones, oldest first."""
    if not shelf.is_dir():
        return []
    return sorted(each for each in shelf.iterdir() if _NAME.fullmatch(each.name) and (each / "manifest.json").exists())


def newest(shelf: Path) -> Manifest | None:
    """The manifest of the newest backup that can be read."""
    for each in reversed(backups(shelf)):
        try:
            return read_manifest(each)
        except BrokenBackupError:
            continue
    return None


def forget_old(shelf: Path, keep: int) -> list[Path]:
    """Remove the oldest backups until ``keep`` are left; returns what went. A crash in between leaves no half of one: what is
    being removed has lost its name first."""
    gone = backups(shelf)[:-keep]
    for each in gone:
        doomed = shelf / f"{_UNFINISHED}{each.name}"
        each.rename(doomed)
        shutil.rmtree(doomed)
    return gone
