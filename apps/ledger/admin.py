"""The ledger in the Django admin: balances, transfers with their postings, statements, and what a reconciliation found."""

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from apps.adminlists.cells import Column, Link, Table, admin_link, list_address, make_table
from apps.adminlists.keyset import Order
from apps.adminlists.narrowing import Choice, Day, Number, Period, by_number
from apps.adminlists.pages import ReadOnlyAdmin
from apps.backoffice.buttons import CommandAdmin, CommandButton, Sending
from apps.backoffice.forms import Ask, signed
from apps.commands.outcomes import CommandOutcome
from apps.core.numbers import plain
from apps.instruments import selectors as instruments
from apps.ledger import services
from apps.ledger.models import (
    BusinessDay,
    DailyStatement,
    DailyStatementLine,
    LedgerAccount,
    Posting,
    ReconciliationDifference,
    Transfer,
    TransferKind,
)
from apps.ledger.selectors import transfer_ids_of_trades

ROWS_MAX = 50
#: A transfer that settles a trade has up to ten legs.
LEGS_MAX = 200


def _adjust(row: LedgerAccount, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.adjust_balance(account_id=row.account_id, asset=row.asset.code, **values, **asdict(sending))


def change_of_balance(row: LedgerAccount, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    before = {"Total": plain(row.total), "Available": plain(row.total - row.held)}
    return before, {"Adjustment": f"{values['amount']:+f}"} if values else {}


BUTTONS = (
    CommandButton(
        "adjust", "Adjust the balance", "ADJUST_BALANCE",
        "A transfer of its own moves the amount between this account and the outside world. What is held for orders stays.",
        _adjust, change_of_balance, lambda row: f"{row.asset.code} of account {row.account_id}",
        asks=(Ask("amount", "Amount", signed, help="Added to the balance; with a minus sign, such as -12.5, taken from it."),),
        refuse=lambda row: "" if row.account.user_id else "This account is the venue's own.",
        account_id=lambda row: row.account_id, grave=True, four_eyes=True, moves=("Total", "Available"),
    ),
)  # fmt: skip


@admin.register(LedgerAccount)
class LedgerAccountAdmin(CommandAdmin):
    commands = BUTTONS
    description = "One asset of one account: total = held for open orders + available."
    list_display = ("id", "account", "asset", "total", "held", "available")
    list_select_related = ("account", "asset")
    search = (by_number(),)
    search_help_text = "Ledger account id"
    filters = (Number("account", "Account id", "account_id"), Number("asset", "Asset id", "asset_id"))
    fieldsets = ((None, {"fields": ("id", "account", "asset", "total", "held", "available", "may_be_negative")}),)

    @admin.display(description="Available")
    def available(self, row: LedgerAccount) -> Decimal:
        return row.total - row.held

    def links(self, row: LedgerAccount) -> Iterable[Link]:
        yield Link("All balances of the account", list_address("ledger.ledgeraccount", f"account={row.account_id}"))
        yield Link("Orders of the account", list_address("orders.order", f"account={row.account_id}"))

    def tables(self, row: LedgerAccount) -> Iterable[Table]:
        of_it = Posting.objects.filter(ledger_account=row).select_related("transfer")
        postings = of_it.order_by("-transfer_id", "leg")[:ROWS_MAX]
        columns = (
            Column("Transfer", lambda leg: admin_link("ledger.transfer", leg.transfer_id)),
            Column("At", lambda leg: leg.transfer.at),
            Column("Kind", lambda leg: leg.transfer.get_kind_display()),
            Column("Memo", lambda leg: leg.transfer.memo),
            Column.of("amount"),
            Column.of("balance_after"),
        )
        yield make_table("Newest postings", columns, postings, note=f"The newest {ROWS_MAX} at most.")


def by_trade(rows: QuerySet[Transfer], text: str) -> Iterable[Any]:
    """``trade 123``: the transfer that settled a trade, which stands next to it."""
    word, _, number = text.partition(" ")
    if word.lower() != "trade" or not (number.isascii() and number.isdecimal() and len(number) <= 18):
        return []
    return transfer_ids_of_trades([int(number)])


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    description = "Every movement of money, newest first. Its postings sum to zero per asset; a correction is a new transfer."
    list_display = ("id", "at", "kind", "trade", "command_id", "memo")
    search = (by_number(), by_trade)
    search_help_text = "Transfer id, or trade and its id (trade 123)"
    filters = (Choice.of("kind", TransferKind), Period("at"))
    fieldsets = ((None, {"fields": ("id", "kind", "at", "trade", "command_id", "memo")}),)

    @admin.display(description="Trade")
    def trade(self, row: Transfer) -> Any:
        return admin_link("orders.trade", row.trade_id)

    def links(self, row: Transfer) -> Iterable[Link]:
        yield Link("Journal", list_address("engine.journal", f"q={row.pk}"))

    def tables(self, row: Transfer) -> Iterable[Table]:
        assets = instruments.assets_by_id()
        postings = Posting.objects.filter(transfer=row).select_related("ledger_account").order_by("leg")[:LEGS_MAX]
        columns = (
            Column.of("leg"),
            Column("Account", lambda leg: admin_link("accounts.account", leg.ledger_account.account_id)),
            Column("Ledger account", lambda leg: admin_link("ledger.ledgeraccount", leg.ledger_account_id)),
            Column("Asset", lambda leg: assets[leg.asset_id].code),
            Column.of("amount"),
            Column.of("balance_after"),
        )
        yield make_table("Postings", columns, postings)


@admin.register(BusinessDay)
class BusinessDayAdmin(ReadOnlyAdmin):
    description = "Where each UTC day ended in the ledger, decided once."
    list_display = ("day", "last_transfer_id", "closed_at")
    fieldsets = ((None, {"fields": ("day", "last_transfer_id", "closed_at")}),)

    def links(self, row: BusinessDay) -> Iterable[Link]:
        yield Link("Statements of the day", list_address("ledger.dailystatement", f"day={row.day}"))
        yield Link("Differences of the day", list_address("ledger.reconciliationdifference", f"day={row.day}"))


@admin.register(DailyStatement)
class DailyStatementAdmin(ReadOnlyAdmin):
    description = "One statement an account and UTC day, newest first."
    list_display = ("id", "day", "account", "transfers", "made_at")
    search = (by_number(),)
    search_help_text = "Statement id"
    filters = (Number("account", "Account id", "account_id"), Day(), Period("made_at"))
    fieldsets = ((None, {"fields": ("id", "account", "day", "after_transfer_id", "last_transfer_id", "transfers", "made_at")}),)

    def tables(self, row: DailyStatement) -> Iterable[Table]:
        lines = DailyStatementLine.objects.filter(statement=row).select_related("asset").order_by("asset_id")[:ROWS_MAX]
        amounts = ("opening", "deposits", "withdrawals", "trades", "fees", "adjustments", "closing", "transfers")
        columns = (Column("Asset", lambda line: line.asset.code), *(Column.of(name) for name in amounts))
        yield make_table("Assets", columns, lines, note="Opening and all movements make the closing, to the last digit.")


@admin.register(ReconciliationDifference)
class ReconciliationDifferenceAdmin(ReadOnlyAdmin):
    description = "What a reconciliation found wrong with the books. On a good day there is nothing here."
    list_display = ("id", "day", "check_name", "meaning", "subject", "found_at")
    order = Order("id")
    search = (by_number(),)
    search_help_text = "Id"
    filters = (Day(indexed=True),)
    fieldsets = ((None, {"fields": ("id", "day", "check_name", "meaning", "subject", "found_at")}),)
