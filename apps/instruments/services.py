"""Asking the engine to move an instrument among its states, to limit it, and to take its sessions. The tables are the engine's.

Raises nothing: an outcome says what became of it. ``actor_id`` is the member of staff who asks, whose right to do so the caller
has checked.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from apps.commands.outcomes import DEADLINE_S, CommandOutcome, send_command, staff
from apps.commands.reasons import Reason
from apps.commands.types import (
    Actor,
    ConfigureInstrument,
    HaltInstrument,
    ResumeInstrument,
    Session,
    SetInstrumentLimits,
    SetSessions,
    SetTradingState,
)
from apps.core.enums import Role, TradingState
from apps.core.numbers import plain
from apps.instruments.models import Instrument
from apps.instruments.sessions import SessionView
from apps.observability.logs import correlation_id

_SYSTEM = Actor(user_id=None, role=Role.SYSTEM)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STATES_TOLD = {
    TradingState.PRE_OPEN: "{} takes orders that rest, and nothing trades before it is opened.",
    TradingState.OPEN: "{} is open for trading.",
    TradingState.CLOSED: "{} is closed.",
}


def halt(*, symbol: str, actor_id: int, reason: str, command_id: str, cancel_orders: bool = False) -> CommandOutcome:
    """No new orders from now on; open ones stay and may be canceled, or are all canceled, some hundred a moment."""
    command = HaltInstrument(
        command_id=command_id, actor=staff(actor_id), correlation_id=correlation_id(), symbol=symbol, reason=reason,
        cancel_orders=cancel_orders,
    )  # fmt: skip
    what = ", and its open orders are being canceled" if cancel_orders else ""
    return send_command(command).when_done(f"Trading in {symbol} is halted{what}.")


def set_trading_state(*, symbol: str, state: TradingState, actor_id: int, reason: str, command_id: str) -> CommandOutcome:
    """PRE_OPEN, OPEN or CLOSED, until the next boundary of the instrument's sessions."""
    command = SetTradingState(
        command_id=command_id, actor=staff(actor_id), correlation_id=correlation_id(), symbol=symbol, state=state, reason=reason
    )
    return send_command(command).when_done(_STATES_TOLD[state].format(symbol))


def set_sessions(
    *, symbol: str, sessions: Sequence[SessionView], around_the_clock: bool, command_id: str, deadline_s: float = DEADLINE_S
) -> CommandOutcome:
    """The sessions from now on, in place of those that were known. No person asks: they follow from a calendar."""
    asked = [Session(_ns(each.pre_open_at), _ns(each.opens_at), _ns(each.closes_at)) for each in sessions]
    command = SetSessions(command_id=command_id, actor=_SYSTEM, symbol=symbol, sessions=asked, around_the_clock=around_the_clock)
    return send_command(command, deadline_s).when_done(f"The sessions of {symbol} are set.")


def _ns(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1) * 1000


def resume(*, symbol: str, actor_id: int, approver_id: int, reason: str, command_id: str) -> CommandOutcome:
    command = ResumeInstrument(
        command_id=command_id,
        actor=staff(actor_id),
        approver_id=approver_id,
        correlation_id=correlation_id(),
        symbol=symbol,
        reason=reason,
    )
    outcome = send_command(command).when_done(f"The halt of {symbol} is lifted.")
    return outcome.when(Reason.OPEN_ORDERS_EXIST, f"The orders of {symbol} are still being canceled; try again in a moment.")


def set_limits(
    *,
    symbol: str,
    actor_id: int,
    approver_id: int,
    max_quantity: Decimal,
    max_notional: Decimal,
    collar_bps: int,
    reason: str,
    command_id: str,
) -> CommandOutcome:
    """What one order may be at most, and how far from the market (in basis points). Open orders stay."""
    command = SetInstrumentLimits(
        command_id=command_id,
        actor=staff(actor_id),
        approver_id=approver_id,
        correlation_id=correlation_id(),
        symbol=symbol,
        max_quantity=plain(max_quantity),
        max_notional=plain(max_notional),
        collar_bps=collar_bps,
        reason=reason,
    )
    return send_command(command).when_done(f"The limits of {symbol} are changed, for orders from now on.")


def set_grid(
    *,
    symbol: str,
    actor_id: int,
    approver_id: int,
    tick_size: Decimal,
    lot_size: Decimal,
    reason: str,
    command_id: str,
) -> CommandOutcome:
    """What prices and quantities are multiples of; all else of the instrument stays. Only while CLOSED without open orders.

    The command has no words: ``reason`` is the trail's and the proposal's.
    """
    row = Instrument.objects.select_related("base", "quote").get(symbol=symbol)
    command = ConfigureInstrument(
        command_id=command_id,
        actor=staff(actor_id),
        approver_id=approver_id,
        correlation_id=correlation_id(),
        symbol=symbol,
        name=row.name,
        asset_class=row.asset_class,
        base=row.base.code,
        base_name=row.base.name,
        base_decimals=row.base.display_decimals,
        quote=row.quote.code,
        quote_name=row.quote.name,
        quote_decimals=row.quote.display_decimals,
        tick_size=plain(tick_size),
        lot_size=plain(lot_size),
        max_quantity=plain(row.max_quantity),
        max_notional=plain(row.max_notional),
        collar_bps=row.collar_bps,
        maker_fee_ppm=row.maker_fee_ppm,
        taker_fee_ppm=row.taker_fee_ppm,
        ladder_step_ticks=row.ladder_step_ticks,
        band_bps=row.band_bps,
        calendar=row.calendar,
    )
    outcome = send_command(command).when_done(
        f"Prices of {symbol} are now multiples of {command.tick_size}, quantities of {command.lot_size}."
    )
    return outcome.when(
        Reason.OPEN_ORDERS_EXIST, f"{symbol} has open orders, or is not closed: tick and lot stay as they are."
    )
