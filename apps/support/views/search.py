"""One box for everything.

The text is posted and answered at once, without an address of its own: it is an e-mail address more often than not, and what is in
an address ends up in browsers' histories, in proxies' logs and in the Referer header. The trail has it, which is where it belongs.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.accounts.fragments import is_partial
from apps.support.access import Desk, at_desk, read_only
from apps.support.finding import SHOWN_MAX, find
from apps.support.forms import QUERY_LENGTH_MAX, QueryError, read_query


@sensitive_post_parameters("q")
@require_http_methods(["GET", "POST"])
@at_desk
def search(request: HttpRequest, desk: Desk) -> HttpResponse:
    context = {"case": desk.case, "shown_max": SHOWN_MAX, "query_length_max": QUERY_LENGTH_MAX}
    if request.method == "GET":
        return render(request, "support/search.html", context)
    template = "support/_results.html" if is_partial(request) else "support/search.html"
    typed = request.POST.get("q", "")
    try:
        query = read_query(typed)
    except QueryError as error:
        context |= {"query": typed[:QUERY_LENGTH_MAX].replace("\x00", ""), "error": str(error)}
        return render(request, template, context, status=422)
    desk.search(query)
    with read_only():
        context |= {"query": query, "groups": find(query), "searched": True}
        response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response
