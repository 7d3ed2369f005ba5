"""Which event log a stack runs on: Kafka, or the one in PostgreSQL, which every machine can have.

1. ``EVENT_LOG=kafka`` or ``embedded``, where somebody asked for one.
2. Kafka, where ``KAFKA_BOOTSTRAP`` gives a broker.
3. Kafka, where this machine can run one as it is: Java, and Maven or what Maven once fetched.
4. Else the one in PostgreSQL. Nobody is given a JDK of 200 MB that was not asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from stack import kafka
from stack.errors import StackError
from stack.settings import Settings

SETTING = "EVENT_LOG"
KAFKA, EMBEDDED = "kafka", "embedded"


@dataclass(frozen=True)
class EventLog:
    """The log in force. ``reason``: why it is not Kafka, as the end of a sentence that begins with "because".
    ``is_asked_for``: somebody named it, so that no other one may take its place."""

    name: str
    reason: str = ""
    is_asked_for: bool = False

    @property
    def is_kafka(self) -> bool:
        return self.name == KAFKA

    @staticmethod
    def instead(reason: str) -> "EventLog":
        """The log that takes Kafka's place when it cannot be had after all."""
        return EventLog(EMBEDDED, reason)

    def line(self) -> str:
        """What a person who did not ask for it is told; empty when there is nothing to tell."""
        if self.is_kafka or self.is_asked_for:
            return ""
        return (
            f"Event log: in PostgreSQL, because {self.reason}. Prices and orders work; for a log of its own "
            f"(replay at scale, many consumers) install Java {kafka.OLDEST_JAVA} and Maven, or set {kafka.Kafka.variable}."
        )


def asked_for(environ: Mapping[str, str]) -> str:
    """What ``EVENT_LOG`` names, or nothing. Raises StackError for a value that is no log."""
    name = environ.get(SETTING, "")
    if name not in ("", KAFKA, EMBEDDED):
        raise StackError(f"{SETTING} must be {KAFKA} or {EMBEDDED}, was {name!r}")
    return name


def choose(settings: Settings) -> EventLog:
    """The log by the rule above. Raises StackError for a wrong ``EVENT_LOG``."""
    if name := asked_for(settings.environ):
        return EventLog(name, f"{SETTING}={name} asks for that" if name == EMBEDDED else "", is_asked_for=True)
    if settings.environ.get(kafka.Kafka.variable):
        return EventLog(KAFKA)
    missing = kafka.what_is_missing(settings)
    return EventLog(EMBEDDED, missing) if missing else EventLog(KAFKA)
