"""Files that are made while they are sent: a few a second for each account, and no connection is kept between two parts."""

from collections.abc import Iterator

from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from apps.commands.rate import RateLimit, TooFastError

FILE_RATE = RateLimit("ledger-files", per_second=2)


def file_response(request: HttpRequest, account_id: int, name: str, parts: Iterator[str]) -> HttpResponseBase:
    """``parts`` as the file ``name``; a page that says so when the account asks for files too fast."""
    try:
        FILE_RATE.check(account_id)
    except TooFastError:
        response = render(request, "ledger/file_refused.html", status=429)
        response["Retry-After"] = "1"
        return response
    streamed = StreamingHttpResponse(_given_back(parts), content_type="text/csv; charset=utf-8; header=present")
    streamed["Content-Disposition"] = f'attachment; filename="{name}"'
    return streamed


def _given_back(parts: Iterator[str]) -> Iterator[bytes]:
    """The next part is made by another thread, much later if the reader is slow. Whoever is in a transaction reads on in it."""
    for part in parts:
        if not connection.in_atomic_block:
            connection.close()
        yield part.encode()
