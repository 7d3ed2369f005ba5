"""Assets and instruments in the Django admin."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.urls import reverse

from apps.adminlists.cells import Link, list_address
from apps.adminlists.keyset import Order
from apps.adminlists.narrowing import Choice, by_number, by_prefix
from apps.adminlists.pages import ReadOnlyAdmin
from apps.backoffice.buttons import Change, CommandAdmin, CommandButton, Sending
from apps.backoffice.forms import Ask, positive, whole
from apps.commands.outcomes import CommandOutcome
from apps.core.enums import AssetClass, TradingState
from apps.core.numbers import plain
from apps.instruments import services
from apps.instruments.models import Asset, Instrument


@admin.register(Asset)
class AssetAdmin(ReadOnlyAdmin):
    description = "What a ledger account can hold. Amounts of every asset are kept at eight decimals."
    order = Order("code", descending=False)
    list_display = ("code", "name", "asset_class", "display_decimals", "id")
    search = (by_number(), by_prefix("code", str.upper))
    search_help_text = "Id, or how the code begins"
    fieldsets = ((None, {"fields": ("id", "code", "name", "asset_class", "display_decimals")}),)


def change_of_state(state: TradingState) -> Change:
    return lambda instrument, values: ({"State": instrument.trading_state}, {"State": state.value})


def change_of_limits(instrument: Instrument, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    before = {label: plain(Decimal(getattr(instrument, name))) for name, label in LIMITS.items()}
    return before, {label: plain(Decimal(values[name])) for name, label in LIMITS.items() if name in values}


def only_in(state: TradingState) -> Callable[[Instrument], str]:
    return lambda instrument: "" if instrument.trading_state == state else f"{instrument.symbol} is {instrument.trading_state}."


def _halt(instrument: Instrument, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.halt(symbol=instrument.symbol, **asdict(sending))


def _resume(instrument: Instrument, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.resume(symbol=instrument.symbol, **asdict(sending))


def _set_limits(instrument: Instrument, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.set_limits(symbol=instrument.symbol, **values, **asdict(sending))


def _now(name: str) -> Callable[[Instrument], str]:
    return lambda instrument: plain(Decimal(getattr(instrument, name)))


LIMITS = {"max_quantity": "Quantity of one order", "max_notional": "Value of one order", "collar_bps": "Distance from the market"}

BUTTONS = (
    CommandButton(
        "halt", "Halt trading", "HALT_INSTRUMENT", "New orders are rejected. Open orders stay and may be canceled.",
        _halt, change_of_state(TradingState.HALTED), str, refuse=only_in(TradingState.OPEN), grave=True,
    ),
    CommandButton(
        "resume", "Resume trading", "RESUME_INSTRUMENT", "Orders are taken again. What rests in the book may trade at once.",
        _resume, change_of_state(TradingState.OPEN), str, refuse=only_in(TradingState.HALTED),
    ),
    CommandButton(
        "limits", "Set limits", "SET_INSTRUMENT_LIMITS", "Limits of one order, for orders from now on. Open orders stay.",
        _set_limits, change_of_limits, str,
        asks=(
            Ask("max_quantity", LIMITS["max_quantity"], positive, _now("max_quantity")),
            Ask("max_notional", LIMITS["max_notional"], positive, _now("max_notional"), help="In the quote currency."),
            Ask("collar_bps", LIMITS["collar_bps"], whole, _now("collar_bps"), help="In basis points: 500 is 5 %."),
        ),
    ),
)  # fmt: skip


@admin.register(Instrument)
class InstrumentAdmin(CommandAdmin):
    commands = BUTTONS
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
        (
            "Steps and fees",
            {
                "fields": (
                    "tick_size",
                    "lot_size",
                    "price_decimals",
                    "quantity_decimals",
                    "maker_fee_ppm",
                    "taker_fee_ppm",
                    "ladder_step_ticks",
                )
            },
        ),
    )

    def links(self, instrument: Instrument) -> Iterable[Link]:
        yield Link("Orders", list_address("orders.order", f"instrument={instrument.pk}"))
        yield Link("Open orders", list_address("orders.order", f"instrument={instrument.pk}&status=OPEN"))
        yield Link("Trades", list_address("orders.trade", f"instrument={instrument.pk}"))
        yield Link("Market page", reverse("web:instrument", args=[instrument.symbol]))
