"""Starts operating-system processes that cannot outlive the front door.

Each gets a session of its own, so that Ctrl-C in the terminal reaches the front door alone, and a parent-death signal,
so that even ``kill -9`` of the front door leaves no orphan. Linux ties that signal to the *thread* that forked, so one
thread, which lives as long as the front door, does all the forking.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from stack.identity import Identity

_PR_SET_PDEATHSIG = 1
_UNHEEDED = (signal.SIGKILL, signal.SIGSTOP, signal.SIGCONT)
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_forker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="forker")


def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    identity: Identity | None = None,
    death_signal: int = signal.SIGKILL,
    stdin: bytes | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a process with its output on one pipe. Raises OSError when it cannot be executed."""
    process = _forker.submit(_popen, list(argv), dict(env), cwd, identity, death_signal, stdin is not None).result()
    if stdin is not None and process.stdin:
        with process.stdin:
            process.stdin.write(stdin)
    return process


def _popen(
    argv: list[str], env: dict[str, str], cwd: Path, identity: Identity | None, death_signal: int, wants_stdin: bool
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        argv,
        env=env,
        cwd=cwd,
        stdin=subprocess.PIPE if wants_stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        user=identity.uid if identity else None,
        group=identity.gid if identity else None,
        extra_groups=[] if identity else None,
        preexec_fn=_die_with(os.getpid(), death_signal),
    )


def _die_with(parent: int, death_signal: int) -> Callable[[], None] | None:
    libc = _libc
    if libc is None:
        return None

    def ask_kernel() -> None:
        # After the change of user, which clears the setting. The parent may have died before this line: then nobody is
        # left to send the signal.
        libc.prctl(_PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


def signal_group(process: "subprocess.Popen[bytes]", number: int) -> None:
    """Send a signal to a process and to whatever it started in its own session.

    What no process can heed (SIGKILL, SIGSTOP, SIGCONT) reaches its children in sessions of their own as well: PostgreSQL's
    have one each, and a server whose sessions go on is neither frozen nor dead.
    """
    children = _children(process.pid) if number in _UNHEEDED else []
    for send, pid in ((os.killpg, process.pid), *((os.kill, child) for child in children)):
        try:
            send(pid, number)
        except (ProcessLookupError, PermissionError):
            # Gone already; or, after the pid's reuse, no longer ours to signal.
            continue


def _children(parent: int) -> list[int]:
    """The pids of a process' children, where the kernel shows them."""
    found = []
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            fields = (directory / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(directory.name))
    return found
