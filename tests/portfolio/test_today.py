"""What was earned today: the examples of docs/money.md, number for number, and laws that hold after any fills."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.enums import Side
from apps.marketdata.models import LatestPrice
from apps.marketdata.services import NewestPrice, store_frames
from apps.portfolio.handlers import PortfolioHandler
from apps.portfolio.models import Position
from apps.portfolio.position_math import PositionState, apply_fill
from apps.portfolio.selectors import get_portfolio
from apps.portfolio.valuation import CountedPosition, DayStart, today_cost
from tests.builders import START, Venue, published
from tests.pages import client_of

YESTERDAY = START.replace(hour=15)
MIDNIGHT = START.replace(hour=0, minute=0) + timedelta(days=1)
NOON = MIDNIGHT + timedelta(hours=12)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def alice(venue: Venue) -> Any:
    return venue.customer("alice@example.com", funded="10000")


def mark(venue: Venue, bid: str, ask: str, symbol: str = "AAPL-USD") -> None:
    """The newest price."""
    numbers = {"bid": Decimal(bid), "ask": Decimal(ask), "bid_quantity": 1, "ask_quantity": 1}
    LatestPrice.objects.update_or_create(
        instrument_id=venue.instrument(symbol).pk,
        defaults={"source": "sim", "epoch": 1, "sequence": 1, "quoted_at": NOON} | numbers,
    )


def mark_at_the_start(venue: Venue, bid: str, ask: str) -> None:
    """The last price before the day began, and one after that, which is not it."""
    for at, prices in ((MIDNIGHT - timedelta(seconds=1), (bid, ask)), (MIDNIGHT, ("1", "2"))):
        at_ns, sizes = int(at.timestamp()) * 10**9, (Decimal(1), Decimal(1))
        store_frames([NewestPrice(venue.instrument("AAPL-USD").pk, "sim", 1, at_ns, *map(Decimal, prices), *sizes, at_ns)])


def catch_up() -> None:
    with transaction.atomic():
        PortfolioHandler().handle(published())


def held_overnight(venue: Venue, alice: Any) -> None:
    """Four at 100, and the mark is 110 when the day begins and 125 now."""
    venue.at = YESTERDAY
    venue.bought(alice, "AAPL-USD", "4", "100")
    venue.at = MIDNIGHT + timedelta(hours=1)
    mark_at_the_start(venue, "109", "111")
    mark(venue, "124", "126")


def today(alice: Any) -> Decimal | None:
    catch_up()
    portfolio = get_portfolio(alice.pk)
    (position,) = (*portfolio.positions, *portfolio.closed)
    if position.today_pnl is not None:
        assert portfolio.today is not None and portfolio.today.value == position.today_pnl
    return position.today_pnl


# --- the examples of docs/money.md -----------------------------------------------------------------------------------------


def test_example_6_held_overnight(venue: Venue, alice: Any) -> None:
    held_overnight(venue, alice)
    assert today(alice) == 4 * (125 - 110)


def test_example_7_opened_today(venue: Venue, alice: Any) -> None:
    venue.at = MIDNIGHT + timedelta(hours=1)
    venue.bought(alice, "AAPL-USD", "2", "120")
    mark(venue, "124", "126")
    assert today(alice) == Decimal("9.76")


def test_example_8_a_part_was_sold_today(venue: Venue, alice: Any) -> None:
    held_overnight(venue, alice)
    venue.sold(alice, "AAPL-USD", "1", "120")
    assert today(alice) == 3 * 15 + 10 - Decimal("0.12")


def test_example_9_closed_today(venue: Venue, alice: Any) -> None:
    held_overnight(venue, alice)
    venue.sold(alice, "AAPL-USD", "4", "120")
    assert today(alice) == Decimal("39.52")
    portfolio = get_portfolio(alice.pk)
    assert portfolio.positions == () and portfolio.today_closed == portfolio.today
    page = client_of(alice).get("/portfolio/").content.decode()
    assert "+39.52" in page


def test_example_10_some_was_paid_in_today(venue: Venue, alice: Any) -> None:
    held_overnight(venue, alice)
    venue.deposit(alice, "AAPL", "6")
    assert today(alice) == 60
    venue.deposit(alice, "USD", "5000")
    assert today(alice) == 60


def test_example_11_some_was_taken_out_today(venue: Venue, alice: Any) -> None:
    held_overnight(venue, alice)
    venue.adjust(alice, "AAPL", "-1", "credited twice")
    assert today(alice) == 45


def test_example_12_a_round_trip_today_costs_its_fees(venue: Venue, alice: Any) -> None:
    venue.at = MIDNIGHT + timedelta(hours=1)
    venue.bought(alice, "AAPL-USD", "2", "100")
    venue.sold(alice, "AAPL-USD", "2", "100")
    assert today(alice) == Decimal("-0.4")


# --- what is not known is not told -------------------------------------------------------------------------------------------


def test_without_the_mark_of_the_start_today_is_not_known(venue: Venue, alice: Any) -> None:
    venue.at = YESTERDAY
    venue.bought(alice, "AAPL-USD", "4", "100")
    mark(venue, "124", "126")
    assert today(alice) is None
    portfolio = get_portfolio(alice.pk)
    assert portfolio.today is not None and portfolio.today.missing == ("AAPL-USD",)
    assert not portfolio.today_moves_with_its_rows
    assert "Today is without AAPL-USD" in client_of(alice).get("/portfolio/").content.decode()


def test_a_day_of_which_the_beginning_was_not_kept_is_not_known(venue: Venue, alice: Any) -> None:
    held_overnight(venue, alice)
    venue.sold(alice, "AAPL-USD", "1", "120")
    catch_up()
    Position.objects.update(day=None, day_quantity=0, day_cost=0)
    assert today(alice) is None
    Position.objects.update(updated_at=YESTERDAY)
    assert today(alice) == 3 * 15, "without a fill of today it began as it stands"


def test_while_a_fill_is_being_counted_today_is_updating(venue: Venue, alice: Any) -> None:
    held_overnight(venue, alice)
    catch_up()
    venue.sold(alice, "AAPL-USD", "1", "120")
    portfolio = get_portfolio(alice.pk)
    assert portfolio.today is None and portfolio.positions[0].today_pnl is None


def test_the_business_day_is_the_utc_day_whatever_the_reader_s_zone(venue: Venue, alice: Any) -> None:
    held_overnight(venue, alice)
    alice.user.time_zone = "Asia/Kolkata"
    alice.user.save()
    page = client_of(alice).get("/portfolio/").content.decode()
    assert "Today began at" in page and "05:30:00" in page


# --- laws --------------------------------------------------------------------------------------------------------------------

UNIT = Decimal("0.00000001")
CENTS: Callable[[int, int], Any] = lambda low, high: st.integers(low, high).map(lambda n: Decimal(n).scaleb(-2))  # noqa: E731
FILL = st.tuples(st.booleans(), CENTS(1, 10**7), st.integers(1, 10**6).map(Decimal), CENTS(0, 10**5))


def walk(state: PositionState, fills: list[tuple[bool, Decimal, Decimal, Decimal]]) -> PositionState:
    for wants_sale, price, quantity, fee in fills:
        sells = wants_sale and state.quantity > 0
        amount = min(quantity, state.quantity) if sells else quantity
        state = apply_fill(state, side=Side.SELL if sells else Side.BUY, price=price, quantity=amount, fee=fee)
    return state


@settings(max_examples=150, deadline=None)
@given(st.lists(FILL, max_size=12), st.lists(FILL, max_size=12), CENTS(1, 10**7), CENTS(1, 10**7))
def test_today_is_how_much_the_total_has_grown(before: list[Any], since: list[Any], first: Decimal, newest: Decimal) -> None:
    """Without money in or out, today is realized + unrealized now, less the same when the day began."""
    start = walk(PositionState(), before)
    now = walk(start, since)
    began = DayStart(start.quantity, start.cost, start.realized_pnl, first)
    cost = today_cost(now.quantity, CountedPosition(now.quantity, now.cost, now.realized_pnl, now.fees, 1, began))
    assert cost is not None
    grown = (now.realized_pnl + now.quantity * newest - now.cost) - (start.realized_pnl + start.quantity * first - start.cost)
    assert now.quantity * newest - cost == grown


@settings(max_examples=100, deadline=None)
@given(st.lists(FILL, min_size=1, max_size=12), CENTS(1, 10**7), st.data())
def test_what_leaves_without_a_sale_earns_nothing(fills: list[Any], first: Decimal, data: st.DataObject) -> None:
    """At the mark that the day began with, nothing is earned however much of it left."""
    state = walk(PositionState(), fills)
    left = data.draw(st.integers(0, int(state.quantity)).map(Decimal))
    began = DayStart(state.quantity, state.cost, state.realized_pnl, first)
    known = state.quantity - left
    cost = today_cost(known, CountedPosition(state.quantity, state.cost, state.realized_pnl, state.fees, 1, began))
    assert cost is not None and known * first - cost == 0


def test_a_mark_between_two_ticks_is_rounded_once() -> None:
    began = DayStart(Decimal("0.00000001"), Decimal("0.01"), Decimal(0), Decimal("0.000000015"))
    counted = CountedPosition(Decimal("0.00000001"), Decimal("0.01"), Decimal(0), Decimal(0), 1, began)
    cost = today_cost(Decimal("0.00000001"), counted)
    assert cost is not None and cost == cost.quantize(UNIT)
