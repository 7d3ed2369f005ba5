"""The guard's note on the pair of servers: which one leads, and whether the other one has all that was acknowledged.

It is what decides, when the primary is gone, whether the standby may take its place, so it is written before what it allows or
forbids is true: "not synchronous" before commits stop waiting for the standby, "synchronous" after they have begun to.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

BYTES_MAX = 4096


class Note(msgspec.Struct, frozen=True):
    """``primary`` is ``host:port``. ``since`` is an ISO time, of the last change."""

    system: str
    timeline: int
    primary: str
    synchronous: bool
    since: str = ""


_notes = msgspec.json.Decoder(Note)


def read(path: Path) -> Note | None:
    """None when there is none, or none that can be read: then nothing is known, and nothing allowed by it."""
    try:
        with path.open("rb") as file:
            return _notes.decode(file.read(BYTES_MAX))
    except (OSError, msgspec.DecodeError):
        return None


def write(path: Path, note: Note) -> None:
    """Durable when it returns. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    with unfinished.open("wb") as file:
        file.write(msgspec.json.encode(note))
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One process at a time acts on the pair: a guard in one round, or a person's command. Waits for the other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
