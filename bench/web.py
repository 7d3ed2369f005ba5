"""Server processes of the product, or of the peer, for the benchmarks; and callers that speak just enough HTTP to them."""

import json
import os
import secrets
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apps.commands.types import SubmitOrder
from bench import database

if TYPE_CHECKING:
    import psycopg

START_S = 40.0
SERVERS = {
    "uvicorn": [
        *("-m", "uvicorn", "--loop", "uvloop", "--ws", "websockets-sansio", "--ws-per-message-deflate", "false"),
        *("--no-proxy-headers", "--lifespan", "off", "--no-access-log", "--log-level", "warning", "--port", "{port}"),
        *("--timeout-keep-alive", "60"),  # a caller waits while the others warm up
    ],
    "daphne": ["-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", "{port}", "--access-log", "/dev/null"],
}


class Served(NamedTuple):
    port: int
    pid: int
    log: Path

    def cpu_s(self) -> float:
        """Seconds of CPU that the process has used: on a busy machine the figure that means something by itself."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def log_tail(self) -> str:
        return self.log.read_text()[-2000:]


@contextmanager
def server(kind: str, application: str, url: str, directory: Path, **environment: str) -> Iterator[Served]:
    """One process of ``kind`` that serves ``application`` on the database ``url``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    arguments = [argument.format(port=port) for argument in SERVERS[kind]]
    log = directory / f"{kind}-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments, application],
            cwd=database.ROOT,
            env=database.environment(url, PYTHONPATH=str(database.ROOT), LOG_FORMAT="json", **environment),
            stdout=output,
            stderr=output,
        )
    try:
        deadline = time.monotonic() + START_S
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{kind} did not open its port: {log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield Served(port, process.pid, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


class Program(NamedTuple):
    """A customer with a key and a log-in."""

    account_id: int
    key: str
    session_key: str


def make_programs(connection: "psycopg.Connection[Any]", account_ids: Sequence[int], password: str = "!") -> list[Program]:  # noqa: S107
    """Keys and log-ins of the accounts, as the product would have made them. ``password`` is what the table of users has for
    it."""
    from django.conf import settings

    from apps.accounts.api_keys import make_text
    from apps.accounts.models import User
    from apps.accounts.sessions import SessionStore

    proof = User(password=password).get_session_auth_hash()
    connection.execute("UPDATE accounts_account SET paper_deposit_at = now() WHERE id = ANY(%s)", [list(account_ids)])
    owners: dict[int, int] = dict(
        connection.execute("SELECT id, user_id FROM accounts_account WHERE id = ANY(%s)", [list(account_ids)]).fetchall()
    )
    programs = []
    for account_id in account_ids:
        prefix, digest, text = make_text()
        connection.execute(
            """INSERT INTO accounts_apikey (account_id, name, scope, prefix, digest, networks, form_id, created_at)
               VALUES (%s, 'bench', 'TRADE', %s, %s, '', %s, now())""",
            [account_id, prefix, digest, secrets.token_hex(16)],
        )
        session = {"_auth_user_id": str(owners[account_id]), "_auth_user_hash": proof}
        session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
        session_key = secrets.token_hex(16)
        connection.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, now() + interval '1 day')",
            [session_key, SessionStore().encode(session)],
        )
        programs.append(Program(account_id, text, session_key))
    return programs


def _request(path: str, headers: Sequence[str], body: bytes) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def order_request(program: Program, order: SubmitOrder) -> bytes:
    """``order`` as a program sends it, for the program's own account."""
    asked = {
        "client_order_id": order.command_id,
        "symbol": order.symbol,
        "side": order.side.value,
        "order_type": order.order_type.value,
        "quantity": order.quantity,
        "price": order.price,
        "time_in_force": order.time_in_force.value,
    }
    headers = [f"Authorization: Bearer {program.key}", "Content-Type: application/json"]
    return _request("/api/v1/orders", headers, json.dumps(asked).encode())


def page_request(program: Program, order: SubmitOrder) -> bytes:
    """``order`` as the ticket of a page sends it."""
    token = "c" * 32
    fields = {
        "client_order_id": order.command_id,
        "symbol": order.symbol,
        "side": order.side.value,
        "order_type": order.order_type.value,
        "quantity": order.quantity,
        "price": order.price,
        "time_in_force": order.time_in_force.value,
        "csrfmiddlewaretoken": token,
    }
    headers = [
        f"Cookie: sessionid={program.session_key}; csrftoken={token}",
        "HX-Request: true",
        "Content-Type: application/x-www-form-urlencoded",
    ]
    return _request("/orders/submit/", headers, "&".join(f"{name}={value}" for name, value in fields.items()).encode())


class Caller:
    """One connection that is kept open, with one request in flight."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bytes | None:
        """Read what has come; the answer's body once it is complete. An answer other than 200 raises."""
        data = self.socket.recv(65536)
        if not data:
            raise RuntimeError("the server closed the connection")
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return None
        lowered = head.lower()
        if b"content-length:" in lowered:
            length = int(lowered.split(b"content-length:")[1].split(b"\r\n")[0])
            if len(rest) < length:
                return None
            body = rest[:length]
        else:  # chunked
            if not rest.endswith(b"0\r\n\r\n"):
                return None
            body = rest
        self._buffer = b""
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"the server answered {head[:40]!r} {body[:300]!r}")
        return body

    def exchange(self, request: bytes) -> float:
        """Seconds from the request to the end of its answer."""
        self.send(request)
        while self.receive() is None:
            pass
        return time.perf_counter() - self.sent_at

    def close(self) -> None:
        self.socket.close()


class Load(NamedTuple):
    per_second: float
    p50_ms: float
    cpu_us: float  # of the server, for one request


def closed_loop(served: Served, requests: Iterator[bytes], connections: int, seconds: float) -> Load:
    """Each of ``connections`` asks again when it was answered; returns the answers a second."""
    selector = selectors.DefaultSelector()
    callers = [Caller(served.port) for _ in range(connections)]
    latencies: list[float] = []
    cpu_s = served.cpu_s()
    for caller in callers:
        selector.register(caller.socket, selectors.EVENT_READ, caller)
    started = time.perf_counter()
    for caller in callers:
        caller.send(next(requests))
    working = connections
    while working:
        for key, _ in selector.select(10):
            caller = key.data
            if caller.receive() is None:
                continue
            now = time.perf_counter()
            latencies.append(now - caller.sent_at)
            if now - started < seconds:
                caller.send(next(requests))
            else:
                working -= 1
    elapsed = time.perf_counter() - started
    for caller in callers:
        selector.unregister(caller.socket)
        caller.close()
    selector.close()
    cpu_us = (served.cpu_s() - cpu_s) / len(latencies) * 1_000_000
    return Load(len(latencies) / elapsed, statistics.median(latencies) * 1000, cpu_us)


def orders_of(programs: Sequence[Program], seed: int, taking: bool = True) -> Iterator[tuple[Program, SubmitOrder]]:
    """An order of the flow for each program in turn: with ``taking`` one of five is marketable, else all rest."""
    from bench.flow import Flow

    flow = Flow([program.account_id for program in programs], seed)
    for number, program in enumerate(cycle(programs)):
        yield program, flow.take() if taking and number % 5 == 4 else flow.add()


def load_average() -> float:
    return round(os.getloadavg()[0], 1)
