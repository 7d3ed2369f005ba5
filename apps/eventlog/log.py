"""Which event log this installation is on: the one place that knows, by the setting ``EVENT_LOG``."""

from functools import cache

from django.conf import settings

from apps.eventlog.port import Log


def event_log() -> Log:
    """Return the log that ``EVENT_LOG`` names."""
    return _adapter(settings.EVENT_LOG)


@cache
def _adapter(name: str) -> Log:
    # Imported when chosen: a machine without Kafka need not load its client.
    if name == "kafka":
        from apps.eventlog.kafka.adapter import KafkaLog

        return KafkaLog()
    from apps.eventlog.embedded.adapter import EmbeddedLog

    return EmbeddedLog()
