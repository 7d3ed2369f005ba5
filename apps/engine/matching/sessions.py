"""Trading sessions: the calendar as the engine knows it, some days of it, set from outside; and what their clock does.

At a boundary an instrument goes where its session has it, unless it is halted. At its end the DAY orders that are older expire,
some hundred a batch; until the last of them is gone the ended session stays the first that is known, which is how a restart goes
on. Around the clock the end of a session does only that.
"""

from itertools import pairwise

from apps.commands.answers import DoneAnswer
from apps.commands.reasons import Reason
from apps.commands.types import SESSIONS_MAX, SetSessions
from apps.core.enums import OrderStatus, TimeInForce, TradingState
from apps.core.numbers import shown
from apps.engine.matching.answers import done, known_instrument
from apps.engine.matching.ending import end_some
from apps.engine.matching.memory import Cause, Memory, Refusal
from apps.engine.matching.state import Instrument, Order, Session, next_boundary_ns, state_by_calendar, whole_microseconds
from apps.engine.matching.timers import Timer
from apps.engine.matching.trading_states import set_state
from apps.instruments.states import NEXT

DAY = TimeInForce.DAY
#: What a customer reads when the calendar moved an instrument.
WORDS: dict[TradingState, str] = {
    TradingState.PRE_OPEN: "The session begins soon.",
    TradingState.OPEN: "The session has begun.",
    TradingState.CLOSED: "The session has ended.",
}
_INSTANT_NS_MAX = 2**62  # more than a century from now; what is stored is a date that Postgres knows


def set_sessions(memory: Memory, command: SetSessions, cause: Cause) -> DoneAnswer:
    """Replace what is known of the sessions; those that are over are left out, and one at least must not be.

    The state follows only where the new sessions say otherwise of now than the old ones did: what staff decided for today stands
    until the next boundary. Setting what is set is done again.
    """
    instrument = known_instrument(memory, command.symbol)
    sessions = _read(command, cause.now_ns)
    # An ended session whose DAY orders are still being expired is not forgotten over it.
    sessions = (*(s for s in instrument.sessions if s.close_ns <= cause.now_ns), *sessions)
    if (sessions, command.around_the_clock) != (instrument.sessions, instrument.around_the_clock):
        before = state_by_calendar(instrument, cause.now_ns)
        instrument.sessions, instrument.around_the_clock = sessions, command.around_the_clock
        memory.mark_instrument(instrument)
        memory.changes.schedules[instrument.instrument_id] = instrument
        fields: dict[str, object] = {
            "sessions": [(s.pre_open_ns, s.open_ns, s.close_ns) for s in sessions],
            "around_the_clock": command.around_the_clock,
        }
        memory.tell_instrument(instrument, "SESSIONS_SET", cause, fields)
        if state_by_calendar(instrument, cause.now_ns) is not before:
            _follow_calendar(memory, instrument, cause)
        _arm(memory, instrument, cause.now_ns)
    return done(cause, instrument.instrument_id)


def _read(command: SetSessions, now_ns: int) -> tuple[Session, ...]:
    if not 0 < len(command.sessions) <= SESSIONS_MAX:
        raise _refusal(f"sessions must be 1 to {SESSIONS_MAX}, were {len(command.sessions)}", len(command.sessions))
    read = tuple(Session(s.pre_open_ns, s.open_ns, s.close_ns) for s in command.sessions)
    for session in read:
        instants = (session.pre_open_ns, session.open_ns, session.close_ns)
        if not 0 < session.pre_open_ns <= session.open_ns < session.close_ns < _INSTANT_NS_MAX:
            raise _refusal(f"a session must be pre-open, open, close in this order, was {instants}", instants)
        if any(at != whole_microseconds(at) for at in instants):
            raise _refusal(f"sessions must be whole microseconds, was {instants}", instants)
    if any(after.pre_open_ns < before.close_ns for before, after in pairwise(read)):
        raise _refusal("sessions must be in order and not overlap", len(read))
    if read[-1].close_ns <= now_ns:
        raise _refusal("the last session must end in the future", read[-1].close_ns)
    return tuple(session for session in read if session.close_ns > now_ns)


def _refusal(message: str, value: object) -> Refusal:
    return Refusal(Reason.INVALID_FIELD, message, "sessions", shown(str(value)))


def pass_boundary(memory: Memory, instrument_id: int, cause: Cause) -> None:
    """A boundary of the sessions has come, or several have: into the state that they say now."""
    instrument = memory.instruments[instrument_id]
    if not instrument.around_the_clock:
        _follow_calendar(memory, instrument, cause)
    if instrument.sessions and instrument.sessions[0].close_ns <= cause.now_ns:
        memory.timers.arm(Timer.DAY_END, instrument_id, instrument.sessions[0].close_ns)
    _arm(memory, instrument, cause.now_ns)


def expire_day_orders(memory: Memory, instrument_id: int, most: int, cause: Cause) -> int:
    """Expire at most ``most`` DAY orders of the sessions that are over, and forget each session whose last one is gone."""
    instrument = memory.instruments[instrument_id]
    expired, before = 0, instrument.sessions
    while instrument.sessions and instrument.sessions[0].close_ns <= cause.now_ns:
        close_ns = instrument.sessions[0].close_ns
        found = _expire_older(memory, instrument, close_ns, most - expired, cause)
        expired += found
        if expired == most:
            memory.timers.arm(Timer.DAY_END, instrument_id, close_ns)
            break
        instrument.sessions = instrument.sessions[1:]
        memory.changes.schedules[instrument_id] = instrument
        memory.next_sequence()  # no event tells of it, and what has no sequence is not journaled
    return max(expired, len(before) - len(instrument.sessions))


def _expire_older(memory: Memory, instrument: Instrument, close_ns: int, most: int, cause: Cause) -> int:
    def is_over(order: Order) -> bool:
        return order.time_in_force is DAY and order.instrument is instrument and order.created_ns < close_ns

    return end_some(memory, is_over, most, Reason.EXPIRED_WITH_THE_SESSION, cause, status=OrderStatus.EXPIRED)


def _follow_calendar(memory: Memory, instrument: Instrument, cause: Cause) -> None:
    state = state_by_calendar(instrument, cause.now_ns)
    before = instrument.trading_state
    if before is not TradingState.HALTED and before is not state and state in NEXT[before]:
        set_state(memory, instrument, state, WORDS[state], cause)


def _arm(memory: Memory, instrument: Instrument, now_ns: int) -> None:
    memory.timers.disarm(Timer.SESSION, instrument.instrument_id)
    boundary_ns = next_boundary_ns(instrument.sessions, now_ns)
    if boundary_ns is not None:
        memory.timers.arm(Timer.SESSION, instrument.instrument_id, boundary_ns)
