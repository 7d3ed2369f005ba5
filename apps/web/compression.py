"""Pages are sent compressed, and so are large answers to scripts. Static files are already."""

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

#: What htmx or a script asks for is mostly small, and a click waits for it; from here on its way takes longer than compressing.
FRAGMENT_BYTES_MIN = 8 * 1024
_TYPES = ("text/html", "application/json")


class PageCompressionMiddleware(GZipMiddleware):
    """gzip for whole HTML pages, and for large fragments and JSON. Django adds bytes by chance to each, so that its length
    tells nothing of what is in it (BREACH), and tokens against forged requests are masked anew in each page."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not _is_worth_it(request, response):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed


def _is_worth_it(request: HttpRequest, response: HttpResponseBase) -> bool:
    kind = response.get("Content-Type", "").partition(";")[0]
    if kind not in _TYPES or not isinstance(response, HttpResponse):  # what is streamed is sent as it is made
        return False
    is_page = kind == "text/html" and request.headers.get("HX-Request") != "true"
    return is_page or len(response.content) >= FRAGMENT_BYTES_MIN
