"""What is derived from the event log, made again from it beside what is there, compared, and put in its place.

The consumers' own code does it, on temporary tables that have the names of the real ones and are therefore found first. So
nobody waits and nobody sees anything unfinished: the log is read up to where the consumer stood in the same snapshot as the rows
that it is compared with, and only the exchange, with what came meanwhile, holds the consumer for a moment.

Not made again: one-second frames of quotes and newest prices, which are samples that depend on when they were taken; notices,
firings and mails, which are facts (somebody was told); depth, which a consumer makes from the tables whenever it starts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from django.db import connection, transaction

from apps.eventlog import lost_ranges, positions
from apps.eventlog.handler import Handler
from apps.eventlog.history import read_history
from apps.eventlog.log import event_log
from apps.eventlog.port import Partition
from apps.eventlog.registry import make_handler
from apps.eventlog.topics import get_topic

Say = Callable[[str], None]

_PATIENCE = "SET statement_timeout = 0; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = 0"
#: The inbox of the consumers: beside the log it decides what counts, so it begins empty as well.
_INBOX = "eventlog_appliedevent"
#: Bars that begin after the first print of the log are wholly of it; those of a second are kept for a day.
_BARS = """start >= to_timestamp(ceil({since} / w.seconds) * w.seconds)
    AND (t.interval <> '1s' OR start > now() - interval '23 hours')"""
_WIDTHS = "(VALUES ('1s', 1), ('1m', 60), ('5m', 300), ('1h', 3600), ('1d', 86400)) AS w (interval, seconds)"


class LogLacksError(RuntimeError):
    """The log does not tell of all that the books know: what would be made of it is not to be put anywhere."""


@dataclass(frozen=True, slots=True)
class Projection:
    """``tables`` are made of ``topic`` by ``consumer``. ``passes`` says that the topic passes away, so that only the bars of its
    own time can be made."""

    consumer: str
    topic: str
    tables: tuple[str, ...]
    passes: bool = False


PROJECTIONS = {
    "positions": Projection(
        "portfolio",
        "orders.events",
        ("portfolio_position", "portfolio_positionfill", "portfolio_accountprogress", "orders_eventposition"),
    ),
    "bars": Projection("marketdata", "marketdata.trades", ("marketdata_bar",), passes=True),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """Rows and digest of a table as it is and as the log makes it."""

    table: str
    live: tuple[int, str]
    made: tuple[int, str]

    @property
    def is_equal(self) -> bool:
        return self.live == self.made


def check_projection(name: str, say: Say) -> list[Compared]:
    """Make projection ``name`` beside what is there, and compare. Changes nothing. Raises LogError and the database's errors."""
    with _Rebuild(PROJECTIONS[name], say) as rebuild:
        return rebuild.compare()


def rebuild_projection(name: str, say: Say) -> list[Compared]:
    """Make projection ``name``, compare, and put it in the place of what is there.

    The consumer may run: it waits while what came meanwhile is added and the rows are exchanged, and goes on. Raises
    :class:`LogLacksError`, LogError and the database's errors; then nothing was changed.
    """
    with _Rebuild(PROJECTIONS[name], say) as rebuild:
        compared = rebuild.compare()
        rebuild.exchange()
        return compared


class _Rebuild:
    def __init__(self, projection: Projection, say: Say) -> None:
        self._projection = projection
        self._say = say
        self._partitions = [(projection.topic, number) for number in range(get_topic(projection.topic).partitions)]
        self._undone = lost_ranges.load()
        self._handler: Handler = make_handler(projection.consumer)
        self._since = 0.0

    def __enter__(self) -> Self:
        self._run(_PATIENCE)
        self._drop()
        return self

    def __exit__(self, *exception: object) -> None:
        """The real tables are found again."""
        self._drop()

    def _drop(self) -> None:
        for table in (*self._projection.tables, _INBOX):
            self._run(f"DROP TABLE IF EXISTS pg_temp.{table}")

    def compare(self) -> list[Compared]:
        if self._projection.passes:
            self._since = self._first_second()
        with transaction.atomic():
            self._run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            stood = positions.stored(self._projection.consumer, self._partitions)
            live = {table: self._digest(f"public.{table}") for table in self._projection.tables}
        for table in (*self._projection.tables, _INBOX):
            self._run(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING ALL)")
        self._feed({}, stood)
        self._stood = stood
        return [Compared(table, live[table], self._digest(f"pg_temp.{table}")) for table in self._projection.tables]

    def exchange(self) -> None:
        with transaction.atomic():
            names = ", ".join(f"public.{table}" for table in self._projection.tables)
            self._run(f"LOCK TABLE {names} IN EXCLUSIVE MODE")  # the consumer's next write waits
            now = positions.stored(self._projection.consumer, self._partitions)
            self._feed(self._stood, now)
            self._check_whole()
            for table in self._projection.tables:
                where = self._where()
                self._run(f"DELETE FROM public.{table} AS t {where.replace('FROM', 'USING', 1)}")  # noqa: S608 - our own names
                self._run(f"INSERT INTO public.{table} SELECT t.* FROM pg_temp.{table} t {self._made_where()}")  # noqa: S608

    def _feed(self, froms: Mapping[Partition, int], until: Mapping[Partition, int]) -> None:
        read, wanted = 0, sum(until.values()) - sum(froms.values())
        skips = self._handler.poison == "park"
        for records in read_history(froms, until, self._undone, skip_unreadable=skips):
            with transaction.atomic():
                self._handler.handle(records)
            read += len(records)
            self._say(f"{read} of at most {wanted} records of {self._projection.topic}")

    def _check_whole(self) -> None:
        """Every fill of record up to the newest one that was counted must be among those that were made."""
        if self._projection.passes:
            return
        lacking = self._one(
            "SELECT count(*) FROM orders_fill f WHERE f.order_id IS NOT NULL"
            " AND f.trade_id <= (SELECT coalesce(max(trade_id), 0) FROM public.portfolio_positionfill)"
            " AND NOT EXISTS (SELECT FROM pg_temp.portfolio_positionfill m WHERE m.account_id = f.account_id"
            " AND m.instrument_id = f.instrument_id AND m.trade_id = f.trade_id)"
        )[0]
        if lacking:
            raise LogLacksError(f"the log lacks {lacking} fills that the books have: rebuild_log first, or rebuild_portfolio")

    def _first_second(self) -> float:
        """When the oldest record that the log still has was put there; the latest of its partitions decides."""
        firsts = []
        for partition, end in event_log().ends().items():
            if partition[0] == self._projection.topic and end:
                found = next((batch for batch in read_history({}, {partition: end}, self._undone, skip_unreadable=True)), None)
                firsts += [found[0].timestamp_ms / 1000] if found else []
        return max(firsts, default=0.0)

    def _where(self) -> str:
        """Which rows of a table are of the log, as the end of a SELECT."""
        if not self._projection.passes:
            return ""
        return f"FROM {_WIDTHS} WHERE t.interval = w.interval AND {_BARS.format(since=self._since)}"

    def _made_where(self) -> str:
        return self._where().replace("FROM", "JOIN", 1).replace("WHERE t.interval = w.interval AND", "USING (interval) WHERE")

    def _digest(self, table: str) -> tuple[int, str]:
        """Rows, and a sum over them that does not depend on their order."""
        count, total = self._one(
            "SELECT count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0)"  # noqa: S608 - our own names
            f" FROM {table} t {self._made_where()}"
        )
        return int(str(count)), f"{int(str(total)) % 16**12:012x}"

    def _run(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    def _one(self, query: str) -> tuple[object, ...]:
        with connection.cursor() as cursor:
            cursor.execute(query)
            row = cursor.fetchone()
        if row is None:
            raise RuntimeError(f"the database gave no answer to {query}")
        return tuple(row)
