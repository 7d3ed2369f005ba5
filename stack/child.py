"""One supervised process: its start, its output, its end."""

import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL, SIGTERM

from stack.errors import StackError
from stack.identity import Identity
from stack.logs import BoundedLog
from stack.spawn import signal_group, spawn

TAIL_LINES = 30
LINE_BYTES_MAX = 16 * 1024
BACKOFF_FIRST_S = 0.2
BACKOFF_MAX_S = 5.0
# A process that lived this long has started well; its next fall begins with the short wait again.
STEADY_AFTER_S = 10.0


@dataclass(frozen=True)
class Spec:
    """How to run one process, and how to end it."""

    name: str
    argv: list[str] = field(repr=False)
    env: Mapping[str, str] = field(repr=False)
    cwd: Path
    log: Path
    identity: Identity | None = None
    stop_signal: int = SIGTERM
    hurry_signal: int = SIGKILL
    death_signal: int = SIGKILL
    # Servers speak to their log alone and are stopped after the processes that use them.
    is_server: bool = False
    # Takes what people ask for, and so is stopped before the processes that do it.
    is_door: bool = False


class Child:
    """A process under supervision. Its methods are called with the supervisor's lock held."""

    def __init__(self, spec: Spec, show: Callable[[str, str], None], changed: Callable[[], None]) -> None:
        self.spec = spec
        self.process: subprocess.Popen[bytes] | None = None
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)
        self.restarts = 0
        self.exit_code: int | None = None
        # Exits since it last ran steadily; the bring-up gives up on a process that only falls.
        self.falls = 0
        self.restart_at: float | None = None
        self.kill_count = 0
        self._show = show
        self._changed = changed
        self._started = 0.0
        self._backoff_s = BACKOFF_FIRST_S
        self._log = BoundedLog(spec.log)
        self._reader: threading.Thread | None = None

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def is_alive(self) -> bool:
        return self.process is not None

    def start(self) -> None:
        """Start it. Raises StackError when its program cannot be executed."""
        spec = self.spec
        self.restart_at = None
        try:
            process = spawn(
                spec.argv, env=spec.env, cwd=spec.cwd, identity=spec.identity, death_signal=spec.death_signal
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise StackError(f"{spec.name} cannot be started: {spec.argv[0]}: {error}") from error
        self.process = process
        self._started = time.monotonic()
        self._reader = threading.Thread(target=self._read, args=(process,), name=f"read-{spec.name}", daemon=True)
        self._reader.start()

    def _read(self, process: "subprocess.Popen[bytes]") -> None:
        """Follow the output to its end. A full disk costs log lines; the process goes on."""
        if process.stdout is None:
            return
        with process.stdout as output:
            while raw := output.readline(LINE_BYTES_MAX):
                line = raw.decode(errors="replace").rstrip()
                self.tail.append(line)
                if not self.spec.is_server:
                    self._show(self.name, line)
                self._write_log(line)
        self._changed()

    def _write_log(self, line: str) -> None:
        try:
            self._log.write(line)
        except (OSError, ValueError) as error:
            self._show(self.name, f"(its log cannot be written: {error})")

    def reap(self) -> bool:
        """Note that the process has ended, and whatever it left running in its session with it. True when it has."""
        process = self.process
        if process is None or process.poll() is None:
            return False
        signal_group(process, SIGKILL)
        self.process = None
        self.exit_code = process.returncode
        if self._reader:
            self._reader.join(timeout=1)
        return True

    def plan_restart(self) -> float:
        """Seconds until the next start: doubling from BACKOFF_FIRST_S to BACKOFF_MAX_S, anew after a steady life."""
        if time.monotonic() - self._started >= STEADY_AFTER_S:
            self._backoff_s = BACKOFF_FIRST_S
            self.falls = 0
        self.falls += 1
        wait_s = self._backoff_s
        self._backoff_s = min(self._backoff_s * 2, BACKOFF_MAX_S)
        self.restart_at = time.monotonic() + wait_s
        return wait_s

    def send(self, number: int) -> None:
        if self.process:
            signal_group(self.process, number)

    def close(self) -> None:
        self._log.close()


def exit_text(code: int | None) -> str:
    if code is None:
        return "is not running"
    return f"was ended by signal {-code}" if code < 0 else f"exited with code {code}"
