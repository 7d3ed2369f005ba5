"""What a server process keeps for its sockets: the hub, its lines to the layer and to Postgres, and an orderly end.

Started by the first socket, because neither Daphne nor a lifespan-less uvicorn tells the application that it begins.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from django.conf import settings

from apps import degraded
from apps.realtime import limits, protocol
from apps.realtime.account_line import AccountLine
from apps.realtime.door import Door
from apps.realtime.fragments import state_fragment, stored_fragment
from apps.realtime.hub import Hub
from apps.realtime.log_ins import LogIns
from apps.realtime.presence import Presence
from apps.realtime.reader import Reader, ReaderUnavailableError
from apps.realtime.shard_line import ShardLine
from apps.realtime.shards import GROUPS, ShardMessage
from apps.realtime.tickets import UsedTickets

log = structlog.get_logger(__name__)


class StreamProcess:
    """What a consumer uses is ``door``, ``used_tickets``, ``log_ins``, ``accounts``, ``hub`` and ``presence``, in this order;
    :meth:`ready` is awaited once before the first answer."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._reader = Reader(settings.DATABASES["default"])
        self.log_ins = LogIns(self._reader)
        self.accounts = AccountLine(loop, self._reader)
        self.hub = Hub(loop, self.accounts)
        self.door = Door(settings.STREAM_HANDSHAKES_PER_SECOND, loop.time())
        self.presence = Presence(settings.REDIS_URL, settings.REDIS_PREFIX, self.hub.sockets_of)
        self.hub.on_left = self.presence.left
        self.used_tickets = UsedTickets(settings.REDIS_URL, settings.REDIS_PREFIX)
        self.shard_line = ShardLine(loop, self._take)
        self._full_shards: set[int] = set()
        self._heard_all = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._start = loop.create_task(self._begin())

    async def ready(self) -> None:
        """Return when the first snapshot can be given: all shards were heard and the stored prices read, or a second passed."""
        await asyncio.shield(self._start)

    async def _begin(self) -> None:
        _on_termination(self._loop, self._say_bye)
        await self._reader.open()
        for name, forever in (
            ("layer", self.shard_line.run),
            ("heartbeats", self.hub.beat),
            ("account poll", self.accounts.poll),
            ("trading states", self._follow_states),
            ("modes", self._follow_modes),
            ("presence", self.presence.keep),
            ("log-in check", self._check_log_ins),
        ):
            self._tasks.add(self._loop.create_task(_kept_running(name, forever)))
        await asyncio.wait({self._loop.create_task(self._seed()), self._loop.create_task(self._heard_all.wait())}, timeout=1.0)

    def _say_bye(self) -> None:
        self.hub.say_bye()
        self._tasks.add(self._loop.create_task(self.presence.close()))

    def _take(self, message: ShardMessage) -> None:
        self.hub.ingest(message)
        if message["full"] and not self._heard_all.is_set():
            self._full_shards.add(message["shard"])
            if len(self._full_shards) == len(GROUPS):
                self._heard_all.set()

    async def _seed(self) -> None:
        """Fill the table with the stored prices and bars, for symbols that have not ticked since the publisher started."""
        table = self.hub.table
        try:
            for price in await self._reader.latest_prices():
                table.seed_quote(price[0], stored_fragment(price))
            for bar in await self._reader.running_bars():
                table.seed_bar(bar[:2], bar[2], stored_fragment(bar))
        except ReaderUnavailableError as error:
            log.warning("stream_seed_failed", error=str(error))

    async def _follow_states(self) -> None:
        """Halts and openings are rare, must not be missed, and are one small table: it is read twice a second."""
        while True:
            try:
                stored = await self._reader.trading_states()
            except ReaderUnavailableError as error:
                log.warning("stream_states_not_read", error=str(error))
            else:
                self.hub.put_states({each.symbol: state_fragment(each) for each in stored})
            await asyncio.sleep(limits.STATES_EVERY)

    async def _follow_modes(self) -> None:
        """What is away is known in this process already: nothing is asked."""
        while True:
            self.hub.put_modes(protocol.modes(degraded.modes()))
            await asyncio.sleep(limits.MODES_EVERY)

    async def _check_log_ins(self) -> None:
        while True:
            await asyncio.sleep(settings.STREAM_SESSION_CHECK_S)
            try:
                await self.close_ended_log_ins()
            except ReaderUnavailableError as error:
                log.warning("stream_log_in_check_failed", error=str(error))

    async def close_ended_log_ins(self) -> None:
        """Close the sockets whose log-in has ended."""
        for socket in await self.log_ins.ended(list(self.hub.sockets)):
            socket.close(protocol.LOGGED_OUT, "logged out")


async def _kept_running(name: str, forever: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a loop that should never end, again after a second if it fails: one defect must not stop the heartbeats."""
    while True:
        try:
            await forever()
        except Exception:
            log.exception("stream_loop_failed", loop=name)
        await asyncio.sleep(1.0)


def _on_termination(loop: asyncio.AbstractEventLoop, say_bye: Callable[[], None]) -> None:
    """Say goodbye when the server is told to stop, then let the server stop. A second signal is passed on at once.

    Daphne gives the application no notice at all, and uvicorn only after it has closed the sockets.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        server_handler = signal.getsignal(number)
        if callable(server_handler):
            signal.signal(number, _goodbye_first(loop, say_bye, server_handler))


def _goodbye_first(
    loop: asyncio.AbstractEventLoop, say_bye: Callable[[], None], server_handler: Callable[[int, Any], Any]
) -> Callable[[int, Any], None]:
    told = False

    def handle(number: int, frame: Any) -> None:
        nonlocal told
        if told:
            server_handler(number, frame)
            return
        told = True
        loop.call_soon_threadsafe(say_bye)
        loop.call_soon_threadsafe(loop.call_later, limits.BYE_GRACE, server_handler, number, None)

    return handle


_processes: dict[asyncio.AbstractEventLoop, StreamProcess] = {}


def stream_process() -> StreamProcess:
    """The one of this process (a test may run several loops)."""
    loop = asyncio.get_running_loop()
    known = _processes.get(loop)
    if known is None:
        known = _processes[loop] = StreamProcess(loop)
    return known
