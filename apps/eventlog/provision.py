"""Making the log's topics match the table, and saying where they do not."""

from apps.eventlog.log import event_log
from apps.eventlog.port import Difference


def ensure_topics() -> list[str]:
    """Create what is missing and set the declared retention where it differs. Returns the names created. Safe to repeat.

    Raises :class:`~apps.eventlog.port.LogUnavailableError`.
    """
    return event_log().ensure_topics()


def compare_topics() -> list[Difference]:
    """Return where the log differs from the table. Raises :class:`~apps.eventlog.port.LogUnavailableError`."""
    return event_log().compare_topics()
