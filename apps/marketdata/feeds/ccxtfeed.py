"""Live public prices of any exchange that CCXT streams, without keys.

CCXT connects, subscribes, keeps the order books of exchanges that send changes, and finds gaps in their numbers. Here is what it
leaves to its caller: every wait has an end; a connection that is lost, silent, or whose frames cannot be read is made anew, after
a pause with jitter; an instrument whose book CCXT gave up is flagged until the next whole one. CCXT forgets its receiving loop
when a frame makes it raise: the exception ends up at the event loop, which is where it is heard.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

from apps.core.clock import process_clock
from apps.core.enums import Side
from apps.core.numbers import NumberFormatError, shown
from apps.core.units import Grid
from apps.eventlog.schemas.marketdata import QuoteTick, TradeTick
from apps.marketdata.feeds.backoff import Backoff
from apps.marketdata.feeds.instruments import InstrumentWatch
from apps.marketdata.feeds.outside import as_sent, quote_tick, read_number, trade_tick
from apps.marketdata.feeds.publisher import CALL_S, Publisher
from apps.observability import metrics

log = logging.getLogger(__name__)

INSTALL = "live prices need CCXT: pip install --require-hashes -r requirements-ccxt.txt"
SYMBOLS_MAX = 200
#: How quotes are got: the best bid and ask alone, a whole book, or what the exchange calls a ticker; the first that it has.
WAYS = {"bbo": "watchBidsAsks", "book": "watchOrderBook", "ticker": "watchTicker"}
SILENCE_S = 15.0
_START_S = 60.0
_CLOSE_S = 10.0
_LOOK_S = 20.0
#: Books that CCXT may give up within one connection before the connection is made anew.
_GAPS_MAX = 20
_IDS_KEPT = 5_000
_CONFIG_BYTES_MAX = 100_000
_MS = 1_000_000


#: Waits for the next word on one symbol of an exchange, and publishes it.
Watch = Callable[[Any, str], Awaitable[None]]


class SourceError(Exception):
    """What was asked for cannot be had: no such exchange, symbol, or way. Trying again changes nothing."""


class LostError(Exception):
    """The connection is to be made anew. ``reason`` is a label of the metric."""

    def __init__(self, reason: str, text: str) -> None:
        self.reason = reason
        super().__init__(text)


def load_ccxt() -> Any:
    """CCXT's streaming half; raises :class:`SourceError` with what to install."""
    try:
        import ccxt.pro
    except ImportError:
        raise SourceError(INSTALL) from None
    return ccxt.pro


def read_config(path: Path) -> dict[str, Any]:
    """What CCXT is to be made with, from a JSON file; raises :class:`SourceError`. Keys have no business in it."""
    try:
        if path.stat().st_size > _CONFIG_BYTES_MAX:
            raise SourceError(f"{path} must be at most {_CONFIG_BYTES_MAX} bytes, was {path.stat().st_size}")
        config = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read: {error}") from None
    if not isinstance(config, dict):
        raise SourceError(f"{path} must be a JSON object")
    secrets = sorted({"apiKey", "secret", "password", "privateKey", "walletAddress", "token"} & config.keys())
    if secrets:
        raise SourceError(f"{path} holds {', '.join(secrets)}: prices are public, and no key is wanted here")
    return config


class CcxtFeed:
    """``symbols`` is theirs to ours; ``config`` goes to CCXT as it is (addresses, proxies, options)."""

    def __init__(
        self,
        publisher: Publisher,
        watch: InstrumentWatch,
        exchange: str,
        symbols: Mapping[str, str],
        *,
        way: str = "",
        with_trades: bool = True,
        config: Mapping[str, Any] | None = None,
        silence_s: float = SILENCE_S,
    ) -> None:
        self._ccxt = load_ccxt()
        if exchange not in self._ccxt.exchanges:
            raise SourceError(f"CCXT streams no exchange {shown(exchange)}; it streams {', '.join(self._ccxt.exchanges)}")
        self._publisher = publisher
        self._clock = process_clock()
        self._watch = watch
        self._name = exchange
        self._symbols = dict(symbols)
        self._way = way
        self._with_trades = with_trades
        self._config = dict(config or {})
        self._silence_s = silence_s
        self._grids: Mapping[str, Grid] = {}
        self._began_ms = 0
        self._heard_s = 0.0
        self._gaps = 0
        self._flagged: set[str] = set()
        self._failure: asyncio.Future[None] | None = None
        self._seen: dict[str, dict[str, None]] = {}

    def run(self, stopping: Event) -> None:
        found = self._watch.wait(stopping, _LOOK_S)
        if found is None and not stopping.is_set():
            raise SourceError(f"there is no instrument {', '.join(sorted(set(self._symbols.values())))}")
        if found is None:
            return
        missing = sorted(set(self._symbols.values()) - found.grids.keys())
        if missing:
            raise SourceError(f"there is no instrument {', '.join(missing)}")
        self._grids = found.grids
        self._publisher.gate.know(found.grids)
        self._publisher.gate.seed(found.recent, self._clock.now_ns())
        self._publisher.begin_epoch(found.epoch + 1)
        self._began_ms = self._clock.now_ns() // _MS
        asyncio.run(self._run(stopping))

    # --- Connections --------------------------------------------------------------------------------------------------------

    async def _run(self, stopping: Event) -> None:
        backoff = Backoff(Random())
        asyncio.get_running_loop().set_exception_handler(self._on_stray)
        while not stopping.is_set():
            began_s = time.monotonic()
            try:
                await self._connect(stopping)
            except LostError as error:
                metrics.FEED_RECONNECTS.labels(self._publisher.source, error.reason).inc()
                wait_s = backoff.next_s(time.monotonic() - began_s)
                log.warning("%s is %s, next attempt in %.1f s: %s", self._name, error.reason, wait_s, str(error)[:200])
                await self._pump(stopping, wait_s)
                # Whatever it says next, it says anew.
                self._publisher.begin_epoch()

    async def _connect(self, stopping: Event) -> None:
        """One life of the connection. Returns when ``stopping`` is set; raises :class:`LostError`."""
        exchange = getattr(self._ccxt, self._name)({**self._config, "newUpdates": True})
        self._failure = asyncio.get_running_loop().create_future()
        self._gaps = 0
        tasks: list[asyncio.Task[None]] = []
        try:
            markets = await self._started(exchange, stopping)
            if markets is None:
                return
            missing = [theirs for theirs in self._symbols if theirs not in markets]
            if missing:
                raise SourceError(f"{self._name} has no {', '.join(map(shown, missing))}")
            self._heard_s = time.monotonic()
            tasks = [asyncio.create_task(self._follow(exchange, watch, theirs)) for watch, theirs in self._watches(exchange)]
            await self._until_lost(tasks, stopping)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._failure.cancel()
            await _within(exchange.close(), _CLOSE_S)

    async def _started(self, exchange: Any, stopping: Event) -> Any:
        """The exchange's markets; None when ``stopping`` came first."""
        loading = asyncio.create_task(exchange.load_markets())
        deadline_s = time.monotonic() + _START_S
        try:
            while not loading.done():
                await self._pump(stopping, CALL_S)
                if stopping.is_set():
                    return None
                if time.monotonic() > deadline_s:
                    raise LostError("silent", f"its markets did not come within {_START_S:g} s")
            return loading.result()
        except (LostError, asyncio.CancelledError):
            raise
        except Exception as error:
            raise self._lost(error, "refused") from None
        finally:
            loading.cancel()

    def _watches(self, exchange: Any) -> list[tuple[Watch, str]]:
        """What to follow of each symbol."""
        ways = [self._way] if self._way else list(WAYS)
        way = next((each for each in ways if exchange.has.get(WAYS[each])), None)
        if way is None:
            raise SourceError(f"{self._name} streams no {' and no '.join(WAYS[each] for each in ways)}")
        quotes: Watch = {"bbo": self._best, "book": self._book, "ticker": self._ticker}[way]
        watches = [(quotes, theirs) for theirs in self._symbols]
        if self._with_trades and exchange.has.get("watchTrades"):
            watches += [(self._trades, theirs) for theirs in self._symbols]
        return watches

    async def _until_lost(self, tasks: list["asyncio.Task[None]"], stopping: Event) -> None:
        while not stopping.is_set():
            await self._pump(stopping, CALL_S)
            for task in tasks:
                if task.done():
                    task.result()
            if self._failure is not None and self._failure.done():
                self._failure.result()
            silent_s = time.monotonic() - self._heard_s
            if silent_s > self._silence_s:
                raise LostError("silent", f"nothing was heard for {silent_s:.0f} s")

    async def _pump(self, stopping: Event, for_s: float) -> None:
        """Let the loop run for a while; the publisher is called as often as it wants to be."""
        until_s = time.monotonic() + for_s
        while (left_s := until_s - time.monotonic()) > 0 and not stopping.is_set():
            await asyncio.sleep(min(left_s, CALL_S))
            self._publisher.publish([], [], time.monotonic())

    def _on_stray(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What CCXT raised where nobody waits for it: its receiving loop is dead now."""
        error = context.get("exception")
        log.warning("%s: %s: %r", self._name, context.get("message"), error)
        if self._failure is not None and not self._failure.done() and isinstance(error, Exception):
            self._failure.set_exception(self._lost(error, "malformed"))

    def _lost(self, error: Exception, otherwise: str) -> LostError:
        reason = "lost" if isinstance(error, self._ccxt.NetworkError) and otherwise == "malformed" else otherwise
        return LostError(reason, f"{type(error).__name__}: {error}")

    # --- What it says -------------------------------------------------------------------------------------------------------

    async def _follow(self, exchange: Any, watch: Watch, theirs: str) -> None:
        """Take what comes of one symbol for ever; raises :class:`LostError`."""
        while True:
            try:
                await watch(exchange, theirs)
            except (self._ccxt.ChecksumError, self._ccxt.InvalidNonce) as error:
                await self._on_gap(theirs, error)
            except (self._ccxt.BadSymbol, self._ccxt.NotSupported, self._ccxt.AuthenticationError) as error:
                raise SourceError(f"{self._name}: {error}") from None
            except (LostError, asyncio.CancelledError):
                raise
            except Exception as error:
                raise self._lost(error, "malformed") from None
            else:
                self._heard_s = time.monotonic()

    async def _on_gap(self, theirs: str, error: Exception) -> None:
        """CCXT has thrown the book away; asking again subscribes again, and brings a whole one."""
        ours = self._symbols[theirs]
        if ours not in self._flagged:
            self._flagged.add(ours)
            self._publisher.gate.flag(ours, self._clock.now_ns())
        self._gaps += 1
        metrics.FEED_RECONNECTS.labels(self._publisher.source, "gap").inc()
        log.warning("%s lost track of %s: %s", self._name, theirs, str(error)[:200])
        if self._gaps > _GAPS_MAX:
            raise LostError("gap", f"its books broke {self._gaps} times")
        await asyncio.sleep(0.01 * self._gaps)

    async def _best(self, exchange: Any, theirs: str) -> None:
        said = await exchange.watch_bids_asks([theirs])
        # What came while nobody waited is newer than what was waited for.
        self._quote(theirs, exchange.bidsasks.get(theirs) or said[theirs])

    async def _ticker(self, exchange: Any, theirs: str) -> None:
        said = await exchange.watch_ticker(theirs)
        self._quote(theirs, exchange.tickers.get(theirs) or said)

    def _quote(self, theirs: str, said: Mapping[str, Any]) -> None:
        sizes = said.get("bidVolume"), said.get("askVolume")
        self._say(theirs, 0, said.get("timestamp"), (said.get("bid"), said.get("ask")), sizes)

    async def _book(self, exchange: Any, theirs: str) -> None:
        book = await exchange.watch_order_book(theirs)
        if not book["bids"] or not book["asks"]:
            return  # a side is empty: there is no quote
        (bid, bid_quantity, *_), (ask, ask_quantity, *_) = book["bids"][0], book["asks"][0]
        nonce = book.get("nonce")
        number = nonce if isinstance(nonce, int) and nonce > 0 else 0
        self._say(theirs, number, book.get("timestamp"), (bid, ask), (bid_quantity, ask_quantity))

    def _say(self, theirs: str, number: int, at_ms: Any, prices: tuple[Any, Any], quantities: tuple[Any, Any]) -> None:
        """Publish a quote as the exchange gave it; what is no number is for the gate to keep back."""
        ours = self._symbols[theirs]
        at_ns = self._at_ns(at_ms)
        try:
            bid, ask = (read_number(price, "price") for price in prices)
            sizes = [None if quantity is None else read_number(quantity, "quantity") for quantity in quantities]
            tick = quote_tick(self._grids[ours], ours, number, at_ns, (bid, ask), (sizes[0], sizes[1]))
        except NumberFormatError:
            texts = [as_sent(each) for each in (*prices, *quantities)]
            tick = QuoteTick(ours, number, at_ns, texts[0], texts[1], texts[2], texts[3])
        # Each is whole, a book too: so it ends a gap.
        whole = ours in self._flagged
        self._flagged.discard(ours)
        self._publisher.publish([tick], [], time.monotonic(), whole=whole)

    async def _trades(self, exchange: Any, theirs: str) -> None:
        said = await exchange.watch_trades(theirs)
        fresh = [tick for each in said if (tick := self._print(theirs, each)) is not None]
        self._publisher.publish([], fresh, time.monotonic())

    def _print(self, theirs: str, said: Mapping[str, Any]) -> TradeTick | None:
        """The print, unless it was made before this feed took over, or was said before: exchanges repeat the last ones to whoever
        connects."""
        ours, at_ms = self._symbols[theirs], said.get("timestamp")
        if (isinstance(at_ms, int) and at_ms < self._began_ms) or self._is_repeated(theirs, said.get("id")):
            metrics.FEED_SKIPPED.labels(self._publisher.source, "history").inc()
            return None
        side = Side.SELL if said.get("side") == "sell" else Side.BUY
        try:
            price, quantity = read_number(said.get("price"), "price"), read_number(said.get("amount"), "quantity")
        except NumberFormatError:
            return TradeTick(ours, 0, self._at_ns(at_ms), as_sent(said.get("price")), as_sent(said.get("amount")), side)
        return trade_tick(self._grids[ours], ours, 0, self._at_ns(at_ms), price, quantity, side)

    def _is_repeated(self, theirs: str, name: object) -> bool:
        if name is None:
            return False
        seen, key = self._seen.setdefault(theirs, {}), str(name)[:64]
        if key in seen:
            return True
        seen[key] = None
        if len(seen) > _IDS_KEPT:
            del seen[next(iter(seen))]
        return False

    def _at_ns(self, at_ms: Any) -> int:
        """The exchange's own time of it, where it says one."""
        return at_ms * _MS if isinstance(at_ms, int) and at_ms > 0 else self._clock.now_ns()


async def _within(waited: Awaitable[Any], seconds: float) -> None:
    try:
        await asyncio.wait_for(waited, seconds)
    except Exception as error:  # it is being thrown away: that it does not close is only worth a word
        log.warning("the connection did not close: %r", error)
