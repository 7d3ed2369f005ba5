"""Every page of the Django admin, with something on it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.urls import reverse

from apps.accounts.api_keys import create_key
from apps.accounts.models import Account, KeyScope, User
from apps.alerts.models import AlertSettings, Firing, Mail, Notice, NoticeHead, OrderAlert, PriceAlert
from apps.backoffice import services as backoffice
from apps.backoffice.proposals import Draft, propose
from apps.backoffice.requests import raise_request
from apps.core.enums import Role, Side
from apps.engine.journal import encode_inputs
from apps.engine.models import Journal, Lease
from apps.eventlog.models import ConsumerPosition, OutboxBatch, ParkedMessage, RelayCursor
from apps.eventlog.outbox import pack
from apps.jobs.models import JobRun
from apps.ledger.models import BusinessDay, DailyStatement, DailyStatementLine, ReconciliationDifference
from apps.marketdata.models import Bar, FeedState, LatestPrice, QuarantinedTick, QuoteFrame
from apps.orders.models import Order
from apps.portfolio.models import AccountProgress, EquitySnapshot, Position
from apps.privacy.services import ask_for_deletion
from tests.builders import START, Venue
from tests.engine.world import configure
from tests.staff import make_staff

DAY = date(2026, 11, 19)


@dataclass
class Shown:
    """A row of every registered model, some with company."""

    venue: Venue
    staff: User
    customer: Account
    order: Order


def fill_every_table() -> Shown:
    venue = Venue()
    staff = make_staff("admin@example.com", Role.ADMIN)
    customer = venue.customer("customer@example.com", funded="100000")
    other = venue.customer("other@example.com", funded="1000.5")
    venue.bought(customer, "AAPL-USD", "10", "101.25")
    resting = venue.order(customer, "AAPL-USD", Side.BUY, "2", "99.5")
    venue.cancel(venue.order(other, "AAPL-USD", Side.BUY, "1", "90"))
    EmailAddress.objects.update_or_create(
        user=customer.user, email="customer@example.com", defaults={"verified": True, "primary": True}
    )
    create_key(
        account_id=customer.pk, name="bot", scope=KeyScope.READ, networks=(), expires_at=None, form_id="canary-7f3a-form"
    )
    _fill_ledger(customer)
    _fill_market(resting.instrument_id)
    _fill_machinery(venue)
    _fill_alerts(resting)
    Position.objects.create(
        account_id=customer.pk, instrument_id=resting.instrument_id, quantity=10, cost="1013.5125", realized_pnl="-1.25",
        fees="1.0125", last_sequence=venue.sequence, updated_at=START,
    )
    AccountProgress.objects.create(account_id=customer.pk, account_sequence=3)
    EquitySnapshot.objects.create(account_id=customer.pk, day=DAY, value="100012.34", deposits="100000", taken_at=START)
    backoffice.record_look(
        actor_id=staff.pk, action="CUSTOMER_PAGE", subject=f"account {customer.pk}", reason="asked by phone",
        account_id=customer.pk,
    )
    backoffice.record_command(
        actor_id=staff.pk, action="HALT_INSTRUMENT", subject="AAPL-USD", reason="news pending", command_id="halt-1",
        before='{"State": "OPEN"}', after='{"State": "HALTED"}',
    )
    propose(
        Draft(
            action="SET_ACCOUNT_LIMITS", page="accounts.account", row=str(customer.pk), button="limits",
            subject=f"limits of account {customer.pk}", account_id=customer.pk, reason="asked by the desk", proposed_by=staff.pk,
            command_id="proposed-1", texts={"max_open_orders": "3"}, before={"Open orders at once": "the venue's"},
            after={"Open orders at once": "3"},
        )
    )  # fmt: skip
    raise_request(
        actor_id=staff.pk, kind="FORCE_CANCEL", account_id=customer.pk, order_id=resting.pk, reason="typed a wrong price",
        form_id="request-1",
    )
    ask_for_deletion(user_id=customer.user_id or 0, account_id=customer.pk)
    return Shown(venue, staff, customer, resting)


def _fill_ledger(customer: Account) -> None:
    BusinessDay.objects.create(day=DAY, last_transfer_id=1002, closed_at=START)
    statement = DailyStatement.objects.create(
        account=customer, day=DAY, after_transfer_id=0, last_transfer_id=1002, transfers=1, made_at=START
    )
    asset = Venue().asset("USD")
    DailyStatementLine.objects.create(statement=statement, asset=asset, deposits=100000, closing=100000, transfers=1)
    ReconciliationDifference.objects.create(
        day=DAY, check_name="I3", meaning="held is not what orders hold", subject="12", found_at=START
    )
    JobRun.objects.create(
        job="statements", day=DAY, status="DONE", started_at=START, heartbeat_at=START, finished_at=START, result="{}"
    )


def _fill_market(instrument_id: int) -> None:
    quote: dict[str, Any] = {
        "source": "sim", "epoch": 7, "sequence": 8, "bid": "101.2", "ask": "101.3", "bid_quantity": 5, "ask_quantity": "7.5"
    }
    LatestPrice.objects.create(instrument_id=instrument_id, quoted_at=START, last="101.25", last_at=START, **quote)
    QuoteFrame.objects.create(instrument_id=instrument_id, second=START, **quote)
    Bar.objects.create(
        instrument_id=instrument_id, interval="1m", start=START, open=101, high=102, low=100, close=101, volume="12.5", trades=3
    )
    FeedState.objects.create(source="sim", epoch=7, holder="host:1", taken_at=START, beat_at=START, published=10, quarantined=2)
    for reason, bid in (("band", "131.5"), ("number", "<b>NaN")):
        QuarantinedTick.objects.create(
            seen_at=START, source="sim", symbol="AAPL-USD", kind="quote", reason=reason, sequence=8, made_at=START, bid=bid,
            ask="131.6", bid_quantity="5", ask_quantity="7.5", reference="101.25",
        )


def _fill_alerts(order: Order) -> None:
    of_it: dict[str, Any] = {"account_id": order.account_id, "instrument_id": order.instrument_id}
    asked = {"basis": "BID", "direction": "ABOVE", "price": 101, "note": "<b>sell"}
    alert = PriceAlert.objects.create(**of_it, **asked, watch_from=START, slot=1, created_at=START, changed_at=START)
    seen = {"value": "101.2", "at": START, "fired_at": START, "source": "sim", "epoch": 7, "sequence": 8}
    Firing.objects.create(**of_it, **asked, **seen, alert_id=alert.pk, version=1)
    mail = Mail.objects.create(account_id=order.account_id, next_at=START, created_at=START, error="<refused>")
    told = {"in_app": True, "by_mail": True, "data": {"price": "101"}, "at": START, "created_at": START, "mail": mail}
    for sequence, order_id in enumerate((None, order.pk), start=1):
        kind = "PRICE" if order_id is None else "FILLED"
        Notice.objects.create(**of_it, **told, sequence=sequence, kind=kind, order_id=order_id)
    NoticeHead.objects.create(account_id=order.account_id, last_sequence=2)
    OrderAlert.objects.create(account_id=order.account_id, order_id=order.pk, created_at=START)
    AlertSettings.objects.create(account_id=order.account_id, by_mail=["FILLED"])


def _fill_machinery(venue: Venue) -> None:
    Lease.objects.update_or_create(shard=0, defaults={"epoch": 3, "holder": "host:1", "taken_at": START})
    at_ns = int(START.timestamp()) * 10**9
    inputs = encode_inputs({}, [], [msgspec.msgpack.encode(configure("AAPL-USD"))])
    for number in range(3):
        Journal.objects.create(
            last_sequence=1000 + 10 * number + 9, first_sequence=1000 + 10 * number, epoch=3, inputs=inputs,
            now_ns=at_ns + number * 10**9,
        )
    RelayCursor.objects.update_or_create(lane="engine", defaults={"last_sequence": 1000, "moved_at": START})
    OutboxBatch.objects.create(
        lane="engine", last_sequence=1005, messages=pack([("orders.events", "12", "1004", b"{}")]), recorded_at=START
    )
    ConsumerPosition.objects.create(consumer="portfolio", topic="orders.events", partition=0, next_offset=7, moved_at=START)
    for offset in range(2):
        ParkedMessage.objects.create(
            consumer="realtime", topic="marketdata.quotes", partition=0, offset=offset, value=b'\x00{"<script>',
            error="unknown version 9", parked_at=START + timedelta(seconds=offset),
        )


def registered() -> list[Any]:
    return list(admin.site._registry.values())


def list_of(model_admin: Any) -> str:
    return reverse(f"admin:{model_admin.url_name('changelist')}")


def page_of(model_admin: Any, key: object) -> str:
    return reverse(f"admin:{model_admin.url_name('change')}", args=[key])
