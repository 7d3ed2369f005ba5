"""Halting, resuming and configuring."""

import pytest

from apps.commands.answers import DoneAnswer, RefusedAnswer
from apps.core.enums import TradingState
from tests.engine.matching.kit import ALICE, ONE, Market, acme


@pytest.fixture
def market() -> Market:
    market = Market()
    market.fund(ALICE, "100000")
    market.quote(9_990, 10_010)
    market.take()
    return market


def test_configuring_creates_the_instrument_open_and_its_assets_once() -> None:
    market = Market()
    changes = market.take()
    assert [(a.asset_id, a.code, a.asset_class) for a in changes.new_assets] == [
        (1, "ACME", "STOCK"),
        (2, "USD", "CURRENCY"),
        (3, "BETA", "STOCK"),
    ]
    assert [(i.instrument_id, i.symbol, i.base_id, i.quote_id, i.trading_state) for i in changes.new_instruments] == [
        (1, "ACME", 1, 2, "OPEN"),
        (2, "BETA", 3, 2, "OPEN"),
    ]
    assert changes.new_instruments[0].max_notional == 500_000 * ONE
    assert [(e.kind, e.fields, e.account_id) for e in changes.events] == [
        ("INSTRUMENT_CONFIGURED", {"tick": 10**6, "lot": 10**8}, None)
    ] * 2
    assert not changes.changed_instruments


def test_halt_and_resume_are_events_and_done_again_is_not(market: Market) -> None:
    for _ in range(2):
        assert market.halt().reason == ""
    changes = market.take()
    assert [(e.kind, e.fields) for e in changes.events] == [("INSTRUMENT_HALTED", {"reason": "news"})]
    assert [i.trading_state for i in changes.changed_instruments.values()] == [TradingState.HALTED]
    for _ in range(2):
        assert market.resume().reason == ""
    assert [e.kind for e in market.take().events] == ["INSTRUMENT_RESUMED"]


def test_halted_instrument_withdraws_the_house_and_keeps_orders_that_may_be_canceled(market: Market) -> None:
    order = market.submit(ALICE, "BUY", "1", "99.95")
    market.halt()
    assert not market.quote(9_980, 9_990)
    market.venue.match_quote(1, market.now_ns)
    assert market.venue.orders[order.order_id].filled_lots == 0
    assert market.canceled(ALICE, order.order_id).status == "CANCELED"


def test_unknown_symbol_is_refused(market: Market) -> None:
    assert market.halt("NOPE").reason == "UNKNOWN_SYMBOL"


def test_terms_that_no_open_order_depends_on_change_at_any_time(market: Market) -> None:
    market.submit(ALICE, "BUY", "1", "99.95")
    market.take()
    answer = market.apply(acme(name="Acme & Sons", max_quantity="5", collar_bps=50, ladder_step_ticks=3))
    assert isinstance(answer, DoneAnswer) and answer.reason == ""
    [changed] = market.take().changed_instruments.values()
    assert (changed.name, changed.max_lots, changed.collar_bps, changed.ladder_step_ticks) == ("Acme & Sons", 5, 50, 3)
    assert market.submit(ALICE, "BUY", "6", "99.95").reason == "MAX_QUANTITY"


@pytest.mark.parametrize("change", [{"tick_size": "0.05"}, {"lot_size": "2"}])
def test_grid_changes_only_while_closed_and_without_open_orders(market: Market, change: dict[str, object]) -> None:
    def answer() -> str:
        done = market.apply(acme(**change))  # type: ignore[arg-type]
        assert isinstance(done, DoneAnswer)
        return done.reason

    assert answer() == "OPEN_ORDERS_EXIST"
    assert not market.take().changed_instruments
    market.venue.instruments[1].trading_state = TradingState.CLOSED
    assert answer() == ""
    assert market.venue.houses[1].quote is None  # its prices were counted in the old ticks


def test_fees_change_only_without_open_orders_because_holds_count_on_them(market: Market) -> None:
    order = market.submit(ALICE, "BUY", "1", "99.95")
    for fees in ({"taker_fee_ppm": 5000}, {"maker_fee_ppm": 0}):
        assert market.apply(acme(**fees)).reason == "OPEN_ORDERS_EXIST"  # type: ignore[arg-type]
    market.canceled(ALICE, order.order_id)
    assert market.apply(acme(taker_fee_ppm=5000)).reason == ""
    assert market.submit(ALICE, "BUY", "1").fee == "0.5005"


def test_what_an_instrument_is_never_changes(market: Market) -> None:
    for change in ({"base": "OTHER"}, {"quote": "EUR"}, {"asset_class": "FX"}):
        answer = market.apply(acme(**change))
        assert isinstance(answer, RefusedAnswer) and answer.reason == "INVALID_FIELD"
    changes = market.take()
    assert not changes.new_assets and not changes.changed_instruments


@pytest.mark.parametrize(
    "change,field",
    [
        ({"symbol": ""}, "symbol"),
        ({"symbol": "X" * 17}, "symbol"),
        ({"name": "a\x00"}, "name"),
        ({"asset_class": "HOUSE"}, "asset_class"),
        ({"quote": "NEW"}, "base"),
        ({"base_decimals": 9}, "base_decimals"),
        ({"collar_bps": 0}, "collar_bps"),
        ({"collar_bps": 10_000}, "collar_bps"),
        ({"maker_fee_ppm": -1}, "maker_fee_ppm"),
        ({"taker_fee_ppm": 100_001}, "taker_fee_ppm"),
        ({"ladder_step_ticks": 0}, "ladder_step_ticks"),
        ({"tick_size": "0"}, "tick_size"),
        ({"lot_size": "1e3"}, "lot_size"),
        ({"tick_size": "0.00000001", "lot_size": "0.1"}, "lot_size"),
        ({"max_quantity": "1.5"}, "max_quantity"),
        ({"max_notional": "NaN"}, "max_notional"),
    ],
)
def test_bad_terms_are_refused_and_make_nothing(market: Market, change: dict[str, object], field: str) -> None:
    answer = market.apply(acme("NEW", **change) if "symbol" not in change else acme(**change))  # type: ignore[arg-type]
    assert isinstance(answer, RefusedAnswer), answer
    assert answer.field == field
    changes = market.take()
    assert not changes.new_assets and not changes.new_instruments and not changes.events
