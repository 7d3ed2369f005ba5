"""One hub per process: it keeps the newest values, and brings every socket to them as fast as the socket takes them.

Ingest only writes into the table and asks for a flush; it never sends. The flush runs from the loop: at once when things are
idle, else when the window since the last one is over. The window follows what a flush costs (0 with a few sockets, 16 ms with a
full house), so quiet prices leave within a millisecond and busy ones are merged, last value wins.
"""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable

from apps.observability import metrics
from apps.realtime import limits, protocol
from apps.realtime.account_line import AccountLine
from apps.realtime.bars import BarKey
from apps.realtime.shards import ShardMessage
from apps.realtime.socket import Socket
from apps.realtime.speakers import Speakers
from apps.realtime.table import NEVER, Table, WatchSet

_CONFLATED = metrics.REALTIME_CONFLATED.labels(where="hub")
_CONTROL = metrics.REALTIME_FRAMES.labels(frame="control", fate="sent")
_PRINTS_DROPPED = metrics.REALTIME_DROPPED.labels(what="print")
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
        self._speakers = Speakers(self.table)
        self.sockets: set[Socket] = set()
        self._by_ip: Counter[str] = Counter()
        self._by_user: Counter[int] = Counter()
        self._watch_sets: dict[tuple[frozenset[str], frozenset[str], frozenset[BarKey]], WatchSet] = {}
        self._watchers: dict[str, set[WatchSet]] = defaultdict(set)
        self._slots: list[set[Socket]] = [set() for _ in range(limits.HEARTBEAT_SLOTS)]
        self._next_slot = 0
        self._dirty: set[str] = set()
        self._flush_cut = NEVER
        self._flushed_at = 0.0
        self._flush_cpu = 0.0
        self._flush_not_before = 0.0
        self._flush_handle: asyncio.Handle | None = None
        self._late: set[Socket] = set()
        self._retry_handle: asyncio.Handle | None = None
        self._quoted_at = float("-inf")
        self._logged_at = float("-inf")  # the same, of what came by the event log
        self._waiting_since: float | None = None  # when the oldest value came that no flush has looked at
        self._modes = protocol.ALL_WELL
        self.closing = False
        #: Told of each socket of a user that leaves.
        self.on_left: Callable[[int], None] = lambda _user_id: None
        if accounts is not None:
            accounts.say = self.say
            accounts.bells_ring = self.hears_the_log

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
        self._tell_modes(socket)
        return True

    def sockets_of(self, user_id: int) -> int:
        return self._by_user.get(user_id, 0)

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
            self.on_left(socket.ticket.user_id)
        self._unwatch(socket)
        if self._accounts is not None:
            self._accounts.leave(socket)

    def watch(
        self, socket: Socket, symbols: frozenset[str], depth: frozenset[str], bars: frozenset[BarKey] = frozenset()
    ) -> None:
        """Replace what the socket watches; its next frame is the snapshot."""
        self._unwatch(socket)
        key = (symbols, depth, bars)
        watch = self._watch_sets.get(key)
        if watch is None:
            watch = self._watch_sets[key] = WatchSet(symbols, depth, bars)
            for symbol in watch.all_symbols():
                self._watchers[symbol].add(watch)
        watch.apart.add(socket)
        socket.watch, socket.cursor = watch, NEVER
        socket.anew = frozenset()
        self._serve(socket, self._cut(), None)

    def resync(self, socket: Socket, depth: frozenset[str], why: str) -> None:
        """Send the whole books of ``depth`` that the socket watches: it holds others than it should."""
        metrics.REALTIME_SNAPSHOT_ASKS.labels(why=why).inc()
        if socket.watch is not None:
            socket.step_out()
            socket.anew |= depth & socket.watch.depth
            self._serve(socket, self._cut(), None)

    def _unwatch(self, socket: Socket) -> None:
        socket.step_out()
        watch, socket.watch = socket.watch, None
        if watch is None:
            return
        watch.apart.discard(socket)
        if watch:
            return
        del self._watch_sets[(watch.symbols, watch.depth, watch.bars)]
        for symbol in watch.all_symbols():
            self._watchers[symbol].discard(watch)
            if not self._watchers[symbol]:
                del self._watchers[symbol]

    # --- Values come in --------------------------------------------------------------------------------------------------

    def ingest(self, message: ShardMessage) -> None:
        """Take one shard message into the table. Never sends: what is already waiting in the layer comes first."""
        if not self._speakers.is_replaced(message):
            self._take(message)

    def _take(self, message: ShardMessage) -> None:
        table, dirty = self.table, self._dirty
        self._speakers.sift(message)
        if message["at_ns"]:
            metrics.HOP_CONSUMER_HUB.observe(max(0, time.time_ns() - message["at_ns"]) / 1e9)
        if message["full"]:
            dirty.update(symbol for symbol, fragment in message["q"].items() if table.renew_quote(symbol, fragment))
        else:
            watchers, conflated = self._watchers, 0
            for symbol, fragment in message["q"].items():
                table.put_quote(symbol, fragment)
                conflated += symbol in dirty and symbol in watchers
            dirty.update(message["q"])
            if conflated:
                _CONFLATED.inc(conflated)
        dirty.update(symbol for symbol, update in message["d"].items() if table.put_book(symbol, *update))
        put_prints = table.replace_prints if message["full"] else table.put_prints
        for symbol, fragments in message["p"].items():
            if (unseen := put_prints(symbol, fragments)) and symbol in self._watchers:
                _PRINTS_DROPPED.inc(unseen)
        dirty.update(message["p"])
        dirty.update(symbol for symbol, interval, start, text in message["c"] if table.put_bar((symbol, interval), start, text))
        _TICKS_IN.inc(len(message["q"]))
        self._note_age(message)
        if self._accounts is not None:
            self._accounts.ring(message["b"])
            self._accounts.ring_for_notices(message.get("a", ()))  # a publisher of before knows of none
        if dirty and self.sockets:
            self._waiting_since = self._waiting_since or self._loop.time()
            self._flush_soon()

    def _note_age(self, message: ShardMessage) -> None:
        if message["age_ms"] >= 0:
            quoted_at = self._loop.time() - message["age_ms"] / 1000
            self._quoted_at = max(self._quoted_at, quoted_at)
            if "direct" not in message:
                self._logged_at = max(self._logged_at, quoted_at)

    def put_states(self, fragments: dict[str, str]) -> None:
        """Take the trading state of every instrument; those that are another one than before go out."""
        self._dirty.update(symbol for symbol, fragment in fragments.items() if self.table.put_state(symbol, fragment))
        if self._dirty and self.sockets:
            self._flush_soon()

    def put_modes(self, text: str) -> None:
        """Take what is reduced now, as :func:`protocol.modes` says it; when it is something else, every socket is told."""
        if text == self._modes:
            return
        self._modes = text
        for place, slot in enumerate(self._slots):  # not all at once: prices go on meanwhile
            self._loop.call_later(place * limits.MODES_APART, self._tell_slot, slot)

    def _tell_slot(self, slot: set[Socket]) -> None:
        for socket in tuple(slot):
            self._tell_modes(socket)

    def _tell_modes(self, socket: Socket) -> None:
        if socket.modes != self._modes and socket.closing is None:
            socket.modes = self._modes
            self.say(socket, self._modes)

    def quotes_live(self) -> bool:
        return self._loop.time() - self._quoted_at < limits.QUOTES_STALE_AFTER

    def hears_the_log(self) -> bool:
        """Whether quotes come by the event log; if not, whatever else it carries does not come either."""
        return self._loop.time() - self._logged_at < limits.QUOTES_STALE_AFTER

    # --- Frames go out ---------------------------------------------------------------------------------------------------

    def _cut(self) -> int:
        return self.table.cut(time.time_ns() // 1_000_000)

    def _flush_soon(self) -> None:
        if self._flush_handle is not None:
            return
        wait = self._flush_not_before - self._loop.time()
        self._flush_handle = self._loop.call_later(wait, self._flush) if wait > 0 else self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flush_handle = None
        started, started_cpu = self._loop.time(), time.thread_time()
        dirty, self._dirty = frozenset(self._dirty), set()
        previous_cut, cut = self._flush_cut, self._cut()
        self._flush_cut = cut
        sent = 0
        touched = set[WatchSet]().union(*(self._watchers.get(symbol, ()) for symbol in dirty))
        for watch in touched:
            sent += self._serve_level(watch, previous_cut, cut, dirty)
            for socket in tuple(watch.apart):
                # Who stands at the last flush or later lacks nothing but what is dirty now.
                self._serve(socket, cut, dirty if NEVER < previous_cut <= socket.cursor else None)
                if socket.cursor == cut and socket.closing is None:
                    socket.step_in()
        _SENT.inc(sent)
        self._flushed_at = started
        cpu, ended = time.thread_time() - started_cpu, self._loop.time()
        metrics.REALTIME_FLUSH_SECONDS.observe(ended - started)
        if self._waiting_since is not None:
            if touched:
                metrics.HOP_HUB_SOCKET.observe(ended - self._waiting_since)
            self._waiting_since = None
        # A mean over the last few: one flush that was dear by chance is no full house.
        self._flush_cpu += (cpu - self._flush_cpu) / 4
        self._flush_not_before = started + min(limits.WINDOW_MAX, limits.WINDOW_PER_FLUSH_CPU * self._flush_cpu)

    def _serve_level(self, watch: WatchSet, previous_cut: int, cut: int, dirty: frozenset[str]) -> int:
        """Bring the sockets of ``watch`` that stand level to ``cut``, and put apart who is not clear. Returns the frames sent."""
        if not watch.level:
            watch.level_cursor = cut
            return 0
        at = watch.level_cursor
        frames = self.table.frames(watch, at, cut, dirty if NEVER < previous_cut <= at else None)
        for socket in watch.write(frames.wire) if frames else ():
            socket.step_out()
            socket.outlet.was_clear(self._flushed_at)
        watch.level_cursor = cut
        return len(frames) * len(watch.level)

    def _serve(self, socket: Socket, cut: int, dirty: frozenset[str] | None) -> None:
        """Send what the socket has not seen, unless it is still busy with what it got before: then it catches up later."""
        if socket.closing is not None or socket.outlet.lost:
            return
        socket.step_out()
        if not socket.outlet.release():
            self._is_late(socket)
            return
        if socket.watch is None:
            return
        frames: tuple[str, ...] = self.table.frames(socket.watch, socket.cursor, cut, dirty)
        socket.cursor = cut
        if socket.anew:
            frames += self.table.snapshots(socket.anew)
            socket.anew = frozenset()
        if frames:
            _SENT.inc(len(frames))
            socket.outlet.push(frames)

    def _is_late(self, socket: Socket) -> None:
        socket.step_out()
        self._late.add(socket)
        _SKIPPED.inc()
        if self._retry_handle is None:
            self._retry_handle = self._loop.call_later(limits.RETRY_SLOW_AFTER, self._retry)

    def drained(self, socket: Socket) -> None:
        """The socket took what was in flight: give it the newest at once."""
        if socket in self._late:
            self._late.discard(socket)
            self._serve(socket, self._cut(), None)

    def _retry(self) -> None:
        self._retry_handle = None
        late, self._late = self._late, set()
        cut = self._cut()
        for socket in late:
            self._serve(socket, cut, None)

    def say(self, socket: Socket, text: str) -> None:
        """Send a control message; a socket with too many of them waiting is closed."""
        _CONTROL.inc()
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
        elif socket.is_spent():
            socket.close(protocol.RESTART, "lived long enough")
        elif socket.closing is None and not socket.outlet.busy():
            number = socket.beat_sent(self._loop.time())
            _BEATS_SENT.inc()
            socket.outlet.push((protocol.heartbeat(number, now_ms, quotes, socket.rtt_ms),))

    def acknowledge(self, socket: Socket, number: int) -> bool:
        """Take the answer to heartbeat ``number``; False when that heartbeat was never sent."""
        if number > socket.heartbeats:
            return False
        if socket.beat_answered(number, self._loop.time()):
            _BEATS_ANSWERED.inc()
            metrics.REALTIME_ROUND_TRIP_SECONDS.observe((socket.rtt_ms or 0) / 1000)
        return True

    # --- The end ---------------------------------------------------------------------------------------------------------

    def say_bye(self) -> None:
        """Tell every socket that the process ends, and close it as restarting."""
        self.closing = True
        for socket in tuple(self.sockets):
            socket.outlet.say(protocol.bye())
            socket.close(protocol.RESTART, "restarting")


def _count_down(counter: Counter, key: object) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
