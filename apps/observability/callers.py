"""Whose queries are they? Each is counted for a page's view, a consumer, a job or a task; all else for the process.

A request's queries are kept until its view is known, for the first of them (whose session is it?) come before. Whoever works
outside of a request says so with :func:`called`. The ORM's connections are watched through Django's own wrapper.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.observability import metrics

#: Of a request with more queries than this only so many are timed: no page makes a tenth of them.
TIMED_MAX = 1_000
#: Of a request that no view answered.
NO_VIEW = "none"

#: The name of whoever is at work, or the times that a request has collected.
_caller: ContextVar[str | list[float] | None] = ContextVar("database_caller", default=None)
_children: dict[str, Any] = {}


@contextmanager
def called(name: str) -> Iterator[None]:
    """Every query inside is counted for ``name``, one of a closed set."""
    token = _caller.set(name)
    try:
        yield
    finally:
        _caller.reset(token)


def observe_query(seconds: float, caller: str = "") -> None:
    """Count a query for ``caller``, or for whoever is at work here."""
    at_work = caller or _caller.get()
    if isinstance(at_work, list):
        if len(at_work) < TIMED_MAX:
            at_work.append(seconds)
        return
    at_work = settings.PROCESS_NAME if at_work is None else at_work
    child = _children.get(at_work)  # looking one up there costs more than counting
    if child is None:
        child = _children[at_work] = metrics.DATABASE_QUERY_SECONDS.labels(at_work)
    child.observe(seconds)


def time_query(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """A wrapper of Django's around every query of a connection."""
    began_s = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    except Exception:
        at_work = _caller.get()
        name = settings.PROCESS_NAME if at_work is None else "page" if isinstance(at_work, list) else at_work
        metrics.DATABASE_QUERIES_FAILED.labels(name).inc()
        raise
    finally:
        observe_query(time.perf_counter() - began_s)


def watch_connection(connection: Any, **_: Any) -> None:
    """Sent when a thread's connection is made, or taken from the pool."""
    if time_query not in connection.execute_wrappers:
        connection.execute_wrappers.append(time_query)


class CallersMiddleware:
    """Counts the queries of a request for its view, and how many there were."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        times: list[float] = []
        token = _caller.set(times)
        try:
            return self.get_response(request)
        finally:
            _caller.reset(token)
            view = (request.resolver_match.view_name if request.resolver_match else "") or NO_VIEW
            metrics.DATABASE_PAGE_QUERIES.labels(view).observe(len(times))
            for seconds in times:
                observe_query(seconds, view)
