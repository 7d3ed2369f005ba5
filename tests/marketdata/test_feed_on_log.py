"""The simulated feed as it runs: to a real log at a real rate, and on when its readers are away."""

import itertools
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from apps.commands import framing
from apps.commands.quotelink import QuoteLink
from apps.eventlog.codec import decode
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks
from apps.marketdata.feeds.publisher import Publisher
from apps.marketdata.feeds.simfeed import InstrumentWatch, SimFeed
from apps.marketdata.logline import LogLine
from apps.marketdata.models import LatestPrice
from tests.eventlog.harness import Worker, read_log
from tests.eventlog.logs import log_of_run
from tests.marketdata.cast import make_instrument
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("committed")


class EngineEar:
    """Listens where the engine would, and keeps the quotes that arrive."""

    def __init__(self, path: Path) -> None:
        self.quotes: list[QuoteTick] = []
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen(1)
        self._server.settimeout(20)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        connection, _ = self._server.accept()
        reader = framing.FrameReader(framing.CALLER_LIMITS)
        while data := connection.recv(65_536):
            for kind, body in reader.feed(data):
                if kind == framing.QUOTES:
                    self.quotes += decode("marketdata.quotes", body).ticks
                else:
                    welcome = framing.Welcome(version=framing.PROTOCOL_VERSION, epoch=1)
                    connection.sendall(framing.frame(framing.HELLO, msgspec.msgpack.encode(welcome)))

    def close(self) -> None:
        self._server.close()


@contextmanager
def feeding(rate: float, engine: str, symbols: tuple[str, ...] = ()) -> Iterator[Worker]:
    stopping = threading.Event()
    watch = InstrumentWatch(symbols)
    publisher = Publisher("sim", LogLine("test-feed"), QuoteLink(engine))
    worker = Worker(_Bound(SimFeed(publisher, watch, rate=rate, seed=1), stopping), stopping)
    try:
        yield worker
    finally:
        worker.stop()
        watch.close()
        publisher.close()
    assert worker.error is None


class _Bound:
    def __init__(self, feed: SimFeed, stopping: threading.Event) -> None:
        self._feed, self._stopping = feed, stopping

    def run(self) -> None:
        self._feed.run(self._stopping)


def ticks_of(topic: str) -> list[Any]:
    messages = [decode(topic, record.value) for record in read_log(topic)]
    return [(message.epoch, tick) for message in messages for tick in message.ticks]


@pytest.fixture
def market(committed: None) -> None:
    make_instrument("ALDR", number=1)
    make_instrument("BRNT", number=2)
    make_instrument("CLRW", number=3)


@pytest.mark.usefixtures("topics", "market")
def test_ticks_reach_the_log_and_the_engine_at_the_rate_and_in_order(tmp_path: Path) -> None:
    ear = EngineEar(tmp_path / "engine.sock")
    with feeding(500, f"unix://{tmp_path}/engine.sock"):
        wait_until(lambda: len(ear.quotes) > 800, 20, "quotes at the engine")
    quotes, prints = ticks_of("marketdata.quotes"), ticks_of("marketdata.trades")
    times = [tick.at_ns for _, tick in quotes + prints]
    assert len(quotes + prints) == pytest.approx(500 * (max(times) - min(times)) / 1e9, rel=0.15)
    for ticks in (quotes, prints):
        for symbol in ("ALDR", "BRNT", "CLRW"):
            # The feed does not wait for the log: its first ticks may be older than its connection. From then on none is missing.
            mine = [(epoch, tick.sequence) for epoch, tick in ticks if tick.symbol == symbol]
            epoch, first = mine[0]
            assert first <= 50
            assert mine == [(epoch, first + number) for number in range(len(mine))]
    # A quote may be on the way to one of the two when the feed ends; the engine's are the log's, in the log's form.
    began = min(tick.at_ns for _, tick in quotes)
    assert {(tick.symbol, tick.sequence, tick.bid) for tick in ear.quotes if tick.at_ns > began} <= {
        (tick.symbol, tick.sequence, tick.bid) for _, tick in quotes
    }
    ear.close()


@pytest.mark.usefixtures("topics", "market")
def test_at_a_low_rate_every_instrument_is_still_quoted_once_a_second(tmp_path: Path) -> None:
    ear = EngineEar(tmp_path / "engine.sock")
    with feeding(0.5, f"unix://{tmp_path}/engine.sock"):
        wait_until(lambda: len(ear.quotes) >= 9, 20, "three rounds of quotes")
    by_symbol: dict[str, list[int]] = {}
    for tick in ear.quotes:
        by_symbol.setdefault(tick.symbol, []).append(tick.at_ns)
    assert set(by_symbol) == {"ALDR", "BRNT", "CLRW"}
    for times in by_symbol.values():
        # One second is promised to the house; half a second is left to a busy machine here.
        assert all(after - before < 1_500_000_000 for before, after in itertools.pairwise(times))
    ear.close()


@pytest.mark.usefixtures("topics", "market")
def test_it_goes_on_from_the_stored_price_under_a_higher_epoch(tmp_path: Path) -> None:
    future = time.time_ns() + 3_600_000_000_000  # stored before the clock was set back an hour
    LatestPrice.objects.create(
        instrument_id=1, source="sim", epoch=future, sequence=9, bid="60.00", ask="60.02", bid_quantity=1, ask_quantity=1,
        quoted_at="2026-01-01T00:00:00Z",
    )  # fmt: skip
    ear = EngineEar(tmp_path / "engine.sock")
    with feeding(50, f"unix://{tmp_path}/engine.sock", ("ALDR",)):
        wait_until(lambda: ear.quotes and read_log("marketdata.quotes"), 20, "a quote at the engine and in the log")
    first = decode("marketdata.quotes", read_log("marketdata.quotes")[0].value)
    assert isinstance(first, QuoteTicks)
    assert first.epoch > future
    assert abs(float(first.ticks[0].bid) - 60.0) < 0.05
    assert {tick.symbol for tick in ear.quotes} == {"ALDR"}
    ear.close()


@pytest.mark.usefixtures("market")
def test_without_a_log_the_engine_is_still_fed(tmp_path: Path) -> None:
    ear = EngineEar(tmp_path / "engine.sock")
    with log_of_run().away(), feeding(200, f"unix://{tmp_path}/engine.sock"):
        wait_until(lambda: len(ear.quotes) > 400, 20, "quotes at the engine")
        times = [tick.at_ns for tick in ear.quotes]
        assert max(after - before for before, after in itertools.pairwise(times)) < 1_000_000_000
    ear.close()


@pytest.mark.usefixtures("topics", "market")
def test_without_an_engine_the_log_is_still_fed(tmp_path: Path) -> None:
    with feeding(200, f"unix://{tmp_path}/nobody.sock"):
        wait_until(lambda: len(ticks_of("marketdata.quotes")) > 100, 20, "quotes on the topic")


@pytest.mark.usefixtures("topics")
def test_instruments_that_come_later_are_quoted(tmp_path: Path) -> None:
    ear = EngineEar(tmp_path / "engine.sock")
    with feeding(100, f"unix://{tmp_path}/engine.sock"):
        make_instrument("ALDR", number=1)
        wait_until(lambda: any(tick.symbol == "ALDR" for tick in ear.quotes), 20, "the first instrument")
        make_instrument("BRNT", number=2)
        wait_until(lambda: any(tick.symbol == "BRNT" for tick in ear.quotes), 20, "the second instrument")
    ear.close()
