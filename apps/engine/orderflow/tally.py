"""What a replay counts, and how it says so."""

from collections import Counter
from dataclasses import dataclass, field

#: How many violations of priority are told one by one.
TOLD_MAX = 10


@dataclass(slots=True)
class Tally:
    """``executions`` are the rows that name a resting order, or stand against the seed; ``matched`` those where priority chose
    just that order, for just that size."""

    messages: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    executions: int = 0
    matched: int = 0
    from_seed: int = 0  # messages about an order that was there before the file began
    unknown: Counter[str] = field(default_factory=Counter)  # the same, and nothing to take from: skipped; by kind
    short: int = 0  # asked for more than was left
    withdrawn: int = 0  # stand-ins that were in the way later
    crossed: int = 0  # new orders that traded at once
    refused: Counter[str] = field(default_factory=Counter)  # by the venue's reason
    told: list[str] = field(default_factory=list)

    def tell(self, violation: str) -> None:
        if len(self.told) < TOLD_MAX:
            self.told.append(violation)

    def lines(self) -> list[str]:
        """The report: what is always said first, then what happened at all."""
        found = [f"messages: {_parts(self.kinds)}"] if self.kinds else []
        found += [f"  priority chose another order: {text}" for text in self.told]
        for count, text in (
            (self.from_seed, "messages took from the seed: orders that were there before the first message"),
            (self.short, "messages asked for more than was left"),
            (self.withdrawn, "orders that priority left behind were withdrawn later, when they were in the way"),
            (self.crossed, "new orders traded at once, with what rested here"),
        ):
            if count:
                found.append(f"{text}: {count:,}")
        if self.unknown:
            found.append(f"skipped, order id never seen and no seed order at the price: {_parts(self.unknown)}")
        if self.refused:
            found.append(f"refused by the venue: {_parts(self.refused)}")
        return found


def _parts(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.most_common())
