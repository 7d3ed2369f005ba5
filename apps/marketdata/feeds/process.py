"""A feed as a process: it waits for its turn, publishes until told to stop, and ends when another one has taken over."""

import logging
from collections.abc import Callable
from threading import Event
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from apps.commands.quotelink import QuoteLink
from apps.eventlog.database import Connection
from apps.marketdata.feeds.direct import DirectPath
from apps.marketdata.feeds.keeping import Keeping
from apps.marketdata.feeds.lease import Beat, Lease
from apps.marketdata.feeds.publisher import TOPICS, Publisher
from apps.marketdata.logline import LogLine

log = logging.getLogger(__name__)


class Feed(Protocol):
    def run(self, stopping: Event) -> None:
        """Publish until ``stopping`` is set, or the source has no more to say."""


def run_source(source: str, make: Callable[[Publisher], Feed], stopping: Event) -> None:
    """Publish as ``source`` what the feed of ``make`` says; stand by while another process does that.

    Returns when ``stopping`` was set or the feed has ended; raises LeaseLostError when another process has taken over.
    """
    keeping = Keeping(source)
    open_line = import_string(settings.MARKETDATA_DIRECT_LINE)  # now, and not when the log goes away: it takes a moment
    lease = Lease(source, errand=keeping.store, on_lost=stopping.set)
    publisher = None
    try:
        epoch = lease.wait(stopping)
        if epoch is None:
            return
        log.info("%s is published by this process, epoch %d", source, epoch)
        link = QuoteLink(settings.ENGINE_URL, settings.ENGINE_TOKEN)
        log_line = LogLine(f"feed-{source}", TOPICS)
        direct = DirectPath(source, epoch, log_line, open_line)
        publisher = Publisher(source, log_line, link, holding=lease, epoch=epoch, quarantine=keeping.add, direct=direct)
        lease.beat = _beat_of(publisher)
        lease.errand = _errands(keeping.store, direct.store)
        make(publisher).run(stopping)
        lease.check()
    finally:
        lease.close()
        if publisher is not None:
            publisher.close()


def _errands(*errands: Callable[[Connection], None]) -> Callable[[Connection], None]:
    def run_all(database: Connection) -> None:
        for errand in errands:
            errand(database)

    return run_all


def _beat_of(publisher: Publisher) -> Callable[[], Beat]:
    return lambda: Beat(publisher.gate.epoch, publisher.published, publisher.quarantined, publisher.gate.flagged)
