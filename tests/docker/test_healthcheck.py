"""The health check that the containers run, as a program."""

import http.server
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docker.compose import ROOT


def check(kind: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", "-S", str(ROOT / "ops/docker/healthcheck.py"), kind]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)


@pytest.fixture
def asked() -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """A server's port, and the path and host of what it was asked; /metrics is there."""
    seen: list[tuple[str, str]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append((self.path, self.headers["Host"]))
            self.send_response(200 if len(seen) == 1 else 503)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, seen
        server.shutdown()
        thread.join()


def test_the_engine_is_well_when_its_socket_takes_connections(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    assert check("engine", VAR_DIR=str(tmp_path)).returncode == 1
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "run" / "engine.sock"))
        listener.listen()
        assert check("engine", VAR_DIR=str(tmp_path)).returncode == 0
    gone = check("engine", VAR_DIR=str(tmp_path))
    assert (gone.returncode, gone.stderr.strip()) == (1, "ConnectionRefusedError: [Errno 111] Connection refused")


def test_a_worker_is_well_when_it_is_asked_as_a_host_that_is_let_in(asked: tuple[int, list[tuple[str, str]]]) -> None:
    port, seen = asked
    told = {"METRICS_PORT": str(port), "ALLOWED_HOSTS": ".example.com,b.example"}
    assert check("worker", **told).returncode == 0
    assert check("worker", **told).returncode == 1, "any other answer than 200 is none"
    assert seen == [("/metrics", "example.com")] * 2


def test_a_kind_that_is_not_there_is_an_error() -> None:
    assert check("nothing").returncode == 1
