"""Becoming the engine: take the lease, then load what the last one left. Start and recovery are the same path."""

import gc
import os
import socket
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg

from apps.core.failpoint import failpoint
from apps.engine.chain import load_chain
from apps.engine.matching.venue import Venue
from apps.engine.room import Room
from apps.engine.session import Session
from apps.engine.settlement import Settlement
from apps.engine.store import Store
from apps.primary.connections import EndingConnection

#: One engine for all instruments. The number is in every key, so that there could be more.
SHARD = 0
#: Namespace of the advisory lock, so that it meets nobody else's.
LOCK_NAMESPACE = 0x7472
WAIT_S = 0.1

#: Short, because an engine that waits is worse than one that restarts; the fence needs no transaction to stay open.
#: The settlement's plans are made once and kept, when tables may still be small: only index scans stay right as they grow, and
#: a call of a millisecond must not be compiled first.
_CONNECTION_OPTIONS = (
    "-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=5000 "
    "-c enable_seqscan=off -c jit=off -c plan_cache_mode=force_generic_plan"
)


class Recovered(NamedTuple):
    session: Session
    epoch: int
    open_orders: int
    accounts: int
    load_ms: float


def quiet_collector() -> None:
    """Keep the garbage collector away from what was loaded, and from looking too often: the venue makes few cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


def connect_to_read(database: dict[str, Any]) -> "psycopg.Connection[tuple[Any, ...]]":
    """A second connection, which cannot write: for what is looked up while the first is writing a batch."""
    connection = connect(database, f"engine-reads:{SHARD}")
    connection.execute("SET default_transaction_read_only = on")
    return connection


def connect(
    database: dict[str, Any], name: str = f"engine:{SHARD}:waiting", within_s: float | None = None
) -> EndingConnection:
    """The one connection that the engine writes over, to ``database``, an entry of Django's DATABASES. With ``within_s`` its
    statements end after so long, whatever the server does.

    Autocommit: a settlement is one statement and therefore one transaction.
    """
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    parameters: dict[str, Any] = {ours: database[theirs] for theirs, ours in names.items() if database.get(theirs)}
    parameters |= {key: value for key, value in database.get("OPTIONS", {}).items() if key.startswith("ssl")}
    connection = EndingConnection.connect(
        **parameters,
        autocommit=True,
        connect_timeout=2,
        application_name=name,
        options=_CONNECTION_OPTIONS,
        tcp_user_timeout=5000,
    )
    connection.within_s = within_s
    return connection


def take_lease(
    connection: "psycopg.Connection[Any]", *, wait: Callable[[], bool] = lambda: True, holder: str = "", take_over: bool = False
) -> int | None:
    """Return the new epoch of this engine; None when ``wait`` (asked between tries) says to give up.

    The advisory lock is only a queue: what fences is the epoch, which every settlement checks. With ``take_over`` the present
    holder's session is ended first, for a holder that is frozen and will not let go by itself. A standby's ``wait`` watches it.
    """
    connection.execute(
        "INSERT INTO engine_lease (shard, epoch, holder, taken_at) VALUES (%s, 0, '', now()) ON CONFLICT DO NOTHING", [SHARD]
    )
    if take_over:
        _end_former(connection)
    while not _try_lock(connection):
        if not wait():
            return None
        time.sleep(WAIT_S)
    # A frozen holder's session may be in a transaction that keeps the lease row locked: end it before moving the epoch.
    _end_former(connection)
    row = connection.execute(
        "UPDATE engine_lease SET epoch = epoch + 1, holder = %s, taken_at = now() WHERE shard = %s RETURNING epoch",
        [(holder or f"{socket.gethostname()}:{os.getpid()}")[:80], SHARD],
    ).fetchone()
    if row is None:
        raise RuntimeError(f"the lease row of shard {SHARD} is gone")
    epoch = int(row[0])
    connection.execute(f"SET application_name = 'engine:{SHARD}:{epoch}'")
    failpoint("engine.after_lease")
    return epoch


def _try_lock(connection: "psycopg.Connection[Any]") -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_NAMESPACE, SHARD]).fetchone()
    return bool(row and row[0])


def _end_former(connection: "psycopg.Connection[Any]") -> None:
    connection.execute(
        """
        SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a, engine_lease l
        WHERE l.shard = %s AND a.datname = current_database() AND a.pid <> pg_backend_pid()
          AND a.application_name = 'engine:' || l.shard || ':' || l.epoch""",
        [SHARD],
    )


def find_engine(connection: "psycopg.Connection[Any]") -> str:
    """Return the name of an engine's session on this database, serving or waiting to; empty when there is none."""
    row = connection.execute(
        "SELECT application_name FROM pg_stat_activity"
        " WHERE datname = current_database() AND starts_with(application_name, 'engine:') ORDER BY 1 LIMIT 1"
    ).fetchone()
    return str(row[0]) if row else ""


def recover(
    connection: "psycopg.Connection[Any]",
    epoch: int,
    reads: "psycopg.Connection[Any] | None" = None,
    room: Room | None = None,
) -> Recovered:
    """Load assets, instruments, the system accounts, and the open orders with their accounts.

    ``reads`` is another connection, to look things up over while a batch is being written. ``room`` may refuse new orders.
    """
    started = time.perf_counter()
    store = Store(connection)
    system = store.system_account_ids()
    sequence, seen_ns = store.last_batch()
    venue = Venue(
        epoch=epoch,
        sequence=sequence,
        seen_ns=seen_ns,
        house_id=system["HOUSE"],
        fees_id=system["FEES"],
        external_id=system["EXTERNAL"],
    )
    settlement = Settlement(connection, SHARD, epoch, load_chain(store.rows, SHARD, epoch))
    session = Session(venue, store if reads is None else Store(reads), settlement, apart=reads is not None, room=room)
    venue.load_kill_switch(*store.kill_switch(SHARD))
    for asset in store.assets():
        venue.load_asset(asset)
    for instrument in store.instruments():
        venue.load_instrument(instrument)
    account_ids = sorted({*system.values(), *store.accounts_with_open_orders(), *store.accounts_with_dead_mans_switch()})
    for loaded in store.load_accounts(account_ids):
        session.add_loaded(loaded)
    orders = store.open_orders(venue.instruments)
    for order in orders:
        venue.load_order(order)
    for entry_id, lots in store.bought(orders).items():
        venue.load_bought(entry_id, lots)
    load_ms = (time.perf_counter() - started) * 1000
    return Recovered(session, epoch, len(orders), len(account_ids), load_ms)
