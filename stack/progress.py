"""Says what is going on and how long it took, so that nobody looks at a silent screen during an installation."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from stack.terminal import Terminal

NAME = "tredye"
# Where there is no terminal to draw a status line on, a long step says every so often that it is still at work.
STILL_AFTER_S = 10.0


@dataclass(eq=False)
class Step:
    """One thing under way. ``note`` is its newest detail, ``result`` what its closing line says."""

    title: str
    started: float = field(default_factory=time.monotonic)
    note: str = ""
    result: str = ""
    last_said: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        return time.monotonic() - self.started


def seconds_text(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


class Progress:
    """The steps under way, and the lines about them."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self._steps: list[Step] = []
        self._lock = threading.Lock()
        terminal.status = self._status

    def say(self, line: str) -> None:
        self.terminal.show(NAME, line)

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show the step while it runs, and one line with its duration when it is done."""
        step = Step(title)
        with self._lock:
            self._steps.append(step)
        try:
            yield step
            result = f": {step.result}" if step.result else ""
            self.say(f"{title}{result} ({seconds_text(step.seconds())})")
        finally:
            with self._lock:
                self._steps.remove(step)

    def _status(self) -> str:
        with self._lock:
            steps = list(self._steps)
        if not self.terminal.is_tty:
            for step in steps:
                self._say_still(step)
            return ""
        text = "; ".join(f"{step.title} {step.seconds():.0f} s{self._note(step)}" for step in steps)
        return f"... {text}"[:110] if text else ""

    def _say_still(self, step: Step) -> None:
        now = time.monotonic()
        if now - step.last_said >= STILL_AFTER_S:
            step.last_said = now
            self.say(f"{step.title} ... {step.seconds():.0f} s{self._note(step)}")

    @staticmethod
    def _note(step: Step) -> str:
        return f": {step.note[:70]}" if step.note else ""
