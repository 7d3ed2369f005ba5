"""Whether a request of a browser wants a page or a part of one, and where a form leads back to."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asked for a part of the page. Going back in the history asks for the whole page again."""
    return request.headers.get("HX-Request-Type") == "partial"


def way_back(request: HttpRequest, otherwise: str) -> str:
    """The page of ours that the form or the link was on, as it says in ``next``; ``otherwise`` when it names none."""
    back = request.POST.get("next") or request.GET.get("next", "")
    return back if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else otherwise
