"""Recordings played again, onto a real log. The real ones are not part of the project: without them their tests are skipped."""

import itertools
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from arro3.core import Array, DataType, Table
from arro3.io import write_parquet
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.commands.quotelink import QuoteLink
from apps.eventlog.codec import decode
from apps.marketdata.feeds.columns import ColumnError
from apps.marketdata.feeds.instruments import InstrumentWatch
from apps.marketdata.feeds.publisher import TOPICS, Publisher
from apps.marketdata.feeds.recording import Recording, RecordingError
from apps.marketdata.feeds.replayfeed import ReplayFeed, Symbols
from apps.marketdata.logline import LogLine
from apps.marketdata.models import Bar, FeedState
from tests.eventlog.harness import Worker, read_log
from tests.marketdata.cast import make_instrument
from tests.waiting import wait_until

DATA = Path(os.environ.get("SAMPLE_DATA_DIR") or settings.BASE_DIR.parent / "shared" / "data")
pytestmark = pytest.mark.usefixtures("topics", "committed")

QUOTES = """timestamp,bid,ask,bid_size,ask_size
2021-01-08 00:00:01.000+00:00,100.00,100.02,5,6
2021-01-08 00:00:01.400+00:00,100.01,100.03,5,6
2021-01-08 00:00:01.500+00:00,100.02,100.04,5,6
"""


def written(tmp_path: Path, text: str, name: str = "quotes.csv") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


@dataclass
class Played:
    feed: ReplayFeed
    publisher: Publisher


@contextmanager
def playing(*paths: Path, symbol: str = "ACME", speed: float = 0, bad_max: int = 10, **options: Any) -> Iterator[tuple[Any, Any]]:
    stopping = threading.Event()
    watch = InstrumentWatch(())
    publisher = Publisher("replay", LogLine("test-replay", TOPICS), QuoteLink("unix:///nobody.sock"))
    feed = ReplayFeed(
        publisher, watch, [Recording(path) for path in paths], speed=speed, columns=options.pop("columns", {}),
        symbols=Symbols.of(symbol), bad_max=bad_max, **options,
    )  # fmt: skip

    class Run:
        played = Played(feed, publisher)

        def run(self) -> None:
            feed.run(stopping)

    worker = Worker(Run(), stopping)
    try:
        yield worker, worker.target.played
    finally:
        worker.stop()
        watch.close()
        publisher.close()


def play(*paths: Path, **options: Any) -> Played:
    """Play to the end; raises what ended it otherwise."""
    with playing(*paths, **options) as (worker, played):
        worker._thread.join(60)
        assert not worker._thread.is_alive()
        if worker.error is not None:
            raise worker.error
    return played  # type: ignore[no-any-return]


def on_log(topic: str) -> list[Any]:
    return [tick for record in read_log(topic) for tick in decode(topic, record.value).ticks]


def test_quotes_keep_the_spacing_they_were_recorded_with(tmp_path: Path) -> None:
    make_instrument("ACME")
    played = play(written(tmp_path, QUOTES), speed=2)
    ticks = on_log("marketdata.quotes")
    assert [(tick.sequence, tick.bid, tick.ask) for tick in ticks] == [
        (1, "100", "100.02"), (2, "100.01", "100.03"), (3, "100.02", "100.04")
    ]  # fmt: skip
    apart = [(after.at_ns - before.at_ns) // 1_000_000 for before, after in itertools.pairwise(ticks)]
    if not played.feed.counts.shifted:  # a machine that stood still for a second says so, and shifts
        assert apart == [200, 50]
    assert (played.feed.counts.rows, played.feed.counts.bad) == (3, 0)


def test_parquet_of_floats_and_timestamps_is_as_good_as_text(tmp_path: Path) -> None:
    make_instrument("ACME")
    at = Array([1_600_000_000_000_000, 1_600_000_000_100_000], DataType.int64()).cast(DataType.timestamp("us", tz="UTC"))
    table = Table.from_pydict(
        {
            "ts_event": at,
            "price": Array([39_432.48, 39_439.44], DataType.float64()),
            "size": Array([0.1 + 0.2, 3.0], DataType.float64()),
            "side": Array(["BUY", "SELL"], DataType.utf8()),
        }
    )
    path = tmp_path / "trades.parquet"
    write_parquet(table, str(path))
    play(path)
    ticks = on_log("marketdata.trades")
    assert [(tick.price, tick.quantity, tick.aggressor_side.value) for tick in ticks] == [
        ("39432.48", "1", "BUY"), ("39439.44", "3", "SELL")
    ]  # fmt: skip


def test_quotes_and_prints_of_two_files_are_merged_by_time(tmp_path: Path) -> None:
    make_instrument("ACME")
    at = "2021-01-08T00:00:01.450Z"
    trades = written(tmp_path, f"time,price,quantity\n{at},100.02,1\n{at},100.01,2\n", "trades.csv")
    play(written(tmp_path, QUOTES), trades, speed=4)
    quotes, prints = on_log("marketdata.quotes"), on_log("marketdata.trades")
    assert quotes[1].at_ns < prints[0].at_ns < quotes[2].at_ns
    assert [tick.aggressor_side.value for tick in prints] == ["BUY", "SELL"]


def test_bad_rows_are_counted_named_and_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    make_instrument("ACME")
    bad = "yesterday,1,2,3,4\n2021-01-08T00:00:01.2Z,NaN,2,3,4\nshort\n2021-01-08T00:00:01.3Z,99,\xff,3,4\n\n"
    path = tmp_path / "bad.csv"
    path.write_bytes((QUOTES + bad).encode("latin-1"))
    played = play(path)
    assert (played.feed.counts.bad, len(on_log("marketdata.quotes"))) == (4, 3)
    for words in ("bad.csv, line 5 is left out: time must be an instant, was 'yesterday'", "line 6", "line 7", "line 8"):
        assert words in caplog.text


def test_too_many_bad_rows_end_it_and_say_where(tmp_path: Path) -> None:
    make_instrument("ACME")
    with pytest.raises(RecordingError, match=r"quotes.csv, line 7: .*more than 2 rows cannot be read"):
        play(written(tmp_path, QUOTES + "x,1,2,3,4\n" * 5), bad_max=2)
    assert len(on_log("marketdata.quotes")) <= 3


def test_a_quote_that_makes_no_sense_is_for_the_gate(tmp_path: Path) -> None:
    make_instrument("ACME")
    played = play(written(tmp_path, QUOTES + "2021-01-08T00:00:02Z,101,100,5,5\n2021-01-08T00:00:02Z,0,100,5,5\n"))
    assert (played.feed.counts.bad, played.publisher.quarantined, len(on_log("marketdata.quotes"))) == (0, 2, 3)


def test_rows_of_others_are_left_out_and_theirs_can_be_named_ours(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    make_instrument("ACME-USD")
    rows = "time,symbol,bid,ask\n1610064001,ACME/USDT,1.00,1.02\n1610064002,ACME/USD,1.01,1.03\n1610064003,XYZ,1,2\n"
    played = play(written(tmp_path, rows), symbol="")
    assert [tick.bid for tick in on_log("marketdata.quotes")] == ["1.01"]
    assert played.feed.counts.unknown == {"ACME-USDT": 1, "XYZ": 1}
    assert "'XYZ' is no instrument here" in caplog.text
    play(written(tmp_path, rows), symbol="ACME/USDT=ACME-USD")
    assert [tick.bid for tick in on_log("marketdata.quotes")] == ["1.01", "1", "1.01"]


def test_a_symbol_that_does_not_exist_is_said(tmp_path: Path) -> None:
    make_instrument("ACME")
    with pytest.raises(RecordingError, match="there is no instrument 'NOPE'"):
        play(written(tmp_path, QUOTES), symbol="NOPE")


def test_round_and_round_each_time_under_a_new_epoch(tmp_path: Path) -> None:
    make_instrument("ACME")
    with playing(written(tmp_path, QUOTES), loop=True) as (worker, played):
        wait_until(lambda: played.publisher.published >= 9 or worker.error, 30, "three rounds")
        assert worker.error is None
    epochs = [decode("marketdata.quotes", record.value).epoch for record in read_log("marketdata.quotes")]
    assert len(set(epochs)) >= 3
    assert epochs == sorted(epochs)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "has no rows"),
        (b"time,bid,ask\n", "has no rows"),
        (b"PAR1 and then nothing of it", "does not end as one: it was cut off"),
        (b"PAR1" + b"\0" * 40 + b"PAR1", "after row 0"),
    ],
)
def test_a_file_that_is_none_is_said(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=message):
        Recording(path)


def test_a_line_without_end_is_no_row_and_no_danger(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    make_instrument("ACME")
    long_line, open_quote, last = "9" * 300_000 + "\n", '"' + "x\n" * 20_000 + '"\n', QUOTES.splitlines()[1] + "\n"
    played = play(written(tmp_path, QUOTES + long_line + open_quote + last + "x,1,2\n" + "9" * 65_536))
    assert len(on_log("marketdata.quotes")) == 4
    assert played.feed.counts.bad == 4
    for line in (5, 20_006, 20_008, 20_009):
        assert f"line {line} is left out" in caplog.text


@pytest.mark.usefixtures("signals")
def test_the_command_says_what_is_wrong_before_it_starts(tmp_path: Path) -> None:
    path = written(tmp_path, QUOTES)
    for arguments, message in (
        ([str(tmp_path / "no.csv")], "no.csv cannot be read: No such file"),
        ([str(path)], "the file does not say of which instrument it is: --symbol"),
        ([str(path), "--speed", "-1"], "--speed must be from 0"),
        ([str(path), "--symbol", "A=B=C"], "symbols must be one symbol, or THEIRS=OURS"),
        ([str(path), "--columns", "time=nope"], "there is no column 'nope' for time"),
    ):
        with pytest.raises((CommandError, ColumnError), match=message):
            call_command("run_feed", "replay", *arguments)


@pytest.mark.usefixtures("signals")
def test_the_command_plays_a_file_as_the_only_one_and_ends(tmp_path: Path) -> None:
    make_instrument("ACME")
    call_command("run_feed", "replay", str(written(tmp_path, QUOTES)), "--symbol", "ACME", "--speed", "0")
    assert len(on_log("marketdata.quotes")) == 3
    row = FeedState.objects.get(pk="replay")
    assert row.ended_at is not None and row.published == 3


# --- The real ones -------------------------------------------------------------------------------------------------------------


def recording(name: str) -> Path:
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"no recording {name}: set SAMPLE_DATA_DIR to the folder that holds it")
    return path


@pytest.mark.parametrize(
    ("name", "symbol", "tick", "lot", "topic", "count"),
    [
        ("binance-btcusdt-quotes.csv", "BTC/USDT=ACME", "0.01", "0.000001", "marketdata.quotes", 451),
        ("binance-btcusdt-trades.csv", "ACME", "0.01", "0.000001", "marketdata.trades", 2_001),
        ("truefx-usdjpy-quotes.csv", "ACME", "0.001", "1000", "marketdata.quotes", 1_000),
        ("fx-eurusd-quotes.csv", "ACME", "0.00001", "1000", "marketdata.quotes", 9_500),
    ],
)
def test_each_real_recording_plays_to_its_end(name: str, symbol: str, tick: str, lot: str, topic: str, count: int) -> None:
    path = recording(name)
    make_instrument("ACME", tick_size=tick, lot_size=lot)
    played = play(path, symbol=symbol)
    assert (played.feed.counts.rows, played.feed.counts.bad, sum(played.feed.counts.unknown.values())) == (count, 0, 0)
    ticks = on_log(topic)
    # A locked quote is real, and no market: it is kept back.
    assert len(ticks) + played.publisher.quarantined == count
    assert len(ticks) > count * 0.95
    assert [each.sequence for each in ticks] == list(range(1, len(ticks) + 1))
    assert not Bar.objects.exists()
