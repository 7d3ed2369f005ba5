"""What happens by time: a function of what the venue knows and of ``now_ns``, so only the batch's instant is journaled for it.

Each kind of timer has one function, here or in the module that owns it, which looks whether the thing is really due at the
instant for which it was armed. What moves an instrument is done at once, and first: an order may not trade in a state that is
over. What ends orders is told how many it may end, arms itself again where something is left, and returns what it cost: how many
it ended, one at least where it had to look for them, and nothing where a venue that was loaded would not have looked.
"""

from collections.abc import Callable

from apps.commands.reasons import Reason
from apps.core.enums import OrderStatus
from apps.engine.matching.ending import end_all_of, end_open
from apps.engine.matching.killing import sweep_instrument, sweep_venue
from apps.engine.matching.memory import Cause, Memory
from apps.engine.matching.sessions import expire_day_orders, pass_boundary
from apps.engine.matching.timers import Timer
from apps.engine.matching.trading_states import lift
from apps.orders.status import OPEN

#: Orders that the clock ends before the commands of one batch, so that a batch stays short whatever falls due together. An
#: account's own orders, a few hundred at most, are ended together. An order that comes in the middle waits for what is left of
#: one such batch, and then for its own, which ends as many: half the number halves that, and costs a commit more.
ENDINGS_MAX = 100

PAUSE_IS_OVER = "The pause is over."


def pass_time(memory: Memory, now_ns: int) -> None:
    """Do what is due at ``now_ns``: every move, and as many endings as belong into one batch. The rest is due still."""
    timers = memory.timers
    cause = Cause("", "", now_ns)
    while (due := timers.moves.pop_due(now_ns)) is not None:
        if not _was_put_off(memory, *due):
            _MOVES[due[1]](memory, due[2], cause)
    timers.seen_ns = max(timers.seen_ns, now_ns)
    left = memory.endings_max or ENDINGS_MAX
    while left > 0 and (due := timers.endings.pop_due(now_ns)) is not None:
        if not _was_put_off(memory, *due):
            left -= _ENDINGS[due[1]](memory, due[2], left, cause)


def _was_put_off(memory: Memory, at_ns: int, timer: Timer, key: int) -> bool:
    """Whether the thing is due later than it was armed for. Then it takes its turn there: that instant may have come as well, but
    so may others before it, and a venue that was loaded knows of no earlier one."""
    due_ns = 0
    if timer is Timer.DEAD_MAN:
        due_ns = memory.accounts[key].dead_man_ns
    elif timer is Timer.PAUSE:
        due_ns = memory.instruments[key].paused_until_ns
    if due_ns <= at_ns:
        return False
    memory.timers.arm(timer, key, due_ns)
    return True


def _expire(memory: Memory, order_id: int, most: int, cause: Cause) -> int:
    order = memory.orders.get(order_id)
    if order is None or order.status not in OPEN or order.terms is None:
        return 0
    end_open(memory, order, Reason.EXPIRED_AT_ITS_TIME, cause, status=OrderStatus.EXPIRED)
    return 1


def _fire_dead_man(memory: Memory, account_id: int, most: int, cause: Cause) -> int:
    """The switch was not renewed: the account's open orders are canceled, and it is off until it is set again."""
    account = memory.accounts[account_id]
    if not account.dead_man_ns:
        return 0
    canceled = end_all_of(memory, account, Reason.CANCELED_BY_DEAD_MANS_SWITCH, cause)
    account.dead_man_ns = 0
    memory.changes.changed_accounts[account_id] = account
    memory.tell_account(account, "DEAD_MANS_SWITCH_FIRED", cause, None, {"canceled": canceled})
    return max(1, canceled)


def _end_pause(memory: Memory, instrument_id: int, cause: Cause) -> None:
    instrument = memory.instruments[instrument_id]
    if instrument.paused_until_ns:
        lift(memory, instrument, PAUSE_IS_OVER, cause)


_MOVES: dict[Timer, Callable[[Memory, int, Cause], None]] = {Timer.PAUSE: _end_pause, Timer.SESSION: pass_boundary}
_ENDINGS: dict[Timer, Callable[[Memory, int, int, Cause], int]] = {
    Timer.KILL_SWEEP: sweep_venue,
    Timer.SWEEP: sweep_instrument,
    Timer.EXPIRY: _expire,
    Timer.DAY_END: expire_day_orders,
    Timer.DEAD_MAN: _fire_dead_man,
}
