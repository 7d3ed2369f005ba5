"""Log files with a limit: one current file and one former one, so that a long run cannot fill the disk."""

import os
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

LOG_BYTES_MAX = 8 * 1024 * 1024


class BoundedLog:
    """Appends lines with their time; at `bytes_max` the file becomes NAME.1 and a new one begins."""

    def __init__(self, path: Path, *, bytes_max: int = LOG_BYTES_MAX) -> None:
        self.path = path
        self._bytes_max = bytes_max
        path.parent.mkdir(parents=True, exist_ok=True)
        self._open()

    def _open(self) -> None:
        self._file = self.path.open("ab", buffering=0)
        self._size = self._file.tell()

    def write(self, line: str) -> None:
        data = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ} {line}\n".encode()
        if self._size + len(data) > self._bytes_max:
            self._turn()
        self._file.write(data)
        self._size += len(data)

    def _turn(self) -> None:
        """The next file. On a full disk there may be none: then the former one stays open, and the next line tries again."""
        if self.path.exists():
            os.replace(self.path, self.path.with_name(f"{self.path.name}.1"))
        former = self._file
        self._open()
        former.close()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "BoundedLog":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
