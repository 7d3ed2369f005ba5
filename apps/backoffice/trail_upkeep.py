"""What the worker does for the chain over the trail, every minute and every hour."""

from pathlib import Path

import structlog
from django.conf import settings

from apps.backoffice.trail_chain import link_new_entries
from apps.backoffice.trail_files import TrailChangedError, TrailFilesError, export_links
from apps.observability import metrics

log = structlog.get_logger(__name__)


def link() -> None:
    metrics.TRAIL_LINKS.inc(link_new_entries())


def export() -> None:
    """Where ``TRAIL_DIR`` says so. A trail that was changed is an alarm that stays until an export finds it as it was."""
    if not settings.TRAIL_DIR:
        return
    link()
    try:
        written = export_links(Path(settings.TRAIL_DIR))
    except TrailChangedError as error:
        metrics.TRAIL_CHANGED.set(1)
        log.error("trail_changed", error=str(error))
    except TrailFilesError as error:
        log.error("trail_not_exported", error=str(error))
    else:
        metrics.TRAIL_CHANGED.set(0)
        metrics.TRAIL_EXPORTED.set_to_current_time()
        for each in written:
            log.info("trail_exported", file=each.path.name, first=each.first, last=each.last)
