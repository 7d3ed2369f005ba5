"""The network of the tests of faults, on real sockets: it fails in the way it is told, and in no other."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.proxy import TO_CLIENT, TO_SERVER, Proxy
from tests.waiting import wait_until

#: Long enough that nothing came, short enough for a test.
NOTHING_S = 0.15


class Echo(threading.Thread):
    """Sends back what it is sent; ``ended`` says of every connection how: "closed" or "reset"."""

    def __init__(self, listener: socket.socket) -> None:
        super().__init__(daemon=True)
        self.listener = listener
        self.heard = b""
        self.ended: list[str] = []
        self.start()

    def run(self) -> None:
        while True:
            try:
                opened, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(opened,), daemon=True).start()

    def _serve(self, opened: socket.socket) -> None:
        with opened:
            try:
                while data := opened.recv(65536):
                    self.heard += data
                    opened.sendall(data)
                self.ended.append("closed")
            except OSError:
                self.ended.append("reset")


@pytest.fixture
def echo() -> Iterator[Echo]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield Echo(listener)
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def line(echo: Echo) -> Iterator[Proxy]:
    with Proxy(echo.listener.getsockname()) as made:
        yield made


@pytest.fixture
def client(line: Proxy) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", line.port), timeout=10) as opened:
        yield opened


def said_back(client: socket.socket, text: bytes) -> bytes:
    client.sendall(text)
    return heard(client, len(text))


def heard(client: socket.socket, count: int) -> bytes:
    """So many bytes, or those before the end."""
    got = b""
    while len(got) < count and (data := client.recv(count - len(got))):
        got += data
    return got


def is_silent(client: socket.socket) -> bool:
    client.settimeout(NOTHING_S)
    try:
        client.recv(1)
        return False
    except TimeoutError:
        return True
    finally:
        client.settimeout(10)


def test_it_carries_both_ways_and_says_who_hung_up(line: Proxy, client: socket.socket, echo: Echo) -> None:
    text = bytes(range(256)) * 4096
    sender = threading.Thread(target=client.sendall, args=(text,))
    sender.start()
    assert heard(client, len(text)) == text
    sender.join(10)
    wait_until(lambda: line.carried(TO_CLIENT) == len(text), 10, "the count of what was heard already")
    assert (line.carried(TO_SERVER), line.accepted) == (len(text), 1)
    client.shutdown(socket.SHUT_WR)
    assert client.recv(1) == b""
    wait_until(lambda: echo.ended == ["closed"] and line.connections() == 0, 10)


def test_a_delay_is_of_each_way_and_keeps_the_order(line: Proxy, client: socket.socket) -> None:
    line.delay(0.2)
    began = time.monotonic()
    client.sendall(b"one")
    client.sendall(b"two")
    assert heard(client, 6) == b"onetwo"
    assert time.monotonic() - began >= 0.4
    line.heal()
    assert said_back(client, b"three") == b"three"


def test_a_black_hole_of_both_ways_lets_nothing_through_and_loses_nothing(line: Proxy, client: socket.socket, echo: Echo) -> None:
    line.blackhole()
    client.sendall(b"late")
    assert is_silent(client) and echo.heard == b""
    with socket.create_connection(("127.0.0.1", line.port), timeout=10) as other:
        other.sendall(b"")
        assert is_silent(other)
    assert echo.ended == [], "not even that somebody hung up"
    line.heal()
    assert heard(client, 4) == b"late"


@pytest.mark.parametrize(("way", "arrives"), [(TO_SERVER, b""), (TO_CLIENT, b"hm")])
def test_a_black_hole_of_one_way_is_deaf_in_one_direction(
    line: Proxy, client: socket.socket, echo: Echo, way: object, arrives: bytes
) -> None:
    line.blackhole(way)  # type: ignore[arg-type]
    client.sendall(b"hm")
    wait_until(lambda: echo.heard == arrives, 10)
    assert is_silent(client) and echo.heard == arrives
    line.heal()
    assert heard(client, 2) == b"hm"


def test_an_answer_is_cut_after_exactly_so_many_bytes_once(line: Proxy, client: socket.socket, echo: Echo) -> None:
    assert said_back(client, b"before") == b"before"
    cut = line.cut(TO_CLIENT, 3)
    assert said_back(client, b"answer") == b"ans"
    assert cut.fired.is_set()
    assert echo.heard == b"beforeanswer"
    with socket.create_connection(("127.0.0.1", line.port), timeout=10) as again:
        assert said_back(again, b"answer") == b"answer"


def test_a_request_is_cut_before_it_arrives(line: Proxy, client: socket.socket, echo: Echo) -> None:
    line.cut(TO_SERVER, 4)
    assert said_back(client, b"request") in (b"", b"req", b"requ")
    wait_until(lambda: echo.ended, 10)
    assert echo.heard == b"requ"


def test_a_cut_may_wait_for_the_connection_that_carries_some_text(line: Proxy, client: socket.socket, echo: Echo) -> None:
    cut = line.cut(TO_SERVER, 2, holding=b"POST")
    assert said_back(client, b"GET x PO") == b"GET x PO"
    assert not cut.fired.is_set()
    client.sendall(b"ST order")
    assert cut.fired.wait(10)
    wait_until(lambda: echo.ended, 10)
    assert echo.heard == b"GET x POST o"


def test_a_cut_right_behind_some_text_lets_it_arrive(line: Proxy, client: socket.socket, echo: Echo) -> None:
    cut = line.cut(TO_SERVER, holding=b"whole")
    client.sendall(b"whole")
    assert cut.fired.wait(10)
    wait_until(lambda: echo.ended, 10)
    assert echo.heard == b"whole"


def test_a_reset_reaches_both_sides(line: Proxy, client: socket.socket, echo: Echo) -> None:
    assert said_back(client, b"x") == b"x"
    line.reset()
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    wait_until(lambda: echo.ended == ["reset"], 10)


def test_who_is_refused_is_refused_until_it_heals(line: Proxy, client: socket.socket) -> None:
    line.refuse()
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", line.port), timeout=10)
    line.heal()
    with socket.create_connection(("127.0.0.1", line.port), timeout=10) as again:
        assert said_back(again, b"back") == b"back"


def test_bandwidth_is_a_limit_of_time(line: Proxy, client: socket.socket) -> None:
    line.bandwidth(20_000, TO_CLIENT)
    began = time.monotonic()
    assert said_back(client, b"x" * 6_000) == b"x" * 6_000
    assert time.monotonic() - began >= 0.25


def test_a_server_that_is_not_there_is_a_reset(client: socket.socket, line: Proxy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = gone.getsockname()
    with Proxy(address) as nowhere, pytest.raises(ConnectionResetError):
        socket.create_connection(("127.0.0.1", nowhere.port), timeout=10).recv(1)


def test_a_unix_socket_is_carried_as_well(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "server"))
        listener.listen()
        Echo(listener)
        with Proxy(str(tmp_path / "server"), str(tmp_path / "line")) as line, socket.socket(socket.AF_UNIX) as client:
            client.settimeout(10)
            client.connect(str(tmp_path / "line"))
            assert said_back(client, b"unix") == b"unix"
            line.reset()
            assert client.recv(1) == b""
        assert not (tmp_path / "line").exists()
