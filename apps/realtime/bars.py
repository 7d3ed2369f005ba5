"""The running bar of an interval, and the one before it, whose last change may come together with the first of the next. Pure."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")

#: A symbol and an interval.
BarKey = tuple[str, str]


@dataclass(slots=True)
class Running(Generic[Value]):
    """``start`` and ``before_start`` are in milliseconds since 1970; what is older than both is nobody's business any more."""

    start: int
    value: Value
    before_start: int = -1
    before: Value | None = None

    def put(self, start: int, value: Value) -> bool:
        """Take the bar that began at ``start``; False when it is older than what is kept."""
        if start > self.start:
            self.before_start, self.before = self.start, self.value
            self.start, self.value = start, value
        elif start == self.start:
            self.value = value
        elif start == self.before_start:
            self.before = value
        else:
            return False
        return True

    def at(self, start: int) -> Value | None:
        return self.value if start == self.start else self.before if start == self.before_start else None
