"""The run: messages in, a row of the book out after each, a line of progress now and then, and a report."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from apps.engine.orderflow.commands import LINE_LENGTH_MAX, CommandFlow
from apps.engine.orderflow.comparison import Comparison
from apps.engine.orderflow.files import FlowError, read_lines, whole_or_absent
from apps.engine.orderflow.lobster import MESSAGE_LENGTH_MAX, BookWriter, read_message, read_seed
from apps.engine.orderflow.market import Market
from apps.engine.orderflow.named import LobsterFlow
from apps.engine.orderflow.tally import Tally

#: Messages after which the venue's record is dropped: the size of an engine's batch.
BATCH = 200
PROGRESS_EVERY_S = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for. ``limit`` is how many messages are replayed at most; None is all."""

    messages: Path
    out: Path
    format: str
    depth: int
    seed_book: Path | None = None
    compare: Path | None = None
    limit: int | None = None

    def check(self) -> None:
        """Raise :class:`FlowError` when the parts do not fit each other."""
        if self.format != "lobster" and self.seed_book is not None:
            way_out = "Let the first lines place the orders instead"
            raise FlowError(f"--seed-book goes with --format lobster, was {self.format}. {way_out}")
        for name, path in (("MESSAGES", self.messages), ("--seed-book", self.seed_book), ("--compare", self.compare)):
            if path is not None and path.resolve() == self.out.resolve():
                raise FlowError(f"--out must not be {name}, was {self.out}: it would be overwritten. Give another file")


class Replay:
    """One run of a plan; ``say`` gets the lines of progress."""

    def __init__(self, plan: Plan, say: Callable[[str], object]) -> None:
        plan.check()
        self._plan = plan
        self._say = say
        self.tally = Tally()
        self.market = Market()
        self.comparison: Comparison | None = None
        if plan.compare is not None:
            self.comparison = Comparison(plan.compare, plan.depth, self.market.book)
        self._remark = ""

    def run(self) -> list[str]:
        """Write the output and return the report. Raises :class:`FlowError`; then there is no output."""
        started_ns, started_cpu_ns = time.perf_counter_ns(), time.process_time_ns()
        with whole_or_absent(self._plan.out) as out:
            told_ns = started_ns
            for row in self._rows():
                out.write(row + "\n")
                self.tally.messages += 1
                if self.comparison is not None:
                    self.comparison.compare(row, self._remark)
                if self.tally.messages % BATCH == 0:
                    self.market.forget()
                    now_ns = time.perf_counter_ns()
                    if now_ns - told_ns >= PROGRESS_EVERY_S * 1_000_000_000:
                        told_ns = now_ns
                        self._say(f"{self.tally.messages:,} messages, {self._per_second(now_ns - started_ns):,} a second")
            if not self.tally.messages:
                raise FlowError(f"{self._plan.messages} is empty. Give a file with at least one message")
            if self.comparison is not None and self._plan.limit is None:
                self.comparison.check_end()
            self.market.venue.check_invariants(complete=True)
        return self._report(time.perf_counter_ns() - started_ns, time.process_time_ns() - started_cpu_ns)

    def _rows(self) -> Iterator[str]:
        """The rows of the book, one a message."""
        rows = self._lobster_rows() if self._plan.format == "lobster" else self._event_rows()
        for count, row in enumerate(rows, 1):
            yield row
            if count == self._plan.limit:
                return

    def _lobster_rows(self) -> Iterator[str]:
        plan, path = self._plan, self._plan.messages
        flow = LobsterFlow(path, self.market, self.tally)
        lines = read_lines(path, MESSAGE_LENGTH_MAX)
        if plan.seed_book is not None:
            flow.seed(read_seed(plan.seed_book))
        writer = BookWriter(self.market.book, plan.depth)
        if plan.seed_book is not None:
            for number, line in lines:
                # The seed is the book after this message.
                flow.skip(read_message(path, number, line))
                yield writer.row(asks_changed=False, bids_changed=False)
                break
        for number, line in lines:
            asks, bids = flow.apply(read_message(path, number, line))
            self._remark = flow.remark
            yield writer.row(asks_changed=asks, bids_changed=bids)

    def _event_rows(self) -> Iterator[str]:
        path = self._plan.messages
        flow = CommandFlow(path, self.market, self.tally)
        writer = BookWriter(self.market.book, self._plan.depth)
        for number, line in read_lines(path, LINE_LENGTH_MAX):
            asks, bids = flow.apply(number, line)
            yield writer.row(asks_changed=asks, bids_changed=bids)

    def _per_second(self, elapsed_ns: int) -> int:
        return self.tally.messages * 1_000_000_000 // max(1, elapsed_ns)

    def _report(self, elapsed_ns: int, cpu_ns: int) -> list[str]:
        tally = self.tally
        found = [f"{tally.messages:,} rows written to {self._plan.out}"]
        if self._plan.format == "lobster":
            found.append(f"matched by priority: {tally.matched} of {tally.executions}")
        else:
            found.append(f"fills: {tally.executions}")
        found += tally.lines()
        if self.comparison is not None:
            found += self.comparison.lines()
        found.append(f"{self._per_second(elapsed_ns):,} messages a second, {_seconds(elapsed_ns)} s, {_seconds(cpu_ns)} s of CPU")
        return found


def _seconds(nanoseconds: int) -> str:
    seconds, rest = divmod(nanoseconds // 10_000_000, 100)
    return f"{seconds}.{rest:02d}"
