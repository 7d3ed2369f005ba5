"""A page's book by the rule of docs/stream.md, written anew: after each message it holds what the server says it holds."""

from decimal import Decimal
from typing import Any
from zlib import crc32

LEVELS = 10


class PageBook:
    """Takes the arrays of ``d`` and ``dd`` messages of one symbol."""

    def __init__(self) -> None:
        self.epoch = self.sequence = -1
        self.bids: list[list[str]] = []
        self.asks: list[list[str]] = []
        self.by_delta = 0

    def take_snapshot(self, message: list[Any]) -> None:
        _, self.epoch, self.sequence, _, crc, self.bids, self.asks = message
        assert self.checksum() == crc

    def take_delta(self, message: list[Any]) -> bool:
        """False when the delta does not fit what is held."""
        _, epoch, base, sequence, _, crc, bids, asks = message
        if (epoch, base) != (self.epoch, self.sequence):
            return False
        self.sequence = sequence
        self.bids, self.asks = _applied(self.bids, bids, best_is_high=True), _applied(self.asks, asks, best_is_high=False)
        self.by_delta += 1
        assert self.checksum() == crc, "what the page holds is not what the server says it holds"
        return True

    def checksum(self) -> int:
        levels = [f"{price}:{quantity}:{customers}" for price, quantity, customers in (*self.bids, *self.asks)]
        return crc32("|".join(levels).encode("ascii"))


def _applied(levels: list[list[str]], changes: list[list[str]], *, best_is_high: bool) -> list[list[str]]:
    held = {price: [price, quantity, customers] for price, quantity, customers in [*levels, *changes] if quantity != "0"}
    for price, quantity, _ in changes:
        if quantity == "0":
            held.pop(price, None)
    return sorted(held.values(), key=lambda level: Decimal(level[0]), reverse=best_is_high)[:LEVELS]
