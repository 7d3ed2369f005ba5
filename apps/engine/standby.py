"""A warm standby: an engine that has done all but take the lease, and watches the one that has it.

An engine that dies lets go of the lease by itself, because the lock of its session ends with it. One that is frozen does not, so
the standby asks two witnesses once a second: the socket, which must say welcome under the lease's epoch, and the session in
Postgres, which a living engine moves at least every second (:data:`apps.engine.server.LEASE_PROOF_S`). Only when both have been
silent for as long as the setting says is the session ended and the lease free. One witness alone is not enough: a network between
two engines that both reach Postgres would let them take the lease from each other for ever. A mistake costs a reload and
nothing else, since what fences is the epoch.
"""

import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import psycopg

from apps.commands import framing
from apps.engine.recovery import SHARD, connect, take_lease

PROBE_APART_S = 1.0
PROBE_TIMEOUT_S = 1.0
#: A standby that was frozen itself finds its own silence; it asks as often as this before it believes.
MISSES_MIN = 3
#: An engine that has not answered since it took the lease loads, and is left alone for this long.
LOADING_S = 30.0
#: A statement that runs is a sign of life for as long as the engine itself would wait for it (its watchdog's limit, and some).
STATEMENT_S_MAX = 10
RETRY_S = 0.2
#: Of an engine that waits for the lease: a frozen server would hold it for ever, and another one may lead meanwhile.
WAITING_STATEMENT_S = 3.0
#: And of one that loads: more than the server's own limit.
LOADING_STATEMENT_S = 8.0

logger = logging.getLogger(__name__)
_welcomes = msgspec.msgpack.Decoder(framing.Welcome)


class Holder(NamedTuple):
    """Who has the lease, as Postgres tells. ``sign`` changes whenever its session does something; empty without a session."""

    epoch: int
    name: str
    held_s: int
    sign: str
    is_busy: bool


class Taken(NamedTuple):
    connection: "psycopg.Connection[Any]"
    epoch: int


class HolderWatch:
    """Tells when the holder has been silent for ``silence_s`` seconds."""

    def __init__(self, url: str, token: str, silence_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._token = token
        self._silence_s = silence_s
        self._now = now
        self._next: float = 0
        self._epoch = 0
        self._sign = ""
        self._has_answered = False
        self._last_sign: float = 0
        self._misses = 0

    def look(self, connection: "psycopg.Connection[Any]") -> Holder | None:
        """The holder whose session is to be ended now; None while there is none. Asks at most once a second."""
        now = self._now()
        if now < self._next:
            return None
        self._next = now + PROBE_APART_S
        holder = read_holder(connection)
        if holder is None or not holder.sign:
            return None
        if holder.epoch != self._epoch:
            self._epoch, self._has_answered = holder.epoch, False
            self._hear(now)
        if says_welcome(self._url, self._token, holder.epoch):
            self._has_answered = True
            self._hear(now)
        elif holder.is_busy or holder.sign != self._sign:
            self._hear(now)
        else:
            self._misses += 1
        self._sign = holder.sign
        is_silent = self._now() - self._last_sign >= self._silence_s and self._misses >= MISSES_MIN
        return holder if is_silent and (self._has_answered or holder.held_s > LOADING_S) else None

    def _hear(self, now: float) -> None:
        self._last_sign, self._misses = now, 0


def read_holder(connection: "psycopg.Connection[Any]") -> Holder | None:
    """None before an engine ever ran."""
    row = connection.execute(
        """
        SELECT l.epoch, l.holder, extract(epoch FROM clock_timestamp() - l.taken_at)::float8,
               coalesce(a.pid || ' ' || a.state_change, ''),
               coalesce(a.state = 'active' AND clock_timestamp() - a.query_start < make_interval(secs => %s), false)
        FROM engine_lease l LEFT JOIN pg_stat_activity a
            ON a.datname = current_database() AND a.application_name = 'engine:' || l.shard || ':' || l.epoch
        WHERE l.shard = %s LIMIT 1""",
        [STATEMENT_S_MAX, SHARD],
    ).fetchone()
    return None if row is None else Holder(row[0], row[1], row[2], row[3], row[4])


def says_welcome(url: str, token: str, epoch: int) -> bool:
    """Whether the engine of ``epoch`` greets a caller at ``url`` within a second."""
    welcome = greet(url, token)
    return welcome is not None and welcome.epoch == epoch


def greet(url: str, token: str, timeout_s: float = PROBE_TIMEOUT_S) -> framing.Welcome | None:
    """What the engine at ``url`` answers to a hello; None when there is no answer in time. A frozen one takes the connection
    and says nothing."""
    family, address = framing.parse_url(url)
    try:
        with socket.socket(family, socket.SOCK_STREAM) as caller:
            caller.settimeout(timeout_s)
            caller.connect(address)
            caller.sendall(framing.hello_frame(token))
            for kind, body in framing.FrameReader(framing.ENGINE_LIMITS).feed(caller.recv(4096)):
                return _welcomes.decode(body) if kind == framing.HELLO else None
    except (OSError, *framing.UNREADABLE):
        pass
    return None


def end_holder(connection: "psycopg.Connection[Any]", holder: Holder, url: str) -> None:
    """End the session of exactly this holder, so that its lock is free and a transaction of its own holds nothing.

    A unix socket's name is simply taken. A TCP port is not, so a holder on this machine is ended as a process first.
    """
    logger.warning("engine: epoch %d (%s) is silent; its session is ended, the lease taken", holder.epoch, holder.name)
    if framing.parse_url(url)[0] != socket.AF_UNIX:
        _kill_process(holder.name)
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s",
        [f"engine:{SHARD}:{holder.epoch}"],
    )


def _kill_process(name: str) -> None:
    """SIGKILL the process ``host:pid`` when it is an engine of this machine, and wait until its port is free."""
    host, _, pid = name.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit() or int(pid) == os.getpid():
        return
    command = Path(f"/proc/{pid}/cmdline")
    try:
        if b"run_engine" not in command.read_bytes().split(b"\0"):
            return
        os.kill(int(pid), signal.SIGKILL)
    except OSError as error:
        logger.warning("engine: the process %s cannot be ended: %s", name, error)
        return
    deadline = time.monotonic() + PROBE_TIMEOUT_S
    while time.monotonic() < deadline and _has_memory(command):
        time.sleep(0.01)


def _has_memory(command: Path) -> bool:
    """Whether the process has still its memory, and so perhaps its sockets; a dead one that nobody has reaped has not."""
    try:
        return bool(command.read_bytes())
    except OSError:
        return False


def wait_for_lease(
    database: dict[str, Any], watch: HolderWatch, url: str, wait: Callable[[], bool], *, take_over: bool = False
) -> Taken | None:
    """Connect and wait for the lease, however long the database is away; None when ``wait`` says to give up.

    So an engine that fell with its database needs no second start: it is there when the database listens again.
    """
    said = ""
    while wait():
        connection = None
        try:
            connection = connect(database, within_s=WAITING_STATEMENT_S)
            logger.info("engine: waiting for the lease")
            epoch = take_lease(connection, wait=_tending(connection, watch, url, wait), take_over=take_over and not said)
        except psycopg.OperationalError as error:
            if connection is not None:
                connection.close()
            words = str(error).strip().replace("\n", " ")
            if words != said:
                logger.warning("engine: waiting for the database: %s", words)
            said = words
            time.sleep(RETRY_S)
            continue
        connection.within_s = LOADING_STATEMENT_S
        return None if epoch is None else Taken(connection, epoch)
    return None


def _tending(connection: "psycopg.Connection[Any]", watch: HolderWatch, url: str, wait: Callable[[], bool]) -> Callable[[], bool]:
    """``wait``, and between two tries a look at the holder."""

    def tend() -> bool:
        holder = watch.look(connection)
        if holder is not None:
            end_holder(connection, holder, url)
        return wait()

    return tend
