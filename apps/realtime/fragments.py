"""The log's messages as the final JSON arrays of docs/stream.md, encoded once for all sockets. Pure."""

import msgspec

from apps.core.enums import Source
from apps.eventlog.schemas.marketdata import Depth, QuoteTick, TradeTick
from apps.realtime.limits import LEVELS_SHOWN

_encode = msgspec.json.Encoder().encode
_MS = 1_000_000


def quote_fragment(epoch: int, tick: QuoteTick) -> str:
    at_ms = tick.at_ns // _MS
    return _encode((tick.symbol, epoch, tick.sequence, at_ms, tick.bid, tick.ask, tick.bid_quantity, tick.ask_quantity)).decode()


def print_fragment(source: str, epoch: int, tick: TradeTick) -> str:
    shown = Source.BOOK if source == Source.BOOK else Source.FEED
    at_ms = tick.at_ns // _MS
    return _encode((tick.symbol, epoch, tick.sequence, at_ms, tick.price, tick.quantity, tick.aggressor_side, shown)).decode()


def depth_fragment(depth: Depth) -> str:
    bids, asks = depth.bids[:LEVELS_SHOWN], depth.asks[:LEVELS_SHOWN]
    return _encode((depth.symbol, depth.epoch, depth.sequence, depth.at_ns // _MS, bids, asks)).decode()


def stored_fragment(price: tuple[object, ...]) -> str:
    """A row of ``Reader.latest_prices`` as the quote that it was."""
    return _encode(price).decode()
