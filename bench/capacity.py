"""``python -m bench.capacity``: what so many users, ticks and orders need, from what one of each costs. Prints the table of
docs/scaling.md, which a test holds to be this one.

The costs are measured, each by the command beside it, on two cores of a virtual machine; the arithmetic is linear, and nothing
here knows of what nobody has tried. It says how many processes to begin with, not how many will do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from math import ceil

#: How much of a core a process may be given to do: above it waits grow faster than work.
FILL = 0.7
#: Partitions of the market data topics, so as many consumers of a kind as can share them (apps/eventlog/topics.py).
PARTITIONS = 4


@dataclass(frozen=True)
class Cost:
    value: float
    unit: str
    source: str


@dataclass(frozen=True)
class Costs:
    """What one of each costs. µs are of one core's time."""

    frame: Cost = Cost(9.9, "µs a frame to a socket, heartbeats and hearing the layer among it", "make bench FIGURE=prices")
    frames: Cost = Cost(61.5, "frames a second to a socket at most", "make bench FIGURE=prices.thousand")
    hearing: Cost = Cost(22_000, "µs a second of each stream process, to hear the layer", "make bench FIGURE=prices")
    socket: Cost = Cost(24, "KiB of memory a socket", "make bench FIGURE=prices")
    quote: Cost = Cost(94, "bytes a quote in a frame (prices of seven digits)", "python -m bench.capacity sizes")
    head: Cost = Cost(
        110, "bytes a frame beside its quotes: its head, WebSocket, TLS, TCP and IP", "python -m bench.capacity sizes"
    )
    page: Cost = Cost(20_000, "µs a page (6,000 to 47,000 by page)", "make bench FIGURE=pages")
    ticket: Cost = Cost(4_330, "µs a ticket sent by a page", "make bench FIGURE=http")
    feed: Cost = Cost(39.2, "µs a tick of the feed", "make bench FIGURE=feed")
    realtime: Cost = Cost(94.5, "µs a tick of the realtime consumers", "python -m bench.costs")
    marketdata: Cost = Cost(80.5, "µs a tick of the marketdata consumers", "python -m bench.costs")
    alerts: Cost = Cost(76.5, "µs a tick of the portfolio and alerts consumers", "python -m bench.costs")
    realtime_order: Cost = Cost(178.3, "µs an order of the realtime consumers", "python -m bench.costs")
    marketdata_order: Cost = Cost(86.9, "µs an order of the marketdata consumers", "python -m bench.costs")
    portfolio_order: Cost = Cost(286.3, "µs an order of the portfolio consumers", "python -m bench.costs")
    relay: Cost = Cost(95, "µs an order of the relay", "python -m bench.costs")
    log: Cost = Cost(110, "bytes a tick on the log", "docs/architecture.md")
    engine: Cost = Cost(92, "µs an order of the engine, its socket among it", "make bench FIGURE=orders")
    engine_tick: Cost = Cost(19, "µs a tick of the engine", "python -m bench.costs")
    postgres: Cost = Cost(100.8, "µs an order of PostgreSQL, the consumers' among it", "python -m bench.costs")
    tick_stored: Cost = Cost(22, "µs a tick of PostgreSQL", "python -m bench.costs")
    wal: Cost = Cost(4_143, "bytes of WAL an order", "make bench FIGURE=orders")
    batch: Cost = Cost(200, "orders a commit at most", "docs/architecture.md")
    process: Cost = Cost(120, "MB of memory a process", "python -m bench.costs")


COSTS = Costs()


@dataclass(frozen=True)
class Wish:
    """``watched`` instruments on each user's screen of ``instruments``; a user looks at ``pages`` a minute."""

    users: int
    ticks: int
    orders: int
    instruments: int = 200
    watched: int = 25
    pages: float = 2.0


WISHES = (
    Wish(100, 100, 1),
    Wish(1_000, 1_000, 20),
    Wish(5_000, 2_000, 200),
    Wish(20_000, 5_000, 1_000),
    Wish(50_000, 10_000, 5_000),
    Wish(100_000, 20_000, 10_000),
)


@dataclass(frozen=True)
class Need:
    """``impossible`` names what no number of processes gives today."""

    stream: int
    web: int
    realtime: int
    marketdata: int
    portfolio: int
    engine_core: float
    postgres_cores: float
    cores: int
    brokers: int
    memory_gb: float
    out_mbit: int
    log_mb_s: float
    wal_mb_s: float
    commits: int
    impossible: tuple[str, ...]


def need(wish: Wish) -> Need:
    us = 1_000_000 * FILL
    watched_ticks = wish.ticks * wish.watched / wish.instruments
    frames = min(COSTS.frames.value, watched_ticks)
    # What came meanwhile is merged: a frame has each instrument once.
    quotes = min(watched_ticks / frames, wish.watched)
    a_socket = frames * COSTS.frame.value
    stream = _count(wish.users * a_socket, us - COSTS.hearing.value)
    web_us = wish.users * wish.pages / 60 * COSTS.page.value + wish.orders * COSTS.ticket.value
    web = _count(web_us, us)
    consumers_us = (
        wish.ticks * COSTS.realtime.value + wish.orders * COSTS.realtime_order.value,
        wish.ticks * COSTS.marketdata.value + wish.orders * COSTS.marketdata_order.value,
        wish.ticks * COSTS.alerts.value + wish.orders * COSTS.portfolio_order.value,
    )
    realtime, marketdata, portfolio = (_count(work_us, us) for work_us in consumers_us)
    engine_core = (wish.orders * COSTS.engine.value + wish.ticks * COSTS.engine_tick.value) / 1e6
    postgres_cores = (wish.orders * COSTS.postgres.value + wish.ticks * COSTS.tick_stored.value) / 1e6
    busy_us = wish.users * a_socket + web_us + stream * COSTS.hearing.value + sum(consumers_us)
    busy_us += wish.ticks * COSTS.feed.value + wish.orders * COSTS.relay.value
    cores = ceil(busy_us / us + (engine_core + postgres_cores) / FILL)
    # Engine, relay and feed with their standbys, two workers, two beats.
    processes = stream + web + realtime + marketdata + portfolio + 10
    return Need(
        stream, web, realtime, marketdata, portfolio,
        round(engine_core, 2), round(postgres_cores, 2), max(2, cores), 1 if cores <= 4 else 3,
        round((processes * COSTS.process.value * 2**20 + wish.users * COSTS.socket.value * 2**10) / 2**30, 1),
        round(wish.users * frames * (quotes * COSTS.quote.value + COSTS.head.value) * 8 / 1e6),
        round(wish.ticks * COSTS.log.value / 1e6, 2), round(wish.orders * COSTS.wal.value / 1e6, 1),
        ceil(wish.orders / COSTS.batch.value),
        tuple(_impossible(wish, realtime, marketdata, portfolio, engine_core)),
    )  # fmt: skip


def _impossible(wish: Wish, realtime: int, marketdata: int, portfolio: int, engine_core: float) -> Iterator[str]:
    if max(realtime, marketdata, portfolio) > PARTITIONS:
        yield "partitions"
    if wish.ticks * COSTS.feed.value / 1e6 > FILL:
        yield "a feed"
    if engine_core > FILL:
        yield "the engine"
    if wish.orders * COSTS.relay.value / 1e6 > FILL:
        yield "the relay"


def _count(work_us: float, of_one_us: float) -> int:
    """Two at least, since one may die."""
    return max(2, ceil(work_us / of_one_us))


def costs_table() -> str:
    rows = [(getattr(COSTS, field.name)) for field in fields(COSTS)]
    lines = [f"| {cost.value:,g} | {cost.unit} | `{cost.source}` |" for cost in rows]
    return "\n".join(["| | what it is | measured by |", "| --- | --- | --- |", *lines])


def table() -> str:
    heads = [
        *("users", "ticks/s", "orders/s", "stream", "web", "realtime, marketdata, portfolio", "engine, PostgreSQL (cores)"),
        *("cores in all", "brokers", "memory, GB", "out, Mbit/s", "log, WAL (MB/s)", "commits/s", "more than there is of"),
    ]
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    for wish in WISHES:
        given = need(wish)
        cells = [
            f"{wish.users:,}", f"{wish.ticks:,}", f"{wish.orders:,}", f"{given.stream}", f"{given.web}",
            f"{given.realtime}, {given.marketdata}, {given.portfolio}", f"{given.engine_core}, {given.postgres_cores}",
            f"{given.cores}", f"{given.brokers}", f"{given.memory_gb}", f"{given.out_mbit:,}",
            f"{given.log_mb_s}, {given.wal_mb_s}", f"{given.commits}", ", ".join(given.impossible) or "nothing",
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def sizes() -> None:
    """Bytes of a frame of 1 and of 25 quotes, as the product encodes them: what a quote and a head are."""
    from apps.eventlog.schemas.marketdata import QuoteTick
    from apps.realtime.fragments import quote_fragment
    from apps.realtime.protocol import quotes_frame

    tick = QuoteTick("BTC-USD", 1_234_567, 1_760_000_000_123_000_000, "64123.45", "64124.10", "1.2345", "0.9876")
    quotes = [quote_fragment(1_760_000_000_000_000_000, tick)] * 25
    one, many = (len(quotes_frame(1_760_000_000_123, quotes[:count], full=False).encode()) for count in (1, 25))
    quote = (many - one) / 24
    # WebSocket 4, TLS 22, TCP with time stamps 32, IP 20.
    print(f"a quote {quote:.0f} bytes, the head {one - quote:.0f} and {4 + 22 + 32 + 20} below it")


if __name__ == "__main__":
    import os
    import sys

    if sys.argv[1:] == ["sizes"]:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tredye.settings.dev")
        sizes()
    else:
        print(costs_table(), end="\n\n")
        print(table())
