"""What the publisher keeps and pushes."""

import json

import pytest
from prometheus_client import REGISTRY

from apps.core.enums import Side
from apps.eventlog.schemas.marketdata import BarTick, BarTicks, Depth, QuoteTick, QuoteTicks, TradeTick, TradeTicks
from apps.realtime import limits
from apps.realtime.limits import LEVELS_SHOWN, PRINTS_KEPT
from apps.realtime.newest import Newest
from apps.realtime.shards import shard_of, shard_of_account

MS = 1_000_000


def quotes(sequence: int, bid: str = "1", source: str = "sim", epoch: int = 1, at_ns: int = MS) -> QuoteTicks:
    return QuoteTicks(source, epoch, [QuoteTick("BTC-USD", sequence, at_ns, bid, "9", "1", "2")])


def trades(sequence: int, source: str = "sim") -> TradeTicks:
    return TradeTicks(source, 1, [TradeTick("BTC-USD", sequence, MS, "5", "1", Side.BUY)])


def parts(newest: Newest, *, full: bool = False) -> dict[str, dict[str, object]]:
    return newest.take(full=full).get(shard_of("BTC-USD"), {"q": {}, "p": {}, "d": {}, "c": [], "b": [], "a": []})


def test_many_quotes_between_two_pushes_are_the_newest_one() -> None:
    newest = Newest()
    for sequence in range(1, 100):
        newest.put_quotes(quotes(sequence, bid=str(sequence)))
    fragment = str(parts(newest)["q"]["BTC-USD"])
    assert json.loads(fragment) == ["BTC-USD", 1, 99, 1, "99", "9", "1", "2"]
    assert parts(newest)["q"] == {}


def test_an_older_quote_is_dropped_and_another_source_waits_until_the_first_is_silent() -> None:
    newest = Newest()
    newest.put_quotes(quotes(10, "10", epoch=5, at_ns=10 * MS))
    newest.put_quotes(quotes(11, "no", epoch=4, at_ns=11 * MS))
    newest.put_quotes(quotes(9, "no", epoch=5, at_ns=11 * MS))
    newest.put_quotes(quotes(1, "no", source="other", epoch=9, at_ns=3_010 * MS))
    assert json.loads(str(parts(newest)["q"]["BTC-USD"]))[4] == "10"
    newest.put_quotes(quotes(1, "yes", source="other", epoch=1, at_ns=3_011 * MS))
    assert json.loads(str(parts(newest)["q"]["BTC-USD"]))[4] == "yes"


def test_a_full_push_has_everything_and_a_plain_one_only_what_is_new() -> None:
    newest = Newest()
    newest.put_quotes(quotes(1))
    for sequence in range(1, 31):
        newest.put_trades(trades(sequence))
    newest.put_trades(trades(7, source="BOOK"))
    pushed = parts(newest)
    assert len(pushed["p"]["BTC-USD"]) == PRINTS_KEPT  # type: ignore[arg-type]
    assert parts(newest) == {"q": {}, "p": {}, "d": {}, "c": [], "b": [], "a": []}
    full = parts(newest, full=True)
    assert full["q"] == pushed["q"] and full["p"] == pushed["p"]
    assert [json.loads(text)[7] for text in full["p"]["BTC-USD"]][-2:] == ["FEED", "BOOK"]  # type: ignore[attr-defined]


def test_depth_is_clipped_and_only_moves_forward() -> None:
    newest = Newest()
    levels = [(str(price), "1", "0") for price in range(100, 0, -1)]
    newest.put_depth(Depth("BTC-USD", 1, 5, MS, levels, levels))
    newest.put_depth(Depth("BTC-USD", 1, 4, MS, [], []))
    version, snapshot, base, delta = parts(newest)["d"]["BTC-USD"]  # type: ignore[misc]
    symbol, epoch, sequence, at_ms, _, bids, asks = json.loads(snapshot)
    assert (symbol, epoch, sequence, at_ms) == ("BTC-USD", 1, 5, 1)
    assert (version, base, delta) == ("1:5", "", "")
    assert len(bids) == len(asks) == LEVELS_SHOWN and bids[0] == ["100", "1", "0"]


def test_bells_are_the_newest_of_their_account() -> None:
    newest = Newest()
    for sequence in (3, 5, 4):
        newest.ring(7, sequence)
    assert newest.take(full=False)[shard_of_account(7)]["b"] == [(7, 5)]


def bar(start_s: int, sequence: int, interval: str = "1m") -> BarTick:
    return BarTick("BTC-USD", interval, start_s, "1", "2", "0.5", "1.5", "9", sequence)  # type: ignore[arg-type]


def told(newest: Newest, *, full: bool = False) -> list[tuple[str, int, int]]:
    """Interval, start and sequence of the bars of a push."""
    pushed = parts(newest, full=full)["c"]
    assert [json.loads(text)[:3] for _, _, _, text in pushed] == [["BTC-USD", each[1], each[2]] for each in pushed]  # type: ignore[index]
    return [(interval, start, json.loads(text)[8]) for _, interval, start, text in pushed]  # type: ignore[misc]


def test_a_bar_that_ends_is_pushed_before_the_next_and_an_older_one_never() -> None:
    newest = Newest()
    newest.put_bars(BarTicks([bar(0, 1), bar(0, 2)]))
    assert told(newest) == [("1m", 0, 2)]
    newest.put_bars(BarTicks([bar(0, 3), bar(60, 1), bar(0, 4, "5m")]))
    assert sorted(told(newest)) == [("1m", 0, 3), ("1m", 60_000, 1), ("5m", 0, 4)]
    newest.put_bars(BarTicks([bar(120, 1)]))
    newest.put_bars(BarTicks([bar(0, 5)]))
    assert told(newest) == [("1m", 120_000, 1)]
    assert told(newest) == []
    assert sorted(told(newest, full=True)) == [("1m", 60_000, 1), ("1m", 120_000, 1), ("5m", 0, 4)]
    assert json.loads(parts(newest, full=True)["c"][-1][3])[3:] == ["1", "2", "0.5", "1.5", "9", 4]  # type: ignore[index]


def test_more_symbols_than_are_kept_are_left_out_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SYMBOLS_KEPT_MAX", 2)

    def dropped(what: str) -> float:
        return REGISTRY.get_sample_value("tredye_realtime_dropped_total", {"what": what}) or 0.0

    newest, before = Newest(), dropped("symbol")
    for number, symbol in enumerate(("A", "B", "C", "A"), start=1):
        newest.put_quotes(QuoteTicks("sim", 1, [QuoteTick(symbol, number, MS, "1", "2", "1", "1")]))
        newest.put_trades(TradeTicks("sim", 1, [TradeTick(symbol, number, MS, "5", "1", Side.BUY)]))
        newest.put_depth(Depth(symbol, 1, number, MS, [], []))
    kept = {"A", "B"}
    assert set(newest._quotes) == set(newest._prints) == set(newest._depths) == kept
    assert dropped("symbol") - before == 3
    old = dropped("depth")
    newest.put_depth(Depth("A", 1, 1, MS, [], []))
    assert dropped("depth") - old == 1


def test_a_print_that_is_read_again_is_told_once() -> None:
    newest = Newest()
    for sequence in (1, 2, 3):
        newest.put_trades(trades(sequence))
    assert len(parts(newest)["p"]["BTC-USD"]) == 3  # type: ignore[arg-type]
    for sequence in (2, 3, 4):
        newest.put_trades(trades(sequence))
    assert [json.loads(each)[2] for each in parts(newest)["p"]["BTC-USD"]] == [4]  # type: ignore[attr-defined]
    newest.put_trades(trades(2, source="BOOK"))
    assert len(parts(newest)["p"]["BTC-USD"]) == 1  # type: ignore[arg-type]


def test_a_bar_of_fewer_prints_is_old() -> None:
    newest = Newest()
    for sequence in (5, 4):
        newest.put_bars(BarTicks([BarTick("BTC-USD", "1m", 60, "1", "1", "1", str(sequence), "5", sequence)]))
    assert [json.loads(bar[3])[6:] for bar in parts(newest)["c"]] == [["5", "5", 5]]  # type: ignore[attr-defined]
