"""What every client does besides its work: windows, its own lateness and CPU, the wish to end, and the lines that say so."""

import json
import resource
import sys
import time
from collections import Counter, defaultdict
from typing import Any

from load.plan import WINDOW_S
from load.recorder import Recorder

#: The client is the limit where it used this much of a core, or was this late by itself: what it measured is then partly itself.
CPU_SHARE_MAX = 0.85
LATE_MS_MAX = 25.0


class Tally:
    """Latencies, outcomes and counts of one client, by window, by stretch and in all.

    ``late`` is how long after a request was due the client came to it: its own doing, or that of a machine that gave it no CPU.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._recorders: defaultdict[str, Recorder] = defaultdict(Recorder)
        self._stretches: defaultdict[tuple[int, str], Recorder] = defaultdict(Recorder)
        self._counts: Counter[str] = Counter()
        self._window_counts: Counter[str] = Counter()
        self._stretch_counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._outcomes: Counter[str] = Counter()
        self._cpu_s = cpu_s()
        self._at = time.monotonic()
        self._windows: list[dict[str, Any]] = []
        self.gauges: dict[str, float] = {}

    def forget(self) -> None:
        """What came before the lane began does not count."""
        for counts in (self._recorders, self._stretches, self._counts, self._window_counts, self._stretch_counts, self._outcomes):
            counts.clear()
        self._cpu_s, self._at = cpu_s(), time.monotonic()

    def time(self, kind: str, seconds: float, stretch: int | None = None) -> None:
        self._recorders[kind].record(seconds)
        if stretch is not None:
            self._stretches[stretch, kind].record(seconds)

    def count(self, what: str, by: int = 1, stretch: int | None = None) -> None:
        self._counts[what] += by
        self._window_counts[what] += by
        if stretch is not None:
            self._stretch_counts[stretch][what] += by

    def outcome(self, kind: str, code: str) -> None:
        """``code`` of a request of this kind: the table of what came of everything."""
        self._outcomes[f"{kind}: {code}"] += 1

    def window(self, begin: float) -> None:
        """Say what came since the last call."""
        now, used = time.monotonic(), cpu_s()
        share = (used - self._cpu_s) / max(now - self._at, 0.001)
        kinds = {kind: found for kind, each in self._recorders.items() if (found := each.take_window())["count"]}
        line = {
            "client": self._name,
            "t": round(now - begin, 2),
            "seconds": round(now - self._at, 3),
            "cpu": round(share, 3),
            "kinds": kinds,
            "counts": dict(self._window_counts),
            "gauges": dict(self.gauges),
        }
        self._windows.append({"cpu": share, "late_p99_ms": kinds.get("late", {}).get("p99_ms", 0.0)})
        self._cpu_s, self._at = used, now
        self._window_counts.clear()
        say(line)

    def end(self, begin: float, **more: Any) -> None:
        """Say the last window, where there was one worth its name, and what all did."""
        if time.monotonic() - self._at >= WINDOW_S / 4:
            self.window(begin)
        say(
            {
                "client": self._name,
                "total": {
                    "kinds": {kind: each.total() for kind, each in self._recorders.items()},
                    "counts": dict(self._counts),
                    "outcomes": dict(self._outcomes),
                    "stretches": self._by_stretch(),
                    "client": judge(self._windows),
                    **more,
                },
            }
        )

    def _by_stretch(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for number in sorted({*(key[0] for key in self._stretches), *self._stretch_counts}):
            kinds = {kind: each.total() for (at, kind), each in self._stretches.items() if at == number}
            found[str(number)] = {"kinds": kinds, "counts": dict(self._stretch_counts[number])}
        return found


def judge(windows: list[dict[str, float]]) -> dict[str, Any]:
    """Whether the client was the limit: in more than a tenth of its windows it used up its core, or came late to what was due."""
    full = [each for each in windows if each["cpu"] >= CPU_SHARE_MAX]
    late = [each for each in windows if each["late_p99_ms"] > LATE_MS_MAX]
    tenth = len(windows) / 10
    why = ""
    if len(full) > tenth:
        why = f"it used {CPU_SHARE_MAX:.0%} of a core or more in {len(full)} of {len(windows)} windows"
    elif len(late) > tenth:
        why = f"it was more than {LATE_MS_MAX:g} ms late in {len(late)} of {len(windows)} windows: the machine gave it no CPU"
    return {
        "was_limit": bool(why),
        "why": why,
        "cpu_max": round(max((each["cpu"] for each in windows), default=0.0), 3),
        "late_p99_ms_max": round(max((each["late_p99_ms"] for each in windows), default=0.0), 3),
    }


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def say_ready(name: str) -> None:
    say({"client": name, "ready": True})


__all__ = ["WINDOW_S", "Tally", "judge", "say", "say_ready"]
