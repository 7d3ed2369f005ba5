"""The marketdata consumer on a real log and a real database: every print once, whatever ends in the middle."""

from typing import Any

import msgspec
import pytest

from apps.eventlog import positions
from apps.eventlog.codec import encode
from apps.eventlog.schemas.marketdata import Depth
from apps.eventlog.topics import partition_of
from apps.marketdata.handlers import MarketDataHandler
from apps.marketdata.models import Bar, LatestPrice
from tests.eventlog.harness import patient_producer, read_log, running
from tests.marketdata.cast import make_instrument, quote, quotes, topic_of, trade, trades
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("topics", "committed")


def publish(*messages: Any) -> None:
    producer = patient_producer()
    try:
        for message in messages:
            symbol = message.ticks[0].symbol
            producer.send(topic_of(message), symbol, encode(message), partition_of(symbol, topic_of(message)))
        producer.flush(10)
    finally:
        producer.close()


def now_ns() -> int:
    import time

    return time.time_ns()


def counted() -> int:
    bar = Bar.objects.filter(interval="1d").first()
    return bar.trades if bar else 0


def test_bars_prices_and_depth_come_out_of_the_log() -> None:
    instrument = make_instrument("ACME")
    at = now_ns()
    publish(quotes(quote("ACME", 1, at, "10.00", "10.02"), epoch=at), trades(trade("ACME", 1, at, "10.02", "3"), epoch=at))
    with running(MarketDataHandler()) as worker:
        wait_until(lambda: counted() == 1, 60, "the bar")
        wait_until(lambda: LatestPrice.objects.filter(pk=instrument.id).exists(), 60, "the newest price")
        wait_until(lambda: read_log("marketdata.depth"), 60, "the depth")
        assert worker.error is None
    depth = msgspec.json.decode(read_log("marketdata.depth")[0].value, type=Depth)
    assert (depth.symbol, depth.bids[0], depth.asks[0]) == ("ACME", ("10", "100", "0"), ("10.02", "100", "0"))


@pytest.mark.fault("F28")
def test_each_print_counts_once_over_restarts_and_replays() -> None:
    make_instrument("ACME")
    at = now_ns()
    ticks = [trades(trade("ACME", number, at + number, "10.00"), epoch=at) for number in range(1, 41)]
    publish(*ticks[:20])
    with running(MarketDataHandler()):
        wait_until(lambda: counted() == 20, 60, "the first half")
    publish(*ticks[15:30])  # what a relay that lost its cursor publishes again, and more
    with running(MarketDataHandler()):
        wait_until(lambda: counted() == 30, 60, "the second part")
    positions.rewrite("marketdata", ("marketdata.trades", partition_of("ACME", "marketdata.trades")), 0)
    publish(*ticks[30:])
    with running(MarketDataHandler()):
        wait_until(lambda: counted() == 40, 60, "the rest, after a replay of everything")
    assert {bar.trades for bar in Bar.objects.filter(interval="1d")} == {40}
