"""What an instrument takes in each of its trading states, and which states follow which: two tables, and nothing else decides.

A new state, an auction's say, is one row in each of them. Pure: the matching core asks it with every order that does not find
the instrument OPEN, the pages and the documents show it.
"""

from enum import StrEnum

from apps.commands.reasons import Reason
from apps.core.checks import InvariantError
from apps.core.enums import TradingState

PRE_OPEN, OPEN, HALTED, CLOSED = TradingState.PRE_OPEN, TradingState.OPEN, TradingState.HALTED, TradingState.CLOSED


class Act(StrEnum):
    """What may happen in an instrument, in words that a customer can read."""

    TRADE = "Orders that trade at once"
    REST = "Limit orders that rest"
    WAIT = "Orders that wait for a trigger"
    AMEND = "Amendments after which the order rests or waits"
    SHRINK = "Amendments that only make an order smaller"
    CANCEL = "Cancellations"
    TRIGGER = "Waiting orders are set off"
    HOUSE = "The house quotes, and fills what its price reaches"


_ALWAYS = frozenset({Act.SHRINK, Act.CANCEL})

TAKES: dict[TradingState, frozenset[Act]] = {
    PRE_OPEN: _ALWAYS | {Act.REST, Act.AMEND},
    OPEN: frozenset(Act),
    HALTED: _ALWAYS,
    CLOSED: _ALWAYS,
}

#: What an order is told that comes when its kind is not taken.
REFUSES_WITH: dict[TradingState, Reason] = {
    PRE_OPEN: Reason.NOT_OPEN_YET,
    HALTED: Reason.INSTRUMENT_HALTED,
    CLOSED: Reason.INSTRUMENT_CLOSED,
}

#: One sentence a state for whoever looks at the instrument.
IN_WORDS: dict[TradingState, str] = {
    PRE_OPEN: "Trading begins soon. Limit orders that would rest are taken, changed and canceled; nothing trades yet.",
    OPEN: "Every kind of order is taken.",
    HALTED: "Nothing trades, and no order is taken. Open orders stay; they can be made smaller or canceled.",
    CLOSED: "No order is taken now. Open orders stay for the next session; they can be made smaller or canceled.",
}

#: From each state, those that may follow. A market that trades is not called back to PRE_OPEN: it is halted or closed.
NEXT: dict[TradingState, frozenset[TradingState]] = {
    PRE_OPEN: frozenset({OPEN, HALTED, CLOSED}),
    OPEN: frozenset({HALTED, CLOSED}),
    HALTED: frozenset({PRE_OPEN, OPEN, CLOSED}),
    CLOSED: frozenset({PRE_OPEN, OPEN, HALTED}),
}


class IllegalStateError(InvariantError):
    """An instrument was about to take a step that the table does not know."""


def takes(state: TradingState, act: Act) -> bool:
    return act in TAKES[state]


def check_next(before: TradingState, after: TradingState) -> None:
    """Raise :class:`IllegalStateError` unless ``after`` may follow ``before``."""
    if after not in NEXT[before]:
        raise IllegalStateError(f"Invariant: an instrument went from {before} to {after}")
