"""Live prices through CCXT, from servers on this machine that speak as two exchanges do."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.commands.quotelink import QuoteLink
from apps.eventlog.codec import decode
from apps.marketdata.feeds.backoff import BASE_S, CAP_S, GOOD_S, Backoff
from apps.marketdata.feeds.ccxtfeed import CcxtFeed, SourceError, read_config
from apps.marketdata.feeds.instruments import InstrumentWatch
from apps.marketdata.feeds.publisher import TOPICS, Publisher
from apps.marketdata.logline import LogLine
from tests.eventlog.harness import Worker, read_log
from tests.marketdata.cast import make_instrument
from tests.marketdata.venues import Binance, Kraken, Venue
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("topics", "committed")
WAIT_S = 60


@pytest.fixture
def binance() -> Iterator[Binance]:
    venue = Binance()
    yield venue
    venue.close()


@pytest.fixture
def kraken() -> Iterator[Kraken]:
    venue = Kraken()
    yield venue
    venue.close()


class Run:
    """What the worker's thread runs."""

    def __init__(self, feed: CcxtFeed, publisher: Publisher, stopping: threading.Event) -> None:
        self._feed, self.publisher, self._stopping = feed, publisher, stopping

    def run(self) -> None:
        self._feed.run(self._stopping)


@contextmanager
def feeding(venue: Venue, exchange: str, *, way: str = "", silence_s: float = 30.0, symbol: str = "") -> Iterator[Worker]:
    stopping = threading.Event()
    watch = InstrumentWatch(["BTC-USD"], f"ccxt-{exchange}")
    publisher = Publisher(f"ccxt-{exchange}", LogLine("test-ccxt", TOPICS), QuoteLink("unix:///nobody.sock"))
    feed = CcxtFeed(
        publisher, watch, exchange, {symbol or venue.symbol: "BTC-USD"}, way=way, config=venue.config, silence_s=silence_s  # type: ignore[attr-defined]
    )  # fmt: skip
    worker = Worker(Run(feed, publisher, stopping), stopping)
    wait_until(lambda: publisher.has_log, WAIT_S, "the log")
    try:
        yield worker
    finally:
        worker.stop()
        watch.close()
        publisher.close()


@pytest.fixture
def bitcoin(committed: None) -> None:
    make_instrument("BTC-USD", tick_size="0.01", lot_size="0.0001")


def on_log(topic: str = "marketdata.quotes") -> list[tuple[int, Any]]:
    messages = [decode(topic, record.value) for record in read_log(topic)]
    return [(message.epoch, tick) for message in messages for tick in message.ticks]


def last_bid() -> str:
    quotes = on_log()
    return quotes[-1][1].bid if quotes else ""


def subscribed(venue: Venue, words: str, times: int = 1) -> None:
    wait_until(lambda: sum(words in str(each) for each in venue.asked) >= times, WAIT_S, f"a subscription to {words}")


def check_order() -> None:
    for topic in ("marketdata.quotes", "marketdata.trades"):
        keys = [(epoch, tick.sequence) for epoch, tick in on_log(topic)]
        assert keys == sorted(set(keys))


@pytest.mark.usefixtures("bitcoin")
def test_a_numbered_book_is_followed_and_a_gap_in_it_ends_with_a_snapshot(binance: Binance) -> None:
    with feeding(binance, "binance", way="book") as worker:
        gate = worker.target.publisher.gate
        subscribed(binance, "/depth")
        binance.say(binance.change(155, 162, "100.05", "100.07"), binance.trade(7, "100.06"))
        wait_until(lambda: last_bid() == "100.05", WAIT_S, "the first change")
        epoch, tick = on_log()[-1]
        assert (tick.ask, tick.bid_quantity, tick.symbol) == ("100.07", "7", "BTC-USD")
        wait_until(lambda: on_log("marketdata.trades"), WAIT_S, "the print")
        trade = on_log("marketdata.trades")[0][1]
        assert (trade.price, trade.quantity, trade.aggressor_side.value) == ("100.06", "0.5", "SELL")

        binance.say(binance.change(170, 171, "101.00", "101.02"))  # 163 to 169 are missing
        wait_until(lambda: gate.figures.gaps == 1, WAIT_S, "the gap")
        subscribed(binance, "/depth", 2)
        wait_until(lambda: gate.figures.resnapshots == 1, WAIT_S, "the snapshot")

        def moved() -> bool:
            number = binance.book[0]
            binance.say(binance.change(number + 1, number + 1, "101.10", "101.12"))
            return last_bid() == "101.1"

        wait_until(moved, WAIT_S, "a change after the snapshot")
        assert not gate.flagged
        assert {each for each, _ in on_log()} == {epoch}, "the connection stood"
    check_order()


@pytest.mark.usefixtures("bitcoin")
def test_whole_quotes_without_numbers_are_followed_and_so_is_a_new_connection(kraken: Kraken) -> None:
    with feeding(kraken, "kraken") as worker:
        subscribed(kraken, "'ticker'")
        kraken.say(kraken.quote(108359.81, 108359.9, "snapshot"))
        wait_until(lambda: last_bid() == "108359.81", WAIT_S, "the first quote")
        tick = on_log()[-1][1]
        assert (tick.bid_quantity, tick.ask_quantity) == ("0.0136", "17.1798")
        subscribed(kraken, "'trade'")
        long_ago, now = "2023-09-25T07:49:37.708706Z", datetime.now(UTC).isoformat().replace("+00:00", "Z")
        kraken.say(kraken.trade(1, 108000.0, long_ago), kraken.trade(2, 108359.5, now))
        wait_until(lambda: on_log("marketdata.trades"), WAIT_S, "the print")
        before = max(epoch for epoch, _ in on_log())

        kraken.drop()
        subscribed(kraken, "'ticker'", 2)
        subscribed(kraken, "'trade'", 2)
        kraken.say(kraken.trade(2, 108359.5, now))  # said before
        kraken.say(kraken.quote(108360.01, 108360.2, "snapshot"))
        wait_until(lambda: last_bid() == "108360.01", WAIT_S, "a quote of the new connection")
        assert on_log()[-1][0] > before
        assert worker.error is None
    assert [tick.price for _, tick in on_log("marketdata.trades")] == ["108359.5"]
    check_order()


@pytest.mark.long
@pytest.mark.usefixtures("bitcoin")
def test_a_server_that_falls_silent_is_left_and_asked_anew(kraken: Kraken) -> None:
    with feeding(kraken, "kraken", silence_s=1.0):
        subscribed(kraken, "'ticker'", 2)
        wait_until(lambda: kraken.connections >= 2, WAIT_S, "the second connection")

        def heard() -> bool:
            kraken.say(kraken.quote(100.01, 100.05))
            return last_bid() == "100.01"

        wait_until(heard, WAIT_S, "a quote")


@pytest.mark.usefixtures("bitcoin")
@pytest.mark.parametrize(
    "frame",
    [
        '{"channel":"ticker","type":"upd}',
        pytest.param('{"channel":"ticker","type":"update","data":[]}', marks=pytest.mark.long),
        pytest.param(Kraken.quote("NaN", 100.05), marks=pytest.mark.long),
    ],
)
def test_a_frame_that_cannot_be_read_costs_the_connection_and_no_more(kraken: Kraken, frame: Any) -> None:
    with feeding(kraken, "kraken"):
        subscribed(kraken, "'ticker'")
        kraken.say(kraken.quote(100.01, 100.05))
        wait_until(lambda: last_bid() == "100.01", WAIT_S, "a quote")
        kraken.say(frame)
        subscribed(kraken, "'ticker'", 2)
        kraken.say(kraken.quote(100.11, 100.15))
        wait_until(lambda: last_bid() == "100.11", WAIT_S, "a quote of the new connection")


@pytest.mark.usefixtures("bitcoin")
def test_numbers_that_are_none_are_kept_back(kraken: Kraken) -> None:
    with feeding(kraken, "kraken") as worker:
        subscribed(kraken, "'ticker'")
        kraken.say(kraken.quote(100.01, 100.05))
        wait_until(lambda: last_bid() == "100.01", WAIT_S, "a quote")
        for bid, ask in ((-1, 100.05), (0, 100.05), (100.09, 100.05), (130.01, 130.05)):
            kept = worker.target.publisher.quarantined
            kraken.say(kraken.quote(bid, ask))
            wait_until(lambda kept=kept: worker.target.publisher.quarantined == kept + 1, WAIT_S, f"{bid} in quarantine")
        kraken.say(kraken.quote(100.02, 100.06))
        wait_until(lambda: last_bid() == "100.02", WAIT_S, "the next quote")
    assert len(on_log()) == 2


@pytest.mark.long
@pytest.mark.usefixtures("bitcoin")
def test_an_exchange_that_is_away_is_asked_until_it_is_back(kraken: Kraken) -> None:
    kraken.is_refusing = True
    with feeding(kraken, "kraken") as worker:
        wait_until(lambda: kraken.refused >= 2, WAIT_S, "two attempts")
        kraken.is_refusing = False
        subscribed(kraken, "'ticker'")
        kraken.say(kraken.quote(100.01, 100.05))
        wait_until(lambda: last_bid() == "100.01", WAIT_S, "a quote")
        assert worker.error is None


@pytest.mark.usefixtures("bitcoin")
def test_a_symbol_that_the_exchange_does_not_have_ends_it_with_a_word(kraken: Kraken) -> None:
    with feeding(kraken, "kraken", symbol="NOPE/USD") as worker:
        wait_until(lambda: worker.error, WAIT_S, "the end")
        assert isinstance(worker.error, SourceError)
        assert "kraken has no 'NOPE/USD'" in str(worker.error)


def test_pauses_grow_with_jitter_to_a_bound_and_begin_again_after_a_good_connection() -> None:
    backoff = Backoff(Random(4))
    waits = [backoff.next_s(0.0) for _ in range(200)]
    assert all(0 <= wait <= min(CAP_S, BASE_S * 2**number) for number, wait in enumerate(waits))
    assert max(waits) > CAP_S * 0.9
    assert len({round(wait, 6) for wait in waits}) > 190
    assert backoff.next_s(GOOD_S) <= BASE_S
    assert all(later <= BASE_S * 2 for later in itertools.islice(iter(lambda: backoff.next_s(GOOD_S), None), 50))


@pytest.mark.usefixtures("signals")
def test_without_ccxt_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ccxt.pro", None)
    with pytest.raises(CommandError, match="live prices need CCXT: pip install --require-hashes -r requirements-ccxt"):
        call_command("run_feed", "ccxt", "kraken", "--symbols", "BTC/USD=BTC-USD")


@pytest.mark.parametrize(
    ("content", "message"),
    [("[1]", "must be a JSON object"), ("{", "cannot be read"), ('{"apiKey": "x"}', "holds apiKey: prices are public")],
)
def test_a_configuration_that_is_none_is_said(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "ccxt.json"
    path.write_text(content)
    with pytest.raises(SourceError, match=message):
        read_config(path)
