"""Processes that do not answer as they should hold nobody up, and are told of with the reason."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from apps.operations import scrape

PATIENCE_S = 0.3
DRIP = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"#" * 10


class Silent(threading.Thread):
    """Takes every connection, says ``first`` once it is asked, and nothing more until the test is over."""

    def __init__(self, first: bytes) -> None:
        super().__init__(daemon=True)
        self._first = first
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._taken: list[socket.socket] = []
        self.address: tuple[str, int] = self._listener.getsockname()
        self.start()

    def run(self) -> None:
        while True:
            try:
                taken, _ = self._listener.accept()
            except OSError:
                return
            self._taken.append(taken)
            taken.recv(65_536)
            taken.sendall(self._first)

    def end(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.join()
        for taken in self._taken:
            taken.close()


@pytest.fixture
def silent(request: pytest.FixtureRequest) -> Iterator[Silent]:
    made = Silent(request.param)
    yield made
    made.end()


@pytest.mark.parametrize("silent", [b"", DRIP], ids=["says nothing", "stops in the middle"], indirect=True)
def test_a_process_that_hangs_is_told_of_within_the_bound(silent: Silent, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrape, "TIMEOUT_S", PATIENCE_S)
    settings.METRICS_TARGETS = {"web": silent.address}
    (told,) = scrape.scrape(())
    assert told.shown is None and ("timed out" in told.reason or told.reason == "no answer in time")


@pytest.mark.parametrize("silent", [b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"#" * 5000], ids=[""], indirect=True)
def test_an_answer_without_end_is_not_kept(silent: Silent, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrape, "BYTES_MAX", 4000)
    settings.METRICS_TARGETS = {"web": silent.address}
    (told,) = scrape.scrape(())
    assert told.shown is None and "too long" in told.reason


@pytest.mark.parametrize("silent", [b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"], ids=[""], indirect=True)
def test_an_answer_that_is_a_fault_is_told_of(silent: Silent, settings: Any) -> None:
    settings.METRICS_TARGETS = {"web": silent.address}
    (told,) = scrape.scrape(())
    assert told.shown is None and "it answered 500" in told.reason
