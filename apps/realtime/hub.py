"""One hub per process: it keeps the newest values, and brings every socket to them as fast as the socket takes them.

Ingest only writes into the table and asks for a flush; it never sends. The flush runs from the loop: at once when things are
idle, else when the window since the last one is over. The window follows what a flush costs (0 with a few sockets, 16 ms with a
full house), so quiet prices leave within a millisecond and busy ones are merged, last value wins.
"""

import asyncio
import time
from collections import Counter, defaultdict

from apps.observability import metrics
from apps.realtime import limits, protocol
from apps.realtime.account_line import AccountLine
from apps.realtime.shards import ShardMessage
from apps.realtime.socket import Socket
from apps.realtime.table import NEVER, Table, WatchSet

_TICKS_IN = metrics.REALTIME_TICKS_IN
_SENT = metrics.REALTIME_FRAMES.labels(frame="price", fate="sent")
_SKIPPED = metrics.REALTIME_FRAMES.labels(frame="price", fate="skipped")
_BEATS_SENT = metrics.REALTIME_HEARTBEATS.labels(fate="sent")
_BEATS_ANSWERED = metrics.REALTIME_HEARTBEATS.labels(fate="acknowledged")


class Hub:
    """All methods run on the loop's thread. ``accounts`` is where identified sockets get their must-arrive events."""

    def __init__(self, loop: asyncio.AbstractEventLoop, accounts: AccountLine | None = None) -> None:
        self._loop = loop
        self._accounts = accounts
        self.table = Table()
        self.sockets: set[Socket] = set()
        self._by_ip: Counter[str] = Counter()
        self._by_user: Counter[int] = Counter()
        self._watch_sets: dict[tuple[frozenset[str], frozenset[str]], WatchSet] = {}
        self._watchers: dict[str, set[WatchSet]] = defaultdict(set)
        self._slots: list[set[Socket]] = [set() for _ in range(limits.HEARTBEAT_SLOTS)]
        self._next_slot = 0
        self._dirty: set[str] = set()
        self._flush_cut = NEVER
        self._flush_not_before = 0.0
        self._flush_handle: asyncio.Handle | None = None
        self._late: set[Socket] = set()
        self._retry_handle: asyncio.Handle | None = None
        self._quoted_at = float("-inf")
        self.closing = False

    # --- Sockets come and go ---------------------------------------------------------------------------------------------

    def has_room(self, ip: str, per_ip: int, in_all: int) -> bool:
        return not self.closing and self._by_ip[ip] < per_ip and len(self.sockets) < in_all

    def join(self, socket: Socket) -> None:
        self.sockets.add(socket)
        self._by_ip[socket.ip] += 1
        metrics.REALTIME_SOCKETS.set(len(self.sockets))

    def take_slot(self) -> int:
        """Heartbeats are spread over the second, or a thousand of them would delay every price once a second."""
        self._next_slot = (self._next_slot + 1) % limits.HEARTBEAT_SLOTS
        return self._next_slot

    def identify(self, socket: Socket, per_user: int) -> bool:
        """Count the socket for its user and begin its account's events; False when the user has too many."""
        if socket.ticket is not None:
            user_id = socket.ticket.user_id
            self._by_user[user_id] += 1
            if self._by_user[user_id] > per_user:
                return False
            if self._accounts is not None:
                self._accounts.join(socket)
        self._slots[socket.slot].add(socket)
        return True

    def leave(self, socket: Socket) -> None:
        if socket not in self.sockets:
            return
        self.sockets.discard(socket)
        metrics.REALTIME_SOCKETS.set(len(self.sockets))
        self._slots[socket.slot].discard(socket)
        self._late.discard(socket)
        _count_down(self._by_ip, socket.ip)
        if socket.ticket is not None:
            _count_down(self._by_user, socket.ticket.user_id)
        self._unwatch(socket)
        if self._accounts is not None:
            self._accounts.leave(socket)

    def watch(self, socket: Socket, symbols: frozenset[str], depth: frozenset[str]) -> None:
        """Replace what the socket watches; its next frame is the snapshot."""
        self._unwatch(socket)
        key = (symbols, depth)
        watch = self._watch_sets.get(key)
        if watch is None:
            watch = self._watch_sets[key] = WatchSet(symbols, depth)
            for symbol in symbols | depth:
                self._watchers[symbol].add(watch)
        watch.sockets.add(socket)
        socket.watch, socket.cursor = watch, NEVER
        self._serve(socket, self.table.cut(), None)

    def _unwatch(self, socket: Socket) -> None:
        watch, socket.watch = socket.watch, None
        if watch is None:
            return
        watch.sockets.discard(socket)
        if watch.sockets:
            return
        del self._watch_sets[(watch.symbols, watch.depth)]
        for symbol in watch.symbols | watch.depth:
            self._watchers[symbol].discard(watch)
            if not self._watchers[symbol]:
                del self._watchers[symbol]

    # --- Values come in --------------------------------------------------------------------------------------------------

    def ingest(self, message: ShardMessage) -> None:
        """Take one shard message into the table. Never sends: what is already waiting in the layer comes first."""
        table, dirty = self.table, self._dirty
        for symbol, fragment in message["q"].items():
            table.put_quote(symbol, fragment)
        for symbol, fragment in message["d"].items():
            table.put_depth(symbol, fragment)
        put_prints = table.replace_prints if message["full"] else table.put_prints
        for symbol, fragments in message["p"].items():
            put_prints(symbol, fragments)
        for part in ("q", "p", "d"):
            dirty.update(message[part])
        _TICKS_IN.inc(len(message["q"]))
        if message["age_ms"] >= 0:
            self._quoted_at = max(self._quoted_at, self._loop.time() - message["age_ms"] / 1000)
        if message["b"] and self._accounts is not None:
            self._accounts.ring((account_id, sequence) for account_id, sequence in message["b"])
        if dirty and self.sockets:
            self._flush_soon()

    def quotes_live(self) -> bool:
        return self._loop.time() - self._quoted_at < limits.QUOTES_STALE_AFTER

    # --- Frames go out ---------------------------------------------------------------------------------------------------

    def _flush_soon(self) -> None:
        if self._flush_handle is not None:
            return
        wait = self._flush_not_before - self._loop.time()
        self._flush_handle = self._loop.call_later(wait, self._flush) if wait > 0 else self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flush_handle = None
        started, started_cpu = self._loop.time(), time.thread_time()
        dirty, self._dirty = frozenset(self._dirty), set()
        previous_cut, cut = self._flush_cut, self.table.cut()
        self._flush_cut = cut
        touched = {watch for symbol in dirty for watch in self._watchers.get(symbol, ())}
        for watch in touched:
            for socket in watch.sockets:
                # Who stands at the last flush or later lacks nothing but what is dirty now.
                self._serve(socket, cut, dirty if NEVER < previous_cut <= socket.cursor else None)
        cpu = time.thread_time() - started_cpu
        metrics.REALTIME_FLUSH_SECONDS.observe(self._loop.time() - started)
        self._flush_not_before = started + min(limits.WINDOW_MAX, limits.WINDOW_PER_FLUSH_CPU * cpu)

    def _serve(self, socket: Socket, cut: int, dirty: frozenset[str] | None) -> None:
        """Send what the socket has not seen, unless it is still busy with what it got before: then it catches up later."""
        if socket.closing is not None or socket.outlet.lost:
            return
        if not socket.outlet.release():
            self._is_late(socket)
            return
        if socket.watch is None:
            return
        frames = self.table.frames(socket.watch, socket.cursor, cut, dirty)
        socket.cursor = cut
        if frames:
            _SENT.inc(len(frames))
            socket.outlet.push(frames)

    def _is_late(self, socket: Socket) -> None:
        self._late.add(socket)
        _SKIPPED.inc()
        if self._retry_handle is None:
            self._retry_handle = self._loop.call_later(limits.RETRY_SLOW_AFTER, self._retry)

    def drained(self, socket: Socket) -> None:
        """The socket took what was in flight: give it the newest at once."""
        if socket in self._late:
            self._late.discard(socket)
            self._serve(socket, self.table.cut(), None)

    def _retry(self) -> None:
        self._retry_handle = None
        late, self._late = self._late, set()
        cut = self.table.cut()
        for socket in late:
            self._serve(socket, cut, None)

    def say(self, socket: Socket, text: str) -> None:
        """Send a control message; a socket with too many of them waiting is closed."""
        if not socket.outlet.say(text):
            socket.close(protocol.TOO_SLOW, "too slow")
        elif socket.outlet.busy():
            self._is_late(socket)

    # --- Heartbeats ------------------------------------------------------------------------------------------------------

    async def beat(self) -> None:
        """Send every socket a heartbeat a second, a slot of them at a time, and close those that do not answer."""
        slot, due = 0, self._loop.time()
        while True:
            due = max(due + limits.HEARTBEAT_EVERY / limits.HEARTBEAT_SLOTS, self._loop.time() - limits.HEARTBEAT_EVERY)
            await asyncio.sleep(due - self._loop.time())
            slot = (slot + 1) % limits.HEARTBEAT_SLOTS
            now_ms, quotes = time.time_ns() // 1_000_000, self.quotes_live()
            for socket in tuple(self._slots[slot]):
                self._heartbeat(socket, now_ms, quotes)

    def _heartbeat(self, socket: Socket, now_ms: int, quotes: bool) -> None:
        if socket.outlet.stalled_for() > limits.SLOW_AFTER:
            socket.close(protocol.TOO_SLOW, "too slow")
        elif (socket.heartbeats - socket.acknowledged) * limits.HEARTBEAT_EVERY >= limits.ACK_WITHIN:
            metrics.REALTIME_HEARTBEATS.labels(fate="missed").inc()
            socket.close(protocol.TOO_SLOW, "no answer to heartbeats")
        elif socket.closing is None and not socket.outlet.busy():
            socket.heartbeats += 1
            _BEATS_SENT.inc()
            socket.outlet.push((protocol.heartbeat(socket.heartbeats, now_ms, quotes),))

    def acknowledge(self, socket: Socket, number: int) -> bool:
        """Take the answer to heartbeat ``number``; False when that heartbeat was never sent."""
        if number > socket.heartbeats:
            return False
        socket.acknowledged = max(socket.acknowledged, number)
        _BEATS_ANSWERED.inc()
        return True

    # --- The end ---------------------------------------------------------------------------------------------------------

    def say_bye(self) -> None:
        """Tell every socket that the process ends, and close it as restarting."""
        self.closing = True
        for socket in tuple(self.sockets):
            if not socket.outlet.busy():
                socket.outlet.push((protocol.bye(),))
            socket.close(protocol.RESTART, "restarting")


def _count_down(counter: Counter, key: object) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
