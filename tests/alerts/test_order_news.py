"""What owners are told of their orders: as they chose, once, and bounded."""

from typing import Any

import msgspec
import pytest
from django.db import transaction

from apps.accounts.models import Account
from apps.alerts import services
from apps.alerts.handlers import AlertsHandler
from apps.alerts.models import Beginning, Notice, OrderAlert
from apps.alerts.notices import ONE_BY_ONE_A_MINUTE
from apps.alerts.selectors import list_notices
from apps.core.enums import OrderStatus, Side
from apps.eventlog.handler import Record
from tests.builders import START, Venue, published

SYMBOL = "BTC-USD"


@pytest.fixture
def alice(venue: Venue) -> Account:
    """The app was there before the venue's first event."""
    Beginning.objects.update(at=START)
    return venue.customer("alice@example.com", funded="1000000")


def deliver(records: list[Record]) -> None:
    with transaction.atomic():
        AlertsHandler().handle(records)


def told(account: Account) -> list[str]:
    return list(Notice.objects.filter(account=account).order_by("sequence").values_list("kind", flat=True))


def resting(venue: Venue, account: Account, quantity: str = "1") -> Any:
    return venue.order(account, SYMBOL, Side.BUY, quantity, "100")


def filled_later(venue: Venue, order: Any, quantity: str) -> None:
    """By somebody else's order: its own command is not the cause."""
    bob = venue.customer(f"bob{venue.sequence}@example.com", funded="1000")
    venue.bought(bob, SYMBOL, quantity, "100")
    taking = venue.order(bob, SYMBOL, Side.SELL, quantity, "100")
    venue.fill(taking, quantity, "100", against=order)


def by_others(records: list[Record], *accounts: Account) -> list[Record]:
    """As the engine names causes: what is filled by another's order has that one's command for its cause."""


    changed = []
    for record in records:
        message = record.message
        if message.account_id in {account.pk for account in accounts} and type(message).__name__ == "OrderFilled":
            message = msgspec.structs.replace(message, causation_id="somebody-else-s")
        changed.append(Record(record.topic, record.partition, record.offset, record.key, record.value, 0, message))
    return changed


def test_a_fill_that_comes_later_is_told_and_one_of_the_answer_is_not(venue: Venue, alice: Account) -> None:
    order = resting(venue, alice)
    filled_later(venue, order, "1")
    venue.bought(alice, SYMBOL, "1", "101")
    deliver(by_others([record for record in published() if record.message.order_id == order.pk], alice))
    deliver([record for record in published() if record.message.order_id != order.pk])
    assert told(alice) == ["FILLED"]
    notice = list_notices(alice.pk, None, 10)[0]
    assert (notice.title, notice.order_id) == ("BTC-USD: order filled", order.pk)
    assert notice.text == f"Order {order.pk}: 1.0000 bought at 100.00; all of 1.0000 is filled."


def test_parts_are_told_to_whom_asked_for_them(venue: Venue, alice: Account) -> None:
    order = resting(venue, alice, "2")
    filled_later(venue, order, "0.5")
    records = by_others(published(), alice)
    deliver(records)
    assert told(alice) == []
    services.choose_settings(
        account_id=alice.pk, in_app=frozenset({"PARTLY_FILLED"}), by_mail=frozenset(), tells_at_once=False, mail_off=False
    )
    filled_later(venue, order, "0.5")
    deliver(by_others(published(), alice))
    assert told(alice) == ["PARTLY_FILLED"]
    assert "1.0000 of 2.0000 is filled" in list_notices(alice.pk, None, 10)[0].text


@pytest.mark.parametrize(("reason", "is_told"), [
    ("CANCELED_BY_CUSTOMER", False), ("POSITION_CLOSED", False), ("LINKED_ORDER_FILLED", False),
    ("CANCELED_BY_KILL_SWITCH", True), ("CANCELED_BY_DEAD_MANS_SWITCH", True), ("SELF_TRADE_PREVENTED", True),
])  # fmt: skip
def test_a_cancel_is_told_unless_it_was_the_owner_s(venue: Venue, alice: Account, reason: str, is_told: bool) -> None:
    venue.cancel(resting(venue, alice), reason)
    deliver([_caused_by("another", record) for record in published()])
    assert told(alice) == (["CANCELED"] if is_told else [])


def _caused_by(cause: str, record: Record) -> Record:


    message = msgspec.structs.replace(record.message, causation_id=cause)
    return Record(record.topic, record.partition, record.offset, record.key, record.value, 0, message)


def test_staff_s_words_are_told(venue: Venue, alice: Account) -> None:
    venue.cancel(resting(venue, alice), "CANCELED_BY_ADMIN", explanation="A typing error.")
    deliver([_caused_by("staff", record) for record in published()])
    assert list_notices(alice.pk, None, 10)[0].text.endswith("Canceled by Tredye. A typing error.")


def test_a_refusal_is_told_to_whom_asked_for_it(venue: Venue, alice: Account) -> None:
    refused = {"refused": OrderStatus.DENIED, "reason": "INSUFFICIENT_FUNDS"}
    venue.order(alice, SYMBOL, Side.BUY, "1", "100", **refused)
    deliver(published())
    assert told(alice) == []
    services.choose_settings(
        account_id=alice.pk, in_app=frozenset({"REFUSED"}), by_mail=frozenset(), tells_at_once=False, mail_off=False
    )
    venue.order(alice, SYMBOL, Side.BUY, "1", "100", **refused)
    deliver(published()[1:])
    assert told(alice) == ["REFUSED"]


@pytest.mark.fault("F28")
def test_events_that_come_twice_are_told_once(venue: Venue, alice: Account) -> None:
    venue.cancel(resting(venue, alice), "CANCELED_BY_KILL_SWITCH")
    records = [_caused_by("another", record) for record in published()]
    deliver(records)
    deliver(records + records)
    assert told(alice) == ["CANCELED"]


def test_what_happened_before_the_app_was_there_is_nobody_s_news(venue: Venue, alice: Account) -> None:
    venue.cancel(resting(venue, alice), "CANCELED_BY_KILL_SWITCH")
    Beginning.objects.update(at=venue.at.replace(year=2027))
    deliver([_caused_by("another", record) for record in published()])
    assert told(alice) == []


def test_a_followed_order_tells_everything_and_ends_with_it(venue: Venue, alice: Account) -> None:
    order = resting(venue, alice, "2")
    services.follow_order(account_id=alice.pk, order_id=order.pk, in_app=False, by_mail=True)
    filled_later(venue, order, "0.5")
    venue.cancel(order, "CANCELED_BY_KILL_SWITCH")
    deliver([record for record in published() if record.message.account_id == alice.pk])
    rows = list(Notice.objects.filter(account=alice).order_by("sequence").values_list("kind", "in_app", "by_mail"))
    assert rows == [("PARTLY_FILLED", False, True), ("CANCELED", False, True)]
    assert OrderAlert.objects.get().ended_at is not None


def test_a_program_that_trades_all_day_is_not_told_a_thousand_times(venue: Venue, alice: Account) -> None:
    for _ in range(ONE_BY_ONE_A_MINUTE + 15):
        venue.cancel(resting(venue, alice, "0.1"), "CANCELED_BY_KILL_SWITCH")
    records = [_caused_by("another", record) for record in published()]
    deliver(records[:-10])
    deliver(records[-10:])
    kinds = told(alice)
    assert kinds.count("CANCELED") >= ONE_BY_ONE_A_MINUTE
    many = list(Notice.objects.filter(account=alice, kind="MANY").order_by("sequence"))
    assert kinds.count("CANCELED") + sum(row.data["count"] for row in many) == ONE_BY_ONE_A_MINUTE + 15
    assert len(many) <= 2, "one a minute, and the test may run over the end of one"
    assert list_notices(alice.pk, None, 1)[0].title.endswith("more of your orders' events")


