"""A person's own settings: the profile, and who of the staff looked at the account."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.access import access_account
from apps.accounts.forms_profile import ProfileForm
from apps.accounts.selectors_people import get_customers
from apps.accounts.services import update_profile
from apps.backoffice.selectors import list_trail_of_account
from apps.core.keyset import read_cursor

LOOKS_PER_PAGE = 50


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    account = access_account(request)
    person = get_customers([account.id])[account.id]
    initial = {"name": person.name, "time_zone": person.time_zone}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        update_profile(user_id=account.user_id, name=form.cleaned_data["name"], time_zone=form.cleaned_data["time_zone"])
        messages.success(request, "Your profile was saved.")
        return redirect("profile")
    return render(request, "accounts/profile.html", {"form": form, "person": person}, status=422 if form.errors else 200)


@require_GET
def looks(request: HttpRequest) -> HttpResponse:
    """Who of the staff looked at the reader's account or acted on it, when and why. The person behind the role stays unnamed."""
    account = access_account(request)
    before = read_cursor(request.GET)
    found = list_trail_of_account(account.id, before, LOOKS_PER_PAGE + 1)
    shown = found[:LOOKS_PER_PAGE]
    older = f"{reverse('looks')}?{urlencode({'before': shown[-1].id})}" if len(found) > LOOKS_PER_PAGE else ""
    return render(request, "accounts/looks.html", {"entries": shown, "older": older, "first_page": before is None})
