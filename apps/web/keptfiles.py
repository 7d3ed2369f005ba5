"""Static files of the versions before and after: while two versions run, a page of one asks the other for what it names.

The names have their content's digest, so a file of any version is right for ever. ``prepare`` puts those of its version into a
place that all processes share, before any of them starts; whoever lacks one looks there.
"""

import os
import re
import shutil
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from whitenoise.base import WhiteNoise
from whitenoise.middleware import WhiteNoiseMiddleware

#: So long a page of a version that has gone may be open and ask for more of it.
KEPT_FOR_S = 30 * 86_400
_HASHED = re.compile(r"\.[0-9a-f]{12}\.[\w.]+\Z")


def keep_files(own: Path, kept: Path) -> int:
    """Copy the files of this version to ``kept``, and remove what no version has put there for a month. Returns how many there
    are of this version."""
    names = [path.relative_to(own) for path in sorted(own.rglob("*")) if path.is_file() and _HASHED.search(path.name)]
    for name in names:
        target = kept / name
        if target.exists():
            os.utime(target)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copyfile(own / name, unfinished)
        unfinished.rename(target)  # nobody may be given half a file
    oldest = time.time() - KEPT_FOR_S
    for path in kept.rglob("*"):
        if path.is_file() and path.stat().st_mtime < oldest:
            path.unlink()
    return len(names)


class KeptFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise, and behind it the files that other versions have kept."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self._others: WhiteNoise | None = None
        if settings.STATIC_KEPT is not None:
            # Looked for when they are asked for: those of the next version come while this process runs.
            self._others = WhiteNoise(None, autorefresh=True, immutable_file_test=lambda path, url: True)
            self._others.add_files(str(settings.STATIC_KEPT), prefix=self.static_prefix)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if self._others is not None and path.startswith(self.static_prefix) and path not in self.files and _HASHED.search(path):
            found = self._others.find_file(path)
            if found is not None:
                return self.serve(found, request)
        return super().__call__(request)
