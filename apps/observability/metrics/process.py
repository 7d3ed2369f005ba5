"""Which process this is, what it shows, and where."""

import math
from functools import partial
from pathlib import Path

from django.conf import settings
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    Gauge,
    Info,
    disable_created_metrics,
    generate_latest,
    start_http_server,
)

from apps.core.clock import process_clock
from apps.observability.disks import used_share

# When each series began, a third of all that is shown: Prometheus sees a restart from a counter that fell.
disable_created_metrics()

DISK_USED = Gauge(
    "tredye_disk_used_ratio",
    "How much of a volume is taken, from 0 to 1. volume: what is on it, as the setting DISKS names it.",
    ["volume"],
)
PROCESS = Info("tredye_process", "Which of the product's processes this is.")
CLOCK_AWAY_SECONDS = Gauge(
    "tredye_clock_away_seconds",
    "By how many seconds the machine's clock was set, forwards or back, since this process began and decides by its own; 0 while"
    " the machine's is followed.",
)


# --- What is sampled of all processes, every 15 s (apps/operations) ----------------------------------------------------
SAMPLES_TAKEN = Gauge(
    "tredye_samples_taken_seconds", "When all processes were asked for their metrics last, in seconds since 1970."
)
SAMPLES_SECONDS = Gauge("tredye_samples_seconds", "How long the asking took, all together.")
COMPONENT_STATE = Gauge(
    "tredye_component_state",
    "How a part of the product stands, as the public status page says it: 0 up, 1 degraded, 2 down. component: pages, trading,"
    " prices, updates, money, history.",
    ["component"],
)

# --- What may not be done, as each process of pages and sockets sees it (apps/degraded) ----------------------------------
DEGRADED = Gauge(
    "tredye_degraded",
    "Whether the banner says that this is away: 1, else 0. dependency: postgres, engine, feed, redis, log, server.",
    ["dependency"],
)
DEGRADED_SINCE = Gauge(
    "tredye_degraded_since_seconds", "Since when it is, in seconds since 1970; 0 while it is not.", ["dependency"]
)


def watch_disks() -> None:
    """Have the disks of ``DISKS`` that can be seen from here looked at whenever somebody asks for the metrics."""
    for volume, directory in settings.DISKS.items():
        if used_share(directory) is None:
            continue
        DISK_USED.labels(volume).set_function(partial(_share, directory))


def _share(directory: Path) -> float:
    used = used_share(directory)
    return math.nan if used is None else used


def name_process() -> None:
    """Say in the metrics which process they are of, and how its clock stands."""
    PROCESS.info({"name": settings.PROCESS_NAME})
    CLOCK_AWAY_SECONDS.set_function(_clock_away_s)


def _clock_away_s() -> float:
    clock = process_clock()
    clock.now_ns()
    return clock.away_ns / 1e9


def exposition() -> tuple[bytes, str]:
    """Return everything measured, as Prometheus reads it, and the content type."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST


def serve_metrics() -> None:
    """Serve this process's metrics on ``METRICS_PORT`` of ``METRICS_HOST``, to whoever can reach it; port 0 means not at all.

    Loopback unless the settings say otherwise: in a container, whose network is private, Prometheus asks from outside of it.
    Every worker command calls this once. Raises OSError, naming the port, when it is taken.
    """
    watch_disks()
    if not settings.METRICS_PORT:
        return
    try:
        start_http_server(settings.METRICS_PORT, addr=settings.METRICS_HOST)
    except OSError as error:
        raise OSError(error.errno, f"METRICS_PORT {settings.METRICS_PORT} cannot be opened: {error.strerror}") from None
