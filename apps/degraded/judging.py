"""What may be done now, by the table and by what this process saw; and the words of the banner."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.degraded import evidence
from apps.degraded.table import MARKET_PRICE_S, Action, Dependency, Effect, Fault, Verdict, in_force, judge, rule_for

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: Dependency -> what is reduced while it is away: a title and a sentence or two.
TEXTS = {
    Dependency.POSTGRES: (
        "Trading is paused.",
        "Nothing can be recorded: orders, cancels and money are not taken, accounts cannot be read. What was confirmed is kept.",
    ),
    Dependency.ENGINE: (
        "Trading is paused.",
        "Orders, cancels, deposits and withdrawals are not taken for a moment. Open orders stay as they are.",
    ),
    Dependency.ROOM: (
        "New orders are paused.",
        "There is no room to record them for a moment. Open orders stay as they are, and can be canceled.",
    ),
    Dependency.FEED: (
        "No fresh prices.",
        "Market orders wait for the next price; without one for half a minute, every new order does.",
    ),
    Dependency.REDIS: (
        "Live updates are reduced.",
        "Prices come every two seconds, trades, depth and chart stand still. Logging in, signing up and passwords are paused.",
    ),
    Dependency.LOG: ("History and alerts are late.", "Positions, history, alerts and mail come later; nothing is lost."),
    Dependency.SERVER: ("Reconnecting.", "What you see may be some seconds old."),
}

#: In the order of the banner: what is said to work, when all of its actions do.
WORKS = {
    "prices": (Action.PRICES,),
    "orders": (Action.MARKET_ORDER, Action.LIMIT_ORDER, Action.AMEND),
    "limit orders": (Action.LIMIT_ORDER, Action.AMEND),
    "cancels": (Action.CANCEL,),
    "deposits and withdrawals": (Action.MOVE_MONEY,),
    "balances": (Action.BALANCE,),
    "history": (Action.HISTORY,),
    "alerts": (Action.MAIL,),
    "logging in": (Action.LOG_IN,),
}


@dataclass(frozen=True, slots=True)
class Mode:
    """One thing that is reduced: ``tone`` is bad where something may not be done at all, else warn."""

    dependency: Dependency
    title: str
    meaning: str
    since: datetime
    tone: str


@dataclass(frozen=True, slots=True)
class Modes:
    """All that is reduced now, the gravest first. ``works`` is a sentence on what still does; ``refused`` has each action that
    may not be done. Empty, and false, when all is well."""

    modes: tuple[Mode, ...]
    works: str
    refused: dict[Action, Verdict]

    def __bool__(self) -> bool:
        return bool(self.modes)

    @property
    def tone(self) -> str:
        return "bad" if any(mode.tone == "bad" for mode in self.modes) else "warn"

    def wire(self) -> dict[str, Any] | None:
        """As pages read it (docs/stream.md); None when all is well. ``since`` is in milliseconds since 1970."""
        if not self.modes:
            return None
        return {
            "modes": [
                {"name": mode.dependency.value, "title": mode.title, "meaning": mode.meaning, "since": _ms(mode.since)}
                for mode in self.modes
            ],
            "tone": self.tone,
            "works": self.works,
            "refused": {
                action.value: {"sentence": verdict.sentence, "retry_after": verdict.retry_after_s, "since": _ms(verdict.since)}
                for action, verdict in self.refused.items()
            },
        }


def _ms(at: datetime | None) -> int:
    return 0 if at is None else (at - _EPOCH) // timedelta(milliseconds=1)


def may(action: Action, *, price_age_s: float | None = None) -> Verdict:
    """Whether ``action`` may be done now, as far as this process knows.

    ``price_age_s`` is the age of the price that an order would be held against, where the caller knows it: one instrument may be
    without a fresh price while the others have theirs.
    """
    return judge(action, _with_price(evidence.faults(), price_age_s))


def modes() -> Modes:
    """What is reduced now, for a banner and for whoever disables what may not be done."""
    return modes_of(evidence.faults())


def modes_of(faults: Iterable[Fault]) -> Modes:
    """The same of ``faults``."""
    told = in_force(faults)
    verdicts = {action: judge(action, told) for action in Action}
    refused = {action: verdict for action, verdict in verdicts.items() if not verdict.allowed}
    return Modes(tuple(_mode(fault) for fault in told), _works(verdicts) if told else "", refused)


def _mode(fault: Fault) -> Mode:
    title, meaning = TEXTS[fault.dependency]
    stops_trading = any(rule_for(action, fault).effect is Effect.MAY_NOT for action in (Action.LIMIT_ORDER, Action.CANCEL))
    return Mode(fault.dependency, title, meaning, fault.since, "bad" if stops_trading else "warn")


def _works(verdicts: dict[Action, Verdict]) -> str:
    said: list[str] = []
    for words, actions in WORKS.items():
        is_said = words == "limit orders" and "orders" in said
        if not is_said and all(verdicts[action].allowed and not verdicts[action].reduced for action in actions):
            said.append(words)
    return f"Works as ever: {', '.join(said)}." if said else ""


def _with_price(faults: list[Fault], price_age_s: float | None) -> list[Fault]:
    """``faults``, and that of a price which is itself too old, unless all prices are older."""
    if price_age_s is None or price_age_s <= MARKET_PRICE_S:
        return faults
    known = next((fault for fault in faults if fault.dependency is Dependency.FEED), None)
    if known is not None and known.for_s >= price_age_s:
        return faults
    own = Fault(Dependency.FEED, evidence.now() - timedelta(seconds=price_age_s), price_age_s)
    return [*(fault for fault in faults if fault is not known), own]
