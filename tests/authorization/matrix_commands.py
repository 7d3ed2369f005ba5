"""The authorization matrix of what Django's URL map does not have: the engine's commands, the stream's messages, the queue's
tasks, and what an operator types. Who may do each, and an example of it.

Whatever one of them gains and this file does not list fails the build.
"""

from enum import StrEnum
from typing import Any

from apps.commands import types
from apps.core.enums import OrderType, Role, SelfTradePrevention, Side, TradingState
from apps.realtime import protocol
from tests.authorization.matrix import Expect
from tests.engine.world import SYMBOL, configure

A, F, L, M = Expect.ALLOWED, Expect.FORBIDDEN, Expect.LOGIN, Expect.MISSING


class Caller(StrEnum):
    """The actor that a command names. The socket is the house's: whoever is on it says who asks (docs/authorization.md)."""

    OWNER = "customer, own account"
    OTHER = "customer, somebody else's account"
    NOBODY = "customer without a person"
    SUPPORT = "support"
    ADMIN = "admin"
    APPROVED = "admin, approved by another"
    SYSTEM = "the house's own processes"


ROLES = {
    Caller.OWNER: Role.CUSTOMER,
    Caller.OTHER: Role.CUSTOMER,
    Caller.NOBODY: Role.CUSTOMER,
    Caller.SUPPORT: Role.SUPPORT,
    Caller.ADMIN: Role.ADMIN,
    Caller.APPROVED: Role.ADMIN,
    Caller.SYSTEM: Role.SYSTEM,
}

#: A customer's own business, which no person of the house may do. To other customers the account does not exist.
OWN = dict.fromkeys(Caller, F) | {Caller.OWNER: A, Caller.OTHER: M, Caller.NOBODY: M, Caller.SYSTEM: A}
#: The house's business alone, whosever account it is about.
HOUSE = dict.fromkeys(Caller, F) | {Caller.ADMIN: A, Caller.APPROVED: A, Caller.SYSTEM: A}
#: As that, and more than one person of the house may do alone.
FOUR_EYES = HOUSE | {Caller.ADMIN: F}

ORDER: dict[str, Any] = {
    "symbol": SYMBOL, "side": Side.BUY, "order_type": OrderType.LIMIT, "quantity": "0.001", "price": "90.00"
}  # fmt: skip
LEGS = {
    "first": types.Leg(order_type=OrderType.LIMIT, price="105.00"),
    "second": types.Leg(order_type=OrderType.STOP, trigger_price="95.00"),
}
#: Of the year 2100.
LATER = types.Session(pre_open_ns=4_102_444_800 * 10**9, open_ns=4_102_444_801 * 10**9, close_ns=4_102_448_400 * 10**9)
WHY = {"reason": "because of the matrix"}

#: Every command: who may have it done, and its fields. ``account_id`` and ``order_id`` are the owner's, where a command has them.
COMMANDS: dict[type[types.Command], tuple[dict[Caller, Expect], dict[str, Any]]] = {
    types.SubmitOrder: (OWN, ORDER),
    types.SubmitPair: (OWN, {"symbol": SYMBOL, "side": Side.SELL, "quantity": "0.001", **LEGS}),
    types.AmendOrder: (OWN, {"price": "89.00"}),
    types.CancelOrder: (OWN, {}),
    types.CancelAll: (OWN, {}),
    types.ClosePosition: (OWN, {"symbol": SYMBOL}),
    types.CloseId: (OWN, {}),
    types.SetSelfTradePrevention: (OWN, {"mode": SelfTradePrevention.CANCEL_BOTH}),
    types.SetDeadMansSwitch: (OWN, {"seconds": 0}),
    types.OpenAccount: (OWN, {}),
    types.Deposit: (OWN, {"asset": "USD", "amount": "1"}),
    types.Withdraw: (OWN, {"asset": "USD", "amount": "1"}),
    types.PreviewOrder: (OWN, {}),
    types.ReinstateAccount: (FOUR_EYES, WHY),
    types.SuspendAccount: (HOUSE, WHY),
    types.SetAccountLimits: (FOUR_EYES, {**WHY, "max_open_orders": None, "max_order_notional": None}),
    types.AdjustBalance: (FOUR_EYES, {**WHY, "asset": "USD", "amount": "1"}),
    types.ForceCancelOrder: (HOUSE, WHY),
    types.SetTradingState: (HOUSE, {**WHY, "symbol": SYMBOL, "state": TradingState.OPEN}),
    types.PauseInstrument: (HOUSE, {**WHY, "symbol": SYMBOL, "seconds": 60}),
    types.HaltInstrument: (HOUSE, {**WHY, "symbol": SYMBOL}),
    types.ResumeInstrument: (FOUR_EYES, {**WHY, "symbol": SYMBOL}),
    types.SetSessions: (HOUSE, {"symbol": SYMBOL, "sessions": [LATER], "around_the_clock": True}),
    types.SetInstrumentLimits: (
        FOUR_EYES,
        {**WHY, "symbol": SYMBOL, "max_quantity": "1000", "max_notional": "10000000", "collar_bps": 1000},
    ),
    types.ConfigureInstrument: (
        FOUR_EYES,
        {
            name: getattr(configure(), name)
            for name in types.ConfigureInstrument.__struct_fields__
            if name not in ("command_id", "actor", "approver_id")
        },
    ),
    types.KillVenue: (HOUSE, WHY),
    types.RestoreVenue: (FOUR_EYES, WHY),
}


class Visitor(StrEnum):
    """Who is on a socket of the stream."""

    STRANGER = "no ticket"
    OWNER = "ticket of the owner"
    OTHER = "ticket of somebody else"
    STAFF = "ticket of the support"
    ENDED = "ticket of a log-in that has ended since"
    FORGED = "ticket of nobody's making"


#: What becomes of a message: taken, by those who are let in; or the socket is closed with 4001.
HEARD = {who: L if who in (Visitor.ENDED, Visitor.FORGED) else A for who in Visitor}
#: Every message that a browser may send. None of them names an account: the ticket alone does.
STREAM: dict[type, tuple[dict[Visitor, Expect], dict[str, Any]]] = {
    protocol.Hello: (HEARD, {"v": 1}),
    protocol.Watch: (HEARD, {"symbols": [], "depth": []}),
    protocol.Resync: (HEARD, {"depth": [], "why": "gap"}),
    protocol.Ack: (HEARD, {"n": 1}),
}

#: Every task of the queue, and the files that may enqueue it or name it for beat. No page, no API and no socket is among them.
TASKS: dict[str, tuple[str, ...]] = {
    "jobs.run": ("apps/jobs/tasks.py",),
    "jobs.look": ("apps/jobs/tasks.py", "tredye/celery.py"),
    "jobs.ask_invariants": ("tredye/celery.py",),
    "jobs.link_trail": ("tredye/celery.py",),
    "jobs.export_trail": ("tredye/celery.py",),
    "jobs.send_alert_mails": ("tredye/celery.py",),
}

#: What an operator may type, who has a shell of the installation and its settings, and what each may change.
OPERATORS: dict[str, str] = {
    "backup": "files below BACKUP_DIR",
    "check_invariants": "the report that the status page shows",
    "create_staff": "people of the staff",
    "create_topics": "topics of the event log",
    "describe_topics": "nothing",
    "encrypt_second_factors": "how the secrets of second factors are stored",
    "export_proof": "the file that is named; the first time, the key that proofs are signed with",
    "export_trail": "the chain over the trail, and files in a directory that is named",
    "failover": "nothing; with an option, which PostgreSQL is the primary",
    "prepare": "the schema, the database's logins, the topics and the static files",
    "rebuild_log": "topics of orders, accounts and instruments",
    "rebuild_portfolio": "positions and their P&L",
    "rebuild_projections": "positions, bars and latest prices",
    "relay_outbox": "the event log, and the outbox's cursor",
    "replay_engine": "nothing",
    "replay_orderflow": "files that are named",
    "reset_second_factor": "one person's second factors and log-ins",
    "restore": "an empty database",
    "run_consumer": "its own projection",
    "run_engine": "money and orders",
    "run_feed": "prices: the event log and the engine's quotes",
    "run_job": "what the job writes (docs/jobs.md)",
    "seed_demo": "the demo market and its people",
    "show_messages": "nothing",
    "trace": "nothing",
    "watch_database": "which PostgreSQL is the primary",
}
