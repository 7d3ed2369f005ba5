"""The two ways in which the front door stops early, neither of which is a bug."""

from collections.abc import Sequence
from pathlib import Path


class StackError(Exception):
    """An anticipated failure: what is wrong, the way out, and where to read more. Never shown as a traceback."""

    def __init__(self, reason: str, way_out: str = "", *, tail: Sequence[str] = (), log: Path | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.way_out = way_out
        self.tail = list(tail)
        self.log = log

    def lines(self) -> list[str]:
        shown = [f"Error: {self.reason}"]
        shown += [f"    {line}" for line in self.tail]
        if self.log:
            shown.append(f"Its log: {self.log}")
        if self.way_out:
            shown.append(self.way_out)
        return shown

    def __str__(self) -> str:
        return "\n".join(self.lines())


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """Somebody asked for the end (Ctrl-C, SIGTERM) while something was under way."""
