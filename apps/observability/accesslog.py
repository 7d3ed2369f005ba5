"""A line for each request of programs, for a fraction of what a line of the other logs costs.

Requests come thousands of times a second, and a record of the standard library's, with its formatter, costs a third of one. So
the lines are made here, in the form of the others, and written together a few times a second.
"""

import asyncio
import atexit
import sys
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.conf import settings

from apps.observability.hiding import hide

#: A process that is killed loses the lines of this time, in seconds; one that ends does not.
WRITTEN_EVERY = 0.2
_encode = msgspec.json.Encoder().encode


class AccessLog:
    """For one event loop. ``event`` is what its lines are called; their values are numbers, None, or words of our own."""

    def __init__(self, loop: asyncio.AbstractEventLoop, event: str, logger: str) -> None:
        self._loop = loop
        self._event = event
        self._logger = logger
        self._as_text = settings.LOG_FORMAT == "text" or (sys.stdout.isatty() and settings.LOG_FORMAT != "json")
        self._lines: list[dict[str, Any]] = []
        atexit.register(self.write)

    def note(self, **values: Any) -> None:
        """Keep a line; it is written soon."""
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self._lines.append({"event": self._event, **values, "logger": self._logger, "level": "info", "timestamp": at})
        if len(self._lines) == 1:
            self._loop.call_later(WRITTEN_EVERY, self.write)

    def write(self) -> None:
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
