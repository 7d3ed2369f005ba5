"""Positions from events: once each, in any number of deliveries, equal to what the fills of record say."""

import random
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import transaction

from apps.core.enums import Side
from apps.eventlog.handler import Record
from apps.orders.models import EventPosition
from apps.portfolio.handlers import PortfolioHandler
from apps.portfolio.models import AccountProgress, Position
from tests.builders import Venue, published


def deliver(records: list[Record]) -> None:
    with transaction.atomic():
        PortfolioHandler().handle(records)


def table() -> list[tuple[object, ...]]:
    rows = list(Position.objects.order_by("account_id", "instrument_id").values_list())
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
    Position.objects.all().delete()
    AccountProgress.objects.all().delete()
    for record in published():
        deliver([record])
    assert table() == at_once


def test_a_rebuild_from_the_fills_of_record_equals_the_live_projection(venue: Venue) -> None:
    busy_day(venue)
    deliver(published())
    live = table()
    assert len(live) == 6  # Alice and Bob hold two each or held; Charlie has progress but no position
    Position.objects.update(cost=1, quantity=1)
    call_command("rebuild_portfolio")
    assert table() == live


def test_events_that_come_after_a_rebuild_that_counted_their_fills_change_nothing(venue: Venue) -> None:
    busy_day(venue)
    call_command("rebuild_portfolio")
    rebuilt = table()
    deliver(published())
    assert table() == rebuilt


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
