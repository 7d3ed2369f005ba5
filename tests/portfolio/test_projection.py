"""Positions from events: once each, in any number of deliveries, equal to what the fills of record say."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from apps.core.enums import Side
from apps.eventlog.handler import Record
from apps.orders.models import EventPosition
from apps.portfolio.handlers import PortfolioHandler
from apps.portfolio.models import AccountProgress, Position, PositionFill
from tests.builders import Venue, published


def deliver(records: list[Record]) -> None:
    with transaction.atomic():
        PortfolioHandler().handle(records)


def table() -> list[tuple[object, ...]]:
    rows = list(Position.objects.order_by("account_id", "instrument_id").values_list())
    rows += list(PositionFill.objects.order_by("account_id", "instrument_id", "trade_id").values_list())
    return rows + list(AccountProgress.objects.order_by("account_id").values_list())


def busy_day(venue: Venue) -> None:
    """Alice and Bob trade two instruments with the house and with each other; Charlie only asks."""
    alice, bob = venue.customer("alice@example.com", funded="100000"), venue.customer("bob@example.com", funded="100000")
    charlie = venue.customer("charlie@example.com", funded="10")
    venue.bought(alice, "AAPL-USD", "10", "187.13")
    venue.bought(bob, "BTC-USD", "0.3333", "61234.57")
    venue.sold(alice, "AAPL-USD", "3", "188.01")
    resting = venue.order(alice, "BTC-USD", Side.BUY, "0.2", "61000")
    taking = venue.order(bob, "BTC-USD", Side.SELL, "0.1111", "61000")
    venue.fill(taking, "0.1111", "61000", against=resting)
    venue.cancel(resting)
    venue.cancel(venue.order(bob, "BTC-USD", Side.BUY, "0.1", "50000"), "CANCELED_BY_ADMIN", explanation="a typing error")
    venue.bought(alice, "AAPL-USD", "7", "190.55")
    venue.sold(bob, "BTC-USD", "0.2222", "60000.01")
    venue.order(charlie, "AAPL-USD", Side.BUY, "1", "9")


def test_a_buy_makes_a_position_with_its_fee_in_the_cost(venue: Venue) -> None:
    alice = venue.customer("alice@example.com", funded="1000")
    venue.bought(alice, "AAPL-USD", "2", "100")
    deliver(published())
    row = Position.objects.get()
    assert (row.account_id, row.quantity, row.cost, row.realized_pnl) == (alice.pk, 2, Decimal("200.2"), 0)


@pytest.mark.fault("F28")
def test_the_same_events_three_times_in_any_cut_count_once(venue: Venue) -> None:
    busy_day(venue)
    records = published()
    deliver(records)
    once = table()
    chance = random.Random(7)
    for _ in range(3):
        cut = chance.randrange(1, len(records))
        deliver(records[:cut])
        deliver(records[cut - 1 :])
        deliver(records + records)
    assert table() == once


def test_one_at_a_time_is_the_same_as_all_at_once(venue: Venue) -> None:
    busy_day(venue)
    deliver(published())
    at_once = table()
    for model in (Position, PositionFill, AccountProgress):
        model.objects.all().delete()
    for record in published():
        deliver([record])
    assert table() == at_once


def test_a_rebuild_from_the_fills_of_record_equals_the_live_projection(venue: Venue) -> None:
    busy_day(venue)
    deliver(published())
    live = table()
    # Alice and Bob hold two instruments or one, of seven fills in all; Charlie has progress but no position.
    assert len(live) == 3 + 7 + 3
    Position.objects.update(cost=1, quantity=1)
    PositionFill.objects.filter(side="BUY").delete()
    call_command("rebuild_portfolio")
    assert table() == live


def test_events_that_come_after_a_rebuild_that_counted_their_fills_change_nothing(venue: Venue) -> None:
    busy_day(venue)
    call_command("rebuild_portfolio")
    rebuilt = table()
    deliver(published())
    assert table() == rebuilt


def test_a_rebuild_in_chunks_is_the_same_as_in_one(venue: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    busy_day(venue)
    deliver(published())
    live = table()
    monkeypatch.setattr("apps.portfolio.services.CHUNK", 2)
    call_command("rebuild_portfolio")
    assert table() == live


def test_each_fill_keeps_how_the_position_stood_after_it(venue: Venue) -> None:
    """The table of example 1 in docs/money.md, here with a fee of a thousandth."""
    alice = venue.customer("alice@example.com", funded="1000")
    venue.bought(alice, "AAPL-USD", "2", "100")
    venue.bought(alice, "AAPL-USD", "1", "130")
    sale = venue.sold(alice, "AAPL-USD", "1", "120")
    deliver(published())
    rows = PositionFill.objects.order_by("trade_id").values_list("quantity_after", "cost_after", "realized_pnl")
    expected = [("2", "200.20", "0"), ("3", "330.33", "0"), ("2", "220.22", "9.77")]
    assert list(rows) == [tuple(map(Decimal, row)) for row in expected]
    assert PositionFill.objects.get(side="SELL").order_id == sale.pk


@pytest.mark.parametrize(
    "wrong",
    ["cost_after = -1", "quantity_after = 0", "price = 0", "fee = 'NaN'", "realized_pnl = 1", "cost_after = 'NaN'"],
)
def test_the_database_refuses_a_fill_that_cannot_be(venue: Venue, wrong: str) -> None:
    venue.bought(venue.customer("alice@example.com", funded="1000"), "AAPL-USD", "2", "100")
    deliver(published())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE portfolio_positionfill SET {wrong}")


def test_how_the_day_began_is_kept_with_its_first_fill_and_not_changed_by_others(venue: Venue) -> None:
    alice = venue.customer("alice@example.com", funded="10000")
    venue.bought(alice, "AAPL-USD", "4", "100")
    venue.at += timedelta(days=1)
    for _ in range(2):
        venue.sold(alice, "AAPL-USD", "1", "110")
    deliver(published())
    row = Position.objects.get()
    assert (row.day, row.day_quantity, row.day_cost, row.day_realized_pnl) == (venue.at.date(), 4, Decimal("400.4"), 0)
    assert row.quantity == 2


def test_a_day_of_which_nobody_kept_the_beginning_stays_unknown_until_the_next(venue: Venue) -> None:
    """A position from before days were kept, with a fill of this day already."""
    alice = venue.customer("alice@example.com", funded="10000")
    venue.bought(alice, "AAPL-USD", "4", "100")
    deliver(published())
    Position.objects.update(day=None, day_quantity=0)
    venue.sold(alice, "AAPL-USD", "1", "110")
    deliver(published())
    assert Position.objects.get().day is None
    venue.at += timedelta(days=1)
    venue.sold(alice, "AAPL-USD", "1", "110")
    deliver(published())
    row = Position.objects.get()
    assert (row.day, row.day_quantity) == (venue.at.date(), 3)


def test_closing_everything_leaves_no_cost(venue: Venue) -> None:
    bob = venue.customer("bob@example.com", funded="100000")
    venue.bought(bob, "BTC-USD", "0.3333", "61234.57")
    venue.sold(bob, "BTC-USD", "0.1111", "60000")
    venue.sold(bob, "BTC-USD", "0.2222", "60000")
    deliver(published())
    row = Position.objects.get()
    assert (row.quantity, row.cost) == (0, 0)


def test_each_order_event_remembers_its_first_place_in_the_log(venue: Venue) -> None:
    busy_day(venue)
    deliver(published(partition=2))
    places = list(EventPosition.objects.order_by("event_id").values_list())
    deliver(published(partition=3))
    assert list(EventPosition.objects.order_by("event_id").values_list()) == places
    assert {partition for _, partition, _ in places} == {2}
    assert len(places) == len(published())


def test_a_delivery_that_fails_leaves_nothing_behind(venue: Venue) -> None:
    alice = venue.customer("alice@example.com", funded="1000")
    venue.bought(alice, "AAPL-USD", "2", "100")
    with pytest.raises(RuntimeError), transaction.atomic():
        PortfolioHandler().handle(published())
        raise RuntimeError("the runner could not move its position")
    assert table() == []
    assert not EventPosition.objects.exists()
