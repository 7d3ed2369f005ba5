"""What the operators' page shows: from the samples of the last quarter of an hour, or, where nobody samples, from asking now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apps.operations.components import COMPONENTS, State
from apps.operations.figures import WANTED, Asked, process_rows
from apps.operations.panels import Drawn, age, draw
from apps.operations.scrape import scrape
from apps.operations.selectors import WINDOW, list_samples
from apps.operations.times import EVERY, floor

#: Two samples that are missing are a sampler that is away.
STALE_AFTER = 3 * EVERY
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ProcessView:
    """``cpu_percent`` is of one core; all but the name are empty for a process that does not answer."""

    name: str
    address: str
    is_up: bool
    reason: str
    age: str = ""
    cpu_percent: str = ""
    memory_mib: str = ""
    files: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """``sampled_at`` is None where nothing was ever sampled. ``asked_now``: the processes were asked by this request."""

    at: datetime
    sampled_at: datetime | None
    asked_now: bool
    processes: tuple[ProcessView, ...]
    components: tuple[tuple[str, State], ...]
    panels: tuple[Drawn, ...]

    @property
    def age_s(self) -> int:
        return 0 if self.sampled_at is None else max(0, (self.at - self.sampled_at) // timedelta(seconds=1))

    @property
    def is_stale(self) -> bool:
        return self.sampled_at is None or self.at - self.sampled_at > STALE_AFTER

    @property
    def away(self) -> int:
        return sum(not process.is_up for process in self.processes)


def get_board(now: datetime) -> Board:
    samples = list_samples(now)
    newest = samples[-1] if samples else None
    is_stale = newest is None or now - newest.taken_at > STALE_AFTER
    if newest is None or is_stale:
        rows = process_rows(None, Asked(now.timestamp(), tuple(scrape(WANTED))))
    else:
        rows = newest.figures["processes"]
    first, of = floor(now, EVERY) - WINDOW + EVERY, WINDOW // EVERY
    places = [(sample.taken_at - first) // EVERY for sample in samples]
    states: Mapping[str, int] = {} if newest is None or is_stale else newest.figures["states"]
    return Board(
        now,
        None if newest is None else newest.taken_at,
        is_stale,
        tuple(_process(row) for row in rows),
        tuple((title, State(states[name])) for name, title in COMPONENTS.items() if name in states),
        tuple(draw(samples, places, of)),
    )


def _process(row: Mapping[str, Any]) -> ProcessView:
    name, address = str(row["process"]), str(row["address"])
    if not row["up"]:
        return ProcessView(name, address, False, str(row.get("reason", "")))
    cpu, rss, files = row.get("cpu"), row.get("rss"), row.get("files")
    return ProcessView(
        name,
        address,
        True,
        "",
        age(row.get("age_s")),
        "–" if cpu is None else f"{cpu * 100:.1f} %",
        "–" if rss is None else f"{rss / _MIB:,.0f} MiB",
        "–" if files is None else f"{files:,.0f}",
    )
