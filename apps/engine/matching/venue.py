"""The venue: every command in, one answer out; quotes in; and a record of what has to be stored.

What happens depends on the inputs and their order alone. ``now_ns`` is an input. A caller that stores the record of each batch
(:meth:`Venue.take_changes`) and feeds the same inputs again gets the same records.
"""

from collections.abc import Callable
from typing import Any

from apps.commands import types
from apps.commands.answers import AnyAnswer, DoneAnswer, RefusedAnswer
from apps.commands.reasons import Reason
from apps.commands.types import AnyCommand, FourEyes
from apps.core.enums import Role
from apps.core.numbers import NumberFormatError, shown
from apps.engine.matching import (
    accounts,
    amending,
    brackets,
    instruments,
    invariants,
    killing,
    orders,
    pairs,
    sessions,
    trading,
    trading_states,
    triggers,
)
from apps.engine.matching.answers import check_command_id, check_text
from apps.engine.matching.changes import ApprovalRow
from apps.engine.matching.clock import pass_time
from apps.engine.matching.memory import Cause, Memory, Refusal
from apps.engine.matching.state import HouseQuote, Instrument

_HANDLERS: dict[type[types.Command], Callable[[Memory, Any, Cause], AnyAnswer]] = {
    types.SubmitOrder: orders.submit,
    types.SubmitPair: pairs.submit_pair,
    types.ClosePosition: pairs.close_position,
    types.AmendOrder: amending.amend,
    types.CancelOrder: orders.cancel,
    types.CancelAll: orders.cancel_all,
    types.ForceCancelOrder: orders.force_cancel,
    types.Deposit: accounts.deposit,
    types.Withdraw: accounts.withdraw,
    types.OpenAccount: accounts.open_account,
    types.SuspendAccount: accounts.suspend_account,
    types.ReinstateAccount: accounts.reinstate_account,
    types.SetAccountLimits: accounts.set_account_limits,
    types.CloseId: accounts.close_id,
    types.SetSelfTradePrevention: accounts.set_self_trade_prevention,
    types.AdjustBalance: accounts.adjust_balance,
    types.SetDeadMansSwitch: accounts.set_dead_mans_switch,
    types.HaltInstrument: trading_states.halt,
    types.ResumeInstrument: trading_states.resume,
    types.PauseInstrument: trading_states.pause,
    types.SetTradingState: trading_states.set_trading_state,
    types.SetSessions: sessions.set_sessions,
    types.KillVenue: killing.kill_venue,
    types.RestoreVenue: killing.restore_venue,
    types.SetInstrumentLimits: instruments.set_limits,
    types.ConfigureInstrument: instruments.configure,
}

#: What a customer may ask for, on the own account, and ADMIN may not: who is of the house trades for nobody, and moves money by
#: ADJUST_BALANCE, which another one approves. SUPPORT may ask for nothing, SYSTEM for everything.
_FOR_CUSTOMERS: frozenset[type] = frozenset(
    {
        types.SubmitOrder,
        types.SubmitPair,
        types.AmendOrder,
        types.CancelOrder,
        types.CancelAll,
        types.ClosePosition,
        types.CloseId,
        types.SetSelfTradePrevention,
        types.SetDeadMansSwitch,
        types.Deposit,
        types.Withdraw,
        types.OpenAccount,
    }
)
# A member looked up on its class costs four times a global.
ADMIN = Role.ADMIN
_ALL_POWERFUL = frozenset({Role.ADMIN, Role.SYSTEM})
_BIGINT_MAX = 2**63 - 1
#: What :meth:`Venue.apply` takes.
COMMANDS: frozenset[type[types.Command]] = frozenset(_HANDLERS)


def _check_approval(command: FourEyes) -> None:
    """Refuse what an admin asks for alone. Who may approve is for the caller to know: the engine knows that it is another."""
    asked, approved = command.actor.user_id, command.approver_id
    if not _is_person(asked) or not _is_person(approved) or approved == asked:
        message = "approver_id must be a person's, and another than the actor"
        raise Refusal(Reason.NEEDS_APPROVAL, message, "approver_id", shown(str(approved)))


def _is_person(user_id: object) -> bool:
    """Whether it can be the id of a user: a settlement may not fail over a number."""
    return type(user_id) is int and 0 < user_id <= _BIGINT_MAX


class Venue(Memory):
    """The one object that the engine drives. Single-threaded; see :class:`Memory` for loading and reading."""

    def begin(self, now_ns: int) -> None:
        """Let the time of a batch come: what is due by the clock happens before anything else of the batch.

        Call it first in every batch, also in one that has nothing else when ``timers.next_ns`` has come.
        """
        due_ns = self.timers.next_ns
        self.is_behind = False
        if due_ns is not None and due_ns <= now_ns:
            pass_time(self, now_ns)
            left_ns = self.timers.endings.next_ns
            self.is_behind = left_ns is not None and left_ns <= now_ns
        elif now_ns > self.timers.seen_ns:
            self.timers.seen_ns = now_ns

    def apply(self, command: AnyCommand, now_ns: int) -> AnyAnswer:
        """Decide and carry out one command. Bad input gets a ``RefusedAnswer`` and changes nothing; an exception is our own bug.

        Ids are new to the venue: the caller answers repeated ones itself. The account that a command names is loaded, if it
        exists. An unknown order may be one that ended in an earlier batch: :meth:`knows_order` says what is in memory.
        """
        try:
            self._check_envelope(command)
            answer = _HANDLERS[type(command)](self, command, Cause(command.command_id, command.correlation_id, now_ns))
            if command.actor.role is ADMIN and isinstance(command, FourEyes):
                self._note_approval(command, answer, now_ns)
            if self.follow_ups:
                brackets.follow_up(self, now_ns)
            return answer
        except Refusal as refusal:
            return RefusedAnswer(
                command_id=command.command_id,
                reason=refusal.reason.value,
                message=str(refusal),
                field=refusal.field,
                value=refusal.value,
            )
        except NumberFormatError as error:
            return RefusedAnswer(
                command_id=command.command_id,
                reason=Reason.INVALID_NUMBER.value,
                message=str(error),
                field=error.field,
                value=error.value,
            )

    def _check_envelope(self, command: AnyCommand) -> None:
        check_command_id(command.command_id)
        if command.correlation_id:
            check_text(command.correlation_id, "correlation_id", 64)
        role = command.actor.role
        if role not in _ALL_POWERFUL and (role is not Role.CUSTOMER or type(command) not in _FOR_CUSTOMERS):
            raise Refusal(Reason.NOT_ALLOWED, "the actor may not do this", "actor", role)
        if role is ADMIN and self.asks_approval:
            if isinstance(command, FourEyes):
                _check_approval(command)
            elif type(command) in _FOR_CUSTOMERS:
                instead = "FORCE_CANCEL_ORDER and ADJUST_BALANCE are the ways of an admin"
                raise Refusal(Reason.NOT_ALLOWED, f"this is the customer's own to ask for; {instead}", "actor", role)

    def _note_approval(self, command: FourEyes, answer: AnyAnswer, now_ns: int) -> None:
        """Keep who asked and who approved with what was done; what was denied did nothing."""
        user_id, approver_id = command.actor.user_id, command.approver_id
        if user_id is None or type(approver_id) is not int or not isinstance(answer, DoneAnswer) or answer.reason:
            return
        kind = str(command.__struct_config__.tag)
        row = ApprovalRow(command.command_id, kind, answer.reference, user_id, approver_id, now_ns)
        self.changes.approvals.append(row)

    def on_quote(self, symbol: str, quote: HouseQuote, now_ns: int) -> bool:
        """Take the feed's newest quote; old news, unknown symbols, and locked or crossed quotes are dropped.

        Returns whether it reaches customers' orders, resting or waiting: then the caller journals the quote and calls
        :meth:`match_quote`. A quote that concerns nobody has no effect until a decision reads it. Call it between batches, so
        that a batch reads one quote an instrument.
        """
        instrument = self.instruments_by_symbol.get(symbol)
        if instrument is None or not self.houses[instrument.instrument_id].offer(quote):
            return False
        return self.is_reached(instrument)

    def is_reached(self, instrument: Instrument) -> bool:
        """Whether the house's present quote reaches customers' orders. Reads it without deciding anything."""
        quote = self.houses[instrument.instrument_id].quote
        if quote is None or not self.is_trading(instrument):
            return False
        concerned = self.watches[instrument.instrument_id].concerns(quote.bid_ticks + quote.ask_ticks)
        return concerned or trading.is_crossed_by_house(self, instrument)

    def match_quote(self, instrument_id: int, now_ns: int) -> None:
        """Fill customers' resting orders that the house's present quote moved through, then set off those that it reaches.

        When more are reached than one batch sets off, the instrument is among ``unfinished``: call this again with the next
        batch, before the instrument gets another quote.
        """
        instrument, cause = self.instruments[instrument_id], Cause("", "", now_ns)
        trading.match_house(self, instrument, cause)
        if self.follow_ups:
            brackets.follow_up(self, now_ns)
        triggers.pull(self, instrument, cause)
        if self.follow_ups:
            brackets.follow_up(self, now_ns)

    def check_invariants(self, *, complete: bool = False) -> None:
        """Raise ``InvariantError`` if a law does not hold in memory or in the pending changes.

        ``complete`` says that every account is loaded, which conservation over all balances needs.
        """
        invariants.check_venue(self, complete=complete)
