"""What the engine says of the commands that it has answered: a line of the log for each, and a span where spans are sent.

After the answers have left, so no caller waits for it, and so many lines a second that a busy hour costs neither time nor disk;
the journal has every command. Nothing of this is decided upon: an id that a caller made up is told as it is told by anybody.
"""

import time
from collections.abc import Sequence
from typing import NamedTuple

from apps.commands.types import AnyCommand, PreviewOrder
from apps.engine.steps import Decided
from apps.observability import spans
from apps.observability.lines import PER_SECOND_MAX, Lines
from apps.observability.spans import About, Span
from apps.observability.tracing import DECIDE, SEND, is_trace_id, span_id_of


class Answered(NamedTuple):
    """A command, and when it arrived: seconds of the performance counter, as everything here."""

    command: AnyCommand
    arrived: float


class Teller:
    def __init__(self, epoch: int) -> None:
        self._epoch = epoch
        self._lines = Lines("command_decided", __name__, per_second=PER_SECOND_MAX)

    @property
    def has_more(self) -> bool:
        """Whether lines wait to be written."""
        return bool(self._lines)

    def tell(self, batch: Sequence[Answered], decided: Decided, started: float, committed: float) -> None:
        """``batch`` was begun at ``started`` and durable at ``committed``."""
        now_ns, now = time.time_ns(), time.perf_counter()
        for command, arrived in batch:
            trace_id = command.correlation_id
            if not trace_id or type(command) is PreviewOrder:  # which decides nothing
                continue
            if self._lines.has_room() and is_trace_id(trace_id):
                self._note(command, len(batch), decided, (arrived, started, committed))
            if spans.are_wanted(trace_id) and is_trace_id(trace_id):
                span_id = span_id_of(trace_id, DECIDE, command.command_id)
                parent_id = span_id_of(trace_id, SEND, command.command_id)
                told: About = {
                    "tredye.command_id": command.command_id,
                    "tredye.batch": len(batch),
                    "tredye.sequence": decided.last,
                }
                name = f"decide {type(command).__name__}"
                began, ended = (now_ns - round((now - instant) * 1_000_000_000) for instant in (arrived, committed))
                spans.note(Span(trace_id, span_id, parent_id, name, "SERVER", began, ended, told))

    def _note(self, command: AnyCommand, commands: int, decided: Decided, moments: tuple[float, float, float]) -> None:
        arrived, started, committed = moments
        self._lines.note(
            correlation_id=command.correlation_id,
            command_id=command.command_id,
            command=type(command).__name__,
            epoch=self._epoch,
            sequence=decided.last,
            batch=commands,
            wait_ms=_ms(started - arrived),
            match_ms=_ms(decided.at - started),
            commit_ms=_ms(committed - decided.at),
        )

    def write_soon(self) -> None:
        self._lines.write_soon()

    def write(self) -> None:
        self._lines.write()


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
