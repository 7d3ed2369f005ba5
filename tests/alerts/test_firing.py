"""From records of the log to firings and notices: once each, with the price and the quote they were fired by."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from apps.alerts.handlers import AlertsHandler
from apps.alerts.models import Firing, Notice, NoticeHead, PriceAlert
from apps.core.clock import ManualClock
from apps.eventlog.handler import Record
from tests.alerts.cast import SYMBOL, T0_NS, alert, later, prints, quotes, record
from tests.builders import Venue


@pytest.fixture
def handler() -> AlertsHandler:
    return AlertsHandler(clock=ManualClock(T0_NS))


def deliver(handler: AlertsHandler, *records: Record) -> None:
    with transaction.atomic():
        handler.handle(records)


def test_it_fires_at_the_first_print_that_reaches_it(venue: Venue, handler: AlertsHandler) -> None:
    row = alert(venue.customer("alice@example.com"), venue.instrument(SYMBOL), note="sell some")
    deliver(handler, record(prints((1, "99.99"), (2, "100.5"), (3, "101"))))
    firing = Firing.objects.get()
    assert (firing.alert_id, firing.price, firing.value, firing.at) == (row.pk, 100, Decimal("100.5"), later(2))
    assert (firing.source, firing.epoch, firing.sequence, firing.note) == ("sim", 7, 2, "sell some")
    row.refresh_from_db()
    assert (row.state, row.slot, row.fired_count, row.last_fired_at) == ("FIRED", None, 1, later(2))
    notice = Notice.objects.get()
    assert (notice.account_id, notice.sequence, notice.kind, notice.in_app) == (row.account_id, 1, "PRICE", True)
    assert notice.at == later(2)
    assert (notice.data["value"], notice.data["price"], notice.data["firing"]) == ("100.5", "100", firing.pk)


@pytest.mark.parametrize(("basis", "direction", "price", "fires"), [
    ("BID", "ABOVE", "100", False), ("BID", "ABOVE", "99", True),
    ("ASK", "BELOW", "102", False), ("ASK", "BELOW", "103", True),
    ("MID", "ABOVE", "101", True), ("MID", "ABOVE", "101.01", False), ("MID", "BELOW", "101", True),
    ("LAST", "ABOVE", "1", False),
])  # fmt: skip
def test_each_watches_its_own_price(
    venue: Venue, handler: AlertsHandler, basis: str, direction: str, price: str, fires: bool
) -> None:
    alert(venue.customer("alice@example.com"), venue.instrument(SYMBOL), price, basis=basis, direction=direction)
    deliver(handler, record(quotes((1, "99", "103"))))
    assert Firing.objects.exists() is fires


@pytest.mark.fault("F28")
def test_records_that_come_again_fire_nothing_again(venue: Venue, handler: AlertsHandler) -> None:
    alert(venue.customer("alice@example.com"), venue.instrument(SYMBOL))
    reached = record(prints((1, "100")))
    deliver(handler, reached)
    deliver(handler, reached)
    handler.forget()
    deliver(handler, reached)
    deliver(AlertsHandler(clock=ManualClock(T0_NS)), reached)
    assert (Firing.objects.count(), Notice.objects.count()) == (1, 1)


def test_a_batch_that_is_rolled_back_fires_when_it_comes_again(venue: Venue, handler: AlertsHandler) -> None:
    alert(venue.customer("alice@example.com"), venue.instrument(SYMBOL))
    reached = record(prints((1, "100")))
    with pytest.raises(RuntimeError), transaction.atomic():
        handler.handle([reached])
        raise RuntimeError("the position could not be moved")
    handler.forget()
    assert not Firing.objects.exists()
    deliver(handler, reached)
    assert Firing.objects.count() == 1


def test_what_was_crossed_while_nobody_looked_fires_with_its_own_instant(venue: Venue) -> None:
    alert(venue.customer("alice@example.com"), venue.instrument(SYMBOL))
    an_hour_later = AlertsHandler(clock=ManualClock(T0_NS + 3_600_000_000_000))
    deliver(an_hour_later, record(prints((5, "101"))), record(prints((3_599, "90"))))
    assert Firing.objects.get().at == later(5)


def test_ticks_from_before_the_alert_and_from_its_expiry_on_do_not_count(venue: Venue, handler: AlertsHandler) -> None:
    alert(venue.customer("alice@example.com"), venue.instrument(SYMBOL), watch_from=later(10), expires_at=later(20))
    deliver(handler, record(prints((9, "101"))), record(prints((20, "101"))))
    assert not Firing.objects.exists()
    alert(venue.customer("bob@example.com"), venue.instrument(SYMBOL), watch_from=later(10), expires_at=later(20))
    much_later = AlertsHandler(clock=ManualClock(T0_NS + 3_600_000_000_000))
    deliver(much_later, record(prints((19.5, "101"))))
    assert Firing.objects.count() == 2, "read late, but made in time"


def test_a_price_that_was_old_on_the_log_fires_nothing(venue: Venue, handler: AlertsHandler) -> None:
    account = venue.customer("alice@example.com")
    alert(account, venue.instrument(SYMBOL))
    alert(account, venue.instrument(SYMBOL), basis="BID")
    deliver(handler, record(prints((1, "101")), late_s=4), record(quotes((1, "101", "102")), late_s=4))
    assert not Firing.objects.exists()
    deliver(handler, record(prints((2, "101")), late_s=2))
    assert Firing.objects.count() == 1


def test_a_trade_of_the_own_book_counts_however_late_it_is_told(venue: Venue, handler: AlertsHandler) -> None:
    alert(venue.customer("alice@example.com"), venue.instrument(SYMBOL))
    deliver(handler, record(prints((1, "101"), source="BOOK"), late_s=600))
    assert Firing.objects.get().source == "BOOK"


def test_one_that_fires_again_does_so_after_its_pause_and_from_the_other_side(venue: Venue, handler: AlertsHandler) -> None:
    row = alert(venue.customer("alice@example.com"), venue.instrument(SYMBOL), pause_s=60)
    deliver(handler, record(prints((1, "101"), (2, "99"), (3, "101"))), record(prints((61, "102"))))
    row.refresh_from_db()
    assert (row.state, row.slot, row.is_armed, row.fired_count, row.watch_from) == ("ACTIVE", 1, False, 1, later(61))
    handler.forget()  # it knows this from the table as well
    deliver(handler, record(prints((62, "99.5"))), record(prints((63, "101"))))
    assert [firing.at for firing in Firing.objects.order_by("id")] == [later(1), later(63)]


def test_one_batch_may_fire_and_arm_and_fire_again(venue: Venue, handler: AlertsHandler) -> None:
    row = alert(venue.customer("alice@example.com"), venue.instrument(SYMBOL), pause_s=60)
    deliver(handler, record(prints((1, "101"))), record(prints((62, "99"), (63, "101"))))
    row.refresh_from_db()
    assert (Firing.objects.count(), row.fired_count, row.version) == (2, 2, 4)


def test_what_its_owner_changed_meanwhile_does_not_fire_as_it_was(venue: Venue, handler: AlertsHandler) -> None:
    row = alert(venue.customer("alice@example.com"), venue.instrument(SYMBOL))
    deliver(handler, record(prints((1, "90"))))
    PriceAlert.objects.filter(pk=row.pk).update(price=200, version=row.version + 1)
    deliver(handler, record(prints((2, "101"))))
    assert not Firing.objects.exists()
    handler.tick(10**12)
    deliver(handler, record(prints((3, "200"))))
    assert Firing.objects.get().price == 200


def test_a_new_alert_is_held_against_what_came_before_it_was_known(venue: Venue) -> None:
    """It was made at a second, its price was crossed half a second later, and only then did the handler look."""
    clock = ManualClock(T0_NS)
    handler = AlertsHandler(clock=clock)
    deliver(handler, record(prints((0, "90"))))
    clock.advance_ns(2_000_000_000)
    alert(venue.customer("alice@example.com"), venue.instrument(SYMBOL), watch_from=later(1))
    deliver(handler, record(prints((0.5, "120"))), record(prints((1.5, "101"))), record(prints((1.8, "95"))))
    assert not Firing.objects.exists()
    handler.tick(10**12)
    assert (Firing.objects.get().value, Firing.objects.get().at) == (101, later(1.5))


def test_each_account_s_notices_are_numbered_without_a_gap(venue: Venue, handler: AlertsHandler) -> None:
    instrument = venue.instrument(SYMBOL)
    alice, bob = venue.customer("alice@example.com"), venue.customer("bob@example.com")
    for price in ("100", "101", "102"):
        alert(alice, instrument, price)
        alert(bob, instrument, price)
    deliver(handler, record(prints((1, "100.5"))))
    deliver(handler, record(prints((2, "103"))))
    for account in (alice, bob):
        assert list(Notice.objects.filter(account=account).order_by("id").values_list("sequence", flat=True)) == [1, 2, 3]
        assert NoticeHead.objects.get(pk=account.pk).last_sequence == 3


@pytest.mark.parametrize("wrong", [
    {"price": "0"}, {"slot": 101}, {"slot": None}, {"pause_s": 59}, {"in_app": False}, {"basis": "OPEN"},
    {"state": "FIRED"},
])  # fmt: skip
def test_the_database_refuses_an_alert_that_cannot_be(venue: Venue, wrong: dict[str, Any]) -> None:
    account, instrument = venue.customer("alice@example.com"), venue.instrument(SYMBOL)
    with pytest.raises(IntegrityError), transaction.atomic():
        alert(account, instrument, **({"price": "1"} | wrong))


def test_the_database_refuses_a_price_that_is_no_number(venue: Venue) -> None:
    row = alert(venue.customer("alice@example.com"), venue.instrument(SYMBOL))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE alerts_pricealert SET price = 'NaN' WHERE id = %s", [row.pk])


def test_the_database_counts_a_hundred_and_no_more(venue: Venue) -> None:
    account, instrument = venue.customer("alice@example.com"), venue.instrument(SYMBOL)
    for _ in range(100):
        alert(account, instrument)
    with pytest.raises(IntegrityError), transaction.atomic():
        alert(account, instrument)


def test_a_firing_is_written_once_for_a_version_whoever_writes_it(venue: Venue, handler: AlertsHandler) -> None:
    alert(venue.customer("alice@example.com"), venue.instrument(SYMBOL))
    deliver(handler, record(prints((1, "100"))))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO alerts_firing SELECT id + 1, alert_id, version, basis, direction, price, value, note, at, fired_at,"
            " source, epoch, sequence, account_id, instrument_id FROM alerts_firing"
        )


