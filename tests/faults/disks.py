"""Small disks that a test fills: tmpfs, which only root may mount."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

SIZE_MB = 140
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk to fill")


class Disk:
    """A file system of its own at ``place``. What fills it is one file, the ballast."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._ballast = place / "ballast"

    def free_bytes(self) -> int:
        found = os.statvfs(self.place)
        return found.f_bavail * found.f_frsize

    def fill(self, leave_bytes: int = 0) -> None:
        """Take all room but ``leave_bytes``."""
        chunk = bytes(65_536)
        with self._ballast.open("ab", buffering=0) as file, suppress(OSError):
            while self.free_bytes() > leave_bytes:
                file.write(chunk[: max(1, min(len(chunk), self.free_bytes() - leave_bytes))])

    def fill_to(self, share: float) -> None:
        """Take room until ``share`` of the disk is taken."""
        found = os.statvfs(self.place)
        self.fill(int(found.f_blocks * found.f_frsize * (1 - share)))

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(place: Path, *, size_mb: int = SIZE_MB) -> Iterator[Disk]:
    """An empty small disk at ``place``, with the owner and mode that the directory had; gone after the block."""
    place.mkdir(parents=True, exist_ok=True)
    was = place.stat()
    options = f"size={size_mb}m,uid={was.st_uid},gid={was.st_gid},mode={was.st_mode & 0o7777:o}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True, timeout=20)
    try:
        yield Disk(place)
    finally:
        # Lazily: a server that is still ending may hold a file of it for a moment.
        subprocess.run(["umount", "--lazy", str(place)], check=True, timeout=20)
