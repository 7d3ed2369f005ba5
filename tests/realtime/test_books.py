"""Depth: whoever saw what, and whatever was lost on the way to the hub, a page's book ends as the newest, checksum included."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.eventlog.schemas.marketdata import Depth
from apps.realtime.books import Level, book_update, changes, checksum
from apps.realtime.newest import Newest
from apps.realtime.shards import shard_of
from apps.realtime.table import NEVER, Table, WatchSet
from tests.realtime.book import PageBook

SYMBOL = "BTC-USD"
PRICES = st.integers(90, 130)
SIDE = st.dictionaries(PRICES, st.tuples(st.integers(1, 3), st.integers(0, 1)), max_size=14)


def depth_of(sequence: int, bids: Any, asks: Any, epoch: int = 1) -> Depth:
    def levels(side: Any, *, reverse: bool) -> list[Level]:
        return [(f"{price / 10}", str(side[price][0]), str(side[price][1])) for price in sorted(side, reverse=reverse)]

    return Depth(SYMBOL, epoch, sequence, sequence * 1_000_000, levels(bids, reverse=True), levels(asks, reverse=False))


class Page:
    """A socket of the hub and the page behind it; ``serve`` is what the hub does when the socket takes something."""

    def __init__(self) -> None:
        self.watch = WatchSet(frozenset({SYMBOL}), frozenset({SYMBOL}))
        self.cursor = NEVER
        self.book = PageBook()

    def serve(self, table: Table, cut: int) -> None:
        for text in table.frames(self.watch, self.cursor, cut):
            frame = json.loads(text)
            for part in frame["d"]:
                if frame["t"] == "d":
                    self.book.take_snapshot(part)
                elif frame["t"] == "dd":
                    assert self.book.take_delta(part), "a delta that does not fit was sent"
        self.cursor = cut

    def says(self) -> tuple[int, int, list[list[str]], list[list[str]]]:
        return self.book.epoch, self.book.sequence, self.book.bids, self.book.asks


EVENTS = st.lists(
    st.tuples(st.just("depth"), st.tuples(SIDE, SIDE))
    | st.tuples(st.sampled_from(["push", "push", "lose", "full", "epoch"]), st.none())
    | st.tuples(st.just("serve"), st.sampled_from([(0,), (0, 1), (0, 1, 2), (1,), (2,)])),
    max_size=60,
)


@given(EVENTS)
@settings(max_examples=100)
def test_a_page_s_book_is_the_newest_however_deltas_and_snapshots_come(events: list[tuple[str, Any]]) -> None:
    newest, table, pages = Newest(), Table(), [Page(), Page(), Page()]
    epoch, sequence, last = 1, 0, None
    for event, argument in events:
        if event == "depth":
            sequence += 1
            last = depth_of(sequence, *argument, epoch=epoch)
            newest.put_depth(last)
        elif event == "epoch":
            epoch += 1
            sequence = 0
        elif event in ("push", "full", "lose"):
            parts = newest.take(full=event == "full").get(shard_of(SYMBOL), {"d": {}})
            for symbol, update in parts["d"].items():
                if event != "lose":
                    table.put_book(symbol, *json.loads(json.dumps(update)))
        else:
            cut = table.cut(0)
            for number in argument:
                pages[number].serve(table, cut)
    for symbol, update in newest.take(full=True).get(shard_of(SYMBOL), {"d": {}})["d"].items():
        table.put_book(symbol, *update)
    cut = table.cut(0)
    for page in pages:
        page.serve(table, cut)
        if last is not None:
            assert page.says() == (
                last.epoch, last.sequence,
                [list(level) for level in last.bids[:10]], [list(level) for level in last.asks[:10]],
            )  # fmt: skip


def test_who_saw_the_book_before_gets_the_delta_and_all_others_the_snapshot() -> None:
    table, quick, slow = Table(), Page(), Page()
    side = {100 + step: (1, 0) for step in range(10)}
    before = depth_of(1, {}, side)
    table.put_book(SYMBOL, *book_update(None, before))
    quick.serve(table, table.cut(0))
    for sequence in (2, 3):
        side = side | {100: (sequence, 0)}
        after = depth_of(sequence, {}, side)
        table.put_book(SYMBOL, *book_update(before, after))
        quick.serve(table, table.cut(0))
        before = after
    slow.serve(table, table.cut(0))
    assert (quick.book.by_delta, slow.book.by_delta) == (2, 0)
    assert quick.says() == slow.says()


def test_a_delta_that_is_no_shorter_than_the_book_is_not_made() -> None:
    side = {100 + step: (1, 0) for step in range(10)}
    other = {200 + step: (1, 0) for step in range(10)}
    assert book_update(depth_of(1, {}, side), depth_of(2, {}, other)).delta == ""
    assert book_update(depth_of(1, {}, side), depth_of(2, {}, side | {99: (1, 0)})).delta != ""
    assert book_update(depth_of(1, {}, side, epoch=1), depth_of(2, {}, side, epoch=2)).delta == ""
    assert book_update(depth_of(2, {}, side), depth_of(2, {}, side)).delta == ""


def test_the_book_asked_for_anew_is_whole() -> None:
    table, page = Table(), Page()
    side = {100 + step: (1, 0) for step in range(10)}
    table.put_book(SYMBOL, *book_update(None, depth_of(1, {}, side)))
    page.serve(table, table.cut(0))
    (frame,) = table.snapshots(["ETH-USD", SYMBOL])
    page.book.take_snapshot(json.loads(frame)["d"][0])
    assert table.snapshots(["ETH-USD"]) == ()


def test_the_checksum_is_of_the_levels_as_they_are_sent() -> None:
    assert checksum([], []) == 0
    assert checksum([("1.5", "2", "0")], [("1.6", "3", "1")]) == 0x4A3E6A37
    assert changes([("1", "2", "0"), ("2", "1", "0")], [("1", "2", "1"), ("3", "1", "0")]) == [
        ("1", "2", "1"), ("3", "1", "0"), ("2", "0", "0"),
    ]  # fmt: skip
