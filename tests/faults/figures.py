"""What the tests of faults measured, besides whether it was enough: kept where ``make faults`` shows it, else lost.

``note`` keeps a line, ``recovered`` how long it took until everything went on, ``checked`` which laws were asked and held. What a
test tells goes to the rows that its mark names, or to the one that it names itself.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_ROW = re.compile(r"F[0-9]+")


@dataclass
class Told:
    """What one test told: lines by row or by a name of their own, seconds by row, and laws."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    seconds: list[tuple[str, float]] = field(default_factory=list)
    laws: set[str] = field(default_factory=set)

    def lines_of(self, row: str) -> list[str]:
        """Those for ``row``; a name that is no row's stands before its line."""
        return [
            line if name == row else f"{name}: {line}" for name, line in self.lines if name == row or not _ROW.fullmatch(name)
        ]

    def seconds_of(self, row: str) -> list[float]:
        return [seconds for name, seconds in self.seconds if name in (row, "")]


_told = Told()


def note(name: str, figures: str) -> None:
    """Keep one line of figures, for the row ``name`` or, with another name, for every row of the test's mark."""
    _told.lines.append((name, figures))


def recovered(seconds: float, row: str = "") -> None:
    """Keep how long it took from the end of the fault, or from where the row's promise counts, until everything went on."""
    _told.seconds.append((row, seconds))


def checked(laws: Iterable[str]) -> None:
    """Keep that these laws, "I1" and so on, were asked and held."""
    _told.laws.update(laws)


def taken() -> Told:
    """What was told since the last call."""
    global _told
    taken, _told = _told, Told()
    return taken
