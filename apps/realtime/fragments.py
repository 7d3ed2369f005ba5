"""The log's messages as the final JSON arrays of docs/stream.md, encoded once for all sockets. Pure."""

import msgspec

from apps.core.enums import Source
from apps.eventlog.schemas.marketdata import BarTick, QuoteTick, TradeTick
from apps.instruments.marks import mark_of
from apps.realtime.reader import StoredState

_encode = msgspec.json.Encoder().encode
_MS = 1_000_000


def quote_fragment(epoch: int, tick: QuoteTick) -> str:
    at_ms = tick.at_ns // _MS
    return _encode((tick.symbol, epoch, tick.sequence, at_ms, tick.bid, tick.ask, tick.bid_quantity, tick.ask_quantity)).decode()


def print_fragment(source: str, epoch: int, tick: TradeTick) -> str:
    shown = Source.BOOK if source == Source.BOOK else Source.FEED
    at_ms = tick.at_ns // _MS
    return _encode((tick.symbol, epoch, tick.sequence, at_ms, tick.price, tick.quantity, tick.aggressor_side, shown)).decode()


def bar_fragment(bar: BarTick) -> str:
    numbers = (bar.open, bar.high, bar.low, bar.close, bar.volume)
    return _encode((bar.symbol, bar.interval, bar.start_s * 1000, *numbers, bar.sequence)).decode()


def state_fragment(stored: StoredState) -> str:
    mark = mark_of(stored.changed_at, stored.paused_until, is_killed=stored.is_killed)
    return _encode((stored.symbol, stored.state, mark)).decode()


def stored_fragment(row: tuple[object, ...]) -> str:
    """A row of ``Reader.latest_prices`` or ``Reader.running_bars`` as the quote or the bar that it was."""
    return _encode(row).decode()
