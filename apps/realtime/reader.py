"""What the socket side reads of Postgres: plain SQL, read only. Every call raises :class:`ReaderUnavailableError` within seconds
rather than wait for a database that is away.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from apps.asyncreads.pool import PooledReader, ReaderUnavailableError
from apps.eventlog.schemas.marketdata import INTERVALS
from apps.realtime import limits

__all__ = ["LogIn", "Reader", "ReaderUnavailableError", "StoredEvent", "StoredState"]

_EVENTS = """
    SELECT account_sequence, data FROM orders_accountevent
    WHERE account_id = %s AND account_sequence > %s ORDER BY account_sequence LIMIT %s
"""
_HEADS = """
    SELECT watched.id, coalesce((SELECT max(account_sequence) FROM orders_accountevent WHERE account_id = watched.id), 0)
    FROM unnest(%s::bigint[]) AS watched(id)
"""
_NOTICES = "SELECT account_id, last_sequence FROM alerts_noticehead WHERE account_id = ANY(%s)"
# As a rule none comes back: those whose log-in ended, with no password, and those whose password is not the one that was proved.
# One step down an index for each, whatever the planner thinks of so many: LIMIT keeps it from reading a table to its end instead.
_DOUBTFUL = """
    SELECT watched.number, owner.password
    FROM unnest(%s::int[], %s::text[], %s::bigint[], %s::boolean[], %s::text[])
         AS watched(number, session, user_id, has_account, proved)
    LEFT JOIN LATERAL (
        SELECT true AS holds FROM django_session
        WHERE md5(session_key) = watched.session AND expire_date > now() LIMIT 1) AS log_in ON true
    LEFT JOIN LATERAL (
        SELECT password FROM accounts_user
        WHERE id = watched.user_id AND is_active AND (role = 'CUSTOMER' OR NOT watched.has_account) AND log_in.holds
        LIMIT 1) AS owner ON true
    WHERE md5(owner.password) IS DISTINCT FROM watched.proved
"""
_PRICES = """
    SELECT instrument.symbol, price.epoch, price.sequence, (extract(epoch FROM price.quoted_at) * 1000)::bigint,
           trim_scale(price.bid)::text, trim_scale(price.ask)::text,
           trim_scale(price.bid_quantity)::text, trim_scale(price.ask_quantity)::text
    FROM marketdata_latestprice AS price JOIN instruments_instrument AS instrument ON instrument.id = price.instrument_id
    ORDER BY instrument.symbol LIMIT 10000
"""
# The newest bar of each interval: one step down the primary key each.
_BARS = """
    SELECT instrument.symbol, bar.interval, extract(epoch FROM bar.start)::bigint * 1000, trim_scale(bar.open)::text,
           trim_scale(bar.high)::text, trim_scale(bar.low)::text, trim_scale(bar.close)::text, trim_scale(bar.volume)::text,
           bar.trades
    FROM (SELECT id, symbol FROM instruments_instrument ORDER BY symbol LIMIT 10000) AS instrument
    CROSS JOIN unnest(%s::text[]) AS wanted(interval)
    CROSS JOIN LATERAL (
        SELECT * FROM marketdata_bar WHERE instrument_id = instrument.id AND interval = wanted.interval
        ORDER BY start DESC LIMIT 1) AS bar
"""
# A small table, read whole: whatever happened to a notice of a change, this finds it.
_STATES = """
    SELECT symbol, trading_state, state_changed_at, paused_until, EXISTS (SELECT FROM engine_lease WHERE is_killed)
    FROM instruments_instrument ORDER BY symbol LIMIT 10000
"""


class StoredEvent(NamedTuple):
    account_sequence: int
    data: str


class StoredState(NamedTuple):
    symbol: str
    state: str
    changed_at: datetime
    paused_until: datetime | None
    is_killed: bool


class LogIn(NamedTuple):
    """``session`` is the digest of its key, ``proved`` that of the stored password hash with which it was last found to hold;
    empty before."""

    session: str
    user_id: int
    has_account: bool
    proved: str


class Reader(PooledReader):
    def __init__(self, database: dict[str, Any]) -> None:
        super().__init__(database, "stream", connections_max=limits.DATABASE_CONNECTIONS_MAX, wait_s=limits.DATABASE_WAIT)

    async def account_events(self, account_id: int, after: int, limit: int) -> list[StoredEvent]:
        return [StoredEvent(*row) for row in await self._rows(_EVENTS, (account_id, after, limit))]

    async def account_heads(self, account_ids: Sequence[int]) -> dict[int, int]:
        """Return the newest sequence of each account, 0 where nothing happened yet."""
        return {row[0]: row[1] for row in await self._rows(_HEADS, (list(account_ids),))}

    async def notice_heads(self, account_ids: Sequence[int]) -> dict[int, int]:
        """Return the newest notice's number of each account that ever had one."""
        return {row[0]: row[1] for row in await self._rows(_NOTICES, (list(account_ids),))}

    async def doubtful_log_ins(self, log_ins: Sequence[LogIn]) -> dict[int, str | None]:
        """Return, by the index of each log-in that is not surely as it was: the stored password hash, None where it has ended.

        Ended is one whose session is gone or too old, whose user is inactive, or is a customer no more and hears an account.
        """
        if not log_ins:
            return {}
        columns = [list(column) for column in zip(*log_ins, strict=True)]
        return {row[0]: row[1] for row in await self._rows(_DOUBTFUL, (list(range(len(log_ins))), *columns))}

    async def latest_prices(self) -> list[tuple[Any, ...]]:
        """Return ``(symbol, epoch, sequence, at ms, bid, ask, bid quantity, ask quantity)``, numbers of money as text."""
        return await self._rows(_PRICES, ())

    async def running_bars(self) -> list[tuple[Any, ...]]:
        """Return ``(symbol, interval, start ms, open, high, low, close, volume, sequence)``, numbers of money as text."""
        return await self._rows(_BARS, (list(INTERVALS),))

    async def trading_states(self) -> list[StoredState]:
        return [StoredState(*row) for row in await self._rows(_STATES, ())]
