"""The marketdata consumer: exact bars, newest values, and the depth that it publishes."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from apps.core.clock import ManualClock
from apps.core.enums import Side, TradingState
from apps.core.numbers import NumberFormatError
from apps.eventlog.codec import decode
from apps.eventlog.handler import Record
from apps.eventlog.schemas.instruments import InstrumentHalted
from apps.eventlog.schemas.marketdata import BarTick, BarTicks, Depth
from apps.eventlog.topics import partition_of
from apps.instruments.models import Instrument
from apps.marketdata.handlers import DEPTH_APART_NS, MarketDataHandler
from apps.marketdata.models import Bar, QuoteFrame
from apps.marketdata.selectors import get_latest
from apps.observability import metrics
from tests.marketdata.cast import SECOND_NS, T0_NS, levels, make_instrument, quote, quotes, records, trade, trades

pytestmark = pytest.mark.django_db


class Line:
    """Where the log would be: keeps what was sent, or takes nothing."""

    def __init__(self) -> None:
        self.sent: list[Depth] = []
        self.bars: list[list[BarTick]] = []
        self.takes = True

    def send(self, topic: str, key: str, value: bytes, partition: int) -> bool:
        if self.takes:
            message = decode(topic, value)
            if isinstance(message, BarTicks):
                assert {partition_of(bar.symbol, topic) for bar in message.bars} == {partition}
                self.bars.append(message.bars)
            else:
                assert isinstance(message, Depth) and message.symbol == key
                self.sent.append(message)
        return self.takes

    def check(self, now_s: float) -> None:
        pass

    def close(self) -> None:
        pass


class Stage:
    """A handler, its clock, and what it published."""

    def __init__(self, settings: Any) -> None:
        settings.MARKETDATA_LEVELS_SOURCE = f"{__name__}.resting"
        self.clock = ManualClock(T0_NS)
        self.line = Line()
        self.handler = MarketDataHandler(clock=self.clock, log_line=self.line)  # type: ignore[arg-type]

    def take(self, *messages: Any) -> None:
        self.take_records(records(*messages))

    def take_records(self, given: Sequence[Record]) -> None:
        with transaction.atomic():
            self.handler.handle(given)

    def tick(self, seconds: float = 1.0) -> None:
        self.clock.advance_ns(int(seconds * SECOND_NS))
        self.handler.tick(self.clock.monotonic_ns())

    @property
    def depth(self) -> Depth:
        return self.line.sent[-1]


_resting: tuple[int, list[tuple[int, Side, Decimal, Decimal]]] = (0, [])


def resting() -> tuple[int, list[tuple[int, Side, Decimal, Decimal]]]:
    return _resting


@pytest.fixture
def stage(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    make_instrument("ACME", number=1)
    make_instrument("BOLT", number=2)
    yield Stage(settings)
    globals()["_resting"] = (0, [])


def minute_bar() -> Bar:
    return Bar.objects.get(instrument_id=1, interval="1m")


def test_prints_of_the_feed_and_of_the_book_make_one_bar(stage: Stage) -> None:
    stage.take(
        trades(trade("ACME", 1, T0_NS, "10.00", "5"), trade("ACME", 2, T0_NS + 1, "10.10", "2")),
        trades(trade("ACME", 900, T0_NS + 2, "9.90", "1"), epoch=3, source="BOOK"),
    )
    bar = minute_bar()
    assert (bar.open, bar.high, bar.low, bar.close) == (10, Decimal("10.1"), Decimal("9.9"), Decimal("9.9"))
    assert (bar.volume, bar.trades) == (8, 3)
    assert {bar.interval for bar in Bar.objects.filter(instrument_id=1)} == {"1s", "1m", "5m", "1h", "1d"}


def test_the_same_records_again_change_nothing(stage: Stage) -> None:
    given = records(
        trades(trade("ACME", 1, T0_NS, "10.00", "5")), trades(trade("ACME", 900, T0_NS, "9.90"), epoch=3, source="BOOK")
    )
    for _ in range(3):
        stage.take_records(given)
    assert (minute_bar().volume, minute_bar().trades) == (6, 2)


def test_what_was_rolled_back_is_applied_the_next_time(stage: Stage) -> None:
    given = records(trades(trade("ACME", 1, T0_NS, "10.00", "5")))
    with pytest.raises(RuntimeError), transaction.atomic():
        stage.handler.handle(given)
        raise RuntimeError("the position was taken")
    stage.handler.forget()
    assert not Bar.objects.exists()
    stage.take_records(given)
    assert minute_bar().volume == 5


def test_a_feed_that_starts_again_counts_from_one_and_is_not_taken_for_a_repetition(stage: Stage) -> None:
    stage.take(trades(trade("ACME", 1, T0_NS, "10"), trade("ACME", 2, T0_NS, "10")))
    stage.take(trades(trade("ACME", 1, T0_NS + SECOND_NS, "10"), epoch=T0_NS + SECOND_NS))
    assert minute_bar().trades == 3


def test_a_price_that_is_no_number_is_refused_and_writes_nothing(stage: Stage) -> None:
    with pytest.raises(NumberFormatError, match="price"):
        stage.take(trades(trade("ACME", 1, T0_NS, "10"), trade("ACME", 2, T0_NS, "NaN")))
    assert not Bar.objects.exists()


def test_an_unknown_symbol_is_passed_over_until_it_is_configured(stage: Stage) -> None:
    stage.take(trades(trade("CRUX", 1, T0_NS, "10")))
    make_instrument("CRUX", number=3)
    stage.clock.advance_ns(2 * SECOND_NS)
    stage.take(trades(trade("CRUX", 2, T0_NS, "11")))
    assert [bar.close for bar in Bar.objects.filter(instrument_id=3, interval="1s")] == [11]


def test_the_newest_price_is_written_about_once_a_second(stage: Stage) -> None:
    stage.take(quotes(quote("ACME", 1, T0_NS, "10.00", "10.02")), trades(trade("ACME", 1, T0_NS, "10.02")))
    stage.tick()
    stage.take(quotes(quote("ACME", 3, T0_NS, "10.05", "10.06"), quote("ACME", 2, T0_NS, "9.00", "9.01")))
    stage.tick(0.1)
    assert get_latest(1).bid == 10
    stage.tick()
    assert (get_latest(1).bid, get_latest(1).last) == (Decimal("10.05"), Decimal("10.02"))


def test_a_frame_keeps_the_last_quote_of_each_second(stage: Stage) -> None:
    stage.take(
        quotes(
            quote("ACME", 1, T0_NS, "10.00", "10.02"),
            quote("ACME", 2, T0_NS + SECOND_NS - 1, "10.10", "10.12"),
            quote("ACME", 3, T0_NS + SECOND_NS, "10.20", "10.22"),
        )
    )
    stage.tick()
    assert [frame.bid for frame in QuoteFrame.objects.all()] == [Decimal("10.1")], "the second that runs is not over"
    stage.tick()
    assert {frame.second: frame.bid for frame in QuoteFrame.objects.all()} == {
        datetime.fromtimestamp(T0_NS // SECOND_NS, UTC): Decimal("10.1"),
        datetime.fromtimestamp(T0_NS // SECOND_NS + 1, UTC): Decimal("10.2"),
    }


def test_ending_writes_what_is_left(stage: Stage) -> None:
    stage.take(quotes(quote("ACME", 1, T0_NS, "10.00", "10.02")))
    stage.handler.stop()
    assert get_latest(1).bid == 10
    assert QuoteFrame.objects.count() == 1


def test_depth_is_customers_and_house(stage: Stage) -> None:
    stage.take(quotes(quote("ACME", 1, T0_NS, "10.00", "10.02", "40")))
    stage.take(levels("ACME", 5, (Side.BUY, "10.00", "3"), (Side.BUY, "10.01", "2")))
    stage.tick()
    assert stage.depth.bids[:2] == [("10.01", "2", "2"), ("10", "43", "3")]
    assert stage.depth.asks[0] == ("10.02", "40", "0")
    assert len(stage.depth.asks) == 10


def test_depth_is_published_on_change_only_and_not_too_often(stage: Stage) -> None:
    for sequence in range(1, 5):
        stage.take(quotes(quote("ACME", sequence, T0_NS, "10.00", f"10.0{sequence + 1}")))
        stage.tick(0.01)
    assert len(stage.line.sent) == 1
    stage.tick(DEPTH_APART_NS / SECOND_NS)
    assert len(stage.line.sent) == 2
    stage.take(quotes(quote("ACME", 9, T0_NS, "10.00", "10.05")))
    stage.tick()
    assert len(stage.line.sent) == 2, "the quote is newer, the depth is the same"
    assert [depth.sequence for depth in stage.line.sent] == [1, 2]


def test_depth_that_the_log_did_not_take_is_sent_later(stage: Stage) -> None:
    stage.line.takes = False
    stage.take(quotes(quote("ACME", 1, T0_NS, "10.00", "10.02")))
    stage.tick()
    stage.line.takes = True
    stage.tick()
    assert len(stage.line.sent) == 1


def test_a_stale_house_is_withdrawn_and_customers_stay(stage: Stage) -> None:
    stage.take(quotes(quote("ACME", 1, T0_NS, "10.00", "10.02")), levels("ACME", 5, (Side.BUY, "9.99", "7")))
    stage.tick(2.9)
    assert len(stage.depth.bids) == 10
    stage.tick(0.2)
    assert (stage.depth.bids, stage.depth.asks) == ([("9.99", "7", "7")], [])
    stage.take(quotes(quote("ACME", 2, stage.clock.now_ns(), "10.00", "10.02")))
    stage.tick()
    assert len(stage.depth.asks) == 10, "it comes back with the next quote"


def test_a_halt_withdraws_the_house(stage: Stage) -> None:
    stage.take(quotes(quote("ACME", 1, T0_NS, "10.00", "10.02")))
    stage.tick(0.5)
    Instrument.objects.filter(symbol="ACME").update(trading_state=TradingState.HALTED)
    halted = InstrumentHalted(epoch=1, sequence=9, at_ns=T0_NS, instrument_id=1, symbol="ACME", reason="news")
    stage.take_records([Record("instruments.events", 0, 0, "ACME", b"", 0, halted)])
    stage.tick(0.5)
    assert (stage.depth.bids, stage.depth.asks) == ([], [])


def test_a_halt_that_another_member_hears_of_withdraws_the_house_too(stage: Stage) -> None:
    stage.take(quotes(quote("ACME", 1, T0_NS, "10.00", "10.02")))
    stage.tick(0.5)
    assert stage.depth.asks
    Instrument.objects.filter(symbol="ACME").update(trading_state=TradingState.HALTED)
    stage.tick()
    assert (stage.depth.bids, stage.depth.asks) == ([], [])


def test_the_age_of_a_price_that_another_member_reads_now_is_not_told(stage: Stage) -> None:
    stage.take(quotes(quote("ACME", 1, T0_NS, "10.00", "10.02")))
    stage.tick(2)
    assert metrics.MARKETDATA_PRICE_AGE_SECONDS._value.get() == 2
    stage.handler.forget()  # ACME's partition went to another
    stage.take(quotes(quote("BOLT", 1, stage.clock.now_ns(), "10.00", "10.02")))
    stage.tick()
    assert metrics.MARKETDATA_PRICE_AGE_SECONDS._value.get() == 1


def test_levels_begin_with_what_rests_and_older_changes_are_ignored(stage: Stage) -> None:
    globals()["_resting"] = (100, [(1, Side.BUY, Decimal("9.50"), Decimal(8)), (1, Side.SELL, Decimal("11"), Decimal(1))])
    stage.take(levels("ACME", 99, (Side.BUY, "9.50", "0")))
    stage.tick()
    assert stage.depth.bids == [("9.5", "8", "8")]
    stage.take(levels("ACME", 101, (Side.BUY, "9.50", "6")))
    stage.tick()
    assert stage.depth.bids == [("9.5", "6", "6")]


def test_after_forgetting_levels_are_read_anew_under_a_new_epoch(stage: Stage) -> None:
    stage.take(levels("ACME", 5, (Side.BUY, "9.50", "8")))
    stage.tick()
    before = stage.depth
    globals()["_resting"] = (6, [(1, Side.BUY, Decimal("9.50"), Decimal(2))])
    stage.handler.forget()
    stage.take(quotes(quote("ACME", 1, stage.clock.now_ns(), "9.55", "9.70")))
    stage.tick()
    assert ("9.5", "227", "2") in stage.depth.bids, "the house's 225 there, and what rests"
    assert (stage.depth.epoch, stage.depth.sequence) > (before.epoch, before.sequence)
    assert stage.depth.epoch > before.epoch


def test_a_quote_that_is_crossed_or_from_the_future_is_no_quote(stage: Stage) -> None:
    stage.take(quotes(quote("ACME", 1, T0_NS, "10.02", "10.02"), quote("BOLT", 1, T0_NS + 3600 * SECOND_NS, "5", "6")))
    stage.tick()
    assert stage.line.sent == []
    assert not QuoteFrame.objects.exists()
    stage.take(quotes(quote("ACME", 2, stage.clock.now_ns(), "10.00", "10.02")))
    stage.tick()
    assert stage.depth.asks[0][0] == "10.02"


UNSTORABLE = [
    {"source": "s" * 32, "epoch": 1},
    {"source": "", "epoch": 1},
    {"source": "a\0b", "epoch": 1},
    {"source": "sim", "epoch": 2**63},
    {"source": "sim", "epoch": -1},
]


@pytest.mark.parametrize("identity", UNSTORABLE)
def test_a_quote_that_cannot_be_stored_takes_no_other_along(stage: Stage, identity: dict[str, Any]) -> None:
    stage.take(quotes(quote("ACME", 1, T0_NS, "10.00", "10.10"), **identity), quotes(quote("BOLT", 1, T0_NS, "20.00", "20.10")))
    stage.tick(5)
    assert {frame.instrument_id for frame in QuoteFrame.objects.all()} == {2}


@pytest.mark.parametrize("identity", UNSTORABLE)
def test_a_print_that_cannot_be_stored_is_poison_by_its_reason(stage: Stage, identity: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="cannot be stored"):
        stage.take(trades(trade("ACME", 1, T0_NS, "10.00", "5"), **identity))
