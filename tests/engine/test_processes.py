"""Engines as processes: killed, fenced, restarted, fed with garbage. What was answered stays true."""

import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from apps.commands import framing
from apps.commands.answers import AnyAnswer
from apps.commands.client import EngineClient, EngineUnavailableError
from apps.commands.quotelink import QuoteLink
from apps.commands.types import Actor, AdjustBalance, SetAccountLimits, SubmitOrder
from apps.core.enums import OrderType, Role, Side, TimeInForce
from apps.engine.management.commands.run_engine import EXIT_DATABASE, EXIT_FENCED
from apps.engine.repeats import encode_answer
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks
from tests.engine.processes import Cluster, cluster
from tests.engine.world import SYMBOL, SYSTEM

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    name = f"tredye_processes_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"
    with cluster(tmp_path_factory.mktemp("engine"), name) as made:
        first = made.start()
        made.fund()
        made.kill(first)
        yield made


@pytest.fixture(autouse=True)
def nothing_is_left_running(engines: Cluster) -> Iterator[None]:
    yield
    engines.stop_all()


class Feed:
    """Quotes for as long as a test runs: without a reference no order is accepted."""

    def __init__(self, url: str) -> None:
        self._link = QuoteLink(url)
        self._epoch = time.time_ns()
        self._sequence = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Feed":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join(5)
        self._link.close()

    def _run(self) -> None:
        while not self._stop.wait(0.02):
            self._sequence += 1
            tick = QuoteTick(SYMBOL, self._sequence, time.time_ns(), "99.50", "100.50", "2", "2")
            self._link.send(msgspec.json.encode(QuoteTicks(source="test", epoch=self._epoch, ticks=[tick])))


def an_order(
    engines: Cluster, command_id: str, price: str = "90.00", quantity: str = "0.01", side: Side = Side.BUY
) -> SubmitOrder:
    return SubmitOrder(
        command_id=command_id,
        actor=SYSTEM,
        account_id=engines.account_ids[-1],
        symbol=SYMBOL,
        side=side,
        order_type=OrderType.LIMIT,
        quantity=quantity,
        price=price,
        time_in_force=TimeInForce.GTC,
    )


def accepted(engines: Cluster, prefix: str) -> AnyAnswer:
    """The answer to an order that is sent until the feed's first quote has come (a denial is final: each try is a new id)."""
    for number in range(200):
        answer = engines.client.send(an_order(engines, f"{prefix}-{number}"), deadline_s=5)
        if answer.reason != "STALE_PRICE":  # type: ignore[union-attr]
            return answer
        time.sleep(0.02)
    raise AssertionError("no quote reached the engine")


def stored_orders(engines: Cluster, prefix: str) -> int:
    with engines.connection() as connection:
        row = connection.execute("SELECT count(*) FROM orders_order WHERE client_order_id LIKE %s", [f"{prefix}%"]).fetchone()
    assert row is not None
    return int(row[0])


def stored_adjustments(engines: Cluster, command_id: str) -> int:
    with engines.connection() as connection:
        query = "SELECT count(*) FROM ledger_transfer WHERE kind = 'ADJUSTMENT' AND command_id = %s"
        row = connection.execute(query, [command_id]).fetchone()
    assert row is not None
    return int(row[0])


class Load(threading.Thread):
    """One caller: sends orders one by one, keeps what it sent and what it was answered, and goes on over any crash."""

    def __init__(self, engines: Cluster, name: str) -> None:
        super().__init__(daemon=True)
        self._engines = engines
        self._prefix = name
        self._random = random.Random(name)
        self._client = EngineClient(engines.url)
        self.stopping = threading.Event()
        self.answers: dict[str, tuple[SubmitOrder, bytes]] = {}
        self.unknown: list[SubmitOrder] = []

    def run(self) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            side = self._random.choice((Side.BUY, Side.SELL))
            price = f"{self._random.randint(9930, 10070) / 100:.2f}"
            order = msgspec.structs.replace(
                an_order(self._engines, f"{self._prefix}-{number}", price, f"0.{self._random.randint(1, 99):03d}", side),
                account_id=self._random.choice(self._engines.account_ids[:-1]),
            )
            try:
                self.answers[order.command_id] = (order, encode_answer(self._client.send(order, deadline_s=6)))
            except EngineUnavailableError:
                self.unknown.append(order)
        self._client.close()


def test_killed_in_the_middle_of_a_load_nothing_is_lost_and_nothing_twice(engines: Cluster) -> None:
    chance = random.Random(7)
    callers = [Load(engines, f"load{i}") for i in range(4)]
    with Feed(engines.url):
        engine = engines.start()
        for caller in callers:
            caller.start()
        for _ in range(4):
            time.sleep(chance.uniform(0.2, 0.8))  # the moment of the kill is the point
            engines.kill(engine)
            engine = engines.start()
        answered = sum(len(caller.answers) for caller in callers)
        engines.until(lambda: sum(len(caller.answers) for caller in callers) > answered, "orders go on")
        for caller in callers:
            caller.stopping.set()
        for caller in callers:
            caller.join(10)
    assert not any(caller.is_alive() for caller in callers)
    asked = [entry for caller in callers for entry in caller.answers.values()]
    assert len(asked) > 100
    assert [order.command_id for caller in callers for order in caller.unknown] == []
    # Every answer that was given is the answer that is given now, byte for byte, out of the database.
    engines.kill(engine)
    engines.start()
    for order, answer in asked:
        assert encode_answer(engines.client.send(order)) == answer
    assert stored_orders(engines, "load") == len(asked)
    engines.check_books()


@pytest.mark.parametrize(("point", "is_stored"), [("engine.before_commit", False), ("engine.after_commit_before_reply", True)])
def test_dying_around_the_commit_leaves_one_order_and_one_answer(engines: Cluster, point: str, is_stored: bool) -> None:
    prefix = f"point-{point.split('.')[1]}"
    with Feed(engines.url):
        first = engines.start()
        accepted(engines, f"{prefix}-warm")
        engines.kill(first)
        dying = engines.start(FAILPOINT=f"{point}:1:exit")
        order = an_order(engines, f"{prefix}-order")
        with pytest.raises(EngineUnavailableError):
            engines.client.send(order, deadline_s=0.5)
        assert dying.wait(10) == 137
        assert stored_orders(engines, f"{prefix}-order") == int(is_stored)
        engines.start()
        answer = engines.client.send(order, deadline_s=5)
        assert engines.client.send(order) == answer
    assert stored_orders(engines, f"{prefix}-order") == 1
    engines.check_books()


@pytest.mark.parametrize(("point", "is_stored"), [("engine.before_commit", False), ("engine.after_commit_before_reply", True)])
def test_dying_around_the_commit_of_staff_s_commands_does_each_once(engines: Cluster, point: str, is_stored: bool) -> None:
    """An adjustment is done once, whenever the engine dies; a limit that was answered is known to the next engine."""
    name, account_id = point.split(".")[1].replace("_", "-"), engines.account_ids[-1]
    staff: dict[str, Any] = {"actor": Actor(1, Role.ADMIN), "account_id": account_id, "reason": "as agreed"}
    adjust = AdjustBalance(command_id=f"adjust-{name}", asset="USD", amount="-0.00000001", **staff)
    tight = SetAccountLimits(command_id=f"tight-{name}", max_open_orders=0, max_order_notional=None, **staff)
    loose = SetAccountLimits(command_id=f"loose-{name}", max_open_orders=None, max_order_notional=None, **staff)
    dying = engines.start(FAILPOINT=f"{point}:1:exit")
    with pytest.raises(EngineUnavailableError):
        engines.client.send(adjust, deadline_s=0.5)
    assert dying.wait(10) == 137
    assert stored_adjustments(engines, adjust.command_id) == int(is_stored)
    second = engines.start()
    answers = [engines.client.send(command, deadline_s=5) for command in (adjust, tight)]
    engines.kill(second)
    with Feed(engines.url):
        engines.start()
        assert [engines.client.send(command, deadline_s=5) for command in (adjust, tight)] == answers
        assert accepted(engines, f"tight-{name}").reason == "TOO_MANY_OPEN_ORDERS"  # type: ignore[union-attr]
        engines.client.send(loose, deadline_s=5)
        assert accepted(engines, f"loose-{name}").status == "ACCEPTED"  # type: ignore[union-attr]
    assert stored_adjustments(engines, adjust.command_id) == 1
    engines.check_books()


def test_dying_with_the_lease_just_taken_hinders_nobody(engines: Cluster) -> None:
    dying = engines.start(wait=False, FAILPOINT="engine.after_lease:1:exit")
    assert dying.wait(20) == 137
    with Feed(engines.url):
        engines.start()
        assert accepted(engines, "lease").status == "ACCEPTED"  # type: ignore[union-attr]


def test_a_second_engine_waits_and_takes_over_when_the_first_dies(engines: Cluster) -> None:
    with Feed(engines.url):
        first = engines.start()
        assert accepted(engines, "first").status == "ACCEPTED"  # type: ignore[union-attr]
        before = engines.log.stat().st_size
        second = engines.start(wait=False)
        engines.until(lambda: b"waiting for the lease" in engines.log.read_bytes()[before:], "the second one waits")
        assert engines.client.send(an_order(engines, "second-1")).status == "ACCEPTED"  # type: ignore[union-attr]
        assert second.poll() is None
        engines.kill(first)
        assert accepted(engines, "third").status == "ACCEPTED"  # type: ignore[union-attr]
        assert second.poll() is None


def test_a_fenced_engine_writes_nothing_and_ends(engines: Cluster) -> None:
    engine = engines.start()
    before = engines.log.stat().st_size
    with engines.connection() as connection:
        connection.execute("UPDATE engine_lease SET epoch = epoch + 1")
    with pytest.raises(EngineUnavailableError) as caught:
        engines.client.send(an_order(engines, "fenced-1"), deadline_s=0.5)
    assert "not known whether it was done" in str(caught.value)
    assert engine.wait(10) == EXIT_FENCED
    assert stored_orders(engines, "fenced") == 0
    log = engines.log.read_bytes()[before:]
    assert b"is over" in log
    assert b"Traceback" not in log


def test_a_frozen_engine_is_taken_over_and_writes_nothing_when_it_wakes(engines: Cluster) -> None:
    frozen = engines.start()
    frozen.send_signal(signal.SIGSTOP)
    try:
        command = [*frozen.args[:2], "run_engine", "--take-over"]  # type: ignore[index]
        with engines.log.open("ab") as log:
            second = subprocess.Popen(command, cwd=os.getcwd(), env=engines.environment, stdout=log, stderr=log)
        engines.engines.append(second)
        with Feed(engines.url):
            assert accepted(engines, "taken").status == "ACCEPTED"  # type: ignore[union-attr]
    finally:
        frozen.send_signal(signal.SIGCONT)
    assert frozen.poll() is None  # it has nothing to write, and nobody can reach it: its socket's name is the second one's
    engines.check_books()


def test_a_lost_database_connection_ends_the_engine_with_one_line(engines: Cluster) -> None:
    engine = engines.start()
    before = engines.log.stat().st_size
    with engines.connection() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE 'engine:0:%'"
        )
    with pytest.raises(EngineUnavailableError):
        engines.client.send(an_order(engines, "lost-1"), deadline_s=0.5)
    assert engine.wait(10) == EXIT_DATABASE
    log = engines.log.read_bytes()[before:].decode()
    assert "the engine ends" in log
    assert "Traceback" not in log


def test_sigterm_answers_what_has_come_and_ends_well(engines: Cluster) -> None:
    with Feed(engines.url):
        engine = engines.start()
        accepted(engines, "term")
        engine.send_signal(signal.SIGTERM)
        assert engine.wait(10) == 0


def raw_connection(engines: Cluster, *, greeted: bool = True) -> socket.socket:
    opened = socket.socket(socket.AF_UNIX)
    opened.settimeout(5)
    opened.connect(framing.parse_url(engines.url)[1])
    if greeted:
        opened.sendall(framing.hello_frame(""))
        assert next(framing.FrameReader(framing.ENGINE_LIMITS).feed(opened.recv(4096)))[0] == framing.HELLO
    return opened


def is_closed(opened: socket.socket) -> bool:
    """Whether the engine closes the connection; with bytes unread it does so by a reset."""
    try:
        return opened.recv(4096) == b""
    except ConnectionResetError:
        return True


def order_map(**changes: object) -> bytes:
    fields: dict[str, object] = {
        "type": "SUBMIT_ORDER", "command_id": "bad-1", "actor": [None, "SYSTEM"], "account_id": 1000, "symbol": SYMBOL,
        "side": "BUY", "order_type": "LIMIT", "quantity": "1", "price": "90.00",
    }  # fmt: skip
    return msgspec.msgpack.encode(fields | changes)


def staff_map(tag: str, **changes: object) -> bytes:
    fields: dict[str, object] = {"type": tag, "command_id": "bad-1", "actor": [1, "ADMIN"], "account_id": 1000, "reason": "none"}
    return msgspec.msgpack.encode(fields | changes)


#: Frames whose connection is closed: they are not of the protocol.
CLOSED = {
    "an unknown kind": framing.frame(0x5A, b"x"),
    "an answer": framing.frame(framing.ANSWER, b"x"),
    "a command longer than 64 KiB": framing.frame(framing.COMMAND, b"x" * (64 * 1024 + 1)),
    "a length of four gigabytes": b"\xff\xff\xff\xff" + b"C",
    "quotes that are no JSON": framing.frame(framing.QUOTES, b"\x00\x01"),
    "quotes with another field": framing.frame(framing.QUOTES, b'{"type":"QUOTES","source":"s","epoch":1,"ticks":[],"more":1}'),
    "quotes with a number for a price": framing.frame(
        framing.QUOTES, b'{"type":"QUOTES","source":"s","epoch":1,"ticks":[["BTC-USD",1,1,1.5,2.5,"1","1"]]}'
    ),
    "quotes with bad UTF-8": framing.frame(framing.QUOTES, b'{"type":"QUOTES","source":"\xff\xfe","epoch":1,"ticks":[]}'),
    "quotes nested ten thousand deep": framing.frame(framing.QUOTES, b"[" * 10_000),
    "text": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
}

#: Commands that are answered with a refusal.
REFUSED = {
    "nothing": b"",
    "bad MessagePack": b"\xc1\xc1\xc1",
    "a number": msgspec.msgpack.encode(5),
    "nested ten thousand deep": b"\x91" * 10_000,
    "an unknown tag": order_map(type="DRAIN_ALL"),
    "no tag": msgspec.msgpack.encode({"command_id": "bad-1"}),
    "another field": order_map(leverage="100"),
    "a missing field": msgspec.msgpack.encode({"type": "CANCEL_ORDER", "command_id": "bad-1", "actor": [None, "SYSTEM"]}),
    "a float for a quantity": order_map(quantity=1.5),
    "NaN": order_map(quantity="NaN"),
    "infinity": order_map(quantity="Infinity"),
    "an exponent": order_map(quantity="1e400"),
    "full-width digits": order_map(quantity="１２"),
    "an underscore": order_map(quantity="1_0"),
    "minus one": order_map(quantity="-1"),
    "zero": order_map(quantity="0"),
    "off the lot": order_map(quantity="0.0005"),
    "off the tick": order_map(price="90.005"),
    "an unknown symbol": order_map(symbol="NOPE"),
    "a symbol with NUL": order_map(symbol="BTC\x00USD"),
    "an unknown side": order_map(side="HOLD"),
    "an unknown role": order_map(actor=[None, "GOD"]),
    "bad UTF-8": order_map(symbol="????").replace(b"????", b"\xff\xfe\xfd\xfc"),
    "an empty id": order_map(command_id=""),
    "a float for an adjustment": staff_map("ADJUST_BALANCE", asset="USD", amount=-1.5),
    "a limit that is no whole number": staff_map("SET_ACCOUNT_LIMITS", max_open_orders=1.5, max_order_notional=None),
    "a limit that is a text": staff_map("SET_ACCOUNT_LIMITS", max_open_orders="1", max_order_notional=None),
    "half of the limits": staff_map("SET_ACCOUNT_LIMITS", max_open_orders=1),
    "no reason": staff_map("REINSTATE_ACCOUNT", reason=None),
    "a reason with a line break": staff_map("FORCE_CANCEL_ORDER", order_id=1, reason="a\nbc"),
    "staff's command of support": staff_map("ADJUST_BALANCE", asset="USD", amount="1", actor=[1, "SUPPORT"]),
    "staff's command of a customer": staff_map("FORCE_CANCEL_ORDER", order_id=1, actor=[1, "CUSTOMER"]),
    "an id with a space": order_map(command_id="a b"),
    "an id with NUL": order_map(command_id="a\x00b"),
    "an id of a thousand letters": order_map(command_id="a" * 1000),
    "an account beyond 64 bits signed": order_map(account_id=2**63),
    "a negative account": order_map(account_id=-5),
    "the house's account": order_map(account_id=1),
    "no price": order_map(price=None),
}


def test_garbage_at_the_door_harms_nobody(engines: Cluster) -> None:
    before = engines.log.stat().st_size
    with Feed(engines.url):
        engine = engines.start()
        witness = raw_connection(engines)
        for name, sent in CLOSED.items():
            with raw_connection(engines) as opened:
                opened.sendall(sent)
                assert is_closed(opened), f"{name} closes its connection"
        with raw_connection(engines) as opened:
            reader = framing.FrameReader(framing.ENGINE_LIMITS)
            for name, body in REFUSED.items():
                opened.sendall(framing.frame(framing.COMMAND, body))
                got = opened.recv(65536)
                assert got, f"{name} is answered"
                kind, answer = next(reader.feed(got))
                assert (kind, msgspec.msgpack.decode(answer)["type"]) == (framing.ANSWER, "REFUSED"), name
        no_hello = (framing.frame(framing.COMMAND, order_map()), framing.frame(framing.HELLO, b"?"))
        for first in (*no_hello, framing.hello_frame("a wrong token")):
            with raw_connection(engines, greeted=False) as opened:
                opened.sendall(first)
                assert is_closed(opened)
        half = raw_connection(engines)
        half.sendall(framing.frame(framing.COMMAND, order_map())[:20])  # and never the rest
        assert accepted(engines, "healthy").status == "ACCEPTED"  # type: ignore[union-attr]
        witness.sendall(framing.frame(framing.COMMAND, order_map(command_id="witness-1", account_id=engines.account_ids[-1])))
        reader = framing.FrameReader(framing.ENGINE_LIMITS)
        answer = msgspec.msgpack.decode(next(reader.feed(witness.recv(65536)))[1])
        assert answer["status"] == "ACCEPTED", answer
        for opened in (witness, half):
            opened.close()
        assert engine.poll() is None
    assert stored_orders(engines, "bad") == 0
    assert b"Traceback" not in engines.log.read_bytes()[before:]


def test_the_same_id_from_many_callers_at_once_is_one_order(engines: Cluster) -> None:
    with Feed(engines.url):
        engines.start()
        accepted(engines, "parallel-warm")
        order = an_order(engines, "parallel-order")
        answers: list[AnyAnswer] = []
        callers = [threading.Thread(target=lambda: answers.append(engines.client.send(order))) for _ in range(8)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join(10)
    assert len(answers) == 8
    assert len({encode_answer(answer) for answer in answers}) == 1
    assert stored_orders(engines, "parallel-order") == 1
