"""The newest price of every instrument in the Django admin, with its newest bars."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin

from apps.adminlists.cells import Column, Table, admin_link, make_table
from apps.adminlists.keyset import Order
from apps.adminlists.narrowing import by_number
from apps.adminlists.pages import ReadOnlyAdmin
from apps.instruments import selectors as instruments
from apps.marketdata.models import Bar, Interval, LatestPrice, QuoteFrame

ROWS_MAX = 30


@admin.register(LatestPrice)
class LatestPriceAdmin(ReadOnlyAdmin):
    description = "The newest quote and print of every instrument, moved about once a second."
    order = Order("instrument_id", descending=False)
    list_display = ("instrument_id", "symbol", "bid", "ask", "quoted_at", "last", "last_at", "source")
    search = (by_number(),)
    search_help_text = "Instrument id"
    fieldsets = (
        (None, {"fields": ("instrument", "source", "epoch", "sequence")}),
        ("Quote", {"fields": ("bid", "bid_quantity", "ask", "ask_quantity", "quoted_at")}),
        ("Print", {"fields": ("last", "last_at")}),
    )

    def prepare(self, rows: list[Any]) -> None:
        known = instruments.instruments_by_id()
        for row in rows:
            row.symbol = known[row.instrument_id].symbol if row.instrument_id in known else ""

    @admin.display(description="Symbol")
    def symbol(self, row: Any) -> str:
        return str(row.symbol)

    @admin.display(description="Instrument")
    def instrument(self, row: Any) -> Any:
        return admin_link("instruments.instrument", row.instrument_id, row.symbol)

    def tables(self, row: LatestPrice) -> Iterable[Table]:
        bars = Bar.objects.filter(instrument_id=row.instrument_id, interval=Interval.MINUTE).order_by("-start")[:ROWS_MAX]
        of_bars = ("start", "open", "high", "low", "close", "volume", "trades")
        yield make_table("Newest minutes", tuple(Column.of(name) for name in of_bars), bars)
        frames = QuoteFrame.objects.filter(instrument_id=row.instrument_id).order_by("-second")[:ROWS_MAX]
        of_frames = ("second", "bid", "bid_quantity", "ask", "ask_quantity", "source", "epoch", "sequence")
        yield make_table("Newest frames of the archive", tuple(Column.of(name) for name in of_frames), frames)
