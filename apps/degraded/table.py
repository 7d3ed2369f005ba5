"""The table of degraded modes, and how several faults at once are read from it. Pure data and pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from apps.core.sentences import ORDERS_PAUSED, STALE_PRICE


class Dependency(StrEnum):
    """What the product cannot do everything without. In this order: what stands first is told first where several are away."""

    POSTGRES = "postgres"
    ENGINE = "engine"
    #: For what new orders leave behind: on the disk of the books, and in the outbox. The engine says when there is none.
    ROOM = "room"
    FEED = "feed"
    REDIS = "redis"
    LOG = "log"
    #: The one web or stream process that a browser talks to; another one answers.
    SERVER = "server"


class Action(StrEnum):
    """What a customer may want to do or see."""

    LOG_IN = "log_in"
    PRICES = "prices"
    MARKET_ORDER = "market_order"
    LIMIT_ORDER = "limit_order"  # every order that waits for a price or names one
    AMEND = "amend"
    CANCEL = "cancel"
    MOVE_MONEY = "move_money"
    SAVE = "save"  # settings, alerts, watchlists
    BALANCE = "balance"
    HISTORY = "history"
    MAIL = "mail"  # and notices


class Effect(StrEnum):
    MAY = "may"
    REDUCED = "reduced"
    MAY_NOT = "may_not"


@dataclass(frozen=True, slots=True)
class Rule:
    """A cell of the table. ``after_s``: only once the dependency has been away for so long; before that, it may.

    ``sentence`` is for the customer, ``code`` for programs, and ``retry_after_s`` when to try again; all are empty where it may.
    """

    effect: Effect
    sentence: str = ""
    code: str = ""
    retry_after_s: int | None = None
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Fault:
    """A dependency that is away: ``since`` it was last seen (aware, for people), and for how many seconds, by a clock that nobody
    sets."""

    dependency: Dependency
    since: datetime
    for_s: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may be done now. ``because`` is the dependency that decides, and ``since`` when it went; both are None,
    and the texts empty, where all is well."""

    allowed: bool
    reduced: bool = False
    sentence: str = ""
    code: str = ""
    retry_after_s: int | None = None
    since: datetime | None = None
    because: Dependency | None = None


#: What a program reads where something may not be done, each with its meaning.
CODES = {
    "TRADING_PAUSED": "Trading is paused: nothing was sent, and nothing was done.",
    "ORDERS_PAUSED": ORDERS_PAUSED,
    "STALE_PRICE": STALE_PRICE,
    "LOG_IN_PAUSED": "Logging in is paused for a moment.",
    "NOT_SAVED": "Nothing can be saved for a moment; nothing was done.",
    "NOT_READABLE": "What is stored cannot be read for a moment.",
}

#: Seconds after the last price from which it is too old for a market order, and for any other: the engine denies them then.
MARKET_PRICE_S, REFERENCE_S = 3.0, 30.0

#: So long a command is tried again by itself before anybody is told to wait.
RETRIED_S = 2.0

_MAY = Rule(Effect.MAY)
_ENGINE_GONE = "Trading is paused: this cannot be taken for a moment."
_BOOKS_GONE = "Trading is paused: nothing can be recorded, so nothing is taken. What was confirmed is kept."


def _reduced(sentence: str) -> Rule:
    return Rule(Effect.REDUCED, sentence)


def _not(sentence: str, code: str, retry_after_s: int, after_s: float = 0.0) -> Rule:
    return Rule(Effect.MAY_NOT, sentence, code, retry_after_s, after_s)


def _row(**other: Rule) -> dict[Action, Rule]:
    """Everything may be done but for what is named, by the names of the actions."""
    return dict.fromkeys(Action, _MAY) | {Action[name]: rule for name, rule in other.items()}


def _changes(rule: Rule) -> dict[str, Rule]:
    """The same for everything that the engine decides."""
    return dict.fromkeys(("MARKET_ORDER", "LIMIT_ORDER", "AMEND", "CANCEL", "MOVE_MONEY"), rule)


_NO_ROOM = _not(ORDERS_PAUSED, "ORDERS_PAUSED", 5)
_NO_REFERENCE = _not(STALE_PRICE, "STALE_PRICE", 5, after_s=REFERENCE_S)

#: What each dependency's absence does to each action.
TABLE: dict[Dependency, dict[Action, Rule]] = {
    Dependency.POSTGRES: _row(
        **_changes(_not(_BOOKS_GONE, "TRADING_PAUSED", 5)),
        LOG_IN=_not("Logging in is paused: accounts cannot be read for a moment.", "LOG_IN_PAUSED", 5),
        SAVE=_not("Nothing can be saved for a moment.", "NOT_SAVED", 5),
        BALANCE=_reduced("Balances are the last that were known."),
        HISTORY=_not("Orders and history cannot be read for a moment.", "NOT_READABLE", 5),
        MAIL=_not("Notices and mail wait.", "NOT_READABLE", 5),
    ),
    Dependency.ENGINE: _row(**_changes(_not(_ENGINE_GONE, "TRADING_PAUSED", 2, after_s=RETRIED_S))),
    Dependency.ROOM: _row(MARKET_ORDER=_NO_ROOM, LIMIT_ORDER=_NO_ROOM, AMEND=_NO_ROOM),
    Dependency.FEED: _row(
        PRICES=_reduced("Prices are the last that came."),
        MARKET_ORDER=_not(STALE_PRICE, "STALE_PRICE", 2, after_s=MARKET_PRICE_S),
        LIMIT_ORDER=_NO_REFERENCE,
        AMEND=_NO_REFERENCE,
        BALANCE=_reduced("Values are as of the last prices."),
    ),
    Dependency.REDIS: _row(
        LOG_IN=_not("Logging in, signing up and changing a password are paused.", "LOG_IN_PAUSED", 5),
        PRICES=_reduced("Prices come every two seconds."),
        MAIL=_reduced("Mail comes late."),
    ),
    Dependency.LOG: _row(
        HISTORY=_reduced("Positions and history are late; nothing is lost."),
        MAIL=_reduced("Alerts and mail are late; nothing is lost."),
    ),
    Dependency.SERVER: _row(PRICES=_reduced("The connection is being made again.")),
}

#: What cannot be there without another, or cannot be known: whose absence is told, and not that of what stands on it.
STANDS_ON = {
    Dependency.ENGINE: Dependency.POSTGRES,
    Dependency.ROOM: Dependency.POSTGRES,
    Dependency.FEED: Dependency.POSTGRES,
    Dependency.LOG: Dependency.POSTGRES,
}


def in_force(faults: Iterable[Fault]) -> list[Fault]:
    """Those of ``faults`` that are told of: each once, the gravest first, without what only follows from another."""
    by_dependency = {fault.dependency: fault for fault in faults}
    return [by_dependency[each] for each in Dependency if each in by_dependency and STANDS_ON.get(each) not in by_dependency]


def rule_for(action: Action, fault: Fault) -> Rule:
    rule = TABLE[fault.dependency][action]
    return rule if fault.for_s >= rule.after_s else _MAY


def judge(action: Action, faults: Iterable[Fault]) -> Verdict:
    """Whether ``action`` may be done while ``faults`` hold.

    It may when no fault forbids it; the gravest that does gives the sentence, and the longest wait is the one that is told.
    """
    rules = [(rule_for(action, fault), fault) for fault in in_force(faults)]
    forbidding = [(rule, fault) for rule, fault in rules if rule.effect is Effect.MAY_NOT]
    told = forbidding or [(rule, fault) for rule, fault in rules if rule.effect is Effect.REDUCED]
    if not told:
        return Verdict(allowed=True)
    rule, fault = told[0]
    waits = [each.retry_after_s for each, _ in told if each.retry_after_s is not None]
    return Verdict(
        allowed=not forbidding,
        reduced=not forbidding,
        sentence=rule.sentence,
        code=rule.code,
        retry_after_s=max(waits, default=None),
        since=fault.since,
        because=fault.dependency,
    )
