"""Market data in the Django admin: newest prices with their bars, the feeds, and the ticks that were kept back."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.utils import timezone

from apps.adminlists.cells import Column, Table, admin_link, make_table
from apps.adminlists.keyset import Order
from apps.adminlists.narrowing import Choice, by_number
from apps.adminlists.pages import ReadOnlyAdmin
from apps.core.numbers import NumberFormatError, parse_decimal
from apps.instruments import selectors as instruments
from apps.marketdata.feeds.gate import Reason
from apps.marketdata.models import Bar, FeedState, Interval, LatestPrice, QuarantinedTick, QuoteFrame
from apps.marketdata.selectors import feed_view

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


def _sent(text: str) -> Decimal | str:
    """What a source sent, as a number where it is one."""
    try:
        return parse_decimal(text, "number")
    except NumberFormatError:
        return text


def _mean(row: QuarantinedTick) -> Decimal | None:
    return None if row.reference is None else row.reference.quantize(_MEAN_PLACES)


_MEAN_PLACES = Decimal(1).scaleb(-5)
_SENT: tuple[tuple[str, Callable[[QuarantinedTick], Any]], ...] = (
    ("Bid", lambda row: _sent(row.bid)),
    ("Ask", lambda row: _sent(row.ask)),
    ("Price", lambda row: _sent(row.price)),
    ("Mean of five minutes", _mean),
)


@admin.register(FeedState)
class FeedStateAdmin(ReadOnlyAdmin):
    name = "Feeds"
    description = "Who publishes the ticks of each source, told by itself once a second, and whether another process stands by."
    order = Order("source", descending=False)
    list_display = ("source", "state", "since", "heard", "standby", "published", "quarantined", "flagged")
    fieldsets = (
        (None, {"fields": ("source", "state", "epoch", "holder", "since", "heard", "standby", "ended_at")}),
        ("Since it publishes", {"fields": ("published", "quarantined", "flagged")}),
    )

    @admin.display(description="State")
    def state(self, row: Any) -> str:
        return feed_view(row, timezone.now()).state

    @admin.display(description="Publishes since")
    def since(self, row: Any) -> Any:
        return row.taken_at

    @admin.display(description="Last heard of")
    def heard(self, row: Any) -> Any:
        return row.beat_at

    @admin.display(description="Standby last heard of")
    def standby(self, row: Any) -> Any:
        return row.standby_at

    def tables(self, row: FeedState) -> Iterable[Table]:
        kept = QuarantinedTick.objects.filter(source=row.source).order_by("-id")[:ROWS_MAX]
        names = ("seen_at", "symbol", "kind", "reason")
        columns = (*(Column.of(name) for name in names), *(Column(label, read) for label, read in _SENT))
        yield make_table("Newest in quarantine", columns, kept)


@admin.register(QuarantinedTick)
class QuarantinedTickAdmin(ReadOnlyAdmin):
    name = "Quarantined ticks"
    description = "Ticks that made no sense and were not published: the newest 10,000, at most 100 a second of a source."
    list_display = ("id", "seen_at", "source", "symbol", "kind", "reason", "sent_bid", "sent_ask", "sent_price", "mean")
    search = (by_number(),)
    search_help_text = "Id"
    filters = (
        Choice.of("reason", Reason),
        Choice("kind", (("quote", "Quote"), ("trade", "Print"))),
    )
    fieldsets = (
        (None, {"fields": ("id", "seen_at", "source", "symbol", "kind", "reason", "mean", "sequence", "made_at")}),
        ("As the source sent it", {"fields": ("bid", "bid_quantity", "ask", "ask_quantity", "price", "quantity")}),
    )

    @admin.display(description="Bid")
    def sent_bid(self, row: Any) -> Any:
        return _sent(row.bid)

    @admin.display(description="Ask")
    def sent_ask(self, row: Any) -> Any:
        return _sent(row.ask)

    @admin.display(description="Price")
    def sent_price(self, row: Any) -> Any:
        return _sent(row.price)

    @admin.display(description="Mean of five minutes")
    def mean(self, row: Any) -> Any:
        return _mean(row)
