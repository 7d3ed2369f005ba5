"""What was published, in a file that the feed writes and the sockets' process maps (table.h spells the same layout)."""

import mmap
from collections.abc import Sequence
from pathlib import Path

SYMBOLS = 512
NAME = 16
STAMPS = 2048
_NEWEST = SYMBOLS * NAME // 8
_STAMPS = _NEWEST + SYMBOLS
BYTES = (_STAMPS + SYMBOLS * STAMPS) * 8


class Table:
    """Sequences count from 1 for each symbol, by its number."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), BYTES)
        self._words = memoryview(self._map).cast("Q")

    @classmethod
    def create(cls, path: Path, symbols: Sequence[str]) -> "Table":
        if len(symbols) > SYMBOLS or any(len(symbol) >= NAME for symbol in symbols):
            raise ValueError(f"at most {SYMBOLS} symbols of at most {NAME - 1} characters")
        names = b"".join(symbol.encode().ljust(NAME, b"\0") for symbol in symbols)
        with path.open("wb") as file:
            file.write(names)
            file.truncate(BYTES)
        return cls(path)

    def names(self) -> list[str]:
        text = bytes(self._map[: SYMBOLS * NAME])
        names = (text[start : start + NAME].rstrip(b"\0").decode() for start in range(0, len(text), NAME))
        return [name for name in names if name]

    def publish(self, symbol: int, stamp_us: int) -> int:
        """Note the next tick of ``symbol`` and return its sequence."""
        words = self._words
        sequence = words[_NEWEST + symbol] + 1
        words[_STAMPS + symbol * STAMPS + sequence % STAMPS] = stamp_us
        words[_NEWEST + symbol] = sequence
        return sequence

    def newest(self, symbol: int) -> int:
        return self._words[_NEWEST + symbol]
