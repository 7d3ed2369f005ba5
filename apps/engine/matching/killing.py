"""The kill switch: of the venue, and of one instrument. An account's is its suspension, which is one step (``accounts``).

The switch itself is committed first: from then on every new order is refused. The open orders are then canceled, some hundred a
batch, between the commands of others; what is left to cancel can be read from what is stored, so a restart goes on.
"""

from apps.commands.answers import DoneAnswer
from apps.commands.reasons import Reason
from apps.commands.types import KillVenue, RestoreVenue
from apps.core.enums import OrderStatus
from apps.engine.matching.answers import check_reason, denied, done
from apps.engine.matching.ending import end_some
from apps.engine.matching.memory import Cause, Memory
from apps.engine.matching.state import Instrument
from apps.engine.matching.timers import Timer
from apps.orders.status import OPEN


def kill_venue(memory: Memory, command: KillVenue, cause: Cause) -> DoneAnswer:
    """Nothing trades and no order is taken from now on; every open one is canceled. Killing what is killed is done again."""
    check_reason(command.reason)
    if not memory.is_killed:
        _switch(memory, True, command.reason)
        memory.timers.arm(Timer.KILL_SWEEP, 0, 0)
    return done(cause)


def restore_venue(memory: Memory, command: RestoreVenue, cause: Cause) -> DoneAnswer:
    """Orders are taken again, once the last open one is canceled: before, half of them would be gone and half would trade."""
    check_reason(command.reason)
    if memory.is_killed:
        if any(order.status in OPEN for order in memory.orders.values()):
            return denied(cause, Reason.OPEN_ORDERS_EXIST)
        _switch(memory, False, "")
    return done(cause)


def _switch(memory: Memory, is_killed: bool, reason: str) -> None:
    memory.is_killed, memory.kill_reason = is_killed, reason
    memory.changes.venue = (is_killed, reason)
    memory.next_sequence()  # no event tells of it, and what has no sequence is not journaled


def sweep_venue(memory: Memory, key: int, most: int, cause: Cause) -> int:
    if not memory.is_killed:
        return 0
    found = end_some(memory, lambda order: True, most, Reason.CANCELED_BY_KILL_SWITCH, cause)
    if found == most:
        memory.timers.arm(Timer.KILL_SWEEP, 0, 0)
    return found


def start_sweep(memory: Memory, instrument: Instrument) -> None:
    """Cancel all open orders of an instrument that is HALTED; it stays so until that is done."""
    if not instrument.is_sweeping:
        instrument.is_sweeping = True
        memory.mark_instrument(instrument)
        memory.next_sequence()
        memory.arm_instrument(instrument)


def sweep_instrument(memory: Memory, instrument_id: int, most: int, cause: Cause) -> int:
    instrument = memory.instruments[instrument_id]
    if not instrument.is_sweeping:
        return 0
    reason = Reason.CANCELED_BY_KILL_SWITCH
    found = end_some(memory, lambda order: order.instrument is instrument, most, reason, cause, status=OrderStatus.CANCELED)
    if found == most:
        memory.arm_instrument(instrument)
        return found
    instrument.is_sweeping = False
    memory.mark_instrument(instrument)
    memory.next_sequence()
    return max(1, found)
