"""The database session of one run: alone with its key, with time for its statements, and without a way to write money.

The lock is on the connection that the job works with. Whoever loses the connection loses both at once, so no job goes on
working beside the one that took its run over.
"""

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError, connection

from apps.jobs.registry import Job

log = structlog.get_logger(__name__)

#: Beyond the time limit, before the process of a job that hangs is ended.
GRACE_S = 60.0
EXIT_CODE = 70  # EX_SOFTWARE
IDLE_IN_TRANSACTION_S = 60

#: Tables that the engine alone writes, or the venue's staff through it.
_MONEY = (
    r"(?:ledger_(?:ledgeraccount|transfer|posting)|orders_\w+|engine_\w+|accounts_(?:user|account)\w*|instruments_\w+"
    r"|eventlog_outboxbatch)"
)
_WRITES = re.compile(
    r"\b(?:insert\s+into|merge\s+into|update|delete\s+from|truncate(?:\s+table)?|alter\s+table|drop\s+table|copy)\s+"
    rf'(?:if\s+exists\s+)?(?:only\s+)?"?(?P<table>{_MONEY})\b|\b(?P<function>engine_settle\w*)\s*\(',
    re.IGNORECASE,
)


class MoneyWriteError(RuntimeError):
    """A job tried to write what only the engine may write."""


def refuse_money_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Raises :class:`MoneyWriteError` for a statement that changes money or orders. A guard against mistakes."""
    found = _WRITES.search(sql)
    if found:
        raise MoneyWriteError(f"a job may not write {found['table'] or found['function']}: the engine alone does")
    return execute(sql, params, many, context)


@contextmanager
def job_session(job: Job, day: date) -> Iterator[bool]:
    """Hold the lock of ``job`` of ``day`` for the block; gives False, and changes nothing, when another session holds it."""
    key = f"tredye job {job.name} {day}"
    if not _ask("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", key):
        yield False
        return
    hard_stop = threading.Timer(job.time_limit_s + GRACE_S, _end_process, (job.name,))
    hard_stop.daemon = True
    hard_stop.start()
    try:
        _ask("SELECT set_config('statement_timeout', %s, false)", f"{job.time_limit_s}s")
        _ask("SELECT set_config('idle_in_transaction_session_timeout', %s, false)", f"{IDLE_IN_TRANSACTION_S}s")
        with connection.execute_wrapper(refuse_money_writes):
            yield True
    finally:
        hard_stop.cancel()
        _leave(key)


def _leave(key: str) -> None:
    """Give the lock back and the session's settings; a connection that cannot do it is closed, which does."""
    try:
        _ask("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")
            cursor.execute("RESET idle_in_transaction_session_timeout")
    except (DatabaseError, InterfaceError) as error:
        log.warning("job_session_lost", error=str(error).strip())
        if connection.connection is not None and not connection.in_atomic_block:
            # Not only given back to the pool: the lock would go on with it.
            connection.connection.close()
            connection.close()


def _ask(query: str, value: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, [value])
        row = cursor.fetchone()
    return row[0] if row else None


def _end_process(name: str) -> None:
    log.critical("job_hangs", job=name)
    # Not sys.exit: the thread that would have to unwind is the one that is stuck.
    os._exit(EXIT_CODE)
