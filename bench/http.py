"""The orders family over HTTP: what a program and a page wait for, and what one process takes; peers of the same minutes."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import django
import psycopg

from apps.commands.types import SubmitOrder
from bench import database
from bench.flow import ACCOUNTS, Flow
from bench.live import Live, live_engine
from bench.orders import engine_on, violations
from bench.report import report
from bench.web import (
    Caller,
    Load,
    Program,
    Served,
    closed_loop,
    load_average,
    make_programs,
    order_request,
    orders_of,
    page_request,
    server,
)

ROUNDS = 3
IDLE_PAIRS = 300
PAGES = 200
CONNECTIONS = 16
SECONDS = 5.0
#: Programs at work: enough that none of them comes to a limit of its own.
PROGRAMS = 200
PRODUCT, PEER = "tredye.asgi:application", "bench.orm_asgi:application"
NO_LIMIT = {"API_ORDERS_PER_SECOND": "1000000"}


class Commits:
    """A bare one-row commit on the same server: what the idle figures are divided by."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_row (id bigint PRIMARY KEY, value text NOT NULL)")
        self._raw = connection.pgconn
        self._raw.prepare(b"bench_row", b"INSERT INTO bench_row VALUES ($1::bigint, $2)")
        self._made = 0

    def one(self) -> float:
        self._made += 1
        started = time.perf_counter()
        result = self._raw.exec_prepared(b"bench_row", [str(self._made).encode(), b"one row"])
        if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
            raise RuntimeError("the bare commit failed")
        return time.perf_counter() - started


def idle(live: Live, programs: list[Program], directory: Path) -> None:
    """``orders.http_idle_vs_commit`` and ``orders.page_idle_ms``.

    One request at a time, each in turn with a bare commit and with nothing else between the two: after the milliseconds of a page
    neither of them is what it is on an idle server. The engine's own answer over its socket is measured in the same way, since
    it is a part of each of the others.
    """
    environment = {"ENGINE_URL": live.engine_url, **NO_LIMIT}
    with (
        live.connection() as connection,
        server("uvicorn", PRODUCT, live.database_url, directory, **environment) as stream,
        server("daphne", PRODUCT, live.database_url, directory, **environment) as web,
    ):
        commits = Commits(connection)
        callers: dict[str, Callable[[], float]] = {
            "socket": _over_socket(live),
            "http": _asking(stream.port, order_request, programs, 21),
            "http_daphne": _asking(web.port, order_request, programs, 22),
            "page": _asking(web.port, page_request, programs, 23),
        }
        for name, one in callers.items():
            for _ in range(len(programs) if name == "page" else 60):  # each log-in's first page writes when it was seen
                one()
        rounds: dict[str, list[Pairs]] = {name: [] for name in callers}
        for _ in range(ROUNDS):
            for name, one in callers.items():
                rounds[name].append(_in_turn(one, commits.one, PAGES if name == "page" else IDLE_PAIRS))
    detail: dict[str, Any] = {"load_average": load_average()}
    for name, each in rounds.items():
        detail[f"{name}_p50_ms"] = round(statistics.median(pairs.ours_ms for pairs in each), 3)
        detail[f"commit_beside_{name}_p50_ms"] = round(statistics.median(pairs.commit_ms for pairs in each), 3)
    samples = {name: [pairs._asdict() for pairs in each] for name, each in rounds.items()}
    ratios = [pairs.ours_ms / pairs.commit_ms for pairs in rounds["http"]]
    report("orders.http_idle_vs_commit", ratios, "ratio", 2.3, "at most", detail, samples)
    report("orders.page_idle_ms", [pairs.ours_ms for pairs in rounds["page"]], "ms", 4.0, "at most", detail, samples)


class Pairs(NamedTuple):
    """Medians of one round, in milliseconds."""

    ours_ms: float
    commit_ms: float


def _in_turn(one: Callable[[], float], commit: Callable[[], float], count: int) -> Pairs:
    ours: list[float] = []
    commits: list[float] = []
    for _ in range(count):
        commits.append(commit() * 1000)
        ours.append(one() * 1000)
    return Pairs(statistics.median(ours), statistics.median(commits))


def _over_socket(live: Live) -> Callable[[], float]:
    flow = Flow(live.account_ids, 20)

    def one() -> float:
        order = flow.add()
        started = time.perf_counter()
        live.client.send(order)
        return time.perf_counter() - started

    return one


def _asking(port: int, make: Callable[[Program, SubmitOrder], bytes], programs: list[Program], seed: int) -> Callable[[], float]:
    caller, orders = Caller(port), orders_of(programs, seed, taking=False)

    def one() -> float:
        program, order = next(orders)
        return caller.exchange(make(program, order))

    return one


def _requests(programs: list[Program], seed: int) -> Iterator[bytes]:
    for program, order in orders_of(programs, seed):
        yield order_request(program, order)


@contextmanager
def orm_peer(directory: Path) -> Iterator[tuple[Served, list[Program]]]:
    """The peer's one process, on a database with the same instrument, accounts and money."""
    with database.database("tredye_bench_orm") as url:
        with engine_on(url, 31) as engine:
            programs = make_programs(engine.connection, engine.account_ids[:PROGRAMS])
            engine.connection.execute("CREATE SEQUENCE bench_ids START 1000000000")
        with server("uvicorn", PEER, url, directory, DJANGO_SETTINGS_MODULE="bench.orm_settings") as served:
            yield served, programs


def per_process(live: Live, programs: list[Program], directory: Path) -> None:
    """``orders.http_per_process``: 16 connections at one process of uvicorn, ours and the ORM view in turn."""
    ours: list[Load] = []
    theirs: list[Load] = []
    with (
        orm_peer(directory) as (peer, peer_programs),
        server("uvicorn", PRODUCT, live.database_url, directory, ENGINE_URL=live.engine_url, **NO_LIMIT) as product,
    ):
        requests, peer_requests = _requests(programs, 41), _requests(peer_programs, 42)
        closed_loop(product, requests, CONNECTIONS, 2.0)
        closed_loop(peer, peer_requests, CONNECTIONS, 2.0)
        for _ in range(ROUNDS):
            ours.append(closed_loop(product, requests, CONNECTIONS, SECONDS))
            theirs.append(closed_loop(peer, peer_requests, CONNECTIONS, SECONDS))
    ratios = [mine.per_second / other.per_second for mine, other in zip(ours, theirs, strict=True)]
    detail = {
        "orders_per_s": round(statistics.median(load.per_second for load in ours)),
        "orm_view_per_s": round(statistics.median(load.per_second for load in theirs)),
        "p50_ms": round(statistics.median(load.p50_ms for load in ours), 2),
        "cpu_us_an_order": round(statistics.median(load.cpu_us for load in ours)),
        "orm_view_cpu_us_an_order": round(statistics.median(load.cpu_us for load in theirs)),
        "load_average": load_average(),
        "note": "callers, servers, engine and PostgreSQL share the machine",
    }
    report(
        "orders.http_per_process",
        ratios,
        "ratio",
        15.0,
        "at least",
        detail,
        {"orders": [load._asdict() for load in ours], "orm": [load._asdict() for load in theirs]},
    )


def run() -> None:
    django.setup()
    with live_engine() as live, tempfile.TemporaryDirectory(prefix="tredye-bench-http-") as name:
        directory = Path(name)
        with live.connection() as connection:
            programs = make_programs(connection, live.account_ids[: min(PROGRAMS, ACCOUNTS)])
        idle(live, programs, directory)
        per_process(live, programs, directory)
        live.stop()
        with live.connection() as connection:
            violations(connection)
