"""The operators' page as values: which figures stand together, in which unit, and what of them is sane."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.operations.drawing import path
from apps.operations.figures import HOPS, STEPS
from apps.operations.selectors import SampleView


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row: the figures that it draws, the main one first (" *" at the end: every label's), and up to what is sane."""

    label: str
    figures: tuple[str, ...]
    unit: str  # s, rate, count
    sane_max: float | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    meaning: str
    rows: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """``main`` and ``other`` are paths, ``value`` and ``beside`` what they stand at now."""

    label: str
    main: str
    other: str
    value: str
    beside: str
    high: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    title: str
    meaning: str
    rows: tuple[Row, ...]


def _percentiles(label: str, figure: str, sane_max: float) -> Wanted:
    return Wanted(label, (f"{figure} p99", f"{figure} p50"), "s", sane_max)


_HOP_NAMES = {hop: hop.replace("_", " to ").capitalize() for hop in HOPS}
PANELS = (
    Panel(
        "A price on its way",
        "What each hop takes: of a hundred quotes 99 within the first figure, half within the second.",
        (
            *(_percentiles(_HOP_NAMES[hop], f"hop {hop}", 0.25) for hop in HOPS),
            Wanted("Oldest price", ("price age",), "s", 3),
            Wanted("Ticks published", ("ticks",), "rate"),
        ),
    ),
    Panel(
        "An order on its way",
        "The engine's steps for a batch, and the whole way as a page sees it.",
        (
            *(_percentiles(step.capitalize(), f"step {step}", 0.25) for step in STEPS),
            _percentiles("From the page and back", "orders", 0.5),
            Wanted("Commands", ("commands",), "rate"),
            Wanted("Trades", ("trades",), "rate"),
            Wanted("Open orders", ("open orders",), "count"),
        ),
    ),
    Panel(
        "Stream",
        "Sockets of all processes, and what was sent to them or left out.",
        (
            Wanted("Sockets", ("sockets",), "count"),
            Wanted("Frames sent", ("frames",), "rate"),
            Wanted("Frames skipped", ("skipped",), "rate"),
            Wanted("Ticks conflated", ("conflated",), "rate"),
            Wanted("Reconnects", ("reconnects",), "rate"),
            _percentiles("Decision to socket", "event", 1),
        ),
    ),
    Panel(
        "Event log",
        "What waits in the outbox, and how many messages each consumer has before it.",
        (
            Wanted("Outbox, batches", ("outbox depth",), "count", 500),
            Wanted("Outbox, oldest", ("outbox age",), "s", 10),
            Wanted("Lag", ("lag *",), "count", 5_000),
            Wanted("Records", ("records *",), "rate"),
            Wanted("Stopped partitions", ("stopped",), "count", 0),
        ),
    ),
    Panel(
        "Database and pages",
        "Queries of all processes but the engine's writing, which is its step commit; whole requests; and what is missing of"
        " PostgreSQL's primary and standby, where there are two.",
        (
            _percentiles("Query", "database", 0.25),
            Wanted("Queries", ("queries",), "rate"),
            Wanted("Waiting for a connection", ("pool waiting",), "count", 0),
            # Only where a guard watches two servers.
            Wanted("Missing", ("missing *",), "count", 0),
            _percentiles("Page", "pages", 1),
            Wanted("Page views", ("page views",), "rate"),
        ),
    ),
    Panel(
        "Tasks and books",
        "What Celery's worker ended, and what the laws of the books say.",
        (
            Wanted("Tasks", ("tasks *",), "rate"),
            Wanted("Runs missing", ("jobs missing",), "count", 0),
            Wanted("Laws violated", ("invariants violated",), "count", 0),
        ),
    ),
)


def draw(samples: Sequence[SampleView], places: Sequence[int], of: int) -> list[Drawn]:
    """Each panel with what ``samples`` hold, which stand at ``places`` of ``of``."""
    figures = [sample.figures.get("figures", {}) for sample in samples]
    return [
        Drawn(panel.title, panel.meaning, tuple(row for wanted in panel.rows for row in _rows(wanted, figures, places, of)))
        for panel in PANELS
    ]


def _rows(wanted: Wanted, figures: Sequence[dict[str, Any]], places: Sequence[int], of: int) -> list[Row]:
    first = wanted.figures[0]
    if not first.endswith(" *"):
        return [_row(wanted, wanted.label, wanted.figures, figures, places, of)]
    stem = first.removesuffix("*")
    names = sorted({name for each in figures for name in each if name.startswith(stem)})
    return [_row(wanted, f"{wanted.label}, {name.removeprefix(stem)}", (name,), figures, places, of) for name in names]


def _row(
    wanted: Wanted, label: str, names: Sequence[str], figures: Sequence[dict[str, Any]], places: Sequence[int], of: int
) -> Row:
    lines = [[each.get(name) for each in figures] for name in names]
    high = max((value for line in lines for value in line if value is not None), default=0)
    now = [line[-1] if line else None for line in lines]
    return Row(
        label,
        path(lines[0], high, places, of),
        path(lines[1], high, places, of) if len(lines) > 1 else "",
        shown(now[0], wanted.unit),
        shown(now[1], wanted.unit) if len(now) > 1 else "",
        shown(high, wanted.unit) if figures else "",
        now[0] is not None and wanted.sane_max is not None and now[0] > wanted.sane_max,
    )


def shown(value: float | None, unit: str) -> str:
    """``value`` with its unit, three digits of it; a dash where nothing was measured."""
    if value is None:
        return "–"
    if unit == "s":
        return _duration(value)
    text = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
    return f"{text}/s" if unit == "rate" else text


def _duration(seconds: float) -> str:
    if seconds >= 60:
        return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
    if seconds >= 1:
        return f"{seconds:.3g} s"
    return f"{seconds * 1000:.3g} ms" if seconds >= 0.001 or not seconds else f"{seconds * 1e6:.0f} µs"


def age(seconds: float | None) -> str:
    """How long a process lives, in its two largest units."""
    if seconds is None:
        return "–"
    minutes, hours, days = int(seconds // 60), int(seconds // 3600), int(seconds // 86400)
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{int(seconds)} s"
