"""What the engine reads from Postgres: its state at start, accounts on their first command, and answers given long ago."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
import psycopg

from apps.core.enums import AccountStatus, OrderStatus, OrderType, SelfTradePrevention, Side, TimeInForce, TradingState
from apps.core.numbers import to_units
from apps.core.units import Grid
from apps.engine.matching.state import Account, Asset, Balance, Exit, Instrument, Order, Session, Terms
from apps.eventlog import lost_ranges
from apps.eventlog.outbox import ENGINE_LANE

#: How many of an account's newest client order ids are kept in memory; older ones are looked up.
IDS_PER_ACCOUNT = 256


class Loaded(NamedTuple):
    """An account with its balances and its newest client order ids; ``complete`` says that there are no others."""

    account: Account
    balances: list[Balance]
    client_order_ids: list[str]
    complete: bool


class StoredOrder(NamedTuple):
    """An order as it stands now, with the events of its life, oldest first. Numbers are units of 10**-8."""

    order_id: int
    account_id: int
    client_order_id: str
    symbol: str
    side: str
    order_type: str
    time_in_force: str
    quantity: int
    price: int | None
    status: str
    reason: str
    filled_quantity: int
    events: list[dict[str, Any]]


class StoredRecord(NamedTuple):
    digest: bytes
    answer: bytes


def _units(column: str) -> str:
    """SQL for a NUMERIC column as a whole number of units."""
    return f"({column} * 100000000)::numeric(44, 0)"


def nanoseconds(column: str) -> str:
    """SQL for an instant as nanoseconds since 1970; 0 for none. Exact: Postgres keeps whole microseconds."""
    return f"coalesce((extract(epoch FROM {column}) * 1000000)::bigint, 0) * 1000"


class Store:
    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        # The tests' connection makes its own kind of cursor; here rows are plain tuples, whoever made the connection.
        with psycopg.Cursor(self._connection, row_factory=psycopg.rows.tuple_row) as cursor:
            return cursor.execute(query, parameters or None).fetchall()

    # At start

    def last_batch(self) -> tuple[int, int]:
        """The engine's sequence after the newest batch, and its instant; zeros before the first.

        Books that were restored go on behind what their backup does not know (``eventlog.LostRange``).
        """
        rows = self.rows("SELECT last_sequence, now_ns FROM engine_journal ORDER BY last_sequence DESC LIMIT 1")
        sequence, now_ns = rows[0] if rows else (0, 0)
        return max(sequence, lost_ranges.end_of(self.rows, ENGINE_LANE)), now_ns

    def published(self) -> int:
        """Up to which sequence of the engine the event log has everything, by the relay's own mark; 0 before the first relay.

        Sequences that a restoration passed over wait for nobody.
        """
        rows = self.rows(
            """SELECT told + coalesce((SELECT sum(up_to_sequence - after_sequence) FROM eventlog_lostrange
                                       WHERE lane = %s AND after_sequence >= told), 0)
               FROM (SELECT coalesce((SELECT last_sequence FROM eventlog_relaycursor WHERE lane = %s), 0) AS told) c""",
            ENGINE_LANE,
            ENGINE_LANE,
        )
        return int(rows[0][0])

    def assets(self) -> list[Asset]:
        rows = self.rows("SELECT id, code, name, asset_class, display_decimals FROM instruments_asset ORDER BY id")
        return [Asset(*row) for row in rows]

    def instruments(self) -> list[Instrument]:
        rows = self.rows(f"""
            SELECT i.id, symbol, name, asset_class, base_id, quote_id, {_units("tick_size")}, {_units("lot_size")},
                   {_units("max_quantity")}, {_units("max_notional")}, collar_bps, maker_fee_ppm, taker_fee_ppm,
                   ladder_step_ticks, trading_state, state_reason,
                   coalesce((SELECT max(instrument_sequence) FROM orders_trade t WHERE t.instrument_id = i.id), 0),
                   band_bps, {nanoseconds("paused_until")}, is_sweeping, around_the_clock, calendar
            FROM instruments_instrument i ORDER BY i.id""")  # noqa: S608 - column names of this module
        sessions = self._sessions()
        return [_instrument(row, sessions.get(row[0], ())) for row in rows]

    def _sessions(self) -> dict[int, tuple[Session, ...]]:
        """Those that the engine knows, by instrument, in order; at most a few of each."""
        rows = self.rows(f"""
            SELECT instrument_id, {nanoseconds("pre_open_at")}, {nanoseconds("opens_at")}, {nanoseconds("closes_at")}
            FROM instruments_tradingsession ORDER BY instrument_id, closes_at""")  # noqa: S608
        found: dict[int, tuple[Session, ...]] = {}
        for instrument_id, *instants in rows:
            found[instrument_id] = (*found.get(instrument_id, ()), Session(*instants))
        return found

    def kill_switch(self, shard: int) -> tuple[bool, str]:
        """Whether the venue is killed, and why."""
        rows = self.rows("SELECT is_killed, kill_reason FROM engine_lease WHERE shard = %s", shard)
        return (rows[0][0], rows[0][1]) if rows else (False, "")

    def system_account_ids(self) -> dict[str, int]:
        return {row[0]: row[1] for row in self.rows("SELECT kind, id FROM accounts_account WHERE kind <> 'CUSTOMER'")}

    def accounts_with_open_orders(self) -> list[int]:
        rows = self.rows("""
            SELECT DISTINCT account_id FROM orders_order
            WHERE status IN ('WAITING', 'ACCEPTED', 'PARTIALLY_FILLED') ORDER BY account_id""")
        return [row[0] for row in rows]

    def accounts_with_dead_mans_switch(self) -> list[int]:
        return [row[0] for row in self.rows("SELECT id FROM accounts_account WHERE dead_man_at IS NOT NULL ORDER BY id")]

    def open_orders(self, instruments: dict[int, Instrument]) -> list[Order]:
        """In the order of their priorities."""
        rows = self.rows(f"""
            SELECT o.id, account_id, client_order_id, instrument_id, side, order_type, time_in_force, {_units("quantity")},
                   {_units("coalesce(price, 0)")}, status, (extract(epoch FROM created_at) * 1000000)::bigint,
                   (extract(epoch FROM updated_at) * 1000000)::bigint, reason, {_units("filled_quantity")},
                   {_units("filled_notional")}, {_units("fee")}, {_units("held")},
                   t.priority, {_units("t.trigger_price")}, {_units("t.trail_amount")}, t.trail_bps,
                   {nanoseconds("t.expires_at")}, t.post_only, t.reduce_only, t.link_id, t.parent_id, t.exits
            FROM orders_order o LEFT JOIN orders_orderterms t ON t.order_id = o.id
            WHERE status IN ('WAITING', 'ACCEPTED', 'PARTIALLY_FILLED') ORDER BY coalesce(t.priority, o.id)""")  # noqa: S608
        return [_open_order(row, instruments[row[3]]) for row in rows]

    def bought(self, orders: Sequence[Order]) -> dict[int, int]:
        """Of each bracket that has one of ``orders``, which are all that are open: the lots that its entry bought and its exits
        have not sold, by the entry's id."""
        entry_ids = {
            terms.parent_id or order.order_id
            for order in orders
            if (terms := order.terms) is not None and (terms.parent_id or terms.target is not None or terms.stop is not None)
        }
        rows = self.rows(
            """
            SELECT e.id, ((e.filled_quantity - coalesce((
                SELECT sum(x.filled_quantity) FROM orders_orderterms t JOIN orders_order x ON x.id = t.order_id
                WHERE t.parent_id = e.id), 0)) / i.lot_size)::bigint
            FROM orders_order e JOIN instruments_instrument i ON i.id = e.instrument_id
            WHERE e.id = ANY(%s) AND e.filled_quantity > 0""",
            sorted(entry_ids),
        )
        return {row[0]: row[1] for row in rows}

    # On the first command of an account

    def load_accounts(self, account_ids: Sequence[int]) -> list[Loaded]:
        """The accounts that exist among ``account_ids``, each with what the engine keeps of it."""
        found = self.rows(
            f"""
            SELECT a.id, a.user_id, a.status,
                   coalesce((SELECT max(account_sequence) FROM orders_accountevent e WHERE e.account_id = a.id), 0),
                   a.max_open_orders, {_units("a.max_order_notional")}, a.self_trade_prevention, {nanoseconds("a.dead_man_at")},
                   a.orders_per_second
            FROM accounts_account a WHERE a.id = ANY(%s)""",  # noqa: S608
            list(account_ids),
        )
        if not found:
            return []
        ids = [row[0] for row in found]
        balances: dict[int, list[Balance]] = {account_id: [] for account_id in ids}
        for balance in self._balances(ids):
            balances[balance.account_id].append(balance)
        names: dict[int, list[str]] = {account_id: [] for account_id in ids}
        for account_id, client_order_id in self._client_order_ids(ids):
            names[account_id].append(client_order_id)
        return [
            Loaded(
                _account(row),
                balances[row[0]],
                names[row[0]][IDS_PER_ACCOUNT - 1 :: -1],
                len(names[row[0]]) <= IDS_PER_ACCOUNT,
            )
            for row in found
        ]

    def _balances(self, account_ids: list[int]) -> list[Balance]:
        rows = self.rows(
            f"""
            SELECT id, account_id, asset_id, may_be_negative, {_units("total")}, {_units("held")}
            FROM ledger_ledgeraccount WHERE account_id = ANY(%s)""",  # noqa: S608
            account_ids,
        )
        return [Balance(row[0], row[1], row[2], row[3], int(row[4]), int(row[5])) for row in rows]

    def _client_order_ids(self, account_ids: list[int]) -> list[tuple[Any, ...]]:
        """Newest first, one more than is kept, so that the caller sees whether there are others.

        An order that its client did not name, which its dot shows, stands for the command that made it: a pair's is an id of
        the account's as well.
        """
        return self.rows(
            """
            SELECT a.id, CASE WHEN position('.' IN o.client_order_id) = 0 THEN o.client_order_id ELSE coalesce((
                SELECT e.data::json->>'causation_id' FROM orders_accountevent e
                WHERE e.order_id = o.id ORDER BY e.id LIMIT 1), '') END
            FROM unnest(%s::bigint[]) AS a (id) CROSS JOIN LATERAL (
                SELECT id, client_order_id FROM orders_order WHERE account_id = a.id ORDER BY id DESC LIMIT %s) o
            ORDER BY a.id, o.id DESC""",
            account_ids,
            IDS_PER_ACCOUNT + 1,
        )

    # Answers given long ago

    def orders_by_client_id(self, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], StoredOrder]:
        rows = self.rows(
            f"""
            SELECT o.id, o.account_id, o.client_order_id, i.symbol, o.side, o.order_type, o.time_in_force,
                   {_units("o.quantity")}, {_units("o.price")}, o.status, o.reason, {_units("o.filled_quantity")},
                   (SELECT '[' || string_agg(e.data, ',' ORDER BY e.id) || ']' FROM orders_accountevent e WHERE e.order_id = o.id)
            FROM unnest(%s::bigint[], %s::text[]) AS k (account_id, client_order_id)
            JOIN orders_order o ON o.account_id = k.account_id AND o.client_order_id = k.client_order_id
            JOIN instruments_instrument i ON i.id = o.instrument_id""",  # noqa: S608
            [key[0] for key in keys],
            [key[1] for key in keys],
        )
        return {(row[1], row[2]): _stored_order(row) for row in rows}

    def orders_by_id(self, order_ids: Iterable[int]) -> dict[int, StoredOrder]:
        """Without their events."""
        rows = self.rows(
            f"""
            SELECT o.id, o.account_id, o.client_order_id, i.symbol, o.side, o.order_type, o.time_in_force,
                   {_units("o.quantity")}, {_units("o.price")}, o.status, o.reason, {_units("o.filled_quantity")}, '[]'
            FROM orders_order o JOIN instruments_instrument i ON i.id = o.instrument_id WHERE o.id = ANY(%s)""",  # noqa: S608
            list(order_ids),
        )
        return {row[0]: _stored_order(row) for row in rows}

    def records(self, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], StoredRecord]:
        """The answers that were given to ``keys``, which are (scope, command id)."""
        rows = self.rows(
            """
            SELECT r.scope, r.command_id, r.body_digest, r.answer
            FROM unnest(%s::bigint[], %s::text[]) AS k (scope, command_id)
            JOIN engine_commandrecord r ON r.scope = k.scope AND r.command_id = k.command_id""",
            [key[0] for key in keys],
            [key[1] for key in keys],
        )
        return {(row[0], row[1]): StoredRecord(bytes(row[2]), bytes(row[3])) for row in rows}


def _account(row: tuple[Any, ...]) -> Account:
    return Account(
        account_id=row[0],
        user_id=row[1],
        status=AccountStatus(row[2]),
        sequence=row[3],
        max_open_orders=row[4],
        max_order_notional=None if row[5] is None else int(row[5]),
        self_trade_prevention=SelfTradePrevention(row[6]),
        dead_man_ns=row[7],
        orders_per_second=row[8],
    )


def _stored_order(row: tuple[Any, ...]) -> StoredOrder:
    price = None if row[8] is None else int(row[8])
    return StoredOrder(
        order_id=row[0],
        account_id=row[1],
        client_order_id=row[2],
        symbol=row[3],
        side=row[4],
        order_type=row[5],
        time_in_force=row[6],
        quantity=int(row[7]),
        price=price,
        status=row[9],
        reason=row[10],
        filled_quantity=int(row[11]),
        events=msgspec.json.decode(row[12]),
    )


def _instrument(row: tuple[Any, ...], sessions: tuple[Session, ...]) -> Instrument:
    tick, lot = int(row[6]), int(row[7])
    return Instrument(
        instrument_id=row[0],
        symbol=row[1],
        name=row[2],
        asset_class=row[3],
        base_id=row[4],
        quote_id=row[5],
        grid=Grid(tick, lot),
        max_lots=int(row[8]) // lot,
        max_notional=int(row[9]),
        collar_bps=row[10],
        maker_fee_ppm=row[11],
        taker_fee_ppm=row[12],
        ladder_step_ticks=row[13],
        trading_state=TradingState(row[14]),
        state_reason=row[15],
        trade_sequence=row[16],
        band_bps=row[17],
        paused_until_ns=row[18],
        is_sweeping=row[19],
        around_the_clock=row[20],
        calendar=row[21],
        sessions=sessions,
    )


def _terms(row: tuple[Any, ...], tick: int) -> Terms | None:
    """The last columns of an open order's row; None when it has no row of terms. ``tick`` in units."""
    priority, trigger, trail, trail_bps, expires_ns, post_only, reduce_only, link_id, parent_id, exits = row
    if priority is None:
        return None
    asked: dict[str, dict[str, Any]] = {} if exits is None else msgspec.json.decode(exits)
    return Terms(
        priority=priority,
        trigger_ticks=int(trigger or 0) // tick,
        trail_ticks=int(trail or 0) // tick,
        trail_bps=trail_bps or 0,
        expires_ns=expires_ns,
        post_only=post_only,
        reduce_only=reduce_only,
        link_id=link_id or 0,
        parent_id=parent_id or 0,
        target=_exit(asked.get("target"), tick),
        stop=_exit(asked.get("stop"), tick),
    )


def _exit(asked: dict[str, Any] | None, tick: int) -> Exit | None:
    """What ``events.exit_row`` wrote."""
    if asked is None:
        return None
    price, trigger, trail = (
        to_units(Decimal(asked.get(name, "0"))) // tick for name in ("price", "trigger_price", "trail_amount")
    )
    return Exit(OrderType(asked["order_type"]), price, trigger, trail, asked.get("trail_bps", 0))


def _open_order(row: tuple[Any, ...], instrument: Instrument) -> Order:
    tick, lot = instrument.grid.tick, instrument.grid.lot
    return Order(
        order_id=row[0],
        account_id=row[1],
        client_order_id=row[2],
        instrument=instrument,
        side=Side(row[4]),
        order_type=OrderType(row[5]),
        time_in_force=TimeInForce(row[6]),
        lots=int(row[7]) // lot,
        ticks=int(row[8]) // tick,
        status=OrderStatus(row[9]),
        created_ns=row[10] * 1000,
        updated_ns=row[11] * 1000,
        reason=row[12],
        filled_lots=int(row[13]) // lot,
        notional=int(row[14]),
        fee=int(row[15]),
        held=int(row[16]),
        terms=_terms(row[17:], tick),
    )
