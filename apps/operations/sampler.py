"""The thread that samples: asks all processes and servers each 15 s, and keeps what they say.

Whatever fails, the next sample is taken: what is away is what it is there to tell. While Postgres is away samples wait in memory,
up to four hours of them, and are stored when it is back.
"""

import re
import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError, connection

from apps.observability import metrics
from apps.operations import measures
from apps.operations.components import State, component_states, seen_servers
from apps.operations.figures import HOPS, WANTED, Asked, Figures, figures_of, process_rows
from apps.operations.scrape import scrape
from apps.operations.services import keep_sample
from apps.operations.times import EVERY, floor
from apps.operations.watch import watch

log = structlog.get_logger(__name__)

WAITING_MAX = 960
_MINUTE_S = 60.0
_NUMBERED = re.compile(r"-[0-9]+$")


@dataclass(frozen=True, slots=True)
class Taken:
    at: datetime
    figures: dict[str, Any]
    states: dict[str, State]
    paces: dict[str, int | None]


class Sampler:
    """One sample is :meth:`take`, which tests call themselves."""

    def __init__(self) -> None:
        self._before: Asked | None = None
        self._waiting: deque[Taken] = deque(maxlen=WAITING_MAX)
        self._measured_s = float("-inf")

    def run(self, stopping: threading.Event) -> None:
        watch().start()  # before the first sample: it tells what was seen
        while not stopping.wait(_until_next(datetime.now(UTC))):
            try:
                self.take()
            except Exception:  # a defect here must not end what tells of all others
                log.exception("sample_failed")
            finally:
                connection.close()  # back to the pool: nothing is held between samples

    def take(self, now: datetime | None = None) -> Taken:
        """Ask everybody, keep it, and say in the metrics how things stand."""
        began_s = time.monotonic()
        at = now or datetime.now(UTC)
        asked = Asked(at.timestamp(), tuple(scrape(WANTED)))
        figures = figures_of(self._before, asked)
        rows = process_rows(self._before, asked)
        self._before = asked
        states = component_states(seen_servers(), _answered(asked), figures)
        taken = Taken(at, {"processes": rows, "figures": figures, "states": states}, states, _paces(figures))
        self._waiting.append(taken)
        self._store()
        for component, state in states.items():
            metrics.COMPONENT_STATE.labels(component).set(state)
        metrics.SAMPLES_TAKEN.set(at.timestamp())
        metrics.SAMPLES_SECONDS.set(time.monotonic() - began_s)
        return taken

    def _store(self) -> None:
        """Everything that waits, oldest first; then, once a minute, what Postgres says of itself."""
        try:
            while self._waiting:
                first = self._waiting[0]
                keep_sample(at=first.at, figures=first.figures, states=first.states, paces=first.paces)
                self._waiting.popleft()
            if time.monotonic() - self._measured_s >= _MINUTE_S:
                self._measured_s = time.monotonic()
                measures.measure_postgres()
                measures.measure_holds()
                measures.measure_proposals()
        except (DatabaseError, InterfaceError) as error:
            log.warning("sample_waits", waiting=len(self._waiting), error=str(error).strip()[:200])
            connection.close()
        measures.measure_queue()


def _until_next(now: datetime) -> float:
    """Seconds until the next quarter of a minute has just begun."""
    return (floor(now, EVERY) + EVERY - now) / timedelta(seconds=1) + 0.01


def _answered(asked: Asked) -> dict[str, tuple[int, int]]:
    """Of each kind of process how many answered, of how many: ``web-2`` does what ``web`` does."""
    found: dict[str, tuple[int, int]] = {}
    for each in asked.processes:
        kind = _NUMBERED.sub("", each.process).removesuffix("-standby")
        up, total = found.get(kind, (0, 0))
        found[kind] = (up + (each.shown is not None), total + 1)
    return found


def _paces(figures: Figures) -> dict[str, int | None]:
    """What half of the orders took from the page to the answer, and half of the prices from the feed to the sockets."""
    order_s = figures.get("orders p50")
    hops = [figures.get(f"hop {hop} p50") for hop in HOPS]
    known = [hop for hop in hops if hop is not None]
    return {
        "orders": None if order_s is None else round(order_s * 1000),
        "stream": round(sum(known) * 1000) if len(known) == len(hops) else None,
    }
