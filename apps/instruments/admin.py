"""Assets and instruments in the Django admin."""

from collections.abc import Iterable

from django.contrib import admin
from django.urls import reverse

from apps.adminlists.cells import Link, list_address
from apps.adminlists.keyset import Order
from apps.adminlists.narrowing import Choice, by_number, by_prefix
from apps.adminlists.pages import ReadOnlyAdmin
from apps.core.enums import AssetClass, TradingState
from apps.instruments.models import Asset, Instrument


@admin.register(Asset)
class AssetAdmin(ReadOnlyAdmin):
    description = "What a ledger account can hold. Amounts of every asset are kept at eight decimals."
    order = Order("code", descending=False)
    list_display = ("code", "name", "asset_class", "display_decimals", "id")
    search = (by_number(), by_prefix("code", str.upper))
    search_help_text = "Id, or how the code begins"
    fieldsets = ((None, {"fields": ("id", "code", "name", "asset_class", "display_decimals")}),)


@admin.register(Instrument)
class InstrumentAdmin(ReadOnlyAdmin):
    description = "What is traded, its steps, limits and fees, and whether it trades at the moment."
    order = Order("symbol", descending=False)
    list_display = ("symbol", "name", "trading_state", "state_reason", "state_changed_at", "max_quantity", "max_notional")
    list_select_related = ("base", "quote")
    search = (by_number(), by_prefix("symbol", str.upper))
    search_help_text = "Id, or how the symbol begins"
    filters = (Choice.of("trading_state", TradingState, "State"), Choice.of("asset_class", AssetClass))
    fieldsets = (
        (None, {"fields": ("id", "symbol", "name", "asset_class", "base", "quote")}),
        ("Trading", {"fields": ("trading_state", "state_reason", "state_changed_at")}),
        ("Limits of one order", {"fields": ("max_quantity", "max_notional", "collar_bps")}),
        ("Steps and fees", {"fields": ("tick_size", "lot_size", "price_decimals", "quantity_decimals", "maker_fee_ppm",
                                       "taker_fee_ppm", "ladder_step_ticks")}),
    )

    def links(self, instrument: Instrument) -> Iterable[Link]:
        yield Link("Orders", list_address("orders.order", f"instrument={instrument.pk}"))
        yield Link("Open orders", list_address("orders.order", f"instrument={instrument.pk}&status=OPEN"))
        yield Link("Trades", list_address("orders.trade", f"instrument={instrument.pk}"))
        yield Link("Market page", reverse("web:instrument", args=[instrument.symbol]))
