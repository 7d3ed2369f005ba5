"""Conflation: whatever a socket missed while it was busy, it ends with the newest of everything it watches."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from apps.realtime.limits import PRINTS_KEPT
from apps.realtime.table import NEVER, Table, WatchSet

SYMBOLS = ("A", "B", "C")


class Reader:
    """A socket that applies its frames as a page does."""

    def __init__(self, watch: WatchSet) -> None:
        self.watch = watch
        self.cursor = NEVER
        self.quotes: dict[str, int] = {}
        self.depths: dict[str, int] = {}
        self.prints: dict[str, list[int]] = {}

    def serve(self, table: Table, cut: int, dirty: frozenset[str] | None = None) -> None:
        frames = [json.loads(text) for text in table.frames(self.watch, self.cursor, cut, dirty)]
        self.cursor = cut
        for frame in frames:
            for symbol, value in frame["d"]:
                if frame["t"] == "p":
                    self.prints.setdefault(symbol, []).append(value)
                else:
                    kept = self.quotes if frame["t"] == "q" else self.depths
                    assert value > kept.get(symbol, -1), "a value came twice or went back"
                    kept[symbol] = value


def text(symbol: str, value: int) -> str:
    return json.dumps([symbol, value])


EVENTS = st.lists(
    st.tuples(st.sampled_from(["quote", "depth", "print"]), st.sampled_from(SYMBOLS))
    | st.tuples(st.just("serve"), st.integers(0, 2))
    | st.tuples(st.just("flush"), st.just(0)),
    max_size=80,
)


@given(EVENTS)
def test_every_order_of_ticks_and_flushes_ends_with_the_newest_values(events: list[tuple[str, Any]]) -> None:
    table = Table()
    readers = [Reader(WatchSet(frozenset(SYMBOLS[:count]), frozenset(SYMBOLS[:1]))) for count in (1, 2, 3)]
    quotes: dict[str, int] = {}
    depths: dict[str, int] = {}
    prints: dict[str, list[int]] = {}
    dirty: set[str] = set()
    flush_cut = NEVER
    for value, (event, argument) in enumerate(events):
        if event == "quote":
            table.put_quote(argument, text(argument, value))
            quotes[argument] = value
        elif event == "depth":
            table.put_depth(argument, text(argument, value))
            depths[argument] = value
        elif event == "print":
            table.put_prints(argument, [text(argument, value)])
            prints.setdefault(argument, []).append(value)
        elif event == "serve":
            readers[argument].serve(table, table.cut())
        else:  # a flush, which may look at the dirty symbols only; reader 2 is busy
            previous, flush_cut = flush_cut, table.cut()
            for reader in readers[:2]:
                limited = frozenset(dirty) if NEVER < previous <= reader.cursor else None
                reader.serve(table, flush_cut, limited)
            dirty.clear()
        if event in ("quote", "depth", "print"):
            dirty.add(argument)
    cut = table.cut()
    for reader in readers:
        first_look = reader.cursor == NEVER
        reader.serve(table, cut)
        assert reader.quotes == {symbol: quotes[symbol] for symbol in reader.watch.symbols & quotes.keys()}
        assert reader.depths == {symbol: depths[symbol] for symbol in reader.watch.depth & depths.keys()}
        for symbol in reader.watch.symbols & prints.keys():
            seen = reader.prints.get(symbol, [])
            assert seen == sorted(set(seen)), "prints come once and in order"
            assert seen[-1] == prints[symbol][-1]
            if not first_look and len(prints[symbol]) <= PRINTS_KEPT and symbol in reader.watch.depth:
                assert seen == prints[symbol]


def test_equal_watch_sets_at_the_same_cursor_share_one_frame() -> None:
    table = Table()
    watch = WatchSet(frozenset({"A"}), frozenset())
    table.put_quote("A", text("A", 1))
    cut = table.cut()
    assert table.frames(watch, NEVER, cut) is table.frames(watch, NEVER, cut)
    table.put_quote("A", text("A", 2))
    assert table.frames(watch, cut, table.cut()) == ('{"t":"q","d":[["A", 2]]}',)


def test_a_stored_price_never_replaces_a_streamed_one() -> None:
    table = Table()
    assert table.seed_quote("A", text("A", 1))
    table.put_quote("A", text("A", 2))
    assert not table.seed_quote("A", text("A", 1))
    assert table.frames(WatchSet(frozenset({"A"}), frozenset()), NEVER, table.cut()) == ('{"t":"q","d":[["A", 2]]}',)


def test_what_the_publisher_sends_again_is_not_printed_again() -> None:
    table = Table()
    watch = WatchSet(frozenset({"A"}), frozenset({"A"}))
    table.put_prints("A", [text("A", number) for number in range(5)])
    cut = table.cut()
    table.replace_prints("A", [text("A", number) for number in range(7)])
    (frame,) = table.frames(watch, cut, table.cut())
    assert json.loads(frame)["d"] == [["A", 5], ["A", 6]]
