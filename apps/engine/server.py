"""The engine's socket: one thread that takes whatever has come, decides and commits it as one batch, and then answers.

Under load a batch is what arrived during the last commit; when idle it is one command. What comes while Postgres writes is read
then, and as soon as so much waits that it would fill half a batch, it is decided then as well. That is all the queueing there is.
Nothing that a caller sends raises here: bad input is refused or its connection closed. An error of the database does, and ends
the process.
"""

import select
import selectors
import signal
import socket
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from apps.commands import framing
from apps.commands.answers import UNREAD, RefusedAnswer, RetryAnswer
from apps.commands.reasons import Reason
from apps.commands.types import AnyCommand
from apps.core.clock import Clock
from apps.core.failpoint import failpoint
from apps.engine.connections import Connection, listen
from apps.engine.quotes import QuoteInbox
from apps.engine.repeats import encode_answer
from apps.engine.session import Session
from apps.engine.steps import Request
from apps.engine.telling import Answered, Teller
from apps.engine.watchdog import Watchdog
from apps.observability import metrics
from apps.observability.lines import WRITTEN_EVERY

BATCH_MAX = 200
#: So many waiting commands are decided while the batch before them is being written; fewer wait for it and go together.
OVERLAP_MIN = BATCH_MAX // 2
CONNECTIONS_MAX = 1000
#: Commands that may wait. More than this would wait longer than a caller does, so they are told to come back.
BACKLOG_MAX = 5000
RETRY_AFTER_MS = 100
IDLE_S = 1.0
#: After this long without a commit the engine asks whether the lease is still its own, before it reads or answers anything: one
#: that was frozen, and so was replaced, says nothing more when it wakes. It is also the sign of life that a standby looks for.
LEASE_PROOF_S = 1.0
#: How far the clock may go back: so long the engine's own stands still, and with it the age of every price. Further, and the
#: engine ends; the next one begins with the clock as it is.
CLOCK_BACK_NS_MAX = 1_000_000_000

_commands: msgspec.msgpack.Decoder[AnyCommand] = msgspec.msgpack.Decoder(AnyCommand)


class ClockWentBackError(RuntimeError):
    """The wall clock was set back while the engine ran: what it took for now is in the future, and no price would ever be old."""


class Waiting(NamedTuple):
    connection: Connection
    request: Request
    arrived: float


class UnderWay(NamedTuple):
    """A batch that was decided and is not answered. Before the callers' commands come ``own`` of the engine's."""

    own: int
    batch: list[Waiting]
    started: float


class Server:
    """Owns the sockets and the loop. ``watchdog`` ends the process when a commit hangs."""

    def __init__(self, session: Session, url: str, token: str, epoch: int, clock: Clock, watchdog: Watchdog) -> None:
        framing.check_token(url, token)
        self._session = session
        self._token = token
        self._epoch = epoch
        self._clock = clock
        self._watchdog = watchdog
        self._now_ns = 0
        self._inbox = QuoteInbox(session.venue)
        self._backlog: deque[Waiting] = deque()
        self._under_way: deque[UnderWay] = deque()  # two at most
        self._teller = Teller(epoch)
        self._connections: dict[int, Connection] = {}
        self._selector = selectors.DefaultSelector()
        self._listener = listen(url)
        self._selector.register(self._listener, selectors.EVENT_READ, None)
        # Either Postgres or anybody else, who are all behind one descriptor: that of the selector.
        self._either = select.poll()
        self._either.register(session.socket, select.POLLIN)
        self._either.register(self._selector, select.POLLIN)
        self._stopping = False
        self._handlers: dict[int, Callable[[Connection, bytes, float], bool]] = {
            framing.COMMAND: self._take_command,
            framing.QUOTES: self._take_quotes,
        }

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT finish the batch, answer, and end :meth:`run`. A pipe wakes the selector."""
        self._wake, waker = socket.socketpair()
        self._wake.setblocking(False)
        waker.setblocking(False)
        signal.set_wakeup_fd(waker.fileno())
        self._waker = waker
        self._selector.register(self._wake, selectors.EVENT_READ, None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: object) -> None:
        self._stopping = True

    def run(self) -> None:
        """Serve until a signal says to stop; then answer what has come and return."""
        while not self._stopping:
            self.step(IDLE_S)
        while self._backlog or self._under_way:
            self._advance()
        self._teller.write()
        for connection in list(self._connections.values()):
            connection.flush()
            self._close(connection)
        self._selector.close()
        self._listener.close()

    def step(self, timeout_s: float) -> None:
        """Take what has come, then decide at most one batch of it. Unless more is waiting, it is answered too."""
        ready = self._selector.select(self._patience_s(timeout_s))
        if time.monotonic() - self._session.proven_s >= LEASE_PROOF_S:
            with self._watchdog:
                self._session.prove_lease()
                self._session.look_for_room()
        started = time.perf_counter()
        self._read(ready)
        self._teller.write_soon()
        if self._backlog or self._inbox or self._under_way or self._is_due():
            metrics.ENGINE_STEP_PARSE.observe(time.perf_counter() - started)
            self._advance()

    def _patience_s(self, timeout_s: float) -> float:
        """How long to wait for somebody to say something: not beyond the next thing that is due by the clock."""
        if self._backlog or self._inbox or self._under_way:
            return 0
        if self._teller.has_more:
            timeout_s = min(timeout_s, WRITTEN_EVERY)
        due_ns = self._session.next_due_ns
        return timeout_s if due_ns is None else min(timeout_s, max(0, due_ns - self._tell_time()) / 1_000_000_000)

    def _is_due(self) -> bool:
        due_ns = self._session.next_due_ns
        return due_ns is not None and due_ns <= self._tell_time()

    # Reading

    def _read(self, ready: list[tuple[selectors.SelectorKey, int]]) -> None:
        for key, mask in ready:
            if key.fileobj is self._listener:
                self._accept()
            elif key.data is None:
                self._wake.recv(64)
            else:
                self._serve(key.data, mask)

    def _accept(self) -> None:
        while True:
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return  # nobody is waiting, or no descriptor is left: the others go on
            if len(self._connections) >= CONNECTIONS_MAX:
                accepted.close()
                continue
            accepted.setblocking(False)
            if accepted.family != socket.AF_UNIX:
                accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(accepted)
            self._connections[accepted.fileno()] = connection
            self._selector.register(accepted, selectors.EVENT_READ, connection)

    def _serve(self, connection: Connection, mask: int) -> None:
        if mask & selectors.EVENT_WRITE:
            self._flush(connection)
        if connection.closed or not mask & selectors.EVENT_READ:
            return
        frames = connection.read()
        if frames is None:
            self._close(connection)
            return
        arrived = time.perf_counter()
        for kind, body in frames:
            if not self._take(connection, kind, body, arrived):
                self._close(connection)
                return

    def _take(self, connection: Connection, kind: int, body: bytes, arrived: float) -> bool:
        """Take one frame; False closes its connection."""
        if not connection.greeted:
            if kind != framing.HELLO or not connection.greet(body, self._token, self._epoch):
                return False
            self._flush(connection)
            return not connection.closed
        handler = self._handlers.get(kind)
        return handler is not None and handler(connection, body, arrived)

    def _take_command(self, connection: Connection, body: bytes, arrived: float) -> bool:
        try:
            command = _commands.decode(body)
        except framing.UNREADABLE as error:
            self._say(connection, _refused(body, str(error)))
            return not connection.closed
        if len(self._backlog) >= BACKLOG_MAX:
            retry = RetryAnswer(command_id=command.command_id, reason=Reason.TOO_FAST.value, retry_after_ms=RETRY_AFTER_MS)
            self._say(connection, encode_answer(retry))
            return not connection.closed
        self._backlog.append(Waiting(connection, Request(command, body), arrived))
        return True

    def _take_quotes(self, connection: Connection, body: bytes, arrived: float) -> bool:
        try:
            self._inbox.add(body, self._tell_time())
        except framing.UNREADABLE:
            return False
        return True

    # Deciding

    def _tell_time(self) -> int:
        """The clock, which for the engine never goes back."""
        now_ns = self._clock.now_ns()
        if now_ns < self._now_ns - CLOCK_BACK_NS_MAX:
            raise ClockWentBackError(f"the clock went back by {(self._now_ns - now_ns) // 1_000_000} ms")
        self._now_ns = max(self._now_ns, now_ns)
        return self._now_ns

    def _advance(self) -> None:
        """Start a batch, unless one is being written and little waits; answer all but one that is worth not waiting for."""
        if not self._under_way or len(self._backlog) >= OVERLAP_MIN:
            self._start_batch()
        while len(self._under_way) > 1 or (self._under_way and not self._enough_comes()):
            self._finish_batch()

    def _enough_comes(self) -> bool:
        """Read what comes while Postgres writes: True when it is worth deciding meanwhile, False when Postgres is done before.

        Postgres is heard first, so that an engine that was frozen here, and so was replaced, reads and says nothing more.
        """
        with self._watchdog:
            is_writing = self._session.is_writing()
            while is_writing and len(self._backlog) < OVERLAP_MIN and not self._stopping:
                self._either.poll()
                is_writing = self._session.is_writing()
                if is_writing:
                    self._read(self._selector.select(0))
        return is_writing and len(self._backlog) >= OVERLAP_MIN

    def _start_batch(self) -> None:
        now_ns = self._tell_time()
        crossed, pauses = self._inbox.apply(self._session, now_ns)
        batch = [self._backlog.popleft() for _ in range(min(BATCH_MAX, len(self._backlog)))]
        if not batch and not crossed and not pauses and not self._is_due():
            return
        failpoint("engine.after_claim")
        started = time.perf_counter()
        if batch:
            metrics.ENGINE_BATCH_COMMANDS.observe(len(batch))
            metrics.ENGINE_STEP_WAIT.observe(started - batch[0].arrived)
        with self._watchdog:
            self._session.start([*pauses, *(waiting.request for waiting in batch)], now_ns, crossed)
        self._under_way.append(UnderWay(len(pauses), batch, started))

    def _finish_batch(self) -> None:
        with self._watchdog:
            decided = self._session.finish_batch()
        committed = time.perf_counter()
        own, batch, started = self._under_way.popleft()
        self._answer(batch, decided.answers[own:])
        metrics.ENGINE_STEP_ANSWER.observe(time.perf_counter() - committed)
        metrics.ENGINE_OPEN_ORDERS.set(len(self._session.venue.orders))
        self._teller.tell([Answered(each.request.command, each.arrived) for each in batch], decided, started, committed)

    # Answering

    def _answer(self, batch: list[Waiting], answers: list[bytes]) -> None:
        touched: dict[int, Connection] = {}
        for waiting, answer in zip(batch, answers, strict=True):
            connection = waiting.connection
            if not connection.closed:
                connection.queue(framing.frame(framing.ANSWER, answer))
                touched[id(connection)] = connection
        for connection in touched.values():
            self._flush(connection)

    def _say(self, connection: Connection, answer: bytes) -> None:
        connection.queue(framing.frame(framing.ANSWER, answer))
        self._flush(connection)

    def _flush(self, connection: Connection) -> None:
        wanted = connection.wants_write
        if not connection.flush():
            self._close(connection)
        elif connection.wants_write != wanted:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.wants_write else 0)
            self._selector.modify(connection.socket, events, connection)

    def _close(self, connection: Connection) -> None:
        if connection.closed:
            return
        self._selector.unregister(connection.socket)
        del self._connections[connection.socket.fileno()]
        connection.close()


def _refused(body: bytes, message: str) -> bytes:
    """The answer to what is no command, with its id as far as it can be made out."""
    command_id = ""
    try:
        loose = msgspec.msgpack.decode(body)
    except framing.UNREADABLE:
        loose = None
    if isinstance(loose, dict) and isinstance(loose.get("command_id"), str):
        command_id = loose["command_id"][:48]
    return encode_answer(
        RefusedAnswer(command_id=command_id, reason=Reason.INVALID_FIELD.value, message=message[:200], field=UNREAD)
    )
