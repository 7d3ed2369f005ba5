"""Asking the engine to halt, to resume, and to limit an instrument. The tables are the engine's to write.

Raises nothing: an outcome says what became of it. ``actor_id`` is the member of staff who asks, whose right to do so the caller
has checked.
"""

from decimal import Decimal

from apps.commands.outcomes import CommandOutcome, send_command, staff
from apps.commands.types import HaltInstrument, ResumeInstrument, SetInstrumentLimits
from apps.core.numbers import plain
from apps.observability.logs import correlation_id


def halt(*, symbol: str, actor_id: int, reason: str, command_id: str) -> CommandOutcome:
    """No new orders from now on; open ones stay and may be canceled."""
    command = HaltInstrument(
        command_id=command_id, actor=staff(actor_id), correlation_id=correlation_id(), symbol=symbol, reason=reason
    )
    return send_command(command).when_done(f"Trading in {symbol} is halted.")


def resume(*, symbol: str, actor_id: int, reason: str, command_id: str) -> CommandOutcome:
    command = ResumeInstrument(
        command_id=command_id, actor=staff(actor_id), correlation_id=correlation_id(), symbol=symbol, reason=reason
    )
    return send_command(command).when_done(f"Trading in {symbol} is open again.")


def set_limits(
    *, symbol: str, actor_id: int, max_quantity: Decimal, max_notional: Decimal, collar_bps: int, reason: str, command_id: str
) -> CommandOutcome:
    """What one order may be at most, and how far from the market (in basis points). Open orders stay."""
    command = SetInstrumentLimits(
        command_id=command_id,
        actor=staff(actor_id),
        correlation_id=correlation_id(),
        symbol=symbol,
        max_quantity=plain(max_quantity),
        max_notional=plain(max_notional),
        collar_bps=collar_bps,
        reason=reason,
    )
    return send_command(command).when_done(f"The limits of {symbol} are changed, for orders from now on.")
