# ruff: noqa: S608 - every query is text of this module
"""An order is what its events and its fills say (I5, I6, I7, I8, I9, I13): of all orders, or of those of the newest events."""

from apps.engine.checks import Check

#: The newest events and fills whose orders are asked about every minute.
NEWEST = 5_000

OPEN = "('WAITING', 'ACCEPTED', 'PARTIALLY_FILLED')"
_WAITS = "('STOP', 'STOP_LIMIT', 'TRAILING_STOP', 'TAKE_PROFIT')"
_DECISIONS = "('ORDER_ACCEPTED', 'ORDER_DENIED', 'ORDER_REJECTED')"

_ALL_ORDERS, _ALL_FILLS = "orders_order", "orders_fill"
_NEWEST_FILLS = f"(SELECT * FROM orders_fill ORDER BY id DESC LIMIT {NEWEST})"
#: Row by row through the key: whatever the planner thinks of the rest, it does not read the table. ``OFFSET 0`` says so.
ITS_TERMS = "LEFT JOIN LATERAL (SELECT * FROM orders_orderterms WHERE order_id = o.id OFFSET 0) t ON true"
_ITS_ORDER = f"CROSS JOIN LATERAL (SELECT * FROM orders_order WHERE id = f.order_id OFFSET 0) o {ITS_TERMS}"
_ALL_THEIR_ORDERS = "JOIN orders_order o ON o.id = f.order_id LEFT JOIN orders_orderterms t ON t.order_id = o.id"
_CHANGED_ORDERS = f"""(SELECT o.* FROM (
    SELECT DISTINCT order_id FROM (SELECT order_id FROM orders_accountevent ORDER BY id DESC LIMIT {NEWEST}) e
    WHERE order_id IS NOT NULL) e CROSS JOIN LATERAL (SELECT * FROM orders_order WHERE id = e.order_id OFFSET 0) o)"""


def _status_fits(orders: str) -> str:
    return f"""SELECT id, status, quantity, filled_quantity, held FROM {orders} o
        WHERE (status = 'FILLED') <> (filled_quantity = quantity)
           OR (status IN ('WAITING', 'ACCEPTED', 'DENIED', 'REJECTED') AND filled_quantity <> 0)
           OR (status = 'PARTIALLY_FILLED' AND filled_quantity = 0)
           OR (status IN {OPEN}) <> (held > 0)
           OR (status IN ('DENIED', 'REJECTED', 'CANCELED', 'EXPIRED')) <> (reason <> '')"""


def _has_one_decision(orders: str) -> str:
    return f"""SELECT o.id FROM {orders} o LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE type IN {_DECISIONS}) AS decisions, (array_agg(type ORDER BY id))[1] AS first
            FROM orders_accountevent e WHERE e.order_id = o.id) e ON true
        WHERE e.decisions <> 1 OR e.first NOT IN {_DECISIONS}"""


def _is_open_as_told(orders: str) -> str:
    return f"""SELECT o.id, o.status, e.type FROM {orders} o LEFT JOIN LATERAL (
            SELECT type, data::json->>'status' AS status FROM orders_accountevent e
            WHERE e.order_id = o.id ORDER BY e.id DESC LIMIT 1) e ON true
        WHERE e.type IS NULL
           OR o.status <> CASE WHEN e.type IN ('ORDER_FILLED', 'ORDER_AMENDED', 'ORDER_TRIGGERED') THEN e.status
                               WHEN e.type = 'ORDER_TRIGGER_MOVED' OR (e.type = 'ORDER_ACCEPTED' AND o.order_type IN {_WAITS})
                                   THEN 'WAITING'
                               WHEN e.type = 'ORDER_FORCE_CANCELED' THEN 'CANCELED' ELSE substr(e.type, 7) END
           OR (o.status IN {OPEN}) <> (e.type IN ('ORDER_ACCEPTED', 'ORDER_TRIGGER_MOVED') OR coalesce(e.status, '') IN {OPEN})"""


def _within_limit(fills: str, their_orders: str) -> str:
    """Only an order with terms can have had another price than it has now: then its events say which."""
    return f"""SELECT * FROM (
            SELECT f.id, o.side, f.liquidity_side, f.price, CASE WHEN t.order_id IS NULL THEN o.price ELSE (
                SELECT (e.data::json->>'price')::numeric FROM orders_accountevent e
                WHERE e.order_id = o.id AND e.id < f.trade_id AND e.type IN ('ORDER_ACCEPTED', 'ORDER_AMENDED')
                ORDER BY e.id DESC LIMIT 1) END AS own
            FROM {fills} f {their_orders}
            WHERE o.price IS NOT NULL) f
        WHERE own IS NULL OR (side = 'BUY' AND price > own) OR (side = 'SELL' AND price < own)
           OR (liquidity_side = 'MAKER' AND price <> own)"""


def _as_decided(orders: str) -> str:
    return f"""SELECT o.id, o.quantity, o.price, e.data FROM {orders} o CROSS JOIN LATERAL (
            SELECT data FROM orders_accountevent e
            WHERE e.order_id = o.id AND (e.type IN {_DECISIONS} OR e.type = 'ORDER_AMENDED')
            ORDER BY e.id DESC LIMIT 1) e
        WHERE o.quantity <> (e.data::json->>'quantity')::numeric
           OR o.price IS DISTINCT FROM (e.data::json->>'price')::numeric"""


EVER: tuple[Check, ...] = (
    Check("I5", "an order's status fits its numbers", _status_fits(_ALL_ORDERS)),
    Check("I5", "an order's first event is its decision, and there is one", _has_one_decision(_ALL_ORDERS)),
    Check("I6", "an order is open exactly when its last event leaves it open", _is_open_as_told(_ALL_ORDERS)),
    Check(
        "I7",
        "an order's filled quantity, notional and fee are the sums of its fills",
        """SELECT o.id FROM orders_order o LEFT JOIN (
               SELECT order_id, sum(quantity) AS quantity, sum(quantity * price) AS notional, sum(fee) AS fee
               FROM orders_fill WHERE order_id IS NOT NULL GROUP BY order_id) f ON f.order_id = o.id
           WHERE o.filled_quantity <> coalesce(f.quantity, 0) OR o.filled_notional <> coalesce(f.notional, 0)
              OR o.fee <> coalesce(f.fee, 0)""",
    ),
    Check(
        "I8",
        "nobody trades worse than the own limit at that time, and a resting order trades at its price",
        _within_limit(_ALL_FILLS, _ALL_THEIR_ORDERS),
    ),
    Check("I9", "an order is as its decision and its amendments left it", _as_decided(_ALL_ORDERS)),
    Check(
        "I13",
        "a client order id names one order of its account",
        "SELECT account_id, client_order_id FROM orders_order GROUP BY 1, 2 HAVING count(*) > 1",
    ),
    Check(
        "I13",
        "a command's id has one answer in its scope",
        "SELECT scope, command_id FROM engine_commandrecord GROUP BY 1, 2 HAVING count(*) > 1",
    ),
)

LATELY: tuple[Check, ...] = (
    Check("I5", "the status of an order that changed fits its numbers", _status_fits(_CHANGED_ORDERS)),
    Check("I5", "the first event of an order that changed is its decision, and there is one", _has_one_decision(_CHANGED_ORDERS)),
    Check("I6", "an order that changed is open exactly when its last event leaves it open", _is_open_as_told(_CHANGED_ORDERS)),
    Check(
        "I7",
        "an order that changed is filled as far as its last fill's event says",
        f"""SELECT o.id, o.filled_quantity, e.filled FROM {_CHANGED_ORDERS} o LEFT JOIN LATERAL (
                SELECT (data::json->>'filled_quantity')::numeric AS filled FROM orders_accountevent e
                WHERE e.order_id = o.id AND e.type = 'ORDER_FILLED' ORDER BY e.id DESC LIMIT 1) e ON true
            WHERE o.filled_quantity <> coalesce(e.filled, 0)""",
    ),
    Check(
        "I8",
        "nobody has newly traded worse than the own limit at that time, and a resting order has traded at its price",
        _within_limit(_NEWEST_FILLS, _ITS_ORDER),
    ),
    Check("I9", "an order that changed is as its decision and its amendments left it", _as_decided(_CHANGED_ORDERS)),
    Check(
        "I13",
        "the client order id of an order that changed names no other of its account",
        f"""SELECT o.id, o.client_order_id FROM {_CHANGED_ORDERS} o WHERE (
                SELECT count(*) FROM orders_order x
                WHERE x.account_id = o.account_id AND x.client_order_id = o.client_order_id) > 1""",
    ),
)
