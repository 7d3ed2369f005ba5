"""From ticks to what is kept and shown: bars, newest prices, frames of the quotes, and the merged depth.

Bars are exact: they are written in the transaction that moves the position, and a print that the log holds twice is counted
once; what they are then is published. Newest prices, frames and depth are the newest state, written about once a second (depth:
ten times) from memory; a crash loses at most the frames of two seconds, and nothing else that the next quote does not bring
again.
"""

import logging
from collections.abc import Callable, Sequence
from decimal import Decimal

import msgspec
from django.conf import settings
from django.db import Error as DatabaseError
from django.utils.module_loading import import_string

from apps.core.checks import check
from apps.core.clock import Clock, process_clock
from apps.core.enums import Side, Source
from apps.core.numbers import parse_decimal, parse_positive
from apps.eventlog.handler import Handler, Record
from apps.eventlog.inbox import drop_seen
from apps.eventlog.schemas.marketdata import BarTick, LevelsChanged, QuoteTicks, TradeTicks
from apps.eventlog.topics import partition_of
from apps.instruments.selectors import list_instruments
from apps.marketdata.bars import Print, bars_of_prints
from apps.marketdata.book import Book, SourcedQuote
from apps.marketdata.depth import CustomerLevels
from apps.marketdata.logline import LogLine
from apps.marketdata.running import BARS, RunningBars
from apps.marketdata.services import NewestPrice, Retention, add_to_bars, store_frames, store_newest
from apps.observability import metrics

log = logging.getLogger(__name__)

DEPTH = "marketdata.depth"
DEPTH_APART_NS = 100_000_000
STORE_APART_NS = 1_000_000_000
REFRESH_APART_NS = 1_000_000_000
RETENTION_APART_NS = 3600 * 1_000_000_000
#: How far ahead a feed's clock may be.
FUTURE_NS_MAX = 60 * 1_000_000_000
#: Characters of a source: with a colon and a symbol of 16 it is a key of the inbox, which holds 48.
SOURCE_MAX = 31
_LOOK_APART_NS = 1_000_000_000
_FRAMES_MAX = 20_000

LevelsSource = Callable[[], tuple[int, list[tuple[int, Side, Decimal, Decimal]]]]

_encode = msgspec.json.Encoder().encode


def _is_storable(source: str, epoch: int, sequence: int) -> bool:
    """Whether Postgres takes the tick's identity; the inbox keeps epoch and sequence as one number, their sum."""
    numbers_fit = epoch >= 0 and sequence >= 0 and epoch + sequence < 2**63
    return numbers_fit and 0 < len(source) <= SOURCE_MAX and source.isprintable()


class MarketDataHandler(Handler):
    name = "marketdata"
    topics = ("marketdata.quotes", "marketdata.trades", "marketdata.levels", "instruments.events")
    positions = "database"
    poison = "park"

    def __init__(self, *, clock: Clock | None = None, log_line: LogLine | None = None) -> None:
        self._clock = clock or process_clock()
        self._log_line = log_line
        self._levels_source: LevelsSource = import_string(settings.MARKETDATA_LEVELS_SOURCE)
        self._books: dict[str, Book] = {}
        self._frames: dict[tuple[str, int], SourcedQuote] = {}
        self._symbols: dict[int, str] = {}
        self._running = RunningBars()
        self._retention = Retention()
        self._is_loaded = False
        self._epoch = 0
        self._looked_ns = self._stored_ns = self._swept_ns = self._refreshed_ns = 0

    def start(self) -> None:
        if self._log_line is None:
            self._log_line = LogLine("marketdata", (DEPTH, BARS))

    def stop(self) -> None:
        if self._is_loaded:
            try:
                self._store(finished_before_s=None)
            except DatabaseError as error:
                log.warning("the newest prices were not written at the end: %s", error)
        if self._log_line is not None:
            self._log_line.close()

    def forget(self) -> None:
        """Levels are read anew: a partition that comes back may have moved on meanwhile. Depth gets a new epoch with them."""
        self._is_loaded = False
        self._running.forget()

    def handle(self, records: Sequence[Record]) -> None:
        self._load()
        if any(record.topic == "instruments.events" for record in records):
            self._look_up_instruments()
        prints: list[tuple[str, int, Print]] = []
        for record in records:
            match record.message:
                case QuoteTicks() as quotes:
                    self._take_quotes(quotes)
                case TradeTicks() as trades:
                    prints += self._read_prints(trades)
                case LevelsChanged() as changed:
                    self._take_levels(changed)
        self._add_prints(prints)

    def tick(self, now_ns: int) -> None:
        self._load()
        self._refresh_instruments(now_ns)
        self._show_depth(now_ns)
        if self._log_line is not None:
            self._running.publish(now_ns, self._log_line)
        if now_ns - self._stored_ns >= STORE_APART_NS or len(self._frames) > _FRAMES_MAX:
            self._stored_ns = now_ns
            self._store(finished_before_s=self._clock.now_ns() // 1_000_000_000)
        self._sweep(now_ns)
        if self._log_line is not None:
            self._log_line.check(now_ns / 1e9)

    def _sweep(self, now_ns: int) -> None:
        """Once an hour, one chunk a call until nothing old is left."""
        if now_ns - self._swept_ns >= RETENTION_APART_NS:
            ids = [book.instrument.id for book in self._books.values()]
            if self._retention.sweep(ids, self._clock.now_ns()):
                self._swept_ns = now_ns

    # --- Instruments and levels -----------------------------------------------------------------------------------------

    def _load(self) -> None:
        """Read instruments and customers' levels, at the start and after anything was lost; older changes are ignored then."""
        if self._is_loaded:
            return
        self._look_up_instruments()
        sequence, levels = self._levels_source()
        by_id = {book.instrument.id: book for book in self._books.values()}
        self._epoch = max(self._clock.now_ns(), self._epoch + 1)
        for book in by_id.values():
            book.levels = CustomerLevels(sequence)
            book.is_seen, book.is_changed, book.shown, book.sequence = False, True, None, 0
        for instrument_id, side, price, quantity in levels:
            book = by_id[instrument_id]
            side_levels = book.levels.bids if side is Side.BUY else book.levels.asks
            side_levels[book.instrument.grid.ticks(price)] = book.instrument.grid.lots(quantity)
        self._is_loaded = True

    def _look_up_instruments(self) -> None:
        for instrument in list_instruments():
            self._symbols[instrument.id] = instrument.symbol
            book = self._books.get(instrument.symbol)
            if book is None:
                self._books[instrument.symbol] = Book(instrument)
            elif book.instrument != instrument:
                book.instrument = instrument
                book.is_changed = True

    def _refresh_instruments(self, now_ns: int) -> None:
        """Their events are one partition, so only one member of the group hears of a halt; the others look."""
        if now_ns - self._refreshed_ns >= REFRESH_APART_NS:
            self._refreshed_ns = now_ns
            self._look_up_instruments()

    def _book(self, symbol: str) -> Book | None:
        """The book of ``symbol``; None for one that nobody configured, which is looked up again after a while."""
        book = self._books.get(symbol)
        if book is None and self._clock.monotonic_ns() - self._looked_ns >= _LOOK_APART_NS:
            self._looked_ns = self._clock.monotonic_ns()
            self._look_up_instruments()
            book = self._books.get(symbol)
        return book

    # --- What comes in --------------------------------------------------------------------------------------------------

    def _take_quotes(self, quotes: QuoteTicks) -> None:
        latest_ns = self._clock.now_ns() + FUTURE_NS_MAX
        for tick in quotes.ticks:
            if not 0 < tick.at_ns <= latest_ns:
                continue  # it would never become stale
            if not _is_storable(quotes.source, quotes.epoch, tick.sequence):
                continue  # written later, with others: one that Postgres refuses would take them along
            book = self._book(tick.symbol)
            if book is not None and book.take_quote(quotes.source, quotes.epoch, tick) and book.quote is not None:
                self._frames[tick.symbol, tick.at_ns // 1_000_000_000] = book.quote

    def _take_levels(self, changed: LevelsChanged) -> None:
        book = self._book(changed.symbol)
        if book is None:
            return
        grid = book.instrument.grid
        levels = [
            (level.side, grid.ticks(parse_positive(level.price, "price")), grid.lots(parse_decimal(level.quantity, "quantity")))
            for level in changed.levels
        ]
        book.is_seen = True
        book.is_changed |= book.levels.change(changed.sequence, levels)

    def _read_prints(self, trades: TradeTicks) -> list[tuple[str, int, Print]]:
        """(inbox key, rising number, print) of each. A feed's epoch is an instant in ns: epoch + sequence rises over restarts."""
        offset = 0 if trades.source == Source.BOOK else trades.epoch
        prints = []
        for tick in trades.ticks:
            latest_ns = self._clock.now_ns() + FUTURE_NS_MAX
            check(0 < tick.at_ns <= latest_ns, f"a print may not come from the future, was {tick.at_ns}")
            check(_is_storable(trades.source, trades.epoch, tick.sequence), "a print's source or numbers cannot be stored")
            book = self._book(tick.symbol)
            if book is not None:
                price, quantity = parse_positive(tick.price, "price"), parse_positive(tick.quantity, "quantity")
                each = Print(book.instrument.id, tick.at_ns, price, quantity)
                prints.append((f"{trades.source}:{tick.symbol}", offset + tick.sequence, each))
        return prints

    def _add_prints(self, prints: list[tuple[str, int, Print]]) -> None:
        fresh = [prints[index] for index in drop_seen(self.name, [(key, number) for key, number, _ in prints])]
        bars = bars_of_prints(each for _, _, each in fresh)
        self._running.take(BarTick(self._symbols[bar.instrument_id], *bar[1:]) for bar in add_to_bars(bars))
        for interval in {bar.interval for bar in bars}:
            metrics.MARKETDATA_BARS.labels(interval).inc(sum(bar.interval == interval for bar in bars))
        for key, _, each in fresh:
            book = self._books[key.partition(":")[2]]
            if book.last_at_ns is not None and each.at_ns // 1_000_000_000 < book.last_at_ns // 1_000_000_000:
                metrics.MARKETDATA_LATE.inc()
            book.last, book.last_at_ns, book.is_moved = each.price, each.at_ns, True

    # --- What goes out --------------------------------------------------------------------------------------------------

    def _show_depth(self, now_ns: int) -> None:
        wall_ns = self._clock.now_ns()
        for book in self._books.values():
            if not book.is_seen or now_ns - book.shown_at_ns < DEPTH_APART_NS:
                continue
            if book.is_changed or book.is_overdue(wall_ns):
                book.shown_at_ns = now_ns
                book.is_changed = not self._publish_depth(book, wall_ns)

    def _publish_depth(self, book: Book, wall_ns: int) -> bool:
        """Publish the depth if it changed; False when the log did not take it, so that it is tried again."""
        try:
            depth = book.show(wall_ns, self._epoch)
        except ValueError as error:
            self._refuse(book, error)
            return False
        if depth is None or self._log_line is None:
            return True
        symbol = book.instrument.symbol
        if self._log_line.send(DEPTH, symbol, _encode(depth), partition_of(symbol, DEPTH)):
            return True
        book.shown = None
        return False

    def _store(self, *, finished_before_s: int | None) -> None:
        """Write newest prices, and the frames of seconds that are over (of all if None)."""
        moved = [book for book in self._books.values() if book.is_moved]
        store_newest([price for book in moved if (price := self._newest(book))])
        for book in moved:
            book.is_moved = False
        done = [key for key in self._frames if finished_before_s is None or key[1] < finished_before_s]
        store_frames([frame for key in done if (frame := self._frame(key))])
        for key in done:
            del self._frames[key]
        self._observe_age()

    def _newest(self, book: Book) -> NewestPrice | None:
        try:
            return book.newest()
        except ValueError as error:
            self._refuse(book, error)
            return None

    def _frame(self, key: tuple[str, int]) -> NewestPrice | None:
        try:
            return self._frames[key].price_of(self._books[key[0]].instrument.id)
        except ValueError:
            return None  # said when it was the newest

    def _refuse(self, book: Book, error: ValueError) -> None:
        """A quote that is no quote is put away: the house withdraws until the next one."""
        log.warning("quote of %s refused: %s", book.instrument.symbol, error)
        book.quote = None

    def _observe_age(self) -> None:
        now_ns = self._clock.now_ns()
        # Of what this process reads: another member's are its own to tell, and would only grow old here.
        seen = (book for book in self._books.values() if book.is_seen and book.instrument.is_open)
        ages = [now_ns - book.quote.tick.at_ns for book in seen if book.quote]
        metrics.MARKETDATA_PRICE_AGE_SECONDS.set(max(ages, default=0) / 1e9)
