"""Orders, trades and the events of accounts in the Django admin."""

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet

from apps.adminlists.cells import Column, Link, Table, admin_link, list_address, make_table
from apps.adminlists.narrowing import Choice, Number, Period, by_number
from apps.adminlists.pages import ReadOnlyAdmin
from apps.backoffice.buttons import CommandAdmin, CommandButton, Sending
from apps.commands.outcomes import CommandOutcome
from apps.core.enums import OrderStatus, Side
from apps.core.numbers import plain
from apps.orders import services
from apps.orders.models import OPEN_STATUSES, AccountEvent, Fill, Order, Trade

#: Fills and events of one order that its page shows; an order of more pieces has them in the list of events.
ROWS_MAX = 200

_STATUSES = tuple((status.value, status.value.replace("_", " ").capitalize()) for status in OrderStatus)


def by_account_and_client_id(rows: QuerySet[Order], text: str) -> Iterable[Any]:
    """``12 ticket-7``: a client order id is unique in its account, and only there does an index lead to it."""
    account, _, client_order_id = text.partition(" ")
    if not (account.isascii() and account.isdecimal() and len(account) <= 18 and client_order_id.strip()):
        return []
    found = rows.filter(account_id=int(account), client_order_id=client_order_id.strip())
    return found.values_list("pk", flat=True)[:1]


def _force_cancel(order: Order, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.force_cancel(account_id=order.account_id, order_id=order.pk, **asdict(sending))


def change_of_status(order: Order, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    left = order.quantity - order.filled_quantity
    before = {"Status": order.status, "Open quantity": plain(left), "Money held": plain(order.held)}
    return before, {"Status": OrderStatus.CANCELED.value, "Open quantity": "0", "Money held": "0"}


BUTTONS = (
    CommandButton(
        "force-cancel", "Cancel this order", "FORCE_CANCEL_ORDER",
        "What is left of the order is canceled and its money is free again. What was filled stays.",
        _force_cancel, change_of_status, str, account_id=lambda order: order.account_id, grave=True,
        refuse=lambda order: "" if order.status in OPEN_STATUSES else f"The order is {order.status}: there is nothing to cancel.",
    ),
)  # fmt: skip


@admin.register(Order)
class OrderAdmin(CommandAdmin):
    commands = BUTTONS
    description = "Every order that was decided, newest first."
    list_display = ("id", "created_at", "account", "instrument", "side", "order_type", "quantity", "price", "status", "reason",
                    "filled_quantity")
    list_select_related = ("instrument",)
    search = (by_number(), by_account_and_client_id)
    search_help_text = "Order id, or account id and client order id (12 ticket-7)"
    filters = (
        Number("account", "Account id", "account_id"),
        Number("instrument", "Instrument id", "instrument_id", indexed=False),
        Choice("status", (("OPEN", "Open"), *_STATUSES), conditions={"OPEN": Q(status__in=OPEN_STATUSES)}),
        Choice.of("side", Side),
        Period("created_at"),
    )
    fieldsets = (
        (None, {"fields": ("id", "account", "client_order_id", "instrument", "status", "reason")}),
        ("Asked", {"fields": ("side", "order_type", "time_in_force", "quantity", "price", "created_at")}),
        ("Became", {"fields": ("filled_quantity", "average_price", "filled_notional", "fee", "held", "updated_at")}),
    )

    @admin.display(description="Average price")
    def average_price(self, order: Order) -> Decimal | None:
        return order.filled_notional / order.filled_quantity if order.filled_quantity else None

    def links(self, order: Order) -> Iterable[Link]:
        yield Link("Journal", list_address("engine.journal", f"q={order.pk}"))
        yield Link("All events of the account", list_address("orders.accountevent", f"account={order.account_id}"))
        yield Link("Customer's balances", list_address("ledger.ledgeraccount", f"account={order.account_id}"))

    def tables(self, order: Order) -> Iterable[Table]:
        events = list(AccountEvent.objects.filter(order_id=order.pk).order_by("id")[:ROWS_MAX])
        trades = [event.data["trade_id"] for event in events if event.type == "ORDER_FILLED"]
        keys = [key for trade in trades for key in (2 * trade, 2 * trade + 1)]
        fills = Fill.objects.filter(pk__in=keys, order_id=order.pk).order_by("pk")
        yield make_table("Fills", FILL_COLUMNS, fills)
        note = f"The first {ROWS_MAX} are shown." if len(events) == ROWS_MAX else ""
        yield make_table("Events", EVENT_COLUMNS, events, note=note)


FILL_COLUMNS = (
    Column.of("at"),
    Column("Trade", lambda fill: admin_link("orders.trade", fill.trade_id)),
    Column("Account", lambda fill: admin_link("accounts.account", fill.account_id)),
    Column("Order", lambda fill: admin_link("orders.order", fill.order_id) if fill.order_id else "the house"),
    Column.of("side"),
    Column.of("liquidity_side", "Maker or taker"),
    Column.of("price"),
    Column.of("quantity"),
    Column.of("fee"),
)
EVENT_COLUMNS = (
    Column("Sequence", lambda event: admin_link("orders.accountevent", event.pk)),
    Column.of("at"),
    Column.of("type"),
    Column.of("account_sequence"),
)


@admin.register(Trade)
class TradeAdmin(ReadOnlyAdmin):
    description = "Every match in Tredye's own book, newest first."
    list_display = ("id", "at", "instrument", "price", "quantity", "aggressor_side", "quote_source", "instrument_sequence")
    list_select_related = ("instrument",)
    search = (by_number(),)
    search_help_text = "Trade id"
    filters = (
        Number("instrument", "Instrument id", "instrument_id", indexed=False),
        Choice.of("aggressor_side", Side, "Aggressor"),
        Period("at"),
    )
    fieldsets = (
        (None, {"fields": ("id", "instrument", "instrument_sequence", "epoch", "price", "quantity", "aggressor_side", "at")}),
        ("The quote it was made against", {"fields": ("quote_source", "quote_epoch", "quote_sequence")}),
    )

    def links(self, trade: Trade) -> Iterable[Link]:
        yield Link("Ledger transfer", list_address("ledger.transfer", f"q=trade+{trade.pk}"))
        yield Link("Journal", list_address("engine.journal", f"q={trade.pk}"))

    def tables(self, trade: Trade) -> Iterable[Table]:
        fills = Fill.objects.filter(pk__in=(2 * trade.pk, 2 * trade.pk + 1)).order_by("pk")
        yield make_table("Fills", FILL_COLUMNS, fills)


@admin.register(AccountEvent)
class AccountEventAdmin(ReadOnlyAdmin):
    description = "Everything that happened to accounts, newest first, as it was published."
    list_display = ("id", "at", "account", "account_sequence", "type", "order_page")
    search = (by_number(),)
    search_help_text = "The engine's sequence"
    filters = (Number("account", "Account id", "account_id"), Number("order", "Order id", "order_id"), Period("at"))
    fieldsets = (
        (None, {"fields": ("id", "account", "account_sequence", "type", "order_page", "epoch", "at")}),
        ("As published", {"fields": ("data",)}),
    )

    @admin.display(description="Order")
    def order_page(self, event: AccountEvent) -> Any:
        return admin_link("orders.order", event.order_id)
