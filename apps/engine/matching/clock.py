"""What happens by time: a function of what the venue knows and of ``now_ns``, so only the batch's instant is journaled for it.

Each kind of timer has one function, here or in the module that owns it, which looks whether the thing is really due. What
moves an instrument is done at once, and first: an order may not trade in a state that is over. What ends orders is told how many
it may end, arms itself again where something is left, and returns how many it ended.
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
#: account's own orders, a few hundred at most, are ended together.
ENDINGS_MAX = 200

PAUSE_IS_OVER = "The pause is over."


def pass_time(memory: Memory, now_ns: int) -> None:
    """Do what is due at ``now_ns``: every move, and as many endings as belong into one batch. The rest is due still."""
    timers = memory.timers
    cause = Cause("", "", now_ns)
    while (due := timers.moves.pop_due(now_ns)) is not None:
        _MOVES[due[0]](memory, due[1], cause)
    timers.seen_ns = max(timers.seen_ns, now_ns)
    left = ENDINGS_MAX
    while left > 0 and (due := timers.endings.pop_due(now_ns)) is not None:
        left -= max(1, _ENDINGS[due[0]](memory, due[1], left, cause))


def _expire(memory: Memory, order_id: int, most: int, cause: Cause) -> int:
    order = memory.orders.get(order_id)
    if order is None or order.status not in OPEN or order.terms is None:
        return 0
    if order.terms.expires_ns > cause.now_ns:
        memory.arm_expiry(order)
        return 0
    end_open(memory, order, Reason.EXPIRED_AT_ITS_TIME, cause, status=OrderStatus.EXPIRED)
    return 1


def _fire_dead_man(memory: Memory, account_id: int, most: int, cause: Cause) -> int:
    """The switch was not renewed: the account's open orders are canceled, and it is off until it is set again."""
    account = memory.accounts[account_id]
    if account.dead_man_ns > cause.now_ns:
        memory.arm_dead_man(account)
        return 0
    if not account.dead_man_ns:
        return 0
    canceled = end_all_of(memory, account, Reason.CANCELED_BY_DEAD_MANS_SWITCH, cause)
    account.dead_man_ns = 0
    memory.changes.changed_accounts[account_id] = account
    memory.tell_account(account, "DEAD_MANS_SWITCH_FIRED", cause, None, {"canceled": canceled})
    return canceled


def _end_pause(memory: Memory, instrument_id: int, cause: Cause) -> None:
    instrument = memory.instruments[instrument_id]
    if not instrument.paused_until_ns:
        return
    if instrument.paused_until_ns > cause.now_ns:
        memory.arm_instrument(instrument)
        return
    lift(memory, instrument, PAUSE_IS_OVER, cause)


_MOVES: dict[Timer, Callable[[Memory, int, Cause], None]] = {Timer.PAUSE: _end_pause, Timer.SESSION: pass_boundary}
_ENDINGS: dict[Timer, Callable[[Memory, int, int, Cause], int]] = {
    Timer.KILL_SWEEP: sweep_venue,
    Timer.SWEEP: sweep_instrument,
    Timer.EXPIRY: _expire,
    Timer.DAY_END: expire_day_orders,
    Timer.DEAD_MAN: _fire_dead_man,
}
