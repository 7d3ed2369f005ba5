"""The intervals of a chart. Five are stored, the others are made of them when they are asked for. PURE.

Only these five are written with every print, kept and told by the stream: each further one would cost a row of every print's
transaction and a message of every change, where folding a few stored bars costs a reader some milliseconds. A page folds the
running bar of a made interval itself, from the stored bars that the stream tells.
"""

from dataclasses import dataclass

from apps.marketdata.bars import SECONDS


@dataclass(frozen=True, slots=True)
class Interval:
    """``base`` is the stored interval that it is made of, its own where it is stored."""

    code: str
    seconds: int
    base: str

    @property
    def base_seconds(self) -> int:
        return SECONDS[self.base]

    @property
    def parts(self) -> int:
        """How many stored bars make one."""
        return self.seconds // self.base_seconds

    @property
    def is_stored(self) -> bool:
        return self.base == self.code


#: In the order in which a chart offers them. A base divides its interval, and all of them divide the day of UTC.
INTERVALS: dict[str, Interval] = {
    each.code: each
    for each in (
        Interval("1s", 1, "1s"),
        Interval("5s", 5, "1s"),
        Interval("15s", 15, "1s"),
        Interval("1m", 60, "1m"),
        Interval("5m", 300, "5m"),
        Interval("15m", 900, "5m"),
        Interval("30m", 1800, "5m"),
        Interval("1h", 3600, "1h"),
        Interval("4h", 14_400, "1h"),
        Interval("1d", 86_400, "1d"),
    )
}
DEFAULT = "1m"
