"""One box for everything.

The text is posted, kept with the case, and stands in the address as a token that says nothing: it is an e-mail address more often
than not, and what is in an address ends up in browsers' histories and in proxies' logs. Going back and loading again work; each
time that results are shown is a row of the trail.
"""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.support.access import Desk, at_desk, find_search, keep_search, read_only, show
from apps.support.finding import SHOWN_MAX, find
from apps.support.forms import QueryError, read_query


@sensitive_post_parameters("q")
@require_http_methods(["GET", "POST"])
@at_desk
def search(request: HttpRequest, desk: Desk) -> HttpResponse:
    if request.method == "POST":
        return _keep(request, desk)
    query = find_search(request, request.GET.get("search", ""))
    if not query:
        return show(request, desk, "support/search.html", {})
    desk.search(query)
    with read_only():
        context = {"query": query, "searched": True, "groups": find(query), "shown_max": SHOWN_MAX}
        return show(request, desk, "support/search.html", context)


def _keep(request: HttpRequest, desk: Desk) -> HttpResponse:
    try:
        query = read_query(request.POST.get("q", ""))
    except QueryError as error:
        return show(request, desk, "support/search.html", {"error": str(error)}, status=422)
    token = keep_search(request, query)
    return HttpResponseRedirect(f"{reverse('support:search')}?{urlencode({'search': token})}")
