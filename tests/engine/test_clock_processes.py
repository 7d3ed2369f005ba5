"""Time and the kill switch in real engines: woken by nothing but the clock, killed in the middle of a sweep, and measured."""

import os
import socket
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import msgspec
import pytest

from apps.commands import framing
from apps.commands.types import (
    AnyCommand,
    Deposit,
    HaltInstrument,
    KillVenue,
    OpenAccount,
    RestoreVenue,
    ResumeInstrument,
    SetDeadMansSwitch,
)
from apps.core.enums import TimeInForce
from apps.engine.invariants import find_violations
from apps.engine.matching.risk import OPEN_ORDERS_MAX
from apps.engine.replay import Replay
from tests.engine.processes import Cluster, cluster
from tests.engine.test_processes import Feed, accepted, an_order
from tests.engine.world import SYMBOL, SYSTEM
from tests.faults.figures import note

pytestmark = pytest.mark.processes

#: What the kill switch promises.
ORDERS = 10_000
REFUSED_WITHIN_S = 0.1
CANCELED_WITHIN_S = 10.0
#: Neither is on the way: both are away while it is thrown.
ALONE = {"REDIS_URL": "redis://127.0.0.1:1/0", "KAFKA_BOOTSTRAP": "127.0.0.1:1"}


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    name = f"tredye_clock_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"
    with cluster(tmp_path_factory.mktemp("clock"), name) as made:
        first = made.start()
        made.fund()
        made.kill(first)
        yield made


@pytest.fixture(autouse=True)
def nothing_is_left_running(engines: Cluster) -> Iterator[None]:
    yield
    engines.stop_all()


def count(engines: Cluster, where: str) -> int:
    with engines.connection() as connection:
        row = connection.execute(f"SELECT count(*) FROM orders_order WHERE {where}").fetchone()
    assert row is not None
    return int(row[0])


def test_an_engine_that_nobody_speaks_to_wakes_for_what_is_due(engines: Cluster) -> None:
    with Feed(engines.url):
        engines.start()
        accepted(engines, "warm")
        at_ns = time.time_ns() + 1_500_000_000
        order = msgspec.structs.replace(an_order(engines, "gtd-1"), time_in_force=TimeInForce.GTD, expires_at_ns=at_ns)
        assert engines.client.send(order).status == "ACCEPTED"  # type: ignore[union-attr]
        switch = SetDeadMansSwitch(command_id="dead-1", actor=SYSTEM, account_id=engines.account_ids[-1], seconds=3)
        engines.client.send(switch)
    # From here on nothing arrives: no quote, no command, and this connection reads only.
    engines.until(lambda: count(engines, "client_order_id = 'gtd-1' AND status = 'EXPIRED'") == 1, "the order expires", 5)
    late_s = time.time() - at_ns / 1e9
    assert late_s < 1, f"expired {late_s:.3f} s after its instant was over"
    engines.until(lambda: count(engines, "client_order_id LIKE 'warm%' AND status = 'CANCELED'") == 1, "the switch fires", 5)
    engines.check_books()


def rest(engines: Cluster, orders: int, prefix: str) -> list[int]:
    """``orders`` resting orders of as many accounts as they need, over one connection without waiting for each answer."""
    accounts = _make_accounts(engines, -(-orders // OPEN_ORDERS_MAX), prefix)
    opening: list[AnyCommand] = []
    for account_id in accounts:
        opening.append(OpenAccount(command_id=f"{prefix}-open-{account_id}", actor=SYSTEM, account_id=account_id))
        fields: dict[str, Any] = {"actor": SYSTEM, "account_id": account_id, "asset": "USD", "amount": "1000000"}
        opening.append(Deposit(command_id=f"{prefix}-fund-{account_id}", **fields))
    _send_all(engines, opening)
    commands = [
        msgspec.structs.replace(
            an_order(engines, f"{prefix}-{i}", f"9{i % 9}.{i % 100:02d}"), account_id=accounts[i // OPEN_ORDERS_MAX]
        )
        for i in range(orders)
    ]
    assert {answer["status"] for answer in _send_all(engines, commands)} == {"ACCEPTED"}
    return accounts


def _make_accounts(engines: Cluster, number: int, prefix: str) -> list[int]:
    with engines.connection() as connection:
        made = []
        for i in range(number):
            user = connection.execute(
                """INSERT INTO accounts_user (email, password, is_superuser, role, is_staff, is_active, time_zone, date_joined)
                   VALUES (%s, '!', false, 'CUSTOMER', false, true, 'UTC', now()) RETURNING id""",
                [f"{prefix}{i}@tredye.example"],
            ).fetchone()
            assert user is not None
            account = connection.execute(
                """INSERT INTO accounts_account (user_id, kind, status, opened_at)
                   VALUES (%s, 'CUSTOMER', 'PENDING_FUNDING', now()) RETURNING id""",
                [user[0]],
            ).fetchone()
            assert account is not None
            made.append(int(account[0]))
    return made


def _send_all(engines: Cluster, commands: list[AnyCommand]) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = []
    reader = framing.FrameReader(framing.ENGINE_LIMITS)
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(30)
        link.connect(engines.url.removeprefix("unix://"))
        link.sendall(framing.hello_frame(""))
        for start in range(0, len(commands), 1000):
            part = commands[start : start + 1000]
            link.sendall(b"".join(framing.frame(framing.COMMAND, msgspec.msgpack.encode(command)) for command in part))
            while len(answers) < start + len(part):
                frames = reader.feed(link.recv(1 << 20))
                answers += [msgspec.msgpack.decode(body) for kind, body in frames if kind == framing.ANSWER]
    return answers


@pytest.mark.fault("F37")
def test_killed_in_the_middle_of_a_sweep_the_next_engine_goes_on(engines: Cluster) -> None:
    with Feed(engines.url):
        engines.start()
        accepted(engines, "sweep-warm")
        rest(engines, 1600, "sweep")
        engines.client.send(
            HaltInstrument(command_id="halt-1", actor=SYSTEM, symbol=SYMBOL, reason="a mistake", cancel_orders=True)
        )
        engines.stop_all()
        left = count(engines, "client_order_id LIKE 'sweep-%' AND status = 'ACCEPTED'")
        assert left > 0  # it died in the middle of it, or before it began
        engines.start()
        engines.until(lambda: count(engines, "status = 'ACCEPTED'") == 0, "the next engine cancels the rest", 10)
    assert count(engines, "client_order_id LIKE 'sweep-%' AND reason = 'CANCELED_BY_KILL_SWITCH'") >= 1600
    engines.check_books()


@pytest.mark.fault("F37")
@pytest.mark.long
def test_the_kill_switch_is_as_fast_as_it_promises(engines: Cluster) -> None:
    with Feed(engines.url):
        engines.start(**ALONE)
        engines.client.send(ResumeInstrument(command_id="resume-kill", actor=SYSTEM, symbol=SYMBOL, reason="go on"))
        accepted(engines, "kill-warm")
        rest(engines, ORDERS, "kill")
        assert count(engines, "status = 'ACCEPTED'") > ORDERS
        started = time.perf_counter()
        engines.client.send(KillVenue(command_id="kill-1", actor=SYSTEM, reason="a wrong price"))
        in_force_s = time.perf_counter() - started
        refusals = [_refused_after_s(engines, f"after-kill-{i}") for i in range(9)]
        engines.until(lambda: count(engines, "status = 'ACCEPTED'") == 0, "all are canceled", CANCELED_WITHIN_S)
        canceled_s = time.perf_counter() - started
        engines.client.send(RestoreVenue(command_id="restore-1", actor=SYSTEM, reason="mended"))
        assert accepted(engines, "restored").status == "ACCEPTED"  # type: ignore[union-attr]
    figures = {"in force, ms": in_force_s * 1000, "refused, ms": median(refusals) * 1000, "canceled, s": canceled_s}
    told = ", ".join(f"{name} {value:.1f}" for name, value in figures.items())
    note("F37", f"{ORDERS:,} open orders, without Redis and Kafka: {told}")
    assert in_force_s < REFUSED_WITHIN_S, figures
    assert median(refusals) < REFUSED_WITHIN_S, figures
    assert canceled_s < CANCELED_WITHIN_S, figures
    _check_many_books(engines)


def _refused_after_s(engines: Cluster, command_id: str) -> float:
    """How long the answer takes while the orders are being canceled."""
    started = time.perf_counter()
    answer = engines.client.send(an_order(engines, command_id))
    assert answer.reason == "VENUE_KILLED"  # type: ignore[union-attr]
    return time.perf_counter() - started


def _check_many_books(engines: Cluster) -> None:
    """As ``check_books``, with a connection that may take its time: the engine's own is for short statements."""
    with engines.connection() as connection:
        connection.execute("SET statement_timeout = '60s'; SET enable_seqscan = on; SET plan_cache_mode = auto")
        assert [str(violation) for violation in find_violations(connection)] == []
        assert Replay(connection).run() == []
