"""Dark or light. A cookie, read by the server, so that a page never flashes in the other one."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from apps.accounts.fragments import way_back
from apps.web.context import THEME_COOKIE, THEMES

YEAR_S = 365 * 86_400
AS_THE_DEVICE = "system"


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Without JavaScript this is the switch; with it, ``theme.js`` writes the same cookie itself."""
    response = HttpResponseRedirect(way_back(request, "/"))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR_S, samesite="Lax", secure=request.is_secure())
    elif theme == AS_THE_DEVICE:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response
