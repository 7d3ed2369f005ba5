"""Two publishers, one table: what is shown never goes back and nothing comes twice, whoever speaks and however late."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.realtime.limits import PRINTS_KEPT
from apps.realtime.newest import empty_parts
from apps.realtime.speakers import Speakers, new_prints
from apps.realtime.table import Table


def fragment(sequence: int, *, epoch: int = 7, at: int | None = None, symbol: str = "A") -> str:
    return json.dumps([symbol, epoch, sequence, sequence if at is None else at, "1", "2", "3", "4"], separators=(",", ":"))


class Stage:
    """A table behind what sifts, as the hub has it."""

    def __init__(self) -> None:
        self.table = Table()
        self._speakers = Speakers(self.table)
        self.quotes: list[Any] = []
        self.prints: list[Any] = []
        self.printed: list[Any] = []  # with their epochs

    def hear(self, boot: str, *, full: bool = False, **parts: Any) -> dict[str, Any]:
        message = {"boot": boot, "full": full} | empty_parts() | parts
        self._speakers.sift(message)
        for symbol, text in message["q"].items():
            self.table.put_quote(symbol, text)
            self.quotes.append(json.loads(text)[1:3])
        put = self.table.replace_prints if full else self.table.put_prints
        for symbol, texts in message["p"].items():
            before = self.table.kept_prints(symbol)
            put(symbol, texts)
            new = [json.loads(each) for each in texts if not full or each not in before]
            self.prints += [each[2] for each in new]
            self.printed += [(each[1], each[2]) for each in new]
        for symbol, update in message["d"].items():
            self.table.put_book(symbol, *update)
        for symbol, interval, start, text in message["c"]:
            self.table.put_bar((symbol, interval), start, text)
        return message


def test_the_one_that_took_over_is_believed_and_the_one_before_no_more() -> None:
    stage = Stage()
    stage.hear("first", q={"A": fragment(5)})
    assert stage.hear("second", q={"A": fragment(4)})["q"] == {}, "from before it took over"
    stage.hear("second", q={"A": fragment(6)})
    assert stage.hear("first", q={"A": fragment(5)}, full=True)["q"] == {}, "all it had, which is old"
    stage.hear("second", q={"A": fragment(7)})
    assert stage.quotes == [[7, 5], [7, 6], [7, 7]]


def test_a_stored_price_gives_way_to_a_newer_one_alone() -> None:
    stage = Stage()
    stage.table.seed_quote("A", fragment(5))
    assert stage.hear("first", q={"A": fragment(5)})["q"] == {}
    assert stage.hear("first", q={"A": fragment(6)})["q"]


def test_another_source_is_told_by_its_epoch_or_its_instant() -> None:
    stage = Stage()
    stage.hear("first", q={"A": fragment(900, epoch=7, at=1000)})
    assert stage.hear("second", q={"A": fragment(1, epoch=8, at=900)})["q"], "a feed that began anew"
    assert stage.hear("third", q={"A": fragment(1, epoch=2, at=5000)})["q"], "another source, later"
    assert stage.hear("first", q={"A": fragment(899, epoch=1, at=999)})["q"] == {}


def test_a_book_and_a_bar_do_not_go_back() -> None:
    stage = Stage()
    bar = ("A", "1m", 60_000, '["A","1m",60000,"1","1","1","1","5",12]')
    stage.hear("first", d={"A": ("7:10", "ten", "", "")}, c=[bar])
    older = stage.hear("second", d={"A": ("7:9", "nine", "", "")}, c=[(*bar[:3], bar[3].replace("12]", "11]"))])
    assert (older["d"], older["c"]) == ({}, [])
    newer = stage.hear("second", d={"A": ("8:1", "one", "", "")}, c=[(*bar[:3], bar[3].replace("12]", "13]"))])
    assert newer["d"] and newer["c"]
    assert stage.hear("first", d={"A": ("7:10", "ten", "", "")}, c=[bar], full=True)["c"] == []


PUSHES = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 6), st.booleans()), max_size=40)


@pytest.mark.fault("F28")
@given(PUSHES, st.integers(0, 40))
def test_every_print_once_and_in_order_whoever_takes_over_and_begins_before_what_was_told(
    pushes: list[tuple[int, int, bool]], back: int
) -> None:
    """One speaker after the other reads the log on from ``back`` prints before what was told; the other says all it has again."""
    stage = Stage()
    reads = [1, 1]
    owner = 0
    told: list[list[str]] = [[], []]
    newest = 0
    for speaker, count, is_full in pushes:
        if speaker != owner:
            owner = speaker
            reads[owner] = max(reads[owner], newest - back + 1, 1)
        texts = [fragment(number) for number in range(reads[owner], reads[owner] + count)]
        reads[owner] += count
        newest = max(newest, reads[owner] - 1)
        told[owner] = (told[owner] + texts)[-PRINTS_KEPT:]
        stage.hear(str(owner), p={"A": texts})
        if is_full:
            for each in (0, 1):
                if told[each]:
                    stage.hear(str(each), full=True, p={"A": told[each][:]})
    assert stage.prints == sorted(set(stage.prints))
    assert not stage.prints or stage.prints[-1] == newest
    if back >= newest:
        assert stage.prints == list(range(1, newest + 1))


@pytest.mark.fault("F1")
def test_what_the_log_brings_late_and_mixed_with_our_own_trades_is_shown_once() -> None:
    """The feed went ahead of the log, which then tells of more trades of our book than the table keeps, and of its prints."""
    stage = Stage()
    of_feed = [fragment(number, epoch=900, at=1_000 + 10 * number) for number in range(1, 61)]
    of_book = [fragment(number, epoch=3, at=1_000 + 12 * number) for number in range(1, 41)]
    stage.hear("log", p={"A": of_feed[:5]})
    for number in range(3, 60):
        stage.hear("feed", direct=["sim", 1], p={"A": of_feed[number : number + 1]})
    for begin in range(0, 40, 4):
        stage.hear("log", p={"A": of_book[begin : begin + 4]})
        stage.hear("log", p={"A": of_feed[5 + begin : 9 + begin]})
    stage.hear("log", full=True, p={"A": of_feed[-PRINTS_KEPT:]})
    stage.hear("feed", full=True, direct=["sim", 1], p={"A": of_feed[-PRINTS_KEPT:]})
    feed = [number for epoch, number in stage.printed if epoch == 900]
    book = [number for epoch, number in stage.printed if epoch == 3]
    assert feed == list(range(1, 61))
    assert book == sorted(set(book)), "what came too late for the tape is left out, and nothing comes twice"


def test_prints_of_the_book_between_those_of_a_feed_are_told_apart() -> None:
    kept = [fragment(1, epoch=1, at=10), fragment(50, epoch=900, at=11), fragment(51, epoch=900, at=12)]
    again = [fragment(1, epoch=1, at=10), fragment(51, epoch=900, at=12), fragment(2, epoch=1, at=13)]
    assert new_prints(again, kept) == again[2:]
    many = [fragment(number, epoch=900, at=100 + number) for number in range(PRINTS_KEPT)]
    assert new_prints([fragment(1, epoch=1, at=10)], many) == [], "older than all that are kept: it was shown before them"
    assert new_prints([fragment(1, epoch=1, at=200)], many)
