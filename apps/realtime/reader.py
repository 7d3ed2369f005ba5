"""What the socket side reads of Postgres: plain SQL, read only. Every call raises :class:`ReaderUnavailableError` within seconds
rather than wait for a database that is away.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from apps.asyncreads.pool import PooledReader, ReaderUnavailableError
from apps.realtime import limits

__all__ = ["LogIn", "Reader", "ReaderUnavailableError", "StoredEvent"]

_EVENTS = """
    SELECT account_sequence, data FROM orders_accountevent
    WHERE account_id = %s AND account_sequence > %s ORDER BY account_sequence LIMIT %s
"""
_HEADS = """
    SELECT watched.id, coalesce((SELECT max(account_sequence) FROM orders_accountevent WHERE account_id = watched.id), 0)
    FROM unnest(%s::bigint[]) AS watched(id)
"""
_LOG_INS = """
    SELECT watched.number, owner.password
    FROM unnest(%s::int[], %s::text[], %s::bigint[]) AS watched(number, session, user_id)
    JOIN accounts_user AS owner ON owner.id = watched.user_id AND owner.is_active
    WHERE EXISTS (SELECT FROM django_session
                  WHERE md5(session_key) = watched.session AND expire_date > now())
"""
_PRICES = """
    SELECT instrument.symbol, price.epoch, price.sequence, (extract(epoch FROM price.quoted_at) * 1000)::bigint,
           trim_scale(price.bid)::text, trim_scale(price.ask)::text,
           trim_scale(price.bid_quantity)::text, trim_scale(price.ask_quantity)::text
    FROM marketdata_latestprice AS price JOIN instruments_instrument AS instrument ON instrument.id = price.instrument_id
    ORDER BY instrument.symbol LIMIT 10000
"""


class StoredEvent(NamedTuple):
    account_sequence: int
    data: str


class LogIn(NamedTuple):
    session: str
    user_id: int


class Reader(PooledReader):
    def __init__(self, database: dict[str, Any]) -> None:
        super().__init__(database, "stream", connections_max=limits.DATABASE_CONNECTIONS_MAX, wait_s=limits.DATABASE_WAIT)

    async def account_events(self, account_id: int, after: int, limit: int) -> list[StoredEvent]:
        return [StoredEvent(*row) for row in await self._rows(_EVENTS, (account_id, after, limit))]

    async def account_heads(self, account_ids: Sequence[int]) -> dict[int, int]:
        """Return the newest sequence of each account, 0 where nothing happened yet."""
        return {row[0]: row[1] for row in await self._rows(_HEADS, (list(account_ids),))}

    async def passwords_of_live_log_ins(self, log_ins: Sequence[LogIn]) -> dict[int, str]:
        """Return the stored password hash for the index of each log-in that still holds."""
        sessions, users = [item.session for item in log_ins], [item.user_id for item in log_ins]
        return {row[0]: row[1] for row in await self._rows(_LOG_INS, (list(range(len(log_ins))), sessions, users))}

    async def latest_prices(self) -> list[tuple[Any, ...]]:
        """Return ``(symbol, epoch, sequence, at ms, bid, ask, bid quantity, ask quantity)``, numbers of money as text."""
        return await self._rows(_PRICES, ())
