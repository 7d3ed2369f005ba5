"""Runs a helper command (pip, npm, initdb, a migration) to its end, with its output in a log."""

import signal
import subprocess
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack.errors import StackError, Stopped
from stack.identity import Identity
from stack.logs import BoundedLog
from stack.progress import Step
from stack.spawn import signal_group, spawn

TAIL_LINES = 12
KILL_AFTER_S = 3.0
LINE_BYTES_MAX = 16 * 1024


class Commands:
    """The helper commands under way, so that a wish to stop ends them too."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._aborted = False

    def abort(self) -> None:
        """End them all; what does not heed SIGTERM is killed after KILL_AFTER_S."""
        self._aborted = True
        for process in list(self._running):
            signal_group(process, signal.SIGTERM)
            killer = threading.Timer(KILL_AFTER_S, self._kill, (process,))
            killer.daemon = True
            killer.start()

    def _kill(self, process: "subprocess.Popen[bytes]") -> None:
        if process in self._running:
            signal_group(process, signal.SIGKILL)

    def run(
        self,
        argv: Sequence[str],
        *,
        failure: str,
        log: Path,
        env: Mapping[str, str],
        cwd: Path,
        step: Step | None = None,
        identity: Identity | None = None,
        stdin: bytes | None = None,
        timeout_s: float = 120.0,
        way_out: str = "",
    ) -> list[str]:
        """Run to the end and return the last lines of output.

        Raises StackError with `failure` and those lines when it fails or takes longer than `timeout_s`, Stopped when
        the end was asked for meanwhile.
        """
        if self._aborted:
            raise Stopped
        try:
            process = spawn(argv, env=env, cwd=cwd, identity=identity, stdin=stdin)
        except OSError as error:
            raise StackError(f"{failure}: {argv[0]} cannot be run ({error.strerror})", way_out) from error
        self._running.add(process)
        late = threading.Timer(timeout_s, signal_group, (process, signal.SIGKILL))
        late.start()
        try:
            tail = _follow(process, log, step)
            code = process.wait()
        finally:
            in_time = late.is_alive()
            late.cancel()
            self._running.discard(process)
            signal_group(process, signal.SIGKILL)
        if self._aborted:
            raise Stopped
        if code != 0:
            reason = failure if in_time else f"{failure}: not done after {timeout_s:.0f} s"
            raise StackError(reason, way_out, tail=tail, log=log)
        return tail


def _follow(process: "subprocess.Popen[bytes]", log: Path, step: Step | None) -> list[str]:
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    if process.stdout is None:
        return []
    with BoundedLog(log) as written, process.stdout as output:
        while raw := output.readline(LINE_BYTES_MAX):
            line = raw.decode(errors="replace").rstrip()
            written.write(line)
            if line:
                tail.append(line)
                if step:
                    step.note = line
    return list(tail)
