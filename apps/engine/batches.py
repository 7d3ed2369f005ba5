"""One batch of the journal, for a person who looks into what was decided."""

from dataclasses import dataclass
from datetime import datetime

from apps.core.clock import instant
from apps.engine.journal import JournaledQuote, decode_inputs
from apps.engine.models import Journal


@dataclass(frozen=True, slots=True)
class BatchView:
    """Sequences above ``first`` up to ``last`` were given by it, in ``epoch``; ``quotes`` are the house's that it read."""

    first: int
    last: int
    epoch: int
    decided_at: datetime
    command_ids: tuple[str, ...]
    quotes: tuple[JournaledQuote, ...]


def find_batch(sequence: int) -> BatchView | None:
    """The batch in which ``sequence`` was given; None when the journal has none. One step down its primary key."""
    row = Journal.objects.filter(last_sequence__gte=sequence).order_by("last_sequence").first()
    if row is None or row.first_sequence >= sequence:
        return None
    inputs = decode_inputs(bytes(row.inputs))
    command_ids = tuple(command.command_id for command in inputs.commands)
    return BatchView(row.first_sequence, row.last_sequence, row.epoch, instant(row.now_ns), command_ids, tuple(inputs.quotes))
