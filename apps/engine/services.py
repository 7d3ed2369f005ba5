"""Asking the engine to stop all trading, and to go on. Raises nothing: an outcome says what became of it."""

from apps.commands.outcomes import CommandOutcome, send_command, staff
from apps.commands.reasons import Reason
from apps.commands.types import KillVenue, RestoreVenue
from apps.observability.logs import correlation_id


def kill_venue(*, actor_id: int, reason: str, command_id: str) -> CommandOutcome:
    """Every new order is refused from now on, everywhere; all open ones are canceled within seconds."""
    command = KillVenue(command_id=command_id, actor=staff(actor_id), correlation_id=correlation_id(), reason=reason)
    return send_command(command).when_done("All trading is stopped, and every open order is being canceled.")


def restore_venue(*, actor_id: int, approver_id: int, reason: str, command_id: str) -> CommandOutcome:
    command = RestoreVenue(
        command_id=command_id, actor=staff(actor_id), approver_id=approver_id, correlation_id=correlation_id(), reason=reason
    )
    outcome = send_command(command).when_done("Trading is possible again.")
    return outcome.when(Reason.OPEN_ORDERS_EXIST, "Orders are still being canceled; try again in a moment.")
