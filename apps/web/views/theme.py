"""Dark or light. A cookie, read by the server, so that a page never flashes in the other one."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from apps.web.context import THEME_COOKIE, THEMES

YEAR_S = 365 * 86_400


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Without JavaScript this is the switch; with it, ``theme.js`` writes the same cookie itself."""
    back = request.POST.get("next", "")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = HttpResponseRedirect(back)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR_S, samesite="Lax", secure=request.is_secure())
    return response
