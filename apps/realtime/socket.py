"""One browser's socket as the hub knows it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

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
    unanswered_since: float | None = None
    closing: asyncio.Task[None] | None = None
    acknowledged: int = field(default=0)

    @property
    def account_id(self) -> int | None:
        return self.ticket.account_id if self.ticket else None

    def close(self, code: int, reason: str = "") -> None:
        """Begin to end the socket; once is enough."""
        if self.closing is None:
            self.closing = asyncio.get_running_loop().create_task(self.outlet.close(code, reason))


def new_socket(send: Send, loop: asyncio.AbstractEventLoop, ip: str, slot: int, on_drained: object) -> Socket:
    socket: Socket

    def drained() -> None:
        on_drained(socket)  # type: ignore[operator]

    socket = Socket(Outlet(send, loop, drained), ip, slot)
    return socket
