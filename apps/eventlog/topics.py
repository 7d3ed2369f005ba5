"""The one table of topics: what is on them, their key, partitions and retention. ``manage.py describe_topics`` prints it."""

from dataclasses import dataclass

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
            "Openings, deposits, withdrawals, suspensions.",
        ),
        Topic(
            "instruments.events",
            "symbol",
            1,
            FOREVER_MS,
            "instruments.AnyInstrumentEvent",
            "Configuration, halts and resumptions.",
        ),
    )
}
