"""Pages for what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The token of the form did not match: usually a page that was open across a log-in. Nothing was done."""
    return render(request, "web/csrf_failure.html", status=403)
