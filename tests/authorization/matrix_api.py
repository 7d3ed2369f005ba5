"""The authorization matrix of ``/api/``, which is not in Django's URL map: who gets what from every route of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.authorization.matrix import Expect

A, L, M = Expect.ALLOWED, Expect.LOGIN, Expect.MISSING


class Program(StrEnum):
    """Who asks below ``/api/``, which is not in Django's URL map."""

    NOBODY = "nobody"
    LOG_IN = "log-in of the owner"
    TRADE_KEY = "key of the owner that may trade"
    READ_KEY = "key of the owner that may read"
    OTHER_KEY = "key of somebody else that may trade"
    OTHER_LOG_IN = "log-in of somebody else"
    REVOKED_KEY = "revoked key of the owner"
    STAFF_LOG_IN = "log-in of the support"
    FORGED = "log-in of the owner, from a foreign page"


def programs(expect: Expect, **others: Expect) -> dict[Program, Expect]:
    """The same for all, but for ``others``, by the program's name. Who is not known is never let in."""
    known = dict.fromkeys(Program, expect) | {Program.NOBODY: L, Program.REVOKED_KEY: L, Program.STAFF_LOG_IN: M}
    return known | {Program[name.upper()]: value for name, value in others.items()}


F = Expect.FORBIDDEN

#: Acts on the own account, with what the request brings.
TRADES = programs(A, read_key=F, forged=F)
#: Acts on an order of the owner's.
TRADES_OWN_OBJECT = programs(M, log_in=A, trade_key=A, read_key=F, forged=F)
#: As a POST, because of its body, and decides nothing.
LOOKS = programs(A, forged=F)
#: Tells of the own account. A foreign page may ask, and cannot read the answer.
READS = programs(A)
#: Tells of an order of the owner's.
READS_OWN_OBJECT = programs(M, log_in=A, trade_key=A, read_key=A, forged=A)


@dataclass(frozen=True)
class ApiRoute:
    """``route`` as in the table of ``apps.api.asgi``, with its method; ``body`` of a POST. ``{name}`` is filled in from the
    owner's order."""

    route: str
    row: dict[Program, Expect]
    body: dict[str, Any] | None = None


API_ROUTES: tuple[ApiRoute, ...] = (
    ApiRoute("GET /api/v1/orders", READS),
    ApiRoute("GET /api/v1/orders/{order_id}", READS_OWN_OBJECT),
    ApiRoute("GET /api/v1/orders/by-client-id/{client_order_id}", READS_OWN_OBJECT),
    ApiRoute(
        "POST /api/v1/orders",
        TRADES,
        {"client_order_id": "m", "symbol": "BTC-USD", "side": "BUY", "order_type": "LIMIT", "quantity": "0.01", "price": "90.00"},
    ),
    ApiRoute("POST /api/v1/orders/cancel", TRADES_OWN_OBJECT, {"client_order_id": "{client_order_id}"}),
    ApiRoute(
        "POST /api/v1/orders/amend",
        TRADES_OWN_OBJECT,
        {"client_order_id": "{client_order_id}", "change_id": "m", "price": "89.00"},
    ),
    ApiRoute("POST /api/v1/orders/cancel-all", TRADES, {"cancel_id": "m"}),
    ApiRoute(
        "POST /api/v1/orders/preview",
        LOOKS,
        {"symbol": "BTC-USD", "side": "BUY", "order_type": "LIMIT", "quantity": "0.01", "price": "90.00"},
    ),
    ApiRoute(
        "POST /api/v1/pairs",
        TRADES,
        {
            "client_order_id": "m",
            "symbol": "BTC-USD",
            "side": "SELL",
            "quantity": "0.01",
            "first": {"order_type": "LIMIT", "price": "105.00"},
            "second": {"order_type": "STOP", "trigger_price": "95.00"},
        },
    ),
    ApiRoute("GET /api/v1/pairs/by-client-id/{client_order_id}", READS_OWN_OBJECT),
    ApiRoute("POST /api/v1/positions/close", TRADES, {"client_order_id": "m", "symbol": "BTC-USD"}),
    ApiRoute("POST /api/v1/dead-mans-switch", TRADES, {"seconds": 60}),
    ApiRoute("GET /api/v1/dead-mans-switch", READS),
)
