"""One browser's socket as the hub knows it."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from apps.observability import metrics
from apps.realtime import limits, protocol
from apps.realtime.outlet import Outlet
from apps.realtime.reader import StoredEvent
from apps.realtime.tickets import Ticket
from apps.realtime.watchset import NEVER, WatchSet
from apps.realtime.wires import Send


@dataclass(eq=False, slots=True)
class Socket:
    """``cursor`` is the generation up to which the socket was served, while it does not stand level with its watch-set;
    ``account_cursor`` the last account event sent, None until it is known where to begin; ``replay`` are the events after it that
    were read before welcome, ``must_reload`` says that they cannot be had; ``notice_sequence`` is the newest notice that it was
    told of, ``modes`` what it was told to be reduced. ``anew`` are the books that it asked for because it holds others than it
    should; ``proved_password`` is a digest of the stored password hash with which the log-in was last found to hold; ``rtt_ms``
    is how long the last heartbeat that was answered took there and back, None before the first."""

    outlet: Outlet
    ip: str
    slot: int
    watch: WatchSet | None = None
    cursor: int = NEVER
    ticket: Ticket | None = None
    proved_password: str = ""
    account_cursor: int | None = None
    notice_sequence: int = 0
    modes: str = protocol.ALL_WELL
    replay: list[StoredEvent] | None = None
    must_reload: bool = False
    delivery: asyncio.Task[None] | None = None
    rung: bool = False
    heartbeats: int = 0
    acknowledged: int = 0
    rtt_ms: int | None = None
    anew: frozenset[str] = frozenset()
    _beats: deque[float] = field(default_factory=deque)  # when the unanswered ones were sent, at most as many as close the socket
    closing: asyncio.Task[None] | None = None
    life: float = field(default_factory=lambda: random.uniform(*limits.LIFE))  # seconds

    @property
    def account_id(self) -> int | None:
        return self.ticket.account_id if self.ticket else None

    def beat_sent(self, now: float) -> int:
        """Count a heartbeat sent at ``now`` (seconds, monotonic) and return its number."""
        self.heartbeats += 1
        self._beats.append(now)
        return self.heartbeats

    def is_spent(self) -> bool:
        """Whether the socket has lived as long as one may: its page comes back, to whichever process has room now."""
        return self.heartbeats * limits.HEARTBEAT_EVERY >= self.life

    def beat_answered(self, number: int, now: float) -> bool:
        """Take the answer to heartbeat ``number``, which was sent, and for those before it. False when it was answered before."""
        is_news = number > self.acknowledged
        while self.acknowledged < number:
            self.acknowledged += 1
            self.rtt_ms = int((now - self._beats.popleft()) * 1000)
        return is_news

    def step_in(self) -> None:
        """Be served together with the others, where the server allows it: the socket is where they are."""
        if self.watch is not None and self.outlet.transport is not None:
            self.watch.step_in(self, self.outlet.transport)

    def step_out(self) -> None:
        """Be served apart from the others."""
        if self.watch is not None and self.watch.step_out(self, self.outlet.transport):
            self.cursor = self.watch.level_cursor

    def close(self, code: int, reason: str = "") -> asyncio.Task[None]:
        """Begin to end the socket; once is enough."""
        if self.closing is None:
            self.step_out()
            # The one reason with a number in it is cut to its word.
            metrics.REALTIME_CLOSES.labels(str(code), "retry" if reason.startswith("retry ") else reason).inc()
            self.closing = asyncio.get_running_loop().create_task(self.outlet.close(code, reason))
        return self.closing


def new_socket(send: Send, loop: asyncio.AbstractEventLoop, ip: str, slot: int, on_drained: Callable[[Socket], None]) -> Socket:
    socket = Socket(Outlet(send, loop, lambda: on_drained(socket)), ip, slot)
    return socket
