"""A server process that is told to end answers what it was asked, takes nothing new, and ends well."""

import http.client
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.realtime.conftest import Server
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.fault("F17")]

LOGIN = b"login=nobody%40example.com&password=wrong"
#: The bound of a drain, the goodbye of sockets before it, and the interpreter's end, on a machine that is busy.
ENDS_WITHIN_S = 20.0


@pytest.fixture(params=["daphne", "uvicorn"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    server = Server(request.param, tmp_path / f"{request.param}.log")
    yield server
    server.end()


class Caller:
    """One connection, over which a request can be sent in pieces."""

    def __init__(self, server: Server) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=20)

    def begin_post(self, body: bytes) -> None:
        """All of a log-in but its body's end."""
        form = "Content-Type: application/x-www-form-urlencoded"
        head = f"POST /login/ HTTP/1.1\r\nHost: localhost\r\n{form}\r\nContent-Length: {len(LOGIN)}\r\n\r\n"
        self.socket.sendall(head.encode() + body)

    def ask(self, path: str) -> None:
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

    def answer(self) -> http.client.HTTPResponse:
        response = http.client.HTTPResponse(self.socket)
        response.begin()
        response.read()
        return response

    def is_closed(self) -> bool:
        self.socket.settimeout(20)
        return self.socket.recv(1) == b""


def exit_code(server: Server) -> int:
    """After it was told to end: a second word would be a hurry."""
    return server._popen.wait(ENDS_WITHIN_S)


def is_refused(server: Server) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", server.port)) != 0


def test_what_is_under_way_is_answered_and_nothing_new_is_taken(server: Server) -> None:
    idle, busy = Caller(server), Caller(server)
    idle.ask("/livez")
    assert idle.answer().status == 200
    busy.begin_post(LOGIN[:10])
    server.terminate()
    wait_until(lambda: is_refused(server), ENDS_WITHIN_S, "the closed port")
    assert idle.is_closed()
    server.check()
    busy.socket.sendall(LOGIN[10:])
    answer = busy.answer()
    assert answer.status == 403, "the answer of the product itself: this form has no token"
    assert answer.headers["Connection"] == "close"
    assert busy.is_closed()
    assert exit_code(server) == 0


@pytest.mark.parametrize("server", ["daphne"], indirect=True)
def test_who_stands_at_the_door_is_let_in(server: Server) -> None:
    """Connections that the kernel has taken and the server has not: closing the port would cut each of them off."""
    first = Caller(server)
    first.ask("/livez")
    assert first.answer().status == 200
    callers = [Caller(server) for _ in range(30)]
    server.terminate()
    for caller in callers:
        caller.ask("/livez")
    assert [caller.answer().status for caller in callers] == [200] * 30
    assert exit_code(server) == 0


@pytest.mark.long
def test_nobody_is_waited_for_longer_than_a_supervisor_waits(server: Server) -> None:
    first, stuck = Caller(server), Caller(server)
    first.ask("/livez")
    assert first.answer().status == 200
    stuck.begin_post(LOGIN[:10])
    began = time.monotonic()
    server.terminate()
    assert exit_code(server) == 0
    assert time.monotonic() - began > 5, "it was given its time"


@pytest.mark.long
def test_with_nothing_to_do_it_ends_at_once(server: Server) -> None:
    first = Caller(server)
    first.ask("/livez")
    assert first.answer().status == 200
    began = time.monotonic()
    server.terminate()
    assert exit_code(server) == 0
    assert time.monotonic() - began < 5
