"""What an instrument takes in each state, which states follow which, and who moves it: staff, a pause's end, the calendar."""

from typing import Any

import pytest

from apps.commands.types import (
    HaltInstrument,
    PauseInstrument,
    ResumeInstrument,
    Session,
    SetSessions,
    SetTradingState,
)
from apps.core.enums import TradingState
from apps.engine.matching.sessions import WORDS
from apps.instruments.states import NEXT, REFUSES_WITH, TAKES, Act, IllegalStateError, check_next
from tests.engine.matching.kit import ALICE, BOB, CHARLIE, SECOND, SUPPORT, SYSTEM, Market, actor

HOUR = 3600 * SECOND
STATES = list(TradingState)


@pytest.fixture
def market() -> Market:
    market = Market()
    for account_id in (ALICE, BOB, CHARLIE):
        market.fund(account_id, "1000000")
        market.fund(account_id, "10000", "ACME")
    market.quote(9_990, 10_010)
    return market


def state_of(market: Market) -> TradingState:
    return market.venue.instruments[1].trading_state


def bring(market: Market, state: TradingState) -> None:
    """Into ``state`` from OPEN, by commands alone."""
    steps = {
        TradingState.OPEN: (),
        TradingState.HALTED: (HaltInstrument,),
        TradingState.CLOSED: ("CLOSED",),
        TradingState.PRE_OPEN: ("CLOSED", "PRE_OPEN"),
    }
    for step in steps[state]:
        if isinstance(step, str):
            assert market.ask(SetTradingState, symbol="ACME", state=TradingState(step)).reason == ""
        else:
            assert market.ask(step, symbol="ACME").reason == ""
    assert state_of(market) is state
    market.take()


def set_sessions(market: Market, *hours: tuple[int, int, int], around_the_clock: bool = False) -> Any:
    sessions = [Session(*(market.now_ns + hour * HOUR for hour in each)) for each in hours]
    return market.ask(SetSessions, symbol="ACME", sessions=sessions, around_the_clock=around_the_clock)


def told(market: Market) -> list[tuple[str, dict[str, object]]]:
    return [(event.kind, event.fields) for event in market.take().events]


# The table, asked of the venue itself


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("kind", "act"),
    [
        (("BUY", "5", "95", "GTC"), Act.REST),
        (("SELL", "5", "105", "GTC"), Act.REST),
        (("BUY", "5", None, "IOC"), Act.TRADE),
        (("BUY", "5", "101", "IOC"), Act.TRADE),
        (("SELL", "5", "99", "FOK"), Act.TRADE),
        (("BUY", "5", "100.10", "GTC"), Act.TRADE),
    ],
)
def test_an_order_is_taken_exactly_where_the_table_says(market: Market, state: TradingState, kind: Any, act: Act) -> None:
    market.submit(BOB, "SELL", "5", "100.10")  # a customer, so that the last one trades with or without the house
    bring(market, state)
    answer = market.submit(ALICE, *kind)
    if act in TAKES[state]:
        assert answer.status in ("ACCEPTED", "FILLED")
    else:
        assert (answer.status, answer.reason) == ("REJECTED", REFUSES_WITH[state])
        assert market.money(ALICE)[1] == 0


@pytest.mark.parametrize("state", STATES)
def test_an_order_can_be_canceled_in_every_state(market: Market, state: TradingState) -> None:
    order = market.submit(ALICE, "BUY", "1", "99")
    bring(market, state)
    assert Act.CANCEL in TAKES[state]
    assert market.canceled(ALICE, order.order_id).status == "CANCELED"


@pytest.mark.parametrize("state", STATES)
def test_an_order_waits_for_a_trigger_exactly_where_the_table_says(market: Market, state: TradingState) -> None:
    bring(market, state)
    answer = market.stop(ALICE, "SELL", "5", "95")
    if Act.WAIT in TAKES[state]:
        assert answer.status == "WAITING"
    else:
        assert (answer.status, answer.reason) == ("REJECTED", REFUSES_WITH[state])


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("wanted", "act"), [({"quantity": "4"}, Act.SHRINK), ({"price": "98"}, Act.AMEND)])
def test_an_order_is_amended_exactly_where_the_table_says(
    market: Market, state: TradingState, wanted: dict[str, str], act: Act
) -> None:
    order = market.submit(ALICE, "BUY", "5", "99")
    bring(market, state)
    assert market.amended(ALICE, order.order_id, **wanted).reason == ("" if act in TAKES[state] else REFUSES_WITH[state])


@pytest.mark.parametrize("state", STATES)
def test_an_order_is_set_off_exactly_where_the_table_says(market: Market, state: TradingState) -> None:
    order = market.stop(ALICE, "SELL", "5", "99")
    bring(market, state)
    market.quote(9_880, 9_890)
    assert market.venue.orders[order.order_id].status == ("FILLED" if Act.TRIGGER in TAKES[state] else "WAITING")


@pytest.mark.parametrize("state", STATES)
def test_the_house_fills_what_its_price_reaches_only_where_the_table_says(market: Market, state: TradingState) -> None:
    market.submit(ALICE, "BUY", "1", "99")
    bring(market, state)
    assert market.quote(9_880, 9_890) is (Act.HOUSE in TAKES[state])


def test_before_the_opening_the_house_does_not_count_as_somebody_to_trade_with(market: Market) -> None:
    bring(market, TradingState.PRE_OPEN)
    assert market.submit(ALICE, "BUY", "1", "100.50").status == "ACCEPTED"  # above the house's offer, which stands behind no book
    assert market.submit(BOB, "SELL", "1", "100.50").reason == "NOT_OPEN_YET"  # this would trade with Alice
    assert market.submit(BOB, "SELL", "1", "100.51").status == "ACCEPTED"


def test_what_rested_before_the_opening_trades_with_the_first_quote_after_it(market: Market) -> None:
    bring(market, TradingState.PRE_OPEN)
    market.submit(ALICE, "BUY", "1", "100.50")
    market.ask(SetTradingState, symbol="ACME", state=TradingState.OPEN)
    assert market.quote(9_990, 10_011)
    assert not [order for order in market.venue.orders.values() if order.status != "FILLED"]


# Which state follows which


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_only_the_steps_of_the_table_can_be_taken(before: TradingState, after: TradingState) -> None:
    if after in NEXT[before]:
        check_next(before, after)
    else:
        with pytest.raises(IllegalStateError):
            check_next(before, after)


@pytest.mark.parametrize("before", [s for s in STATES if s is not TradingState.HALTED])
@pytest.mark.parametrize("after", [s for s in STATES if s is not TradingState.HALTED])
def test_staff_move_an_instrument_along_the_table(market: Market, before: TradingState, after: TradingState) -> None:
    bring(market, before)
    answer = market.ask(SetTradingState, symbol="ACME", state=after)
    if after is before:
        assert answer.reason == "" and told(market) == []
    elif after in NEXT[before]:
        assert told(market) == [("TRADING_STATE_SET", {"state": after, "reason": "as agreed"})]
        assert state_of(market) is after
        assert market.venue.instruments[1].state_reason == "as agreed"
    else:
        assert (answer.reason, answer.field, state_of(market)) == ("INVALID_FIELD", "state", before)


def test_a_halt_is_lifted_by_resuming_and_by_nothing_else(market: Market) -> None:
    bring(market, TradingState.HALTED)
    assert market.ask(SetTradingState, symbol="ACME", state=TradingState.OPEN).reason == "INSTRUMENT_HALTED"
    assert market.ask(SetTradingState, symbol="ACME", state=TradingState.HALTED).reason == "INVALID_FIELD"
    assert market.ask(SetTradingState, symbol="ACME", state="OPEN").reason == "INVALID_FIELD"  # no member: compared by identity
    assert state_of(market) is TradingState.HALTED


@pytest.mark.parametrize("before", [TradingState.PRE_OPEN, TradingState.OPEN, TradingState.CLOSED])
def test_everything_can_be_halted_and_the_calendar_then_leaves_it_alone(market: Market, before: TradingState) -> None:
    set_sessions(market, (-1, -1, 5), (20, 21, 29))
    bring(market, TradingState.HALTED)
    market.begin(40 * 3600)
    assert state_of(market) is TradingState.HALTED
    assert market.venue.instruments[1].sessions == ()  # they passed all the same
    assert market.ask(ResumeInstrument, symbol="ACME").reason == ""
    assert state_of(market) is TradingState.CLOSED  # where its calendar has it now


def test_resuming_tells_where_the_calendar_has_the_instrument(market: Market) -> None:
    set_sessions(market, (-1, -1, 5), (20, 21, 29))
    bring(market, TradingState.HALTED)
    market.begin(20 * 3600)
    market.take()
    market.ask(ResumeInstrument, symbol="ACME", reason="calm")
    assert told(market) == [
        ("INSTRUMENT_RESUMED", {"reason": "calm"}),
        ("TRADING_STATE_SET", {"state": TradingState.PRE_OPEN, "reason": "calm"}),
    ]


@pytest.mark.parametrize("who", [actor(ALICE), SUPPORT])
@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (SetTradingState, {"state": TradingState.CLOSED}),
        (PauseInstrument, {"seconds": 60}),
        (SetSessions, {"sessions": [Session(1, 1, 10**18 * 2)]}),
    ],
)
def test_these_are_for_staff_and_the_venues_own_processes(market: Market, kind: Any, fields: Any, who: Any) -> None:
    assert market.ask(kind, by=who, symbol="ACME", **fields).reason == "NOT_ALLOWED"


# Pauses


def pause(market: Market, seconds: int = 60) -> Any:
    return market.ask(PauseInstrument, by=SYSTEM, symbol="ACME", seconds=seconds, reason="The price moved")


def test_a_pause_halts_and_ends_by_itself(market: Market) -> None:
    order = market.submit(ALICE, "BUY", "1", "99")
    market.take()
    assert pause(market).reason == ""
    until_ns = market.now_ns + 60 * SECOND
    assert told(market) == [("INSTRUMENT_PAUSED", {"until_ns": until_ns, "reason": "The price moved"})]
    assert market.submit(BOB, "BUY", "1", "99").reason == "INSTRUMENT_HALTED"
    market.take()
    market.begin(59)
    assert state_of(market) is TradingState.HALTED
    market.begin(1)
    assert told(market) == [("INSTRUMENT_RESUMED", {"reason": "The pause is over."})]
    assert state_of(market) is TradingState.OPEN
    assert market.venue.instruments[1].paused_until_ns == 0
    assert market.venue.knows_order(order.order_id)


def test_staff_make_a_halt_of_a_pause_which_then_stays(market: Market) -> None:
    pause(market)
    market.take()
    market.halt(reason="a mistake")
    assert told(market) == [("INSTRUMENT_HALTED", {"reason": "a mistake"})]
    market.begin(3600)
    assert state_of(market) is TradingState.HALTED and told(market) == []


def test_staff_end_a_pause_early_and_the_next_one_lasts_as_long_as_any(market: Market) -> None:
    pause(market)
    market.resume()
    market.pass_seconds(30)
    pause(market)
    market.take()
    market.begin(30)  # the end of the first one, had it not been lifted
    assert state_of(market) is TradingState.HALTED and told(market) == []
    market.begin(30)
    assert state_of(market) is TradingState.OPEN


@pytest.mark.parametrize("state", [TradingState.PRE_OPEN, TradingState.HALTED, TradingState.CLOSED])
def test_only_what_trades_is_paused(market: Market, state: TradingState) -> None:
    bring(market, state)
    assert pause(market).reason == "" and told(market) == []
    assert state_of(market) is state


def test_a_pause_that_outlasts_the_session_ends_in_the_state_of_the_calendar(market: Market) -> None:
    set_sessions(market, (-1, -1, 1), (20, 21, 29))
    market.begin(3600 - 30)
    pause(market)
    market.begin(60)
    assert state_of(market) is TradingState.CLOSED


# Sessions


def test_the_calendar_moves_an_instrument_through_its_day(market: Market) -> None:
    set_sessions(market, (1, 2, 10), (25, 26, 34))
    assert state_of(market) is TradingState.CLOSED  # at once: nothing said so before
    market.take()
    for seconds, state in ((3599, None), (1, "PRE_OPEN"), (3600, "OPEN"), (8 * 3600, "CLOSED"), (15 * 3600, "PRE_OPEN")):
        market.begin(seconds)
        events = [event for event in told(market) if event[0] == "TRADING_STATE_SET"]
        if state is None:
            assert events == []
        else:
            word = TradingState(state)
            assert events == [("TRADING_STATE_SET", {"state": word, "reason": WORDS[word]})]
            assert state_of(market) is word


def test_around_the_clock_nothing_ever_closes_and_what_staff_closed_stays(market: Market) -> None:
    set_sessions(market, (-1, -1, 1), (1, 1, 25), around_the_clock=True)
    market.take()
    market.begin(3600)
    assert told(market) == [] and state_of(market) is TradingState.OPEN
    market.ask(SetTradingState, symbol="ACME", state=TradingState.CLOSED)
    market.begin(24 * 3600)
    assert state_of(market) is TradingState.CLOSED


def test_what_staff_decided_stands_until_the_next_boundary_whatever_sessions_are_added(market: Market) -> None:
    set_sessions(market, (-1, -1, 5))
    market.ask(SetTradingState, symbol="ACME", state=TradingState.CLOSED, reason="fire in the hall")
    set_sessions(market, (-1, -1, 5), (20, 21, 29))
    assert state_of(market) is TradingState.CLOSED
    market.begin(21 * 3600)
    assert state_of(market) is TradingState.OPEN


def test_setting_what_is_set_does_nothing(market: Market) -> None:
    set_sessions(market, (-1, -1, 5), (20, 21, 29))
    market.take()
    set_sessions(market, (-1, -1, 5), (20, 21, 29))
    changes = market.take()
    assert not changes.events and not changes.schedules


def test_a_changed_calendar_takes_the_place_of_the_old_one(market: Market) -> None:
    set_sessions(market, (1, 2, 10))
    set_sessions(market, (3, 4, 8))
    market.take()
    market.begin(2 * 3600)
    assert told(market) == []
    market.begin(3600)
    assert state_of(market) is TradingState.PRE_OPEN


def test_a_market_that_trades_is_not_called_back_to_its_pre_opening(market: Market) -> None:
    set_sessions(market, (1, 2, 10), (25, 26, 34))
    market.ask(SetTradingState, symbol="ACME", state=TradingState.OPEN)
    market.take()
    market.begin(3600)
    assert state_of(market) is TradingState.OPEN and told(market) == []


BASE = 1_700_000_000_000_000_000


@pytest.mark.parametrize(
    "sessions",
    [
        [],
        [Session(BASE + HOUR, BASE, BASE + 2 * HOUR)],
        [Session(BASE, BASE + HOUR, BASE + HOUR)],
        [Session(BASE, BASE, BASE + 2 * HOUR), Session(BASE + HOUR, BASE + HOUR, BASE + 3 * HOUR)],
        [Session(BASE + 2 * HOUR, BASE + 2 * HOUR, BASE + 3 * HOUR), Session(BASE, BASE, BASE + HOUR)],
        [Session(BASE - 3 * HOUR, BASE - 3 * HOUR, BASE - HOUR)],
        [Session(BASE, BASE + 1, BASE + HOUR)],
        [Session(0, BASE, BASE + HOUR)],
        [Session(BASE, BASE, 2**63)],
        [Session(BASE + i * HOUR, BASE + i * HOUR, BASE + (i + 1) * HOUR) for i in range(17)],
    ],
    ids=["none", "order", "empty", "overlap", "unsorted", "over", "microseconds", "zero", "too far", "too many"],
)
def test_sessions_that_cannot_be_are_refused(market: Market, sessions: list[Session]) -> None:
    answer = market.ask(SetSessions, symbol="ACME", sessions=sessions)
    assert (answer.reason, answer.field) == ("INVALID_FIELD", "sessions")
    assert market.venue.instruments[1].sessions == ()
