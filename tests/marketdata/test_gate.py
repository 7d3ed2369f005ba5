"""What every feed goes through: order, gaps, resets, and ticks that make no sense."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.enums import Side
from apps.core.units import Grid
from apps.eventlog.schemas.marketdata import QuoteTick, TradeTick
from apps.marketdata.feeds.gate import LATE_NS_MAX, SNAPSHOT_NS_MAX, Gate, Quarantined, Reason

NOW_NS = 1_700_000_000_000_000_000
SECOND_NS = 1_000_000_000
MS = 1_000_000
GRID = Grid(1_000_000, 100_000_000)
EPOCH = NOW_NS - 7


class Case:
    """A gate with what came out of it and what it kept back."""

    def __init__(self, *, dense: bool = True, asks: bool = False) -> None:
        self.kept: list[Quarantined] = []
        self.asked: list[str] = []
        self.out: list[tuple[int, QuoteTick]] = []
        self.gate = Gate(EPOCH, self.kept.append)
        self.gate.know({"ACME": GRID, "BETA": GRID})
        self.gate.describe_source(dense=dense, resnapshot=self.asked.append if asks else None)

    def say(self, *ticks: QuoteTick, now_ns: int = NOW_NS, whole: bool = False) -> list[tuple[int, int]]:
        """(epoch, sequence) of what is published of ``ticks``."""
        groups = self.gate.snapshot(ticks, now_ns) if whole else self.gate.quotes(ticks, now_ns)
        fresh = [(epoch, tick) for epoch, group in groups for tick in group]
        self.out += fresh
        return [(epoch, tick.sequence) for epoch, tick in fresh]

    @property
    def reasons(self) -> list[Reason]:
        return [kept.reason for kept in self.kept]


def quote(number: int, bid: str = "100.00", ask: str = "100.02", *, symbol: str = "ACME", at_ns: int | None = None) -> QuoteTick:
    return QuoteTick(symbol, number, NOW_NS - SECOND_NS + number * MS if at_ns is None else at_ns, bid, ask, "5", "6")


def trade(number: int, price: str = "100.01", at_ns: int = NOW_NS) -> TradeTick:
    return TradeTick("ACME", number, at_ns, price, "1", Side.BUY)


# --- Order -----------------------------------------------------------------------------------------------------------------


def test_what_was_said_before_is_dropped_and_ours_is_numbered_without_holes() -> None:
    case = Case(dense=False)
    assert case.say(quote(10), quote(12), quote(12), quote(11), quote(15)) == [(EPOCH, 1), (EPOCH, 2), (EPOCH, 3)]
    assert case.gate.figures.old == 2
    assert not case.kept


def test_a_source_without_numbers_is_taken_in_the_order_of_arrival() -> None:
    assert Case().say(quote(0), quote(0), quote(0)) == [(EPOCH, 1), (EPOCH, 2), (EPOCH, 3)]


@pytest.mark.fault("F30")
@settings(max_examples=60)
@given(st.integers(min_value=0, max_value=2**32), st.booleans())
def test_after_any_permutation_with_loss_and_duplicates_the_newest_of_each_symbol_stands(seed: int, dense: bool) -> None:
    """F30. The oracle: of what arrived of a symbol, the tick with the highest number."""
    random = Random(seed)
    said = [
        quote(number, f"{100 + random.randint(0, 400) / 100:.2f}", "105.00", symbol=symbol)
        for symbol in ("ACME", "BETA")
        for number in range(1, 101)
    ]
    arrived = [tick for tick in said if random.random() >= 0.05]
    arrived += random.sample(arrived, len(arrived) // 10)
    random.shuffle(arrived)
    case = Case(dense=dense, asks=dense)
    for first in range(0, len(arrived), 7):
        case.say(*arrived[first : first + 7])
    case.out += [(epoch, tick) for epoch, ticks in case.gate.overdue(NOW_NS + SNAPSHOT_NS_MAX) for tick in ticks]
    for symbol in ("ACME", "BETA"):
        newest = max((tick for tick in arrived if tick.symbol == symbol), key=lambda tick: tick.sequence)
        mine = [(epoch, tick) for epoch, tick in case.out if tick.symbol == symbol]
        assert [tick.sequence for _, tick in mine] == list(range(1, len(mine) + 1))
        assert {epoch for epoch, _ in mine} == {EPOCH}
        last = mine[-1][1]
        assert (last.at_ns, last.bid, last.ask) == (newest.at_ns, newest.bid, newest.ask)
        times = [tick.at_ns for _, tick in mine]
        assert times == sorted(times)
    assert not case.kept and not case.gate.flagged


# --- Gaps ------------------------------------------------------------------------------------------------------------------


@pytest.mark.fault("F30")
def test_after_a_gap_nothing_is_published_until_the_snapshot() -> None:
    case = Case(asks=True)
    case.say(quote(1), quote(1, symbol="BETA"))
    assert case.say(quote(5), quote(6), quote(2, symbol="BETA")) == [(EPOCH, 2)]  # the other one is whole
    assert case.asked == ["ACME"]
    assert (case.gate.flagged, case.gate.figures.gaps, case.gate.figures.missed) == (1, 1, 3)
    assert case.say(quote(7, "101.00", "101.02"), whole=True) == [(EPOCH, 2)]
    assert case.say(quote(8)) == [(EPOCH, 3)]
    assert (case.gate.flagged, case.gate.figures.resnapshots) == (0, 1)


@pytest.mark.fault("F30")
def test_a_snapshot_that_does_not_come_is_waited_for_a_second_and_no_longer() -> None:
    case = Case(asks=True)
    case.say(quote(1))
    case.say(quote(3), quote(4, "100.50", "100.52"))
    assert case.gate.overdue(NOW_NS + SNAPSHOT_NS_MAX - 1) == []
    ((epoch, ticks),) = case.gate.overdue(NOW_NS + SNAPSHOT_NS_MAX)
    assert (epoch, [(tick.sequence, tick.bid) for tick in ticks]) == (EPOCH, [(2, "100.50")])
    assert case.gate.flagged == 0


def test_where_the_source_cannot_be_asked_the_next_whole_quote_ends_the_gap_at_once() -> None:
    case = Case()
    assert case.say(quote(1), quote(9)) == [(EPOCH, 1), (EPOCH, 2)]
    assert (case.gate.figures.gaps, case.gate.figures.missed, case.gate.figures.resnapshots) == (1, 7, 1)


def test_a_source_that_lost_track_by_its_own_account_is_flagged() -> None:
    case = Case()
    case.say(quote(1))
    case.gate.flag("ACME", NOW_NS)
    assert case.say(quote(2)) == []
    assert case.say(quote(3), whole=True) == [(EPOCH, 2)]
    case.gate.flag("NOBODY", NOW_NS)
    assert case.gate.flagged == 0


def test_numbers_with_holes_by_nature_are_no_gap() -> None:
    case = Case(dense=False, asks=True)
    assert len(case.say(quote(1), quote(900))) == 2
    assert case.gate.figures.gaps == 0


# --- Resets ----------------------------------------------------------------------------------------------------------------


@pytest.mark.fault("F30")
def test_a_source_that_counts_anew_begins_an_epoch_at_its_second_tick() -> None:
    case = Case()
    case.say(quote(70), quote(71))
    assert case.say(quote(1, at_ns=NOW_NS - 500 * MS)) == []  # it may be a stray
    ((epoch, sequence),) = case.say(quote(2, at_ns=NOW_NS - 400 * MS))
    assert (epoch, sequence) == (NOW_NS, 1)
    assert case.say(quote(3, at_ns=NOW_NS - 300 * MS)) == [(NOW_NS, 2)]
    assert case.gate.figures.resets == 1


def test_old_ticks_however_many_do_not_look_like_a_reset() -> None:
    case = Case(dense=False)
    case.say(quote(500))
    assert case.say(*(quote(number) for number in range(1, 400))) == []
    assert (case.gate.epoch, case.gate.figures.resets) == (EPOCH, 0)


@pytest.mark.fault("F20")
def test_an_epoch_rises_though_the_clock_was_set_back() -> None:
    case = Case()
    case.gate.begin_epoch(5)
    assert case.gate.epoch == EPOCH + 1


def test_the_other_symbols_go_on_in_the_new_epoch_and_still_drop_what_is_old() -> None:
    case = Case(dense=False)
    case.say(quote(50), quote(50, symbol="BETA"))
    case.say(quote(1, at_ns=NOW_NS - 500 * MS), quote(2, at_ns=NOW_NS - 400 * MS))
    assert case.say(quote(49, symbol="BETA"), quote(51, symbol="BETA")) == [(NOW_NS, 1)]


# --- Sense -----------------------------------------------------------------------------------------------------------------


@pytest.mark.fault("F31")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"bid": "0"}, Reason.ZERO),
        ({"bid_quantity": "0"}, Reason.ZERO),
        ({"bid": "NaN"}, Reason.NUMBER),
        ({"ask": "Infinity"}, Reason.NUMBER),
        ({"ask": "-1"}, Reason.NUMBER),
        ({"ask": "1e5"}, Reason.NUMBER),
        ({"ask": "1" * 400}, Reason.NUMBER),
        ({"bid": "100.03"}, Reason.CROSSED),
        ({"bid": "100.02"}, Reason.CROSSED),
        ({"bid": "100.001"}, Reason.GRID),
        ({"ask_quantity": "0.5"}, Reason.GRID),
        ({"at_ns": NOW_NS + 61 * SECOND_NS}, Reason.FUTURE),
        ({"at_ns": -1}, Reason.FUTURE),
        ({"bid": "130.00", "ask": "130.02"}, Reason.BAND),
        ({"bid": "70.00", "ask": "70.02"}, Reason.BAND),
    ],
)
def test_what_makes_no_sense_is_kept_back_and_the_next_sound_tick_is_published(change: dict[str, Any], reason: Reason) -> None:
    case = Case()
    case.say(quote(1))
    fields = {"symbol": "ACME", "sequence": 2, "at_ns": NOW_NS, "bid": "100.00", "ask": "100.02"}
    wrong = QuoteTick(**({"bid_quantity": "5", "ask_quantity": "6"} | fields | change))
    assert case.say(wrong) == []
    assert case.reasons == [reason]
    assert case.kept[0].tick is wrong
    assert case.say(quote(3)) == [(EPOCH, 2)]


@pytest.mark.fault("F31")
def test_a_second_tick_confirms_a_move_and_the_band_goes_with_it() -> None:
    case = Case()
    case.say(quote(1))
    assert case.say(quote(2, "130.00", "130.02")) == []
    assert case.say(quote(3, "130.10", "130.12")) == [(EPOCH, 2)]
    assert case.say(quote(4, "131.00", "131.02")) == [(EPOCH, 3)]
    assert case.say(quote(5)) == []  # the old price is far away now
    assert case.reasons == [Reason.BAND, Reason.BAND]
    assert case.kept[0].reference == 10_001_000_000


def test_a_sound_tick_in_between_and_a_duplicate_confirm_nothing() -> None:
    case = Case()
    case.say(quote(1))
    far = quote(2, "130.00", "130.02")
    assert case.say(far, far, quote(3)) == [(EPOCH, 2)]
    assert case.say(quote(4, "130.00", "130.02")) == []
    assert case.say(quote(5, "70.00", "70.02")) == []


def test_the_band_is_of_five_minutes_and_follows_a_slow_market() -> None:
    case = Case()
    price = 10_000
    for second in range(600):  # 0.2 % a second for ten minutes is no mistake at any tick
        now_ns = NOW_NS + second * SECOND_NS
        price += price // 5_000
        tick = quote(second + 1, f"{price / 100:.2f}", f"{price / 100 + 0.02:.2f}", at_ns=now_ns)
        assert len(case.say(tick, now_ns=now_ns)) == 1
    assert not case.kept
    later_ns = NOW_NS + 1_000 * SECOND_NS  # nobody knows where the market is after five minutes without a tick
    assert len(case.say(quote(601, "50.00", "50.02", at_ns=later_ns), now_ns=later_ns)) == 1


def test_a_feed_that_begins_measures_from_where_prices_were_a_moment_ago() -> None:
    case = Case()
    case.gate.seed({"ACME": 10_000_000_000, "NOBODY": 1}, NOW_NS)
    assert case.say(quote(1, "130.00", "130.02")) == []
    assert case.say(quote(2)) == [(EPOCH, 1)]


@pytest.mark.fault("F31")
def test_a_tick_three_seconds_old_is_no_price_of_now_and_one_ahead_is_taken_as_of_now() -> None:
    case = Case()
    assert case.say(quote(1, at_ns=NOW_NS - LATE_NS_MAX - 1)) == []
    assert case.gate.figures.late == 1
    case.say(quote(2, at_ns=NOW_NS + 30 * SECOND_NS))
    assert case.out[-1][1].at_ns == NOW_NS


def test_what_nobody_trades_is_counted_and_dropped() -> None:
    case = Case()
    assert case.say(quote(1, symbol="NOBODY")) == []
    assert (case.gate.figures.unknown, case.kept) == (1, [])
    case.say(quote(1))
    case.gate.know({"BETA": GRID})
    assert case.say(quote(2)) == []


# --- Prints ----------------------------------------------------------------------------------------------------------------


def test_prints_have_numbers_order_and_a_band_of_their_own() -> None:
    case = Case()
    case.say(quote(1))
    taken = case.gate.trades([trade(4), trade(4), trade(3), trade(7, "100.03"), trade(8, "0"), trade(9, "120.00")], NOW_NS)
    assert [(epoch, [(tick.sequence, tick.price) for tick in ticks]) for epoch, ticks in taken] == [
        (EPOCH, [(1, "100.01"), (2, "100.03")])
    ]
    assert case.reasons == [Reason.ZERO, Reason.BAND]
    assert (case.gate.figures.gaps, case.gate.figures.missed, case.gate.flagged) == (1, 2, 0)


def test_the_first_print_is_measured_against_the_quotes() -> None:
    case = Case()
    case.say(quote(1))
    assert case.gate.trades([trade(1, "50.00")], NOW_NS) == []
    assert case.gate.trades([trade(2)], NOW_NS)[0][1][0].price == "100.01"
