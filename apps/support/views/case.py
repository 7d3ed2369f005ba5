"""Why somebody looks: told once, before anything is searched or shown."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from apps.backoffice.selectors import count_actions
from apps.support.access import (
    CASE_LASTS,
    LOOK_LIMIT,
    SEARCH_LIMIT,
    access_console,
    close_case,
    find_case,
    open_case,
)
from apps.support.forms import CaseForm, is_own_path, read_case


@require_http_methods(["GET", "POST"])
def case(request: HttpRequest) -> HttpResponse:
    """The form, and the way back to where its reader wanted to go. An open case may be told anew: its time starts again."""
    staff = access_console(request)
    wanted = request.POST.get("next", "") if request.method == "POST" else request.GET.get("next", "")
    back = wanted if is_own_path(wanted) else ""
    form = CaseForm()
    if request.method == "POST":
        form = read_case(request.POST.get("reason", ""), request.POST.get("ticket", ""))
        if not form.error:
            open_case(request, form.full_reason)
            return redirect(back or "support:search")
    context = {
        "form": form,
        "back": back,
        "case": find_case(request),
        "minutes": CASE_LASTS.seconds // 60,
        "searches": count_actions(staff.user_id, SEARCH_LIMIT.actions),
        "looks": count_actions(staff.user_id, LOOK_LIMIT.actions),
        "search_limit": SEARCH_LIMIT,
        "look_limit": LOOK_LIMIT,
    }
    return render(request, "support/case.html", context, status=422 if form.error else 200)


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    access_console(request)
    close_case(request)
    return redirect("support:case")
