"""I24: every instant that is to come has its timer, in time; states and sessions are such as their tables allow."""

from itertools import pairwise

from apps.core.checks import check_invariant
from apps.core.enums import TimeInForce, TradingState
from apps.engine.matching.memory import Memory
from apps.engine.matching.state import Instrument, Order, next_boundary_ns
from apps.engine.matching.timers import Timer
from apps.orders.status import OPEN


def check_clock(memory: Memory) -> None:
    """Raise ``InvariantError`` on the first law broken."""
    if memory.is_killed and any(order.status in OPEN for order in memory.orders.values()):
        _check_armed(memory, Timer.KILL_SWEEP, 0, 0)
    for order in memory.orders.values():
        if order.status in OPEN:
            _check_order_ends(memory, order)
    for account in memory.accounts.values():
        if account.dead_man_ns:
            _check_armed(memory, Timer.DEAD_MAN, account.account_id, account.dead_man_ns)
    for instrument in memory.instruments.values():
        _check_instrument(memory, instrument)


def _check_order_ends(memory: Memory, order: Order) -> None:
    expires_ns = 0 if order.terms is None else order.terms.expires_ns
    ends = order.time_in_force is TimeInForce.GTD
    check_invariant(ends == bool(expires_ns), f"I24: order {order.order_id} is {order.time_in_force} and expires at {expires_ns}")
    if expires_ns:
        _check_armed(memory, Timer.EXPIRY, order.order_id, expires_ns)
    if order.time_in_force is TimeInForce.DAY:
        sessions = order.instrument.sessions
        has_end = bool(sessions) and order.created_ns < sessions[-1].close_ns
        check_invariant(has_end, f"I24: DAY order {order.order_id} has no session that could end")


def _check_instrument(memory: Memory, instrument: Instrument) -> None:
    name, key, halted = instrument.symbol, instrument.instrument_id, instrument.trading_state is TradingState.HALTED
    if instrument.is_sweeping:
        check_invariant(halted and not instrument.paused_until_ns, f"I24: {name} is swept and not halted")
        _check_armed(memory, Timer.SWEEP, key, 0)
    if instrument.paused_until_ns:
        check_invariant(halted, f"I24: {name} is paused and {instrument.trading_state}")
        _check_armed(memory, Timer.PAUSE, key, instrument.paused_until_ns)
    for before, after in pairwise(instrument.sessions):
        check_invariant(before.close_ns <= after.pre_open_ns, f"I24: sessions of {name} overlap")
    boundary_ns = next_boundary_ns(instrument.sessions, memory.timers.seen_ns)
    if boundary_ns is not None:
        _check_armed(memory, Timer.SESSION, key, boundary_ns)


def _check_armed(memory: Memory, timer: Timer, key: int, by_ns: int) -> None:
    at_ns = memory.timers.of(timer).armed_ns(timer, key)
    check_invariant(at_ns is not None and at_ns <= by_ns, f"I24: {timer.name} of {key} is due at {by_ns}, armed for {at_ns}")
