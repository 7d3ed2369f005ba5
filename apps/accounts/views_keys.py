"""The pages about API keys: the list, a new one, which is shown once, and the end of one."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts import api_keys
from apps.accounts.access import access_account
from apps.accounts.forms_keys import NewKeyForm
from apps.accounts.models import KeyScope


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    account = access_account(request)
    keys = api_keys.list_keys(account.id)
    context = {
        "keys": keys,
        "revoked": api_keys.list_revoked(account.id),
        "most": api_keys.KEYS_MAX,
        "is_full": len(keys) >= api_keys.KEYS_MAX,
    }
    return render(request, "accounts/api_keys.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a key for whoever has just shown who they are. Its text is in this one answer and nowhere else."""
    account = access_account(request)
    raise_if_reauthentication_required(request, app="allauth.account")
    form = NewKeyForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/api_key_new.html", {"form": form}, status=422 if form.errors else 200)
    data = form.cleaned_data
    try:
        made = api_keys.create_key(
            account_id=account.id,
            name=data["name"],
            scope=KeyScope(data["scope"]),
            networks=data["networks"],
            expires_at=form.expires_at,
            form_id=data["form_id"],
        )
    except api_keys.MadeBeforeError:
        messages.warning(request, "This form has made its key already. If you did not keep it, revoke it and make another one.")
        return redirect("api_keys")
    except api_keys.TooManyKeysError:
        form.add_error(None, f"You have {api_keys.KEYS_MAX} keys. Revoke one first.")
        return render(request, "accounts/api_key_new.html", {"form": form}, status=422)
    _tell_owner(request, made.view)
    context = {"key": made.view, "text": made.text, "origin": f"{request.scheme}://{request.get_host()}"}
    return render(request, "accounts/api_key_made.html", context)


def _tell_owner(request: HttpRequest, key: api_keys.ApiKeyView) -> None:
    get_adapter(request).send_notification_mail("accounts/email/api_key_made", request.user, {"key": key})


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """End a key for good. It asks for no log-in of the last minutes: whoever is in a hurry must not be kept waiting."""
    account = access_account(request)
    key = api_keys.find_key(account.id, key_id)
    if key is None:
        raise Http404("no such key")
    if request.method == "POST":
        api_keys.revoke_key(account.id, key_id)
        messages.success(request, f"“{key.name}” is revoked.")
        return redirect("api_keys")
    return render(request, "accounts/api_key_revoke.html", {"key": key})
