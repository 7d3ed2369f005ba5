"""One id for everything that a request causes, in its logs, its commands and its events."""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.observability.logs import correlated

HEADER = "X-Request-ID"
_ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)


def request_id_of(offered: str) -> str:
    """The id of a request: the caller's when it is plain, else one of our own."""
    # Anything else could forge a log line, or fill one.
    return offered if _ACCEPTED.fullmatch(offered) else str(uuid.uuid4())


class CorrelationMiddleware:
    """Takes the caller's ``X-Request-ID`` when it is plain, makes one otherwise, and sends it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request_id_of(request.headers.get(HEADER, ""))
        request.correlation_id = request_id  # type: ignore[attr-defined]
        with correlated(request_id):
            response = self.get_response(request)
        response[HEADER] = request_id
        return response
