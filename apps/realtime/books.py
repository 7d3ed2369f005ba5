"""Depth on the wire: the whole book, or what turned the book before into it. Pure, encoded once for all sockets.

A level is told by the text of its price, which the log writes in one way only. The checksum covers the book as a page holds it
after the message, so a page that applied a delta wrongly, or lost one, finds out by itself.
"""

from collections.abc import Sequence
from typing import NamedTuple
from zlib import crc32

import msgspec

from apps.eventlog.schemas.marketdata import Depth
from apps.realtime.limits import LEVELS_SHOWN

Level = tuple[str, str, str]

_encode = msgspec.json.Encoder().encode
_MS = 1_000_000


class BookUpdate(NamedTuple):
    """One symbol's depth as the publisher sends it to the hubs. ``version`` names this book, ``base`` the one that ``delta``
    begins with; base and delta are empty where only the snapshot can be sent."""

    version: str
    snapshot: str
    base: str
    delta: str


def checksum(bids: Sequence[Level], asks: Sequence[Level]) -> int:
    """CRC-32 of ``price:quantity:customers`` of each level as sent, bids first, joined by a bar."""
    return crc32("|".join([":".join(level) for side in (bids, asks) for level in side]).encode())


def book_update(before: Depth | None, depth: Depth) -> BookUpdate:
    """``depth`` as a snapshot, and as a delta from ``before`` where that is possible and shorter."""
    bids, asks = depth.bids[:LEVELS_SHOWN], depth.asks[:LEVELS_SHOWN]
    at_ms, crc = depth.at_ns // _MS, checksum(bids, asks)
    snapshot = _encode((depth.symbol, depth.epoch, depth.sequence, at_ms, crc, bids, asks)).decode()
    version = f"{depth.epoch}:{depth.sequence}"
    if before is None or before.epoch != depth.epoch or before.sequence >= depth.sequence:
        return BookUpdate(version, snapshot, "", "")
    changed = (changes(before.bids[:LEVELS_SHOWN], bids), changes(before.asks[:LEVELS_SHOWN], asks))
    delta = _encode((depth.symbol, depth.epoch, before.sequence, depth.sequence, at_ms, crc, *changed)).decode()
    if len(delta) >= len(snapshot):
        return BookUpdate(version, snapshot, "", "")
    return BookUpdate(version, snapshot, f"{before.epoch}:{before.sequence}", delta)


def changes(before: Sequence[Level], after: Sequence[Level]) -> list[Level]:
    """The levels of one side that are another or new in ``after``, and those that are gone, with the quantity 0."""
    known = {level[0]: level for level in before}
    changed = [level for level in after if known.pop(level[0], None) != level]
    return changed + [(price, "0", "0") for price in known]
