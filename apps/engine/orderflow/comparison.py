"""Our rows beside those of a real book file: how many are equal, and where each difference began.

A price is compared while the real row shows it. When a price begins to differ, the message of that row is the reason, or the
price has just come into view: a file of ten levels tells nothing of what rests or is canceled beyond them.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from apps.core.enums import Side
from apps.engine.matching.book import Book
from apps.engine.orderflow.files import fail, read_lines
from apps.engine.orderflow.lobster import BOOK_LENGTH_MAX, read_book_row

BEYOND = "came into view from beyond the levels compared"
BEFORE = "there before the first message"
UNEXPLAINED = "unexplained"
TOLD_MAX = 5


class Comparison:
    def __init__(self, path: Path, depth: int, book: Book) -> None:
        self._path = path
        self._depth = depth
        self._book = book
        self._lines: Iterator[tuple[int, str]] = read_lines(path, BOOK_LENGTH_MAX)
        self._previous = ""  # the real row before
        self._differing: dict[tuple[Side, int], str] = {}  # price -> why, while it differs
        self.rows = self.equal = self.equal_best = 0
        self.began: Counter[str] = Counter()
        self.first_row = 0
        self.unexplained: list[int] = []  # the first rows

    def compare(self, ours: str, remark: str) -> None:
        """Hold the next real row against ``ours``; ``remark`` is what was odd about the message before it."""
        number, line = next(self._lines, (0, ""))
        if not number:
            problem = "the file ends here, and there are more messages"
            raise fail(self._path, self.rows + 1, problem, "Give the orderbook file of the same day and stock")
        columns = 4 * self._depth
        if (has := line.count(",") + 1) != columns:
            if has < columns:
                problem = f"has {has // 4} levels, and --depth asks for {self._depth}"
                raise fail(self._path, number, problem, f"Run with --depth {has // 4}")
            line = ",".join(line.split(",")[:columns])
        self.rows += 1
        if line == ours:
            self.equal += 1
            self.equal_best += 1
            self._differing.clear()
        else:
            self.first_row = self.first_row or number
            self.equal_best += line.split(",", 4)[:4] == ours.split(",", 4)[:4]
            self._explain(number, line, remark)
        self._previous = line

    def check_end(self) -> None:
        """Raise :class:`FlowError` when the real file goes on after the last message."""
        number, _ = next(self._lines, (0, ""))
        if number:
            raise fail(self._path, number, "there are more rows than messages", "Give the orderbook file of the same messages")

    def _explain(self, number: int, line: str, remark: str) -> None:
        row = read_book_row(self._path, number, line)
        before = read_book_row(self._path, number, self._previous) if self._previous else row
        for side, levels, seen in ((Side.SELL, row.asks, before.asks), (Side.BUY, row.bids, before.bids)):
            sign = 1 if side is Side.SELL else -1
            real = dict(levels)
            worst = sign * levels[-1][0] if len(levels) == self._depth else None
            seen_worst = sign * seen[-1][0] if len(seen) == self._depth else None
            here = self._ours(side, sign, worst)
            for ticks in real.keys() | here.keys():
                if real.get(ticks) == here.get(ticks):
                    self._differing.pop((side, ticks), None)
                elif (side, ticks) not in self._differing:
                    is_new = seen_worst is not None and sign * ticks > seen_worst
                    why = BEYOND if is_new else remark or UNEXPLAINED
                    self._begin(side, ticks, number, why if self._previous else BEFORE)

    def _ours(self, side: Side, sign: int, worst: int | None) -> dict[int, int]:
        """Our levels of the side that the real row could show."""
        found = {}
        for level in self._book.side(side).levels():
            if worst is not None and sign * level.ticks > worst:
                break
            found[level.ticks] = level.lots
        return found

    def _begin(self, side: Side, ticks: int, number: int, why: str) -> None:
        self._differing[side, ticks] = why
        self.began[why] += 1
        if why == UNEXPLAINED and len(self.unexplained) < TOLD_MAX and number not in self.unexplained:
            self.unexplained.append(number)

    def lines(self) -> list[str]:
        found = [
            f"rows equal to {self._path.name}: {self.equal:,} of {self.rows:,}",
            f"best bid and ask equal: {self.equal_best:,} of {self.rows:,}",
        ]
        if self.began:
            parts = ", ".join(f"{count:,} {why}" for why, count in self.began.most_common())
            found.append(f"differences began at {self.began.total():,} prices, the first in row {self.first_row:,}: {parts}")
        if self.unexplained:
            found.append(f"unexplained first in rows {', '.join(map(str, self.unexplained))}")
        return found
