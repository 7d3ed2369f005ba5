"""How full the disks are, as far as this process can see them: ``DISKS`` names a directory on each volume that matters."""

import os
from pathlib import Path

from django.conf import settings

#: The volume that the books are on: what the engine looks at before it takes a new order.
BOOKS = "postgres"


def used_share(directory: Path) -> float | None:
    """How much of the directory's volume is taken, from 0 to 1, as ``df`` counts; None when it cannot be asked."""
    try:
        found = os.statvfs(directory)
    except OSError:
        return None
    used = found.f_blocks - found.f_bfree
    reachable = used + found.f_bavail  # what is left to root alone is room for nobody here
    return used / reachable if reachable else None


def books_percent() -> int | None:
    """How full the volume of the books is, in whole hundredths; None when nobody said which it is, or it cannot be seen here."""
    directory = settings.DISKS.get(BOOKS)
    used = None if directory is None else used_share(directory)
    return None if used is None else int(used * 100)
