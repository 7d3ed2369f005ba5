"""Which event log this installation is on: the one place that knows, by the setting ``EVENT_LOG``."""

from functools import cache

from django.conf import settings

from apps.eventlog.port import Log


def event_log() -> Log:
    """Return the log that ``EVENT_LOG`` names."""
    return _adapter(settings.EVENT_LOG)


@cache
def _adapter(_name: str) -> Log:
    from apps.eventlog.kafka.adapter import KafkaLog

    return KafkaLog()
