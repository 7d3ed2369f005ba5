"""One browser's socket as the hub knows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from apps.observability import metrics
from apps.realtime.outlet import Outlet, Send
from apps.realtime.table import NEVER, WatchSet
from apps.realtime.tickets import Ticket


@dataclass(eq=False, slots=True)
class Socket:
    """``cursor`` is the generation up to which the socket was served; ``account_cursor`` the last account event sent, None
    until it is known where to begin."""

    outlet: Outlet
    ip: str
    slot: int
    watch: WatchSet | None = None
    cursor: int = NEVER
    ticket: Ticket | None = None
    account_cursor: int | None = None
    delivery: asyncio.Task[None] | None = None
    rung: bool = False
    heartbeats: int = 0
    acknowledged: int = 0
    closing: asyncio.Task[None] | None = None

    @property
    def account_id(self) -> int | None:
        return self.ticket.account_id if self.ticket else None

    def close(self, code: int, reason: str = "") -> asyncio.Task[None]:
        """Begin to end the socket; once is enough."""
        if self.closing is None:
            metrics.REALTIME_CLOSES.labels(code=str(code)).inc()
            self.closing = asyncio.get_running_loop().create_task(self.outlet.close(code, reason))
        return self.closing


def new_socket(send: Send, loop: asyncio.AbstractEventLoop, ip: str, slot: int, on_drained: Callable[[Socket], None]) -> Socket:
    socket = Socket(Outlet(send, loop, lambda: on_drained(socket)), ip, slot)
    return socket
