"""Log lines for what happens thousands of times a second, for a fraction of what a line of the other logs costs.

A record of the standard library's, with its formatter, costs a third of a request of a program. So these lines are made here, in
the form of the others, and written together a few times a second; where they could fill a disk, so many a second and no more.
"""

import atexit
import sys
import time
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.conf import settings

from apps.observability.hiding import hide

#: A process that is killed loses the lines of this time, in seconds; one that ends does not.
WRITTEN_EVERY = 0.2
#: Of one kind in one process, where they are limited: 20 KB a second.
PER_SECOND_MAX = 100
_encode = msgspec.json.Encoder().encode


class Lines:
    """``event`` is what the lines are called; their values are numbers, None, or words of our own. For one thread.

    ``per_second`` bounds them: what is beyond is counted, and told by a line of its own. Who notes them calls :meth:`write_soon`
    now and then.
    """

    def __init__(self, event: str, logger: str, *, per_second: int | None = None) -> None:
        self._event = event
        self._logger = logger
        self._as_text = settings.LOG_FORMAT == "text" or (sys.stdout.isatty() and settings.LOG_FORMAT != "json")
        self._lines: list[dict[str, Any]] = []
        self._per_second = per_second
        self._second = 0
        self._noted = self._left_out = self._untold = 0
        self._written_s = time.monotonic()
        atexit.register(self.write)

    def has_room(self) -> bool:
        """Whether a line would be kept now; one that would not is counted as left out."""
        if self._per_second is None:
            return True
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._noted = second, 0
            self._untold, self._left_out = self._untold + self._left_out, 0
        if self._noted >= self._per_second:
            self._left_out += 1
            return False
        self._noted += 1
        return True

    def note(self, **values: Any) -> None:
        """Keep a line; it is written soon."""
        if self._untold:
            left_out, self._untold = self._untold, 0
            self._lines.append(self._line(f"{self._event}_left_out", {"count": left_out}))
        self._lines.append(self._line(self._event, values))

    def _line(self, event: str, values: dict[str, Any]) -> dict[str, Any]:
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return {"event": event, **values, "logger": self._logger, "level": "info", "timestamp": at}

    def __bool__(self) -> bool:
        """Whether lines wait to be written."""
        return bool(self._lines)

    def write_soon(self) -> None:
        """Write what waits, unless that was done a moment ago."""
        if self._lines and time.monotonic() - self._written_s >= WRITTEN_EVERY:
            self.write()

    def write(self) -> None:
        self._written_s = time.monotonic()
        lines, self._lines = self._lines, []
        if lines:
            render = _text if self._as_text else _json
            sys.stdout.write(hide("".join([render(line) for line in lines])))
            sys.stdout.flush()


def _json(line: dict[str, Any]) -> str:
    return f"{_encode(line).decode()}\n"


def _text(line: dict[str, Any]) -> str:
    kept = {name: value for name, value in line.items() if name not in ("event", "level", "timestamp")}
    told = " ".join(f"{name}={value}" for name, value in kept.items())
    return f"{line['timestamp']} [{line['level']}] {line['event']} {told}\n"
