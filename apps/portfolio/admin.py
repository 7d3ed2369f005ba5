"""Positions and equity in the Django admin: a projection of the fills, shown by account."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin

from apps.adminlists.cells import Column, Link, Table, admin_link, list_address, make_table
from apps.adminlists.narrowing import by_number
from apps.adminlists.pages import ReadOnlyAdmin
from apps.instruments import selectors as instruments
from apps.portfolio.models import AccountProgress, EquitySnapshot, Position

ROWS_MAX = 200
DAYS_MAX = 60


@admin.register(AccountProgress)
class AccountProgressAdmin(ReadOnlyAdmin):
    name = "Positions and value"
    description = "How far the fills of each account have been counted, with its positions and its value day by day."
    list_display = ("account_id", "account_sequence")
    search = (by_number(),)
    search_help_text = "Account id"
    fieldsets = ((None, {"fields": ("account", "account_sequence")}),)

    @admin.display(description="Account")
    def account(self, row: AccountProgress) -> Any:
        return admin_link("accounts.account", row.account_id)

    def links(self, row: AccountProgress) -> Iterable[Link]:
        yield Link("Balances", list_address("ledger.ledgeraccount", f"account={row.account_id}"))
        yield Link("Events", list_address("orders.accountevent", f"account={row.account_id}"))

    def tables(self, row: AccountProgress) -> Iterable[Table]:
        known = instruments.instruments_by_id()
        positions = Position.objects.filter(account_id=row.account_id).order_by("instrument_id")[:ROWS_MAX]
        numbers = ("quantity", "cost", "realized_pnl", "fees")
        columns = (
            Column("Instrument", lambda position: admin_link(
                "instruments.instrument", position.instrument_id, known[position.instrument_id].symbol)),
            *(Column.of(name) for name in numbers),
            Column.of("last_sequence", "Last fill counted"),
            Column.of("updated_at"),
        )
        yield make_table("Positions", columns, positions)
        days = EquitySnapshot.objects.filter(account_id=row.account_id).order_by("-day")[:DAYS_MAX]
        columns = tuple(Column.of(name) for name in ("day", "value", "deposits", "missing", "taken_at"))
        yield make_table("Value at the end of the day", columns, days, note=f"The newest {DAYS_MAX} days at most.")
