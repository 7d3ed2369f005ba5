"""Conflation: whatever a socket missed while it was busy, it ends with the newest of everything it watches."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from apps.realtime.limits import PRINTS_KEPT, PRINTS_PER_FRAME
from apps.realtime.table import NEVER, Table, WatchSet

SYMBOLS = ("A", "B", "C")
BAR = ("A", "1m")


class Reader:
    """A socket that applies its frames as a page does."""

    def __init__(self, watch: WatchSet) -> None:
        self.watch = watch
        self.cursor = NEVER
        self.quotes: dict[str, int] = {}
        self.depths: dict[str, int] = {}
        self.prints: dict[str, list[int]] = {}
        self.states: dict[str, int] = {}
        self.bars: dict[int, int] = {}

    def serve(self, table: Table, cut: int, dirty: frozenset[str] | None = None) -> None:
        frames = [json.loads(text) for text in table.frames(self.watch, self.cursor, cut, dirty)]
        self.cursor = cut
        for frame in frames:
            if frame["t"] == "b":
                for start, value in frame["d"]:
                    assert value > self.bars.get(start, -1), "a bar came twice or went back"
                    self.bars[start] = value
                continue
            for symbol, value in frame["d"]:
                if frame["t"] == "p":
                    self.prints.setdefault(symbol, []).append(value)
                else:
                    kept = {"q": self.quotes, "d": self.depths, "s": self.states}[frame["t"]]
                    assert value > kept.get(symbol, -1), "a value came twice or went back"
                    kept[symbol] = value


def text(symbol: str, value: int) -> str:
    return json.dumps([symbol, value])


EVENTS = st.lists(
    st.tuples(st.sampled_from(["quote", "depth", "print", "state", "bar", "next bar"]), st.sampled_from(SYMBOLS))
    | st.tuples(st.just("serve"), st.integers(0, 2))
    | st.tuples(st.just("flush"), st.just(0)),
    max_size=80,
)


@given(EVENTS)
def test_every_order_of_ticks_and_flushes_ends_with_the_newest_values(events: list[tuple[str, Any]]) -> None:
    table = Table()
    watches = [WatchSet(frozenset(SYMBOLS[:count]), frozenset(SYMBOLS[:1]), frozenset({BAR})) for count in (1, 2, 3)]
    readers = [Reader(watch) for watch in watches]
    start = 0
    bars: dict[int, int] = {}
    quotes: dict[str, int] = {}
    depths: dict[str, int] = {}
    prints: dict[str, list[int]] = {}
    states: dict[str, int] = {}
    dirty: set[str] = set()
    flush_cut = NEVER
    for value, (event, argument) in enumerate(events):
        if event == "quote":
            table.put_quote(argument, text(argument, value))
            quotes[argument] = value
        elif event == "depth":
            assert table.put_book(argument, str(value), text(argument, value), "", "")
            assert not table.put_book(argument, str(value), text(argument, value), "", "")
            depths[argument] = value
        elif event == "print":
            table.put_prints(argument, [text(argument, value)])
            prints.setdefault(argument, []).append(value)
        elif event == "state":
            assert table.put_state(argument, text(argument, value)) and not table.put_state(argument, text(argument, value))
            states[argument] = value
        elif event.endswith("bar"):
            start += event == "next bar"
            fragment = json.dumps([start, value])
            assert table.put_bar(BAR, start, fragment) and not table.put_bar(BAR, start, fragment)
            bars[start] = value
        elif event == "serve":
            readers[argument].serve(table, table.cut(7))
        else:  # a flush, which may look at the dirty symbols only; reader 2 is busy
            previous, flush_cut = flush_cut, table.cut(7)
            for reader in readers[:2]:
                limited = frozenset(dirty) if NEVER < previous <= reader.cursor else None
                reader.serve(table, flush_cut, limited)
            dirty.clear()
        if event in ("quote", "depth", "print", "state"):
            dirty.add(argument)
        elif event.endswith("bar"):
            dirty.add(BAR[0])
    cut = table.cut(7)
    for reader in readers:
        first_look = reader.cursor == NEVER
        reader.serve(table, cut)
        assert reader.quotes == {symbol: quotes[symbol] for symbol in reader.watch.symbols & quotes.keys()}
        assert reader.states == {symbol: states[symbol] for symbol in reader.watch.symbols & states.keys()}
        assert reader.depths == {symbol: depths[symbol] for symbol in reader.watch.depth & depths.keys()}
        assert reader.bars.get(start) == bars.get(start)
        if start - 1 in reader.bars:
            assert reader.bars[start - 1] == bars[start - 1], "who saw a bar sees its end when the next begins"
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
    cut = table.cut(7)
    assert table.frames(watch, NEVER, cut) is table.frames(watch, NEVER, cut)
    table.put_quote("A", text("A", 2))
    assert table.frames(watch, cut, table.cut(7)) == ('{"t":"q","at":7,"d":[["A", 2]]}',)


def test_a_stored_price_never_replaces_a_streamed_one() -> None:
    table = Table()
    assert table.seed_quote("A", text("A", 1))
    table.put_quote("A", text("A", 2))
    assert not table.seed_quote("A", text("A", 1))
    assert table.frames(WatchSet(frozenset({"A"}), frozenset()), NEVER, table.cut(7)) == (
        '{"t":"q","at":7,"full":true,"d":[["A", 2]]}',
    )


def test_a_quote_that_comes_again_with_all_others_is_not_sent_again() -> None:
    table = Table()
    watch = WatchSet(frozenset({"A"}), frozenset())
    table.put_quote("A", text("A", 1))
    cut = table.cut(7)
    assert not table.renew_quote("A", text("A", 1))
    assert table.frames(watch, cut, table.cut(8)) == ()
    assert table.renew_quote("A", text("A", 2))
    assert table.frames(watch, cut, table.cut(9)) == ('{"t":"q","at":9,"d":[["A", 2]]}',)


def test_what_the_publisher_sends_again_is_not_printed_again() -> None:
    table = Table()
    watch = WatchSet(frozenset({"A"}), frozenset({"A"}))
    table.put_prints("A", [text("A", number) for number in range(5)])
    cut = table.cut(7)
    table.replace_prints("A", [text("A", number) for number in range(7)])
    (frame,) = table.frames(watch, cut, table.cut(7))
    assert json.loads(frame)["d"] == [["A", 5], ["A", 6]]


def test_a_first_look_gets_the_running_bar_and_a_stored_one_never_replaces_it() -> None:
    table = Table()
    watch = WatchSet(frozenset(), frozenset(), frozenset({BAR}))
    assert table.seed_bar(BAR, 60, text("A", 1)) and not table.seed_bar(BAR, 120, text("A", 2))
    assert table.put_bar(BAR, 120, text("A", 3)) and table.put_bar(BAR, 60, text("A", 4))
    assert not table.put_bar(BAR, 0, text("A", 5)) and not table.seed_bar(BAR, 180, text("A", 6))
    assert table.frames(watch, NEVER, table.cut(7))[1:] == ('{"t":"b","d":[["A", 3]]}',)


def test_very_many_prints_are_several_frames() -> None:
    table = Table()
    symbols = [f"S{number}" for number in range(60)]
    watch = WatchSet(frozenset(symbols), frozenset())
    cursor = table.cut(7)
    for symbol in symbols:
        table.put_prints(symbol, [text(symbol, number) for number in range(PRINTS_KEPT)])
    frames = [json.loads(each)["d"] for each in table.frames(watch, cursor, table.cut(8))]
    assert [len(each) for each in frames] == [PRINTS_PER_FRAME, PRINTS_PER_FRAME, 200]
    seen = [value for each in frames for symbol, value in each if symbol == "S7"]
    assert seen == list(range(PRINTS_KEPT))
