"""The client processes, as their parent sees them: started, listened to, told to end."""

import json
import queue
import signal
import threading
import time
from pathlib import Path
from typing import Any

from stack.logs import BoundedLog
from stack.settings import ROOT, Settings
from stack.spawn import signal_group, spawn

NAMES = ("sockets", "orders", "pages")
_LINE_BYTES_MAX = 4 * 2**20
_GRACE_S = 150.0  # a client may still resolve what nobody knows the answer of


class ClientError(RuntimeError):
    """A client could not begin, or ended before it said what it did; the message has the end of its log."""


class Client:
    """One client process. Its lines of JSON are kept; everything else that it says goes to its log."""

    def __init__(self, name: str, plan: Path, env: dict[str, str]) -> None:
        self.name = name
        self.windows: list[dict[str, Any]] = []
        self.total: dict[str, Any] = {}
        self.is_ready = False
        self.log = plan.parent / f"{name}.log"
        argv = [str(Settings.from_environment().venv_python), "-m", f"load.clients.{name}", str(plan)]
        self._process = spawn(argv, env=env, cwd=ROOT)
        self._told: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._listen, name=f"client {name}", daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def _listen(self) -> None:
        if self._process.stdout is None:
            return
        with BoundedLog(self.log) as log, self._process.stdout as output:
            while raw := output.readline(_LINE_BYTES_MAX):
                if not self._take(raw):
                    log.write(raw.decode(errors="replace").rstrip())
        self._process.wait()

    def _take(self, raw: bytes) -> bool:
        """Whether it was a line of ours."""
        if not raw.startswith(b'{"client"'):
            return False
        try:
            line: dict[str, Any] = json.loads(raw)
        except ValueError:
            return False
        if line.get("ready"):
            self.is_ready = True
        elif "total" in line:
            self.total = line["total"]
        else:
            self.windows.append(line)
        return True

    def check(self) -> None:
        """Raises :class:`ClientError` when it ended without having said what it did."""
        if self.is_over and not self.total:
            tail = self.log.read_text().splitlines()[-12:] if self.log.exists() else []
            raise ClientError("\n".join([f"the client {self.name!r} ended (exit code {self._process.returncode}):", *tail]))

    def ask_to_end(self) -> None:
        if not self.is_over:
            self._process.send_signal(signal.SIGTERM)

    def join(self, timeout_s: float = _GRACE_S) -> None:
        """Wait for its end; kill it when that does not come. Raises :class:`ClientError`."""
        self._thread.join(timeout_s)
        self.kill()
        self.check()

    def kill(self) -> None:
        if not self.is_over:
            signal_group(self._process, signal.SIGKILL)
            self._thread.join(5)


def wait_until_ready(clients: list[Client], timeout_s: float, is_stopped: threading.Event) -> None:
    """Raises :class:`ClientError` when one is not in time."""
    deadline = time.monotonic() + timeout_s
    while waiting := [client.name for client in clients if not client.is_ready]:
        for client in clients:
            client.check()
        if time.monotonic() > deadline:
            raise ClientError(f"not ready within {timeout_s:g} s: {', '.join(waiting)}")
        if is_stopped.wait(0.02):
            return
