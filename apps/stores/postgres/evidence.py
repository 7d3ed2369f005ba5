"""What a statement tells of the server: that it is there, that it is gone, or neither."""

from typing import Any

import psycopg
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper

from apps.breakers.postgres import is_gone
from apps.degraded import Dependency, failed, saw


def note_failure(error: BaseException) -> None:
    """Report ``error`` of psycopg, or of Django around it, where it is one of a server that is gone."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    if isinstance(cause, psycopg.Error) and is_gone(cause):
        failed(Dependency.POSTGRES, f"{type(cause).__name__}: {cause}".strip().replace("\n", " ")[:200])


class _Reporting(CursorWrapper):
    def _execute(self, sql: Any, params: Any, *ignored: Any) -> Any:
        try:
            done = super()._execute(sql, params, *ignored)  # type: ignore[misc]  # Django's own, and its stubs have none
        except Exception as error:
            note_failure(error)
            raise
        saw(Dependency.POSTGRES)
        return done


class ReportingCursor(_Reporting):
    """Each statement that works is evidence."""


class ReportingDebugCursor(_Reporting, CursorDebugWrapper):
    """The same, where queries are kept in a list."""
