"""Quotes of the feeds, on their way to the house: the newest of each symbol, read strictly, when a batch is about to look.

A quote far from the one before it may be the market or a mistake. It is not taken before its instrument is paused: for a minute
nobody can trade on it, and whoever watches can make of the pause a halt.
"""

import msgspec

from apps.commands.types import Actor, PauseInstrument
from apps.core.enums import Role
from apps.core.ladder import LEVELS
from apps.core.numbers import UNITS_PER_ONE, NumberFormatError, parse_decimal
from apps.core.units import Grid
from apps.engine.matching.answers import text
from apps.engine.matching.house import HOUSE_AGE_NS_MAX, is_fresh
from apps.engine.matching.risk import PRICE_UNITS_MAX
from apps.engine.matching.state import HouseQuote, Instrument
from apps.engine.matching.venue import Venue
from apps.engine.matching.watch import BPS
from apps.engine.session import Session
from apps.engine.steps import Request
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks
from apps.observability import metrics

#: A second feed takes a symbol over only when the first has been silent for as long as withdraws the house.
SOURCE_SILENT_NS = 3_000_000_000
#: A tick that the feed made longer ago than this was held up on its way, by us or by the feed: it is no price of now. What a
#: feed's clock may lag behind ours, a second, is well within it.
LATE_NS_MAX = 3_000_000_000

#: The quote before is what a band is measured from only when it came at most so long ago: prices move while nobody looks.
BAND_AGE_NS_MAX = 10_000_000_000
PAUSE_S = 60
_SYSTEM = Actor(None, Role.SYSTEM)

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.json.Decoder(QuoteTicks)


class QuoteInbox:
    """Keeps the newest tick of each symbol; a thousand that came since the last batch cost as much as one."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._pending: dict[str, tuple[QuoteTicks, QuoteTick, int]] = {}
        # Whose newest quote was taken while nothing could trade on it: it is matched when the instrument opens.
        self._unmatched: dict[int, Instrument] = {}

    def __len__(self) -> int:
        opened = sum(map(self._venue.is_trading, self._unmatched.values()))
        return len(self._pending) + len(self._venue.unfinished) + opened

    def add(self, frame: bytes, now_ns: int) -> None:
        """Take one frame of a feed; raises ``framing.UNREADABLE`` when it is not QuoteTicks."""
        ticks = _decoder.decode(frame)
        metrics.ENGINE_QUOTES.inc(len(ticks.ticks))
        dropped = 0
        for tick in ticks.ticks:
            if now_ns - tick.at_ns <= LATE_NS_MAX and self._is_news(ticks, tick):
                self._pending[tick.symbol] = (ticks, tick, now_ns)
            else:
                dropped += 1
        if dropped:
            metrics.ENGINE_QUOTES_DROPPED.inc(dropped)

    def _is_news(self, ticks: QuoteTicks, tick: QuoteTick) -> bool:
        """Whether the tick is of an instrument, can be stored with a trade, and is newer than what waits already."""
        if self._venue.instrument_by_symbol(tick.symbol) is None or not _is_storable(ticks, tick):
            return False
        waiting = self._pending.get(tick.symbol)
        if waiting is None or waiting[0].source != ticks.source:
            return True
        return (ticks.epoch, tick.sequence) > (waiting[0].epoch, waiting[1].sequence)

    def apply(self, session: Session, now_ns: int) -> tuple[list[int], list[Request]]:
        """Hand the pending quotes to the venue; return the instruments whose orders they reach, and pauses to be decided first.

        A quote that asks for a pause stays pending, and is taken when its instrument has been paused. So does one of an
        instrument that is not done with the quote before. What was taken before its instrument opened, in the very batch that
        opened it perhaps, reaches what it reaches now, if it is fresh: the feed may have nothing to say for a while.
        """
        pending, self._pending = self._pending, {}
        crossed: list[int] = list(self._venue.unfinished)
        pauses: list[Request] = []
        for symbol, (ticks, tick, received_ns) in pending.items():
            instrument = self._venue.instrument_by_symbol(symbol)
            if instrument is not None and instrument.instrument_id in self._venue.unfinished:
                self._pending[symbol] = (ticks, tick, received_ns)
                continue
            quote = None if instrument is None else self._read(instrument, ticks, tick, received_ns)
            if quote is None:
                metrics.ENGINE_QUOTES_DROPPED.inc()
                continue
            if instrument is not None and self._is_outside_band(instrument, quote):
                self._pending[symbol] = (ticks, tick, received_ns)
                pauses.append(self._pause(instrument))
                continue
            instrument_id = session.on_quote(symbol, quote, now_ns)
            if instrument_id is not None:
                crossed.append(instrument_id)
            elif instrument is not None and not self._venue.is_trading(instrument):
                self._unmatched[instrument.instrument_id] = instrument
        return crossed + self._opened(crossed, now_ns), pauses

    def _opened(self, crossed: list[int], now_ns: int) -> list[int]:
        """Of the instruments that trade again those whose quote, taken meanwhile, is fresh and reaches orders."""
        opened = [each for each in self._unmatched.values() if self._venue.is_trading(each)]
        for instrument in opened:
            del self._unmatched[instrument.instrument_id]
        return [each.instrument_id for each in opened if each.instrument_id not in crossed and self._reaches(each, now_ns)]

    def _reaches(self, instrument: Instrument, now_ns: int) -> bool:
        quote = self._venue.houses[instrument.instrument_id].quote
        return quote is not None and is_fresh(quote, now_ns, HOUSE_AGE_NS_MAX) and self._venue.is_reached(instrument)

    def _is_outside_band(self, instrument: Instrument, quote: HouseQuote) -> bool:
        """Whether the mid is more than ``band_bps`` from that of the quote before. Only what trades can be paused."""
        before = self._venue.houses[instrument.instrument_id].quote
        if before is None or quote.received_ns - before.received_ns > BAND_AGE_NS_MAX or not self._venue.is_trading(instrument):
            return False
        if before.source == quote.source and (quote.epoch, quote.sequence) <= (before.epoch, before.sequence):
            return False  # old news, which the house does not take anyway
        was, comes = before.bid_ticks + before.ask_ticks, quote.bid_ticks + quote.ask_ticks
        return abs(comes - was) * BPS > instrument.band_bps * was

    def _pause(self, instrument: Instrument) -> Request:
        """The engine's own command. Its id is new: what it asks for moves the sequence, which is in it."""
        command = PauseInstrument(
            command_id=f"pause-{self._venue.epoch}-{self._venue.sequence}-{instrument.instrument_id}",
            actor=_SYSTEM,
            symbol=instrument.symbol,
            seconds=PAUSE_S,
            reason=f"The price moved more than {percent(instrument.band_bps)} % at once.",
        )
        return Request(command, _encoder.encode(command))

    def _read(self, instrument: Instrument, ticks: QuoteTicks, tick: QuoteTick, received_ns: int) -> HouseQuote | None:
        """The tick in the instrument's integers; None when it is no quote that the house could stand behind."""
        known = self._venue.houses[instrument.instrument_id].quote
        if known is not None and known.source != ticks.source and received_ns - known.received_ns < SOURCE_SILENT_NS:
            return None
        try:
            quote = _house_quote(instrument.grid, ticks, tick, received_ns)
        except NumberFormatError:
            return None
        is_sound = 0 < quote.bid_ticks < quote.ask_ticks and quote.bid_lots > 0 and quote.ask_lots > 0
        return quote if is_sound and _highest(instrument, quote) < PRICE_UNITS_MAX else None


def percent(bps: int) -> str:
    return text(bps * UNITS_PER_ONE // 100)


def _highest(instrument: Instrument, quote: HouseQuote) -> int:
    """The price, in units, that the house's ladder has no higher one than: a trade there must be storable too."""
    return (quote.ask_ticks + LEVELS * instrument.ladder_step_ticks) * instrument.grid.tick


def _is_storable(ticks: QuoteTicks, tick: QuoteTick) -> bool:
    numbers = (ticks.epoch, tick.sequence, tick.at_ns)
    return 0 < len(ticks.source) <= 32 and ticks.source.isprintable() and all(0 <= number < 2**63 for number in numbers)


def _house_quote(grid: Grid, ticks: QuoteTicks, tick: QuoteTick, received_ns: int) -> HouseQuote:
    return HouseQuote(
        source=ticks.source,
        epoch=ticks.epoch,
        sequence=tick.sequence,
        at_ns=tick.at_ns,
        received_ns=received_ns,
        bid_ticks=grid.ticks(parse_decimal(tick.bid, "bid"), "bid"),
        ask_ticks=grid.ticks(parse_decimal(tick.ask, "ask"), "ask"),
        bid_lots=grid.lots(parse_decimal(tick.bid_quantity, "bid_quantity"), "bid_quantity"),
        ask_lots=grid.lots(parse_decimal(tick.ask_quantity, "ask_quantity"), "ask_quantity"),
    )
