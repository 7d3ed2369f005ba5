"""The spans of commands on their way: a caller's, from its first try to its answer. The engine's own hang below them."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from apps.commands.types import AnyCommand
from apps.observability import spans, tracing
from apps.observability.spans import About, Span


@contextmanager
def note_sending(*commands: AnyCommand) -> Iterator[None]:
    """Note a span for each of ``commands`` that belongs to a story, from here to the end; one that raised has failed."""
    wanted = [command for command in commands if spans.are_wanted(command.correlation_id)]
    if not wanted:
        yield
        return
    started_ns, failed = time.time_ns(), True
    try:
        yield
        failed = False
    finally:
        _note(wanted, started_ns, failed=failed)


def _note(commands: Sequence[AnyCommand], started_ns: int, *, failed: bool) -> None:
    ended_ns = time.time_ns()
    for command in commands:
        trace_id = command.correlation_id
        span_id = tracing.span_id_of(trace_id, tracing.SEND, command.command_id)
        told: About = {"tredye.command_id": command.command_id}
        name = f"send {type(command).__name__}"
        spans.note(Span(trace_id, span_id, tracing.current_span(), name, "CLIENT", started_ns, ended_ns, told, failed))
