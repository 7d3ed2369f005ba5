"""Where a price has been lately, and whether the next one is near it. PURE, in integers: time and prices are passed in.

A tick far from where the market was may be the market or a mistake. One alone is kept back; a second one near it, with none of
the old market in between, is the market. The engine has a band of its own, from one quote to the next (docs/orders.md): it pauses
the instrument when the confirmed quote arrives. This one is wider in time and stands before everything, the screens included.
"""

from collections import deque

#: The mean is of the last price of each second, over so many seconds.
MEAN_S = 300
#: A price further from the mean than a tenth of it is not believed at once.
TENTHS = 10
#: A second tick confirms the first within this long; after it, it is a first one again.
CONFIRM_S = 60


class Band:
    """The prices of one kind of one instrument; any unit, so long as it is one."""

    __slots__ = ("_kept", "_last", "_mean", "_second", "_sum", "_suspect", "_suspect_s")

    def __init__(self) -> None:
        self._kept: deque[tuple[int, int]] = deque()
        self._sum = 0
        self._mean = 0
        self._second = self._last = 0
        self._suspect = self._suspect_s = 0

    def reference(self, now_s: int) -> int:
        """The mean of the last five minutes; 0 when there was no price in them."""
        if now_s > self._second:
            self._roll(now_s)
        return self._mean

    def takes(self, price: int, now_s: int, fallback: int = 0) -> bool:
        """Whether ``price`` is believed; if so it is remembered. ``fallback`` stands in for a mean that there is not."""
        mean = self.reference(now_s) or fallback
        if not mean or abs(price - mean) * TENTHS <= mean:
            self._suspect = 0
            self._keep(price, now_s)
            return True
        suspect = self._suspect
        if suspect and abs(price - suspect) * TENTHS <= suspect and now_s - self._suspect_s <= CONFIRM_S:
            self.restart(price, now_s)
            return True
        self._suspect, self._suspect_s = price, now_s
        return False

    def restart(self, price: int, now_s: int) -> None:
        """The market is at ``price`` now, wherever it was."""
        self._kept.clear()
        self._sum = self._suspect = 0
        self._second, self._last, self._mean = now_s, price, price

    def _keep(self, price: int, now_s: int) -> None:
        # Under a clock that was set back, the second that is open goes on until it is over.
        self._second, self._last = max(now_s, self._second), price
        if not self._mean:
            self._mean = price

    def _roll(self, now_s: int) -> None:
        """Close the second that was open, forget what is too old, and make the mean anew."""
        if self._last:
            self._kept.append((self._second, self._last))
            self._sum += self._last
            self._last = 0
        while self._kept and self._kept[0][0] < now_s - MEAN_S:
            self._sum -= self._kept.popleft()[1]
        self._mean = self._sum // len(self._kept) if self._kept else 0
        self._second = now_s
