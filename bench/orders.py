"""Family ``orders``: settled commands per second and idle latency, as ratios to what the same server does for pgbench."""

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import django
import psycopg

from bench import database
from bench.kill import kill_switch
from bench.report import report

ROUNDS = 3
PGBENCH_SECONDS = 5
#: Batches that are made before the clock runs, because making a command costs as much as matching it.
TOGETHER = 10
COMMANDS_200 = 12_000
COMMANDS_1000 = 20_000
IDLE_PAIRS = 1_500
MATCH_COMMANDS = 60_000


class Engine(NamedTuple):
    """The product's engine on a database of its own, with its accounts and a flow of commands."""

    url: str
    connection: "psycopg.Connection[Any]"
    session: Any
    flow: Any
    account_ids: list[int]


def seed_accounts(connection: "psycopg.Connection[Any]", count: int) -> list[int]:
    """Customers as sign-up leaves them."""
    connection.execute(
        """INSERT INTO accounts_user (email, password, is_superuser, role, is_staff, is_active, time_zone, date_joined)
           SELECT 'bench' || g || '@tredye.example', '!', false, 'CUSTOMER', false, true, 'UTC', now()
           FROM generate_series(1, %s) g""",
        [count],
    )
    connection.execute(
        """INSERT INTO accounts_account (user_id, kind, status, opened_at)
           SELECT id, 'CUSTOMER', 'PENDING_FUNDING', now() FROM accounts_user ORDER BY id"""
    )
    rows = connection.execute("SELECT id FROM accounts_account WHERE kind = 'CUSTOMER' ORDER BY id").fetchall()
    return [row[0] for row in rows]


@contextmanager
def engine_on(url: str, seed: int) -> Iterator[Engine]:
    from django.conf import settings

    from apps.engine.recovery import connect, connect_to_read, quiet_collector, recover, take_lease
    from bench.flow import ACCOUNTS, PREFILL, Flow, request, setup_commands

    database.migrate(url)
    own = {**settings.DATABASES["default"], "NAME": url.rsplit("/", 1)[1]}
    with connect(own) as connection, connect_to_read(own) as reads:
        account_ids = seed_accounts(connection, ACCOUNTS)
        epoch = take_lease(connection)
        if epoch is None:
            raise RuntimeError("the lease of a new database was not free")
        session = recover(connection, epoch, reads).session
        engine = Engine(url, connection, session, Flow(account_ids, seed, session.venue.knows_order), account_ids)
        commands = [request(command) for command in setup_commands(account_ids)]
        for start in range(0, len(commands), 500):
            session.process_raw(commands[start : start + 500], time.time_ns())
        quote(engine)
        run_batch(engine, [request(engine.flow.add()) for _ in range(PREFILL)])
        connection.execute("ANALYZE")
        quiet_collector()
        yield engine


_quotes = 0


def quote(engine: Engine) -> None:
    """Keep the reference fresh, as a feed does."""
    from bench.flow import SYMBOL, house_quote

    global _quotes
    _quotes += 1
    now_ns = time.time_ns()
    engine.session.on_quote(SYMBOL, house_quote(_quotes, now_ns), now_ns)


def run_batch(engine: Engine, requests: list[Any]) -> float:
    """Settle one batch and return its seconds; what the flow learns from it is not counted."""
    from apps.engine.repeats import decode_answer

    started = time.perf_counter()
    answers = engine.session.process_raw(requests, time.time_ns())
    seconds = time.perf_counter() - started
    for asked, answer in zip(requests, answers, strict=True):
        engine.flow.learn(asked.command, decode_answer(answer))
    return seconds


def settled_per_second(engine: Engine, batch: int, commands: int) -> float:
    """As the server does under load: each batch is decided while the one before it is written. The last is waited for."""
    from bench.flow import request

    seconds = 0.0
    for _ in range(commands // batch // TOGETHER):
        quote(engine)
        parts = [[request(engine.flow.next()) for _ in range(batch)] for _ in range(TOGETHER)]
        seconds += run_together(engine, parts)
    return commands // batch // TOGETHER * TOGETHER * batch / seconds


def run_together(engine: Engine, parts: list[list[Any]]) -> float:
    """Settle batches that wait already, and return the seconds to the last commit."""
    from apps.engine.repeats import decode_answer

    answers: list[bytes] = []
    started = time.perf_counter()
    for number, part in enumerate(parts):
        engine.session.start(part, time.time_ns())
        if number:
            answers += engine.session.finish()
    answers += engine.session.finish()
    seconds = time.perf_counter() - started
    asked = [each for part in parts for each in part]
    for one, answer in zip(asked, answers, strict=True):
        engine.flow.learn(one.command, decode_answer(answer))
    return seconds


def violations(connection: "psycopg.Connection[Any]") -> list[str]:
    from apps.engine.invariants import find_violations

    connection.execute("SET statement_timeout = '5min'")
    connection.execute("ANALYZE")  # as autovacuum would have by the time that anybody asks: the database is seconds old
    found = [str(violation) for violation in find_violations(connection)]
    if found:
        raise RuntimeError(f"what was measured is wrong: {found}")
    return found


def batches(peer_url: str) -> None:
    """``orders.batch200_vs_pgbench`` and ``orders.batch1000_vs_pgbench``: in turn with pgbench, round by round."""
    samples: dict[str, list[float]] = {"pgbench": [], "batch200": [], "batch1000": []}
    with database.database("tredye_bench_engine") as url, engine_on(url, 1) as engine:
        settled_per_second(engine, 200, 2000)
        for _ in range(ROUNDS):
            samples["pgbench"].append(database.pgbench_tps(peer_url, PGBENCH_SECONDS))
            samples["batch200"].append(settled_per_second(engine, 200, COMMANDS_200))
            samples["batch1000"].append(settled_per_second(engine, 1000, COMMANDS_1000))
        violations(engine.connection)
        trades = engine.session.venue.instrument_by_symbol("BENCH-USD").trade_sequence
    for name, goal in (("batch200", 7.0), ("batch1000", 10.0)):
        ratios = [ours / peer for ours, peer in zip(samples[name], samples["pgbench"], strict=True)]
        detail = {
            "commands_per_s": round(statistics.median(samples[name])),
            "pgbench_tps": round(statistics.median(samples["pgbench"])),
            "trades": trades,
            "invariants": "hold",
        }
        report(f"orders.{name}_vs_pgbench", ratios, "ratio", goal, "at least", detail, samples)


def idle() -> None:
    """``orders.idle_vs_commit``: one order at a time, in turn with a bare one-row commit.

    The value is the engine's own time from a decoded command to the answer after its commit; the detail has what a caller sees
    over the socket.
    """
    from bench.flow import request

    with database.database("tredye_bench_engine") as url, engine_on(url, 2) as engine:
        bare = engine.connection.pgconn
        engine.connection.execute("CREATE TABLE bench_row (id bigint PRIMARY KEY, value text NOT NULL)")
        bare.prepare(b"bench_row", b"INSERT INTO bench_row VALUES ($1::bigint, $2)")
        ratios, ours_ms, bare_ms = [], [], []
        number = 0
        for _ in range(ROUNDS):
            ours, rows = [], []
            for _ in range(IDLE_PAIRS):
                number += 1
                started = time.perf_counter()
                result = bare.exec_prepared(b"bench_row", [str(number).encode(), b"one row"])
                rows.append(time.perf_counter() - started)
                if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
                    raise RuntimeError("the bare commit failed")
                if number % 100 == 1:
                    quote(engine)
                ours.append(run_batch(engine, [request(engine.flow.add())]))
            ours_ms.append(statistics.median(ours) * 1000)
            bare_ms.append(statistics.median(rows) * 1000)
            ratios.append(ours_ms[-1] / bare_ms[-1])
        violations(engine.connection)
        detail = {"order_p50_ms": round(statistics.median(ours_ms), 3), "commit_p50_ms": round(statistics.median(bare_ms), 3)}
    detail |= {"over_socket_p50_ms": round(_socket_p50_ms(), 3)}
    report("orders.idle_vs_commit", ratios, "ratio", 1.3, "at most", detail, {"order_ms": ours_ms, "commit_ms": bare_ms})


def _socket_p50_ms() -> float:
    from bench.flow import Flow
    from bench.live import live_engine

    with live_engine() as live:
        flow = Flow(live.account_ids, 3)
        samples = []
        for _ in range(IDLE_PAIRS):
            command = flow.add()
            started = time.perf_counter()
            live.client.send(command)
            samples.append(time.perf_counter() - started)
    return statistics.median(samples) * 1000


def socket512(peer_url: str) -> None:
    """``orders.socket512_vs_pgbench``: 512 callers, each with one command in flight; batches are what comes together."""
    from bench.live import live_engine
    from bench.load import closed_loop

    rates: list[float] = []
    peers: list[float] = []
    p50s: list[float] = []
    with live_engine() as live:
        for _ in range(ROUNDS):
            peers.append(database.pgbench_tps(peer_url, PGBENCH_SECONDS))
            result = closed_loop(live, callers=512, seconds=PGBENCH_SECONDS, seed=100 + len(rates))
            rates.append(result.per_second)
            p50s.append(result.p50_ms)
        live.stop()
        with live.connection() as connection:
            violations(connection)
    ratios = [ours / peer for ours, peer in zip(rates, peers, strict=True)]
    detail = {
        "commands_per_s": round(statistics.median(rates)),
        "pgbench_tps": round(statistics.median(peers)),
        "p50_ms": round(statistics.median(p50s), 1),
        "invariants": "hold",
        "note": "the callers run on the same machine",
    }
    report("orders.socket512_vs_pgbench", ratios, "ratio", 5.0, "at least", detail, {"rates": rates, "pgbench": peers})


def match_only() -> None:
    """``orders.match_only``: the venue with risk and its record of changes, and nothing stored; commands per second of CPU."""
    from apps.core.enums import AccountStatus
    from apps.engine.matching.state import Account
    from apps.engine.matching.venue import Venue
    from apps.engine.recovery import quiet_collector
    from bench.flow import ACCOUNTS, PREFILL, SYMBOL, Flow, house_quote, setup_commands

    samples = []
    for seed in range(ROUNDS):
        venue = Venue(house_id=1, fees_id=2, external_id=3)
        account_ids = list(range(1000, 1000 + ACCOUNTS))
        for account_id in account_ids:
            venue.load_account(Account(account_id, account_id, AccountStatus.PENDING_FUNDING))
        for command in setup_commands(account_ids):
            venue.apply(command, 1)
        flow = Flow(account_ids, seed, venue.knows_order)
        venue.on_quote(SYMBOL, house_quote(1, 1), 1)
        for _ in range(PREFILL):
            command = flow.add()
            flow.learn(command, venue.apply(command, 1))
        venue.take_changes()
        quiet_collector()  # as every engine does when it has loaded
        seconds = 0.0
        for _ in range(MATCH_COMMANDS // 200):
            commands = [flow.next() for _ in range(200)]
            started = time.process_time()
            answers = [venue.apply(command, 1) for command in commands]
            venue.take_changes()
            seconds += time.process_time() - started
            for command, answer in zip(commands, answers, strict=True):
                flow.learn(command, answer)
        samples.append(MATCH_COMMANDS / seconds)
    report("orders.match_only", samples, "commands/s", 200_000, "at least", {"commands": MATCH_COMMANDS, "clock": "CPU"}, {})


def recovery() -> None:
    """``orders.recovery_ms``: from kill -9 to the first answer of a new engine, with 10,000 open orders."""
    from bench.live import live_engine

    cold, warm, frozen, loads = [], [], [], []
    with live_engine() as live:
        live.rest_orders(10_000)
        for _ in range(ROUNDS):
            started = live.kill()
            live.start()
            cold.append((live.first_answer() - started) * 1000)
            loads.append(live.load_ms())
            live.start_standby()
            started = live.kill_holder()
            warm.append((live.first_answer() - started) * 1000)
            live.start_standby()
            started, holder = live.freeze_holder()
            frozen.append((live.first_answer() - started) * 1000)
            holder.kill()
            holder.wait(10)
        open_orders = live.open_orders()
    detail = {
        "open_orders": open_orders,
        "reload_ms": round(statistics.median(loads)),
        "warm_standby_ms": round(statistics.median(warm)),
        "frozen_ms": round(statistics.median(frozen)),
        "note": "value: a new process from nothing, Python's start included; warm_standby_ms: one that waited for the lease; "
        "frozen_ms: the same, from SIGSTOP on, with 5 s of silence before it takes over",
    }
    report("orders.recovery_ms", cold, "ms", 1000, "at most", detail, {"warm_ms": warm, "frozen_ms": frozen, "load_ms": loads})


def run() -> None:
    django.setup()
    os.environ.pop("FAILPOINT", None)
    match_only()
    idle()
    recovery()
    kill_switch()
    try:
        with database.database("tredye_bench_peer") as peer_url:
            database.pgbench_prepare(peer_url)
            batches(peer_url)
            socket512(peer_url)
    except database.NoPeerError as error:
        print(f"bench: no ratio to pgbench: {error}", flush=True)
