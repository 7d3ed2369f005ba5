"""The peer of ``orders.http_per_process``: a Django view that takes an order the way one writes it with the ORM.

It writes what the engine's settlement writes, into the same tables under the same constraints, in one transaction an order:
order, fills, trade, postings, balances, holds, events and the outbox. No middleware to speak of, no CSRF, no rate limit, and no
risk but the money.
It is not part of the product.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.api_keys import split_key
from apps.accounts.models import Account, ApiKey
from apps.core.numbers import plain
from apps.eventlog.models import OutboxBatch
from apps.eventlog.outbox import pack
from apps.instruments.models import Instrument
from apps.ledger.models import LedgerAccount, Posting, Transfer, TransferKind
from apps.orders.models import AccountEvent, Fill, Order, Trade

FEE_RATE = Decimal("0.002")
OPEN = ("ACCEPTED", "PARTIALLY_FILLED")
MATCHES_MAX = 20


def next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('bench_ids')")
        found: int = cursor.fetchone()[0]
    return found


@dataclass
class Book:
    """What one order touches, locked for the transaction."""

    instrument: Instrument
    at: Any
    messages: list[tuple[str, str, str, bytes]]

    def bucket(self, account_id: int, asset_id: int) -> LedgerAccount:
        found = LedgerAccount.objects.select_for_update().filter(account_id=account_id, asset_id=asset_id).first()
        missing = {"account_id": account_id, "asset_id": asset_id, "may_be_negative": False}
        return found or LedgerAccount.objects.create(id=next_id(), **missing)

    def hold(self, order: Order, held: Decimal) -> None:
        asset_id = self.instrument.quote_id if order.side == "BUY" else self.instrument.base_id
        bucket = self.bucket(order.account_id, asset_id)
        bucket.held = bucket.held + held - order.held
        bucket.save(update_fields=["held"])
        order.held = held

    def event(self, order: Order, kind: str, **fields: Any) -> None:
        newest = AccountEvent.objects.filter(account_id=order.account_id).aggregate(newest=Max("account_sequence"))["newest"] or 0
        event_id = next_id()
        data: Any = {"type": kind, "order_id": order.pk, "sequence": event_id, **fields}
        AccountEvent.objects.create(
            id=event_id,
            account_id=order.account_id,
            account_sequence=newest + 1,
            epoch=1,
            order_id=order.pk,
            type=kind,
            data=data,
            at=self.at,
        )
        self.messages.append(("orders.events", str(order.account_id), str(event_id), json.dumps(data).encode()))


def price_of(order: Order) -> Decimal:
    if order.price is None:
        raise ValueError(f"order {order.pk} has no price")
    return order.price


def needed(order: Order) -> Decimal:
    leaves = order.quantity - order.filled_quantity
    return leaves if order.side == "SELL" else (leaves * price_of(order) * (1 + FEE_RATE)).quantize(Decimal("0.00000001"))


def crossing(book: Book, order: Order) -> list[Order]:
    rows = Order.objects.select_for_update().filter(instrument=book.instrument, status__in=OPEN)
    rows = rows.exclude(account_id=order.account_id)
    if order.side == "BUY":
        return list(rows.filter(side="SELL", price__lte=order.price).order_by("price", "id")[:MATCHES_MAX])
    return list(rows.filter(side="BUY", price__gte=order.price).order_by("-price", "id")[:MATCHES_MAX])


def match(book: Book, order: Order) -> None:
    for maker in crossing(book, order):
        size = min(order.quantity - order.filled_quantity, maker.quantity - maker.filled_quantity)
        if not size:
            return
        trade = Trade.objects.create(
            id=next_id(),
            instrument=book.instrument,
            epoch=1,
            instrument_sequence=next_id(),
            price=price_of(maker),
            quantity=size,
            aggressor_side=order.side,
            quote_source="",
            at=book.at,
        )
        fee = (trade.price * size * FEE_RATE).quantize(Decimal("0.00000001"))
        for filled, liquidity in ((maker, "MAKER"), (order, "TAKER")):
            Fill.objects.create(
                id=2 * trade.pk + (filled.side == "SELL"),
                trade=trade,
                order=filled,
                account_id=filled.account_id,
                instrument=book.instrument,
                side=filled.side,
                liquidity_side=liquidity,
                price=trade.price,
                quantity=size,
                fee=fee,
                at=book.at,
            )
            filled.filled_quantity += size
            filled.filled_notional += size * trade.price
            filled.fee += fee
            filled.status = "FILLED" if filled.filled_quantity == filled.quantity else "PARTIALLY_FILLED"
            filled.updated_at = book.at
            book.hold(filled, needed(filled))
            filled.save()
            book.event(filled, "ORDER_FILLED", trade_id=trade.pk, price=plain(trade.price), quantity=plain(size), fee=plain(fee))
        settle(book, trade, order, maker, fee)


def settle(book: Book, trade: Trade, taker: Order, maker: Order, fee: Decimal) -> None:
    instrument, fees = book.instrument, Account.objects.get(kind="FEES")
    legs: list[tuple[int, int, Decimal]] = [(fees.pk, instrument.quote_id, 2 * fee)]
    for order in (taker, maker):
        sign = 1 if order.side == "BUY" else -1
        legs.append((order.account_id, instrument.base_id, sign * trade.quantity))
        legs.append((order.account_id, instrument.quote_id, -sign * trade.quantity * trade.price - fee))
    kind = TransferKind.TRADE
    transfer = Transfer.objects.create(id=next_id(), kind=kind, trade_id=trade.pk, command_id="", memo="", at=book.at)
    postings = []
    for leg, (account_id, asset_id, amount) in enumerate(legs):
        bucket = book.bucket(account_id, asset_id)
        bucket.total += amount
        bucket.save(update_fields=["total"])
        posting = Posting(transfer=transfer, leg=leg, ledger_account=bucket, asset_id=asset_id, amount=amount)
        posting.balance_after = bucket.total
        postings.append(posting)
    Posting.objects.bulk_create(postings)


@require_POST
def place(request: HttpRequest) -> JsonResponse:
    parts = split_key(request.headers.get("Authorization", "").removeprefix("Bearer "))
    key = ApiKey.objects.select_related("account").get(prefix=parts[0], digest=parts[1], revoked_at=None) if parts else None
    if key is None:
        return JsonResponse({}, status=401)
    asked = json.loads(request.body)
    with transaction.atomic():
        instrument = Instrument.objects.select_for_update().get(symbol=asked["symbol"])
        book = Book(instrument, timezone.now(), [])
        repeated = Order.objects.filter(account_id=key.account_id, client_order_id=asked["client_order_id"]).first()
        if repeated is not None:
            return JsonResponse({"order_id": repeated.pk, "status": repeated.status})
        order = Order(
            id=next_id(),
            account_id=key.account_id,
            client_order_id=asked["client_order_id"],
            instrument=instrument,
            side=asked["side"],
            order_type="LIMIT",
            time_in_force=asked["time_in_force"],
            quantity=Decimal(asked["quantity"]),
            price=Decimal(asked["price"]),
            status="ACCEPTED",
            reason="",
            filled_quantity=Decimal(0),
            filled_notional=Decimal(0),
            fee=Decimal(0),
            held=Decimal(0),
            created_at=book.at,
            updated_at=book.at,
        )
        held = book.bucket(key.account_id, instrument.quote_id if order.side == "BUY" else instrument.base_id)
        if held.total - held.held < needed(order):
            return JsonResponse({"status": "DENIED"})
        book.hold(order, needed(order))
        order.save(force_insert=True)
        book.event(order, "ORDER_ACCEPTED", side=order.side, quantity=asked["quantity"], price=asked["price"])
        match(book, order)
        if order.time_in_force == "IOC" and order.status != "FILLED":
            order.status, order.reason = "CANCELED", "UNFILLED_REMAINDER"
            book.hold(order, Decimal(0))
            order.save()
            book.event(order, "ORDER_CANCELED", reason=order.reason)
        OutboxBatch.objects.create(lane="engine", last_sequence=next_id(), messages=pack(book.messages), recorded_at=book.at)
    return JsonResponse({"order_id": order.pk, "status": order.status})


urlpatterns = [path("api/v1/orders", place)]
