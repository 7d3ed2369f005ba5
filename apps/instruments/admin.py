"""Assets and instruments in the Django admin."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.urls import reverse

from apps.adminlists.cells import Column, Link, Table, list_address, make_table
from apps.adminlists.keyset import Order
from apps.adminlists.narrowing import Choice, by_number, by_prefix
from apps.adminlists.pages import ReadOnlyAdmin
from apps.backoffice.buttons import Change, CommandAdmin, CommandButton, Sending
from apps.backoffice.forms import Ask, positive, whole
from apps.commands.outcomes import CommandOutcome
from apps.commands.types import SESSIONS_MAX
from apps.core.enums import AssetClass, TradingState
from apps.core.numbers import plain
from apps.instruments import services
from apps.instruments.models import Asset, Instrument
from apps.instruments.states import NEXT


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


def change_of_halt(instrument: Instrument, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    before = {"State": instrument.trading_state, "Open orders": "stay"}
    return before, {"State": TradingState.HALTED.value, "Open orders": "canceled"}


def change_of_resumption(instrument: Instrument, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """With when and why it was halted: who approves lifts this halt, and no later one."""
    before = {
        "State": instrument.trading_state,
        "Since": f"{instrument.state_changed_at:%Y-%m-%d %H:%M:%S} UTC",
        "Because": instrument.state_reason,
    }
    return before, {"State": TradingState.OPEN.value}


def change_of_limits(instrument: Instrument, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    before = {label: plain(Decimal(getattr(instrument, name))) for name, label in LIMITS.items()}
    return before, {label: plain(Decimal(values[name])) for name, label in LIMITS.items() if name in values}


def only_in(*states: TradingState) -> Callable[[Instrument], str]:
    return lambda instrument: "" if instrument.trading_state in states else f"{instrument.symbol} is {instrument.trading_state}."


def only_before(state: TradingState) -> Callable[[Instrument], str]:
    """Refuses what staff may not do, by the table of states; a halt is lifted by its own button."""
    return only_in(*(before for before, following in NEXT.items() if state in following and before is not TradingState.HALTED))


def refuse_cancel(instrument: Instrument) -> str:
    return f"The orders of {instrument.symbol} are being canceled already." if instrument.is_sweeping else ""


def _halt(instrument: Instrument, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.halt(symbol=instrument.symbol, **asdict(sending))


def _halt_and_cancel(instrument: Instrument, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.halt(symbol=instrument.symbol, cancel_orders=True, **asdict(sending))


def _into(state: TradingState) -> Callable[[Instrument, dict[str, Any], Sending], CommandOutcome]:
    return lambda instrument, values, sending: services.set_trading_state(
        symbol=instrument.symbol, state=state, **asdict(sending)
    )


def _resume(instrument: Instrument, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.resume(symbol=instrument.symbol, **asdict(sending))


def _set_limits(instrument: Instrument, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.set_limits(symbol=instrument.symbol, **values, **asdict(sending))


def change_of_grid(instrument: Instrument, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    before = {label: plain(getattr(instrument, name)) for name, label in GRID.items()}
    return before, {label: plain(values[name]) for name, label in GRID.items() if name in values}


def _set_grid(instrument: Instrument, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.set_grid(symbol=instrument.symbol, **values, **asdict(sending))


def _now(name: str) -> Callable[[Instrument], str]:
    return lambda instrument: plain(Decimal(getattr(instrument, name)))


LIMITS = {"max_quantity": "Quantity of one order", "max_notional": "Value of one order", "collar_bps": "Distance from the market"}
GRID = {"tick_size": "Tick", "lot_size": "Lot"}

BUTTONS = (
    CommandButton(
        "halt", "Halt trading", "HALT_INSTRUMENT", "New orders are rejected. Open orders stay and may be canceled.",
        _halt, change_of_state(TradingState.HALTED), str, grave=True,
        refuse=lambda instrument: "" if instrument.paused_until else only_before(TradingState.HALTED)(instrument),
    ),
    CommandButton(
        "halt-cancel", "Halt and cancel all orders", "HALT_INSTRUMENT",
        "New orders are rejected at once. All open orders of this instrument are canceled, which cannot be undone.",
        _halt_and_cancel, change_of_halt, str, refuse=refuse_cancel, grave=True,
    ),
    CommandButton(
        "resume", "Resume trading", "RESUME_INSTRUMENT",
        "Lifts the halt: into the state that the calendar has now. What rests in the book may trade at once.",
        _resume, change_of_resumption, str, refuse=only_in(TradingState.HALTED), four_eyes=True,
    ),
    CommandButton(
        "pre-open", "Set to pre-open", "SET_TRADING_STATE",
        "Limit orders that rest are taken; nothing trades. Until the next boundary of the sessions.",
        _into(TradingState.PRE_OPEN), change_of_state(TradingState.PRE_OPEN), str, refuse=only_before(TradingState.PRE_OPEN),
    ),
    CommandButton(
        "open", "Open", "SET_TRADING_STATE",
        "Every order is taken, and what rests in the book may trade at once. Until the next boundary of the sessions.",
        _into(TradingState.OPEN), change_of_state(TradingState.OPEN), str, refuse=only_before(TradingState.OPEN),
    ),
    CommandButton(
        "close", "Close", "SET_TRADING_STATE",
        "New orders are rejected. Open orders stay and may be canceled. Until the next boundary of the sessions.",
        _into(TradingState.CLOSED), change_of_state(TradingState.CLOSED), str, grave=True,
        refuse=only_before(TradingState.CLOSED),
    ),
    CommandButton(
        "limits", "Set limits", "SET_INSTRUMENT_LIMITS", "Limits of one order, for orders from now on. Open orders stay.",
        _set_limits, change_of_limits, str, four_eyes=True,
        asks=(
            Ask("max_quantity", LIMITS["max_quantity"], positive, _now("max_quantity")),
            Ask("max_notional", LIMITS["max_notional"], positive, _now("max_notional"), help="In the quote currency."),
            Ask("collar_bps", LIMITS["collar_bps"], whole, _now("collar_bps"), help="In basis points: 500 is 5 %."),
        ),
    ),
    CommandButton(
        "grid", "Set tick and lot", "CONFIGURE_INSTRUMENT",
        "What prices and quantities are multiples of, from now on. Only while it is closed and has no open orders.",
        _set_grid, change_of_grid, str, refuse=only_in(TradingState.CLOSED), four_eyes=True,
        asks=(
            Ask("tick_size", GRID["tick_size"], positive, _now("tick_size"), help="Prices are multiples of it."),
            Ask("lot_size", GRID["lot_size"], positive, _now("lot_size"),
                help="Quantities are multiples of it. The largest order has to be one too: set the limits first."),
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
        ("Trading", {"fields": ("trading_state", "state_reason", "state_changed_at", "paused_until", "is_sweeping")}),
        ("Sessions", {"fields": ("calendar", "around_the_clock", "band_bps")}),
        ("Limits of one order", {"fields": ("max_quantity", "max_notional", "collar_bps")}),
        ("Steps and fees", {"fields": ("tick_size", "lot_size", "price_decimals", "quantity_decimals", "maker_fee_ppm",
                                       "taker_fee_ppm", "ladder_step_ticks")}),
    )

    def tables(self, instrument: Instrument) -> Iterable[Table]:
        columns = (Column.of("pre_open_at"), Column.of("opens_at"), Column.of("closes_at"))
        sessions = instrument.sessions.order_by("closes_at")[:SESSIONS_MAX]
        yield make_table("Sessions that the engine knows", columns, sessions)

    def links(self, instrument: Instrument) -> Iterable[Link]:
        yield Link("Orders", list_address("orders.order", f"instrument={instrument.pk}"))
        yield Link("Open orders", list_address("orders.order", f"instrument={instrument.pk}&status=OPEN"))
        yield Link("Trades", list_address("orders.trade", f"instrument={instrument.pk}"))
        yield Link("Market page", reverse("web:instrument", args=[instrument.symbol]))
