"""What the publisher keeps and pushes."""

import json

from apps.core.enums import Side
from apps.eventlog.schemas.marketdata import Depth, QuoteTick, QuoteTicks, TradeTick, TradeTicks
from apps.realtime.limits import LEVELS_SHOWN, PRINTS_KEPT
from apps.realtime.newest import Newest
from apps.realtime.shards import shard_of, shard_of_account

MS = 1_000_000


def quotes(sequence: int, bid: str = "1", source: str = "sim", epoch: int = 1, at_ns: int = MS) -> QuoteTicks:
    return QuoteTicks(source, epoch, [QuoteTick("BTC-USD", sequence, at_ns, bid, "9", "1", "2")])


def trades(sequence: int, source: str = "sim") -> TradeTicks:
    return TradeTicks(source, 1, [TradeTick("BTC-USD", sequence, MS, "5", "1", Side.BUY)])


def parts(newest: Newest, *, full: bool = False) -> dict[str, dict[str, object]]:
    return newest.take(full=full).get(shard_of("BTC-USD"), {"q": {}, "p": {}, "d": {}, "b": []})


def test_many_quotes_between_two_pushes_are_the_newest_one() -> None:
    newest = Newest()
    for sequence in range(1, 100):
        newest.put_quotes(quotes(sequence, bid=str(sequence)))
    fragment = str(parts(newest)["q"]["BTC-USD"])
    assert json.loads(fragment) == ["BTC-USD", 1, 99, 1, "99", "9", "1", "2"]
    assert parts(newest)["q"] == {}


def test_an_older_quote_is_dropped_and_another_source_is_ordered_by_time() -> None:
    newest = Newest()
    newest.put_quotes(quotes(10, "10", epoch=5, at_ns=10 * MS))
    newest.put_quotes(quotes(11, "no", epoch=4, at_ns=11 * MS))
    newest.put_quotes(quotes(9, "no", epoch=5, at_ns=11 * MS))
    newest.put_quotes(quotes(1, "no", source="other", epoch=9, at_ns=9 * MS))
    assert json.loads(str(parts(newest)["q"]["BTC-USD"]))[4] == "10"
    newest.put_quotes(quotes(1, "yes", source="other", epoch=1, at_ns=12 * MS))
    assert json.loads(str(parts(newest)["q"]["BTC-USD"]))[4] == "yes"


def test_a_full_push_has_everything_and_a_plain_one_only_what_is_new() -> None:
    newest = Newest()
    newest.put_quotes(quotes(1))
    for sequence in range(1, 31):
        newest.put_trades(trades(sequence))
    newest.put_trades(trades(7, source="BOOK"))
    pushed = parts(newest)
    assert len(pushed["p"]["BTC-USD"]) == PRINTS_KEPT  # type: ignore[arg-type]
    assert parts(newest) == {"q": {}, "p": {}, "d": {}, "b": []}
    full = parts(newest, full=True)
    assert full["q"] == pushed["q"] and full["p"] == pushed["p"]
    assert [json.loads(text)[7] for text in full["p"]["BTC-USD"]][-2:] == ["FEED", "BOOK"]  # type: ignore[attr-defined]


def test_depth_is_clipped_and_only_moves_forward() -> None:
    newest = Newest()
    levels = [(str(price), "1", "0") for price in range(100, 0, -1)]
    newest.put_depth(Depth("BTC-USD", 1, 5, MS, levels, levels))
    newest.put_depth(Depth("BTC-USD", 1, 4, MS, [], []))
    symbol, epoch, sequence, at_ms, bids, asks = json.loads(str(parts(newest)["d"]["BTC-USD"]))
    assert (symbol, epoch, sequence, at_ms) == ("BTC-USD", 1, 5, 1)
    assert len(bids) == len(asks) == LEVELS_SHOWN and bids[0] == ["100", "1", "0"]


def test_bells_are_the_newest_of_their_account() -> None:
    newest = Newest()
    for sequence in (3, 5, 4):
        newest.ring(7, sequence)
    assert newest.take(full=False)[shard_of_account(7)]["b"] == [(7, 5)]
