"""Every consumer there is: its name on the command line, and where its handler lives.

The paths are text, resolved when a consumer starts: handlers live in higher apps, which this one may not import.
"""

from django.utils.module_loading import import_string

from apps.eventlog.handler import Handler

CONSUMERS: dict[str, str] = {
    "realtime": "apps.realtime.handlers.RealtimeHandler",
    "marketdata": "apps.marketdata.handlers.MarketDataHandler",
    "portfolio": "apps.portfolio.handlers.PortfolioHandler",
    "alerts": "apps.alerts.handlers.AlertsHandler",
}


class UnknownConsumerError(LookupError):
    """Nobody registered a consumer of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"consumer must be one of {', '.join(CONSUMERS)}, was {name!r}")


def make_handler(name: str) -> Handler:
    """Return a new handler of the consumer ``name``; raises :class:`UnknownConsumerError`."""
    if name not in CONSUMERS:
        raise UnknownConsumerError(name)
    handler = import_string(CONSUMERS[name])()
    if not isinstance(handler, Handler):
        raise TypeError(f"{CONSUMERS[name]} must be a Handler")
    return handler
