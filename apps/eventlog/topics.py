"""The one table of topics: what is on them, their key, partitions and retention. ``manage.py describe_topics`` prints it."""

from binascii import crc32
from dataclasses import dataclass

from django.conf import settings

FOREVER_MS = -1
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True, slots=True)
class Topic:
    """``name`` without the deployment's prefix; ``retention_ms`` -1 keeps for ever; ``schema`` is the module of its messages."""

    name: str
    key: str
    partitions: int
    retention_ms: int
    schema: str
    meaning: str


TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic(
            "marketdata.quotes", "symbol", 4, 6 * HOUR_MS, "marketdata.QuoteTicks", "Best bid and ask, every tick of every feed."
        ),
        Topic(
            "marketdata.trades", "symbol", 4, 2 * DAY_MS, "marketdata.TradeTicks", "Trade prints of feeds and of Tredye's book."
        ),
        Topic(
            "marketdata.levels",
            "symbol",
            4,
            DAY_MS,
            "marketdata.LevelsChanged",
            "Changes of the customers' levels, from the engine.",
        ),
        Topic(
            "marketdata.bars", "symbol", 4, HOUR_MS, "marketdata.BarTicks", "Bars as they are now, at most four times a second."
        ),
        Topic("marketdata.depth", "symbol", 4, HOUR_MS, "marketdata.Depth", "The merged book as it is shown."),
        Topic(
            "orders.events",
            "account id",
            4,
            FOREVER_MS,
            "accounts.AnyOrderEvent",
            "What became of every order, one event a fill.",
        ),
        Topic(
            "accounts.events",
            "account id",
            4,
            FOREVER_MS,
            "accounts.AnyAccountEvent",
            "Openings, suspensions, limits, and money in and out.",
        ),
        Topic(
            "accounts.notices",
            "account id",
            4,
            HOUR_MS,
            "notices.NoticeBell",
            "Bells: an account has a new notice, which is in Postgres.",
        ),
        Topic(
            "instruments.events",
            "symbol",
            1,
            FOREVER_MS,
            "instruments.AnyInstrumentEvent",
            "Configuration, limits, halts and resumptions.",
        ),
    )
}


class UnknownTopicError(LookupError):
    """Nobody declared this topic."""

    def __init__(self, name: str) -> None:
        super().__init__(f"topic must be one of {', '.join(TOPICS)}, was {name!r}")


def get_topic(name: str) -> Topic:
    """Return the declaration of ``name`` (without prefix); raises :class:`UnknownTopicError`."""
    try:
        return TOPICS[name]
    except KeyError:
        raise UnknownTopicError(name) from None


def full_name(name: str) -> str:
    """``name`` as the log knows it, with the deployment's prefix."""
    return f"{settings.KAFKA_TOPIC_PREFIX}{name}"


def short_name(name: str) -> str:
    """The inverse of :func:`full_name`."""
    return name.removeprefix(settings.KAFKA_TOPIC_PREFIX)


def partition_of(key: str | int, topic: str) -> int:
    """The partition of ``key`` (a symbol or an account id) in ``topic``.

    CRC-32, so that every writer in every language agrees without asking a library for its hash.
    """
    return crc32(str(key).encode()) % get_topic(topic).partitions
