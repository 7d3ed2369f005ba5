"""What a decision read, out of the journal: for people who ask why."""

from dataclasses import dataclass
from datetime import datetime

from apps.core.clock import instant
from apps.engine.journal import JournaledQuote, read_quotes
from apps.engine.models import Journal

__all__ = ["BatchView", "JournaledQuote", "find_batch"]


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch: the sequences above ``after`` up to ``last_sequence``, decided at ``at_ns`` by the engine of ``epoch``.

    ``quotes`` are the house's that its decisions read, by instrument id.
    """

    after: int
    last_sequence: int
    epoch: int
    at_ns: int
    quotes: dict[int, JournaledQuote]

    @property
    def at(self) -> datetime:
        return instant(self.at_ns)


def find_batch(sequence: int) -> BatchView | None:
    """The batch in which the sequence was given out; None when no row of the journal has it. One step along its key."""
    row = Journal.objects.filter(last_sequence__gte=sequence).order_by("last_sequence").first()
    if row is None or row.first_sequence >= sequence:
        return None
    quotes = {quote.instrument_id: quote for quote in read_quotes(bytes(row.inputs))}
    return BatchView(row.first_sequence, row.last_sequence, row.epoch, row.now_ns, quotes)
