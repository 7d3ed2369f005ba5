"""Whether a request of a browser wants a page or a part of one."""

from django.http import HttpRequest


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asked for a part of the page. Going back in the history asks for the whole page again."""
    return request.headers.get("HX-Request-Type") == "partial"
