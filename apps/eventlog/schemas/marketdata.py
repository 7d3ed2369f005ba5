"""Market data on the topics, and on the feed's connection to the engine.

A record holds the ticks of all symbols of one partition that came within a few milliseconds; a symbol always goes to the same
partition (CRC-32 of the symbol modulo the number of partitions), so the order of its ticks is kept.
A tick's identity is (source, epoch, symbol, sequence): the sequence counts per source, epoch and symbol.
"""

from typing import Literal, get_args

import msgspec

from apps.core.enums import Side

BarInterval = Literal["1s", "1m", "5m", "1h", "1d"]
INTERVALS: tuple[BarInterval, ...] = get_args(BarInterval)


class QuoteTick(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """Best bid and ask with their quantities."""

    symbol: str
    sequence: int
    at_ns: int
    bid: str
    ask: str
    bid_quantity: str
    ask_quantity: str


class QuoteTicks(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="QUOTES"):
    """Topic ``marketdata.quotes``; also the frame that a feed sends to the engine."""

    source: str
    epoch: int
    ticks: list[QuoteTick]
    version: int = 1


class TradeTick(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """One print. In Tredye's own book ``sequence`` is the trade's id."""

    symbol: str
    sequence: int
    at_ns: int
    price: str
    quantity: str
    aggressor_side: Side


class TradeTicks(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="TRADES"):
    """Topic ``marketdata.trades``. ``source`` is the feed's name, or BOOK for Tredye's own trades."""

    source: str
    epoch: int
    ticks: list[TradeTick]
    version: int = 1


class LevelChanged(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """The customers' total quantity at one price of Tredye's book is now ``quantity`` ("0": the level is gone)."""

    side: Side
    price: str
    quantity: str


class LevelsChanged(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="LEVELS"):
    """Topic ``marketdata.levels``, keyed by symbol: from the engine, one message per instrument that a batch touched."""

    symbol: str
    epoch: int
    sequence: int
    at_ns: int
    levels: list[LevelChanged]
    version: int = 1


class BarTick(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A bar as it is now, whole. ``start_s`` is in seconds since 1970; ``sequence`` is the number of its prints."""

    symbol: str
    interval: BarInterval
    start_s: int
    open: str
    high: str
    low: str
    close: str
    volume: str
    sequence: int


class BarTicks(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="BARS"):
    """Topic ``marketdata.bars``: what prints have changed since the last one; older bars of an interval come first."""

    bars: list[BarTick]
    version: int = 1


class Depth(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="DEPTH"):
    """Topic ``marketdata.depth``, keyed by symbol: the merged book, customers and house, best first.

    A level is ``[price, quantity, quantity of customers in it]``. Never locked or crossed.
    """

    symbol: str
    epoch: int
    sequence: int
    at_ns: int
    bids: list[tuple[str, str, str]]
    asks: list[tuple[str, str, str]]
    version: int = 1
