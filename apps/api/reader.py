"""What the API reads of Postgres: who asks, and what became of an order. Plain SQL; the account is part of every look-up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from apps.api import limits
from apps.asyncreads.pool import PooledReader
from apps.orders.status import OPEN

_KEYS = """
    SELECT key.prefix, key.digest, key.id, key.scope, key.networks, key.account_id, account.user_id
    FROM accounts_apikey AS key
    JOIN accounts_account AS account ON account.id = key.account_id
    JOIN accounts_user AS owner ON owner.id = account.user_id AND owner.is_active AND owner.role = 'CUSTOMER'
    WHERE key.prefix = ANY(%s) AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now())
"""
_SESSIONS = "SELECT session_key, session_data FROM django_session WHERE session_key = ANY(%s) AND expire_date > now()"
_USERS = """
    SELECT owner.id, owner.password, account.id
    FROM accounts_user AS owner
    LEFT JOIN accounts_account AS account
        ON account.user_id = owner.id AND account.kind = 'CUSTOMER' AND owner.role = 'CUSTOMER'
    WHERE owner.id = ANY(%s) AND owner.is_active
"""
_ORDER_COLUMNS = """
    SELECT o.id, o.client_order_id, instrument.symbol, o.side, o.order_type, o.time_in_force, trim_scale(o.quantity)::text,
           trim_scale(o.price)::text, trim_scale(terms.trigger_price)::text, o.status, o.reason,
           trim_scale(o.filled_quantity)::text,
           CASE WHEN o.status = ANY(%(open)s) THEN trim_scale(o.quantity - o.filled_quantity)::text ELSE '0' END,
           CASE WHEN o.filled_quantity > 0 THEN trim_scale(round(o.filled_notional / o.filled_quantity, 8))::text END,
           trim_scale(o.fee)::text, trim_scale(o.held)::text,
           to_char(o.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           to_char(o.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    FROM orders_order AS o JOIN instruments_instrument AS instrument ON instrument.id = o.instrument_id
    LEFT JOIN orders_orderterms AS terms ON terms.order_id = o.id
"""
_BY_ID = _ORDER_COLUMNS + "WHERE o.account_id = %(account)s AND o.id = %(id)s"
_BY_CLIENT_ID = _ORDER_COLUMNS + "WHERE o.account_id = %(account)s AND o.client_order_id = %(id)s"
_OPEN_ORDERS = (
    _ORDER_COLUMNS
    + """WHERE o.account_id = %(account)s AND o.status = ANY(%(open)s) AND o.id < %(before)s
         AND (%(symbol)s = '' OR instrument.symbol = %(symbol)s)
         ORDER BY o.id DESC LIMIT %(limit)s"""
)
_IDS = "SELECT client_order_id, id FROM orders_order WHERE account_id = %s AND client_order_id = ANY(%s)"
_FILLS = """
    SELECT data FROM orders_accountevent
    WHERE order_id = %s AND account_id = %s AND type = 'ORDER_FILLED' ORDER BY id LIMIT %s
"""
_ANSWER = "SELECT answer FROM engine_commandrecord WHERE scope = %s AND command_id = %s"
# Among the account's newest events: no index is kept of what hardly ever happens.
_SWITCH = """
    SELECT account.dead_man_at, fired.at, (fired.data::json ->> 'canceled')::bigint, now()
    FROM accounts_account AS account
    LEFT JOIN LATERAL (
        SELECT newest.at, newest.data
        FROM (SELECT type, at, data, account_sequence FROM orders_accountevent WHERE account_id = account.id
              ORDER BY account_sequence DESC LIMIT %(most)s) AS newest
        WHERE newest.type = 'DEAD_MANS_SWITCH_FIRED' ORDER BY newest.account_sequence DESC LIMIT 1
    ) AS fired ON true
    WHERE account.id = %(account)s
"""
_OPEN = [status.value for status in OPEN]


class KeyRow(NamedTuple):
    prefix: str
    digest: str
    key_id: int
    scope: str
    networks: str
    account_id: int
    user_id: int


class UserRow(NamedTuple):
    """``account_id`` is None for the staff, who have none."""

    user_id: int
    password: str
    account_id: int | None


class OrderRow(NamedTuple):
    """An order as it is stored now, numbers and instants as text."""

    order_id: int
    client_order_id: str
    symbol: str
    side: str
    order_type: str
    time_in_force: str
    quantity: str
    price: str | None
    trigger_price: str | None
    status: str
    reason: str
    filled_quantity: str
    leaves_quantity: str
    average_price: str | None
    fee: str
    held: str
    placed_at: str
    changed_at: str


class SwitchRow(NamedTuple):
    """The dead man's switch: when it fires, None while it is off; when it last fired and how many orders that canceled; now."""

    fires_at: datetime | None
    fired_at: datetime | None
    canceled: int | None
    at: datetime


class ApiReader(PooledReader):
    def __init__(self, database: dict[str, Any]) -> None:
        super().__init__(database, "api", connections_max=limits.DATABASE_CONNECTIONS_MAX, wait_s=limits.DATABASE_WAIT)

    async def keys(self, prefixes: Sequence[str]) -> dict[str, KeyRow]:
        """The keys that hold now, by prefix."""
        return {row[0]: KeyRow(*row) for row in await self._rows(_KEYS, (list(prefixes),))}

    async def sessions(self, session_keys: Sequence[str]) -> dict[str, str]:
        """What is stored in the sessions that have not expired, by key."""
        return dict(await self._rows(_SESSIONS, (list(session_keys),)))

    async def users(self, user_ids: Sequence[int]) -> dict[int, UserRow]:
        """The users who may log in, by id."""
        return {row[0]: UserRow(*row) for row in await self._rows(_USERS, (list(user_ids),))}

    async def order(self, account_id: int, order_id: int) -> OrderRow | None:
        return await self._order(_BY_ID, account_id, order_id)

    async def order_of_client(self, account_id: int, client_order_id: str) -> OrderRow | None:
        return await self._order(_BY_CLIENT_ID, account_id, client_order_id)

    async def _order(self, sql: str, account_id: int, key: int | str) -> OrderRow | None:
        rows = await self._rows(sql, {"account": account_id, "id": key, "open": _OPEN})
        return OrderRow(*rows[0]) if rows else None

    async def open_orders(self, account_id: int, symbol: str, before: int, limit: int) -> list[OrderRow]:
        """Newest first, those with an id below ``before``; of every instrument when ``symbol`` is empty."""
        values = {"account": account_id, "open": _OPEN, "symbol": symbol, "before": before, "limit": limit}
        return [OrderRow(*row) for row in await self._rows(_OPEN_ORDERS, values)]

    async def order_ids(self, account_id: int, client_order_ids: Sequence[str]) -> dict[str, int]:
        return dict(await self._rows(_IDS, (account_id, list(client_order_ids))))

    async def fills(self, account_id: int, order_id: int, limit: int) -> list[str]:
        """The events of the order's fills as they were published, oldest first."""
        return [row[0] for row in await self._rows(_FILLS, (order_id, account_id, limit))]

    async def answer(self, account_id: int, command_id: str) -> bytes | None:
        """What the engine answered to a command of the account that is no order, as it was sent; None while nothing is stored."""
        rows = await self._rows(_ANSWER, (account_id, command_id))
        return bytes(rows[0][0]) if rows else None

    async def dead_mans_switch(self, account_id: int) -> SwitchRow:
        """Whether it fired is looked for among the newest :data:`limits.EVENTS_LOOKED_AT_MAX` events of the account."""
        return SwitchRow(*(await self._rows(_SWITCH, {"account": account_id, "most": limits.EVENTS_LOOKED_AT_MAX}))[0])
