"""A position that the log no longer holds: told loudly, because something between was never read."""

import logging

from apps.eventlog.port import Partition
from apps.observability import metrics

log = logging.getLogger(__name__)


def report_lost(group: str, partition: Partition, offset: int, begin: int, end: int) -> None:
    """``begin`` and ``end``: what the log holds."""
    metrics.CONSUMER_POSITIONS_LOST.labels(group).inc()
    log.error(
        "%s stood at offset %d of %s/%d, the log holds %d to %d: reading on from its beginning; compare with Postgres",
        group, offset, *partition, begin, end,
    )  # fmt: skip
