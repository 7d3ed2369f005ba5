"""Which event log an installation is on."""

from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

EVENT_LOGS = ("kafka", "embedded")


def event_log_of(value: str, brokers: Sequence[str]) -> str:
    """Return ``EVENT_LOG``, by default Kafka where brokers are given; raises ImproperlyConfigured naming the variable."""
    name = value or ("kafka" if brokers else "embedded")
    if name not in EVENT_LOGS:
        raise ImproperlyConfigured(f"EVENT_LOG must be one of {', '.join(EVENT_LOGS)}, was {value!r}")
    if name == "kafka" and not brokers:
        raise ImproperlyConfigured("EVENT_LOG is kafka, so KAFKA_BOOTSTRAP must name a broker, as in 127.0.0.1:9092")
    return name
