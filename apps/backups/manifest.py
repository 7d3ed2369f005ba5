"""What a backup says of itself, and how it is held against its files. Written last: a backup without it is none."""

import hashlib
from pathlib import Path

import msgspec

NAME = "manifest.json"
FORMAT = 1
#: A manifest is small; what is larger is none.
_BYTES_MAX = 1_000_000
_CHUNK = 1 << 20


class BrokenBackupError(RuntimeError):
    """The directory is no backup, or not as it was written."""


class BackupFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``last_sequence`` and ``epoch`` are the engine's, ``last_at_ns`` the instant of its newest batch: what was decided after it
    is not in the backup. ``relay_sequence`` is how far the event log had been told. ``kind`` is "dump" or "base"."""

    format: int = FORMAT
    kind: str
    made_at: str
    took_ms: int
    server_version: int
    database: str
    database_bytes: int
    migrations: list[str]
    epoch: int
    last_sequence: int
    last_at_ns: int
    customers: int
    open_orders: int
    event_log: str
    relay_sequence: int
    left_out: list[str]
    files: dict[str, BackupFile]

    @property
    def server_major(self) -> int:
        return self.server_version // 10_000

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files.values())


class _Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The manifest and the SHA-256 of its own text: a byte that turned is found here as well."""

    sha256: str
    manifest: Manifest


def write_manifest(directory: Path, manifest: Manifest) -> None:
    sealed = _Sealed(hashlib.sha256(_text(manifest)).hexdigest(), manifest)
    (directory / NAME).write_bytes(msgspec.json.format(msgspec.json.encode(sealed), indent=2) + b"\n")


def read_manifest(directory: Path) -> Manifest:
    """Raises :class:`BrokenBackupError`."""
    path = directory / NAME
    try:
        if path.stat().st_size > _BYTES_MAX:
            raise BrokenBackupError(f"{path} is larger than any manifest")
        sealed = msgspec.json.decode(path.read_bytes(), type=_Sealed)
    except FileNotFoundError:
        raise BrokenBackupError(f"{directory} is not a backup: it has no {NAME}") from None
    except (OSError, msgspec.MsgspecError) as error:
        raise BrokenBackupError(f"{path} cannot be read: {error}") from None
    if hashlib.sha256(_text(sealed.manifest)).hexdigest() != sealed.sha256:
        raise BrokenBackupError(f"{path} is not as it was written: its SHA-256 differs")
    if sealed.manifest.format != FORMAT:
        raise BrokenBackupError(f"{path} is of format {sealed.manifest.format}, this version reads {FORMAT}")
    return sealed.manifest


def weigh(path: Path) -> BackupFile:
    """Read a file from end to end: what the disk gives back is what counts."""
    running = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            running.update(chunk)
            size += len(chunk)
    return BackupFile(size, running.hexdigest())


def check_files(directory: Path, manifest: Manifest) -> None:
    """Raises :class:`BrokenBackupError` naming the first file that is not as the manifest says."""
    for name, told in sorted(manifest.files.items()):
        try:
            found = weigh(directory / name)
        except OSError as error:
            raise BrokenBackupError(f"{directory / name} cannot be read: {error}") from None
        if found != told:
            what = f"{found.bytes} bytes instead of {told.bytes}" if found.bytes != told.bytes else "another SHA-256"
            raise BrokenBackupError(f"{directory / name} is not as it was written: it has {what}")


def _text(manifest: Manifest) -> bytes:
    return msgspec.json.encode(manifest, order="deterministic")
