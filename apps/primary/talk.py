"""Questions to a server that may be frozen: straight to libpq, every wait with an end.

The driver's own waits have none once a session is open, and a server that was stopped takes a question and never answers.
"""

import select
import time
from collections.abc import Mapping
from types import TracebackType

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo

from apps.primary.generations import Place

_OK = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)
_WORDS_MAX = 300


class UnansweredError(Exception):
    """No answer in time, or none that helps; ``args[0]`` says which."""


class Talk:
    """One session, of autocommit. A context manager; everything raises UnansweredError."""

    def __init__(self, database: Mapping[str, str], place: Place, within_s: float) -> None:
        conninfo = make_conninfo("", **{**database, "host": place.host, "port": place.port, "application_name": "tredye-guard"})
        deadline = time.monotonic() + within_s
        self._pgconn = pq.PGconn.connect_start(conninfo.encode())
        try:
            self._open(deadline)
        except BaseException:
            self._pgconn.finish()
            raise

    def __enter__(self) -> "Talk":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pgconn.finish()

    def ask(self, statement: str, within_s: float) -> str:
        """The first column of the answer's first row; empty when there is none."""
        deadline = time.monotonic() + within_s
        try:
            self._pgconn.send_query(statement.encode())
            while self._pgconn.flush():
                self._wait(select.POLLOUT | select.POLLIN, deadline)
            self._pgconn.consume_input()
            while self._pgconn.is_busy():
                self._wait(select.POLLIN, deadline)
                self._pgconn.consume_input()
            result = self._pgconn.get_result()
            while self._pgconn.get_result() is not None:
                pass  # the end of the answer
        except psycopg.OperationalError as error:
            raise UnansweredError(_words(str(error))) from error
        if result is None or result.status not in _OK:
            said = result.error_message if result else self._pgconn.error_message
            raise UnansweredError(_words(said.decode(errors="replace")))
        value = result.get_value(0, 0) if result.ntuples and result.nfields else None
        return "" if value is None else value.decode()

    def _open(self, deadline: float) -> None:
        while True:
            state = self._pgconn.connect_poll()
            if state == pq.PollingStatus.OK:
                self._pgconn.nonblocking = 1
                return
            if state == pq.PollingStatus.FAILED:
                raise UnansweredError(_words(self._pgconn.error_message.decode(errors="replace")))
            self._wait(select.POLLIN if state == pq.PollingStatus.READING else select.POLLOUT, deadline)

    def _wait(self, events: int, deadline: float) -> None:
        poller = select.poll()
        poller.register(self._pgconn.socket, events)
        if not poller.poll(max(0, deadline - time.monotonic()) * 1000):
            raise UnansweredError("no answer in time")


def _words(text: str) -> str:
    return " ".join(text.split())[:_WORDS_MAX] or "the connection was closed"
