"""What an account is told of its orders, and the way to turn mails off from a mail."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.accounts.access import access_account
from apps.alerts import selectors, services
from apps.alerts.forms import read_settings
from apps.alerts.kinds import ORDER_KINDS
from apps.alerts.links import BadLinkError, read_mail_off


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    account = access_account(request)
    if request.method == "POST":
        form = read_settings(request.POST)
        services.choose_settings(
            account_id=account.id, in_app=form.in_app, by_mail=form.by_mail, tells_at_once=form.tells_at_once,
            mail_off=form.mail_off,
        )  # fmt: skip
        messages.success(request, "Saved. It holds for what happens from now on.")
        return redirect("alerts:settings")
    chosen = selectors.get_settings(account.id)
    kinds = [(kind.value, words, kind in chosen.in_app, kind in chosen.by_mail) for kind, words in ORDER_KINDS.items()]
    return render(request, "alerts/settings.html", {"kinds": kinds, "chosen": chosen})


@csrf_exempt
@require_http_methods(["GET", "POST"])
def mail_off(request: HttpRequest, token: str) -> HttpResponse:
    """Needs no log-in: the link is signed, and can do nothing else. A look at it changes nothing, for mail scanners look too.

    Mail programs post to it in one click (RFC 8058), without a cookie, so there is none to compare a CSRF token with; nor does a
    stranger's page gain anything by posting, for it would need the token of the link, which is all that is asked for.
    """
    try:
        account_id = read_mail_off(token)
    except BadLinkError:
        raise Http404("this link is not one of ours") from None
    if request.method == "POST":
        services.turn_mail_off(account_id=account_id)
    return render(request, "alerts/mail_off.html", {"is_off": selectors.get_settings(account_id).mail_off})
