"""One id for everything that a request causes: in its logs, its commands and its events."""

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from apps.observability import spans, tracing
from apps.observability.logs import correlated
from apps.observability.spans import About, Span
from apps.observability.tracing import Story, span_id_of, story_of

HEADER = "X-Request-ID"
#: What changes nothing is not worth a line: it is counted and timed by the metrics.
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
log = structlog.get_logger(__name__)


class CorrelationMiddleware:
    """Begins the request's story, or goes on with its caller's, and sends the request's id back. What may change something gets a
    line: its route, for an address may hold a secret, and how it ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        story = story_of(request.headers.get(tracing.HEADER, ""), request.headers.get(HEADER, ""))
        request.correlation_id = story.trace_id  # type: ignore[attr-defined]
        started_ns = time.time_ns()
        span_id = request_span(story, started_ns)
        with correlated(story.trace_id, story.request_id), tracing.inside(span_id):
            response = self.get_response(request)
            route = "" if request.resolver_match is None else request.resolver_match.view_name
            ended_ns = time.time_ns()
            if request.method not in _SAFE:
                ms = round((ended_ns - started_ns) / 1e6, 2)
                log.info("page_request", method=request.method, route=route, status=response.status_code, ms=ms)
        note_request(story, span_id, f"{request.method} {route}".strip(), response.status_code, started_ns, ended_ns)
        response[HEADER] = story.request_id
        return response


def request_span(story: Story, started_ns: int) -> str:
    """The id of the request's span; empty when it is not wanted."""
    # A caller may use one trace for many requests, and even send one twice.
    return span_id_of(story.trace_id, tracing.REQUEST, str(started_ns)) if spans.are_wanted(story.trace_id) else ""


def note_request(story: Story, span_id: str, name: str, status: int, started_ns: int, ended_ns: int) -> None:
    if span_id:
        told: About = {"http.response.status_code": status, "request.id": story.request_id}
        spans.note(Span(story.trace_id, span_id, story.parent, name, "SERVER", started_ns, ended_ns, told, failed=status >= 500))
