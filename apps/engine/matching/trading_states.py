"""Commands that move an instrument among its states: halt, pause, resume, and PRE_OPEN, OPEN, CLOSED by staff.

What a state takes, and which may follow which, is in ``apps.instruments.states``. A halt outranks the calendar: the sessions'
clock leaves it alone, and whoever lifts it brings the instrument to where its calendar has it.
"""

from apps.commands.answers import DoneAnswer
from apps.commands.reasons import Reason
from apps.commands.types import HaltInstrument, PauseInstrument, ResumeInstrument, SetTradingState
from apps.core.enums import TradingState
from apps.core.numbers import shown
from apps.engine.matching.answers import check_between, check_reason, denied, done, known_instrument
from apps.engine.matching.killing import start_sweep
from apps.engine.matching.memory import Cause, Memory, Refusal
from apps.engine.matching.state import SECOND_NS, Instrument, state_by_calendar, whole_microseconds
from apps.instruments.states import NEXT, check_next

OPEN, HALTED, CLOSED = TradingState.OPEN, TradingState.HALTED, TradingState.CLOSED
PAUSE_SECONDS_MAX = 3600


def halt(memory: Memory, command: HaltInstrument, cause: Cause) -> DoneAnswer:
    """No new orders and no house. Open orders stay and may be canceled, or are all canceled with ``cancel_orders``.

    Halting what is halted is done again; of a pause it makes a halt that does not end by itself.
    """
    check_reason(command.reason)
    instrument = known_instrument(memory, command.symbol)
    if instrument.trading_state is not HALTED:
        move(memory, instrument, HALTED, command.reason)
        memory.tell_instrument(instrument, "INSTRUMENT_HALTED", cause, {"reason": command.reason})
    elif instrument.paused_until_ns:
        instrument.paused_until_ns, instrument.state_reason = 0, command.reason
        memory.mark_instrument(instrument)
        memory.tell_instrument(instrument, "INSTRUMENT_HALTED", cause, {"reason": command.reason})
    if command.cancel_orders:
        start_sweep(memory, instrument)
    return done(cause, instrument.instrument_id)


def pause(memory: Memory, command: PauseInstrument, cause: Cause) -> DoneAnswer:
    """A halt that ends by itself. Only what is OPEN is paused: everything else does not trade anyway, and is done."""
    check_reason(command.reason)
    check_between(command.seconds, "seconds", 1, PAUSE_SECONDS_MAX)
    instrument = known_instrument(memory, command.symbol)
    if instrument.trading_state is OPEN:
        move(memory, instrument, HALTED, command.reason)
        instrument.paused_until_ns = whole_microseconds(cause.now_ns) + command.seconds * SECOND_NS
        memory.arm_instrument(instrument)
        fields: dict[str, object] = {"until_ns": instrument.paused_until_ns, "reason": command.reason}
        memory.tell_instrument(instrument, "INSTRUMENT_PAUSED", cause, fields)
    return done(cause, instrument.instrument_id)


def resume(memory: Memory, command: ResumeInstrument, cause: Cause) -> DoneAnswer:
    """Lift a halt or a pause: to what the calendar has it in now. While its orders are still being canceled, it stays halted."""
    check_reason(command.reason)
    instrument = known_instrument(memory, command.symbol)
    if instrument.trading_state is CLOSED:
        return denied(cause, Reason.INSTRUMENT_CLOSED, instrument.instrument_id)
    if instrument.is_sweeping:
        return denied(cause, Reason.OPEN_ORDERS_EXIST, instrument.instrument_id)
    if instrument.trading_state is HALTED:
        lift(memory, instrument, command.reason, cause)
    return done(cause, instrument.instrument_id)


def lift(memory: Memory, instrument: Instrument, reason: str, cause: Cause) -> None:
    """End a halt; where the calendar has the instrument in another state than OPEN, a second event says which."""
    state = state_by_calendar(instrument, cause.now_ns)
    move(memory, instrument, state, reason)
    memory.tell_instrument(instrument, "INSTRUMENT_RESUMED", cause, {"reason": reason})
    if state is not OPEN:
        memory.tell_instrument(instrument, "TRADING_STATE_SET", cause, {"state": state, "reason": reason})


def set_trading_state(memory: Memory, command: SetTradingState, cause: Cause) -> DoneAnswer:
    """PRE_OPEN, OPEN or CLOSED until the next boundary of its sessions. Setting what is set is done again."""
    check_reason(command.reason)
    instrument = known_instrument(memory, command.symbol)
    state = command.state
    if type(state) is not TradingState or state is HALTED:
        message = f"state must be PRE_OPEN, OPEN or CLOSED, was {shown(str(state))}"
        raise Refusal(Reason.INVALID_FIELD, message, "state", shown(str(state)))
    before = instrument.trading_state
    if before is HALTED:
        return denied(cause, Reason.INSTRUMENT_HALTED, instrument.instrument_id)
    if before is not state:
        if state not in NEXT[before]:
            raise Refusal(Reason.INVALID_FIELD, f"{state} may not follow {before}", "state", state.value)
        set_state(memory, instrument, state, command.reason, cause)
    return done(cause, instrument.instrument_id)


def set_state(memory: Memory, instrument: Instrument, state: TradingState, reason: str, cause: Cause) -> None:
    move(memory, instrument, state, reason)
    memory.tell_instrument(instrument, "TRADING_STATE_SET", cause, {"state": state, "reason": reason})


def move(memory: Memory, instrument: Instrument, state: TradingState, reason: str) -> None:
    """Take a step of the table; whoever does tells of it."""
    check_next(instrument.trading_state, state)
    instrument.trading_state = state
    instrument.state_reason = reason
    instrument.paused_until_ns = 0
    memory.mark_instrument(instrument)
