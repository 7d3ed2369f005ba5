"""The dead man's switch: a page that explains and sets it, and the line that other pages show while it is on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial, way_back
from apps.accounts.selectors import AccountView, get_account_of_user
from apps.commands.answers import DoneAnswer
from apps.commands.client import EngineUnavailableError
from apps.commands.notsent import NotSentError
from apps.commands.reasons import sentence_of
from apps.orders.selectors_switch import find_switch_fired
from apps.orders.services import set_dead_mans_switch
from apps.orders.switches import SwitchForm, SwitchView, forget, remember, switch_of

UNKNOWN = "No answer yet whether that was done. What is shown is what is stored; setting it again does no harm."
FIRED_BEFORE = "It was not renewed: it had fired, or was off, before."


@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest) -> HttpResponse:
    """``do`` is what a form asks for: ``set`` with its minutes, ``renew`` for as long as before, ``off``, or ``seen`` when the
    reader knows that it fired."""
    account = access_account(request)
    if request.method != "POST":
        return _shown(request, account, SwitchForm(initial=_initial(switch_of(request, account))))
    do = request.POST.get("do", "")
    form = SwitchForm(request.POST) if do == "set" else None
    if form is not None and not form.is_valid():
        return _shown(request, account, form, status=422)
    if do == "seen":
        forget(request)
        return _done(request, account)
    text, status = "", 200
    try:
        text = _act(request, account, do, form)
    except NotSentError as error:
        text, status = error.sentence, error.status
    except EngineUnavailableError:
        text, status = UNKNOWN, 503
    if text:
        again = form or SwitchForm(initial=_initial(switch_of(request, account)))
        return _shown(request, _read_again(account), again, text, status=200 if is_partial(request) else status or 422)
    return _done(request, _read_again(account))


def _act(request: HttpRequest, account: AccountView, do: str, form: SwitchForm | None) -> str:
    """Ask the engine; what the reader has to know, empty when it was done as asked."""
    if form is not None:
        minutes, by_itself = form.cleaned_data["minutes"], form.cleaned_data["by_itself"]
        remember(request, account, minutes, by_itself=by_itself)  # before the answer: it may be lost, and the switch on
        return _told(set_dead_mans_switch(account=account, seconds=minutes * 60))
    if do == "renew":
        known = switch_of(request, account)
        if not known.is_on or not known.minutes:
            return FIRED_BEFORE
        return _told(set_dead_mans_switch(account=account, seconds=known.minutes * 60))
    text = _told(set_dead_mans_switch(account=account, seconds=0))
    if not text:
        forget(request)
    return text


def _told(answer: object) -> str:
    if isinstance(answer, DoneAnswer) and not answer.reason:
        return ""
    return getattr(answer, "message", "") or sentence_of(getattr(answer, "reason", "UNAVAILABLE"))


def _done(request: HttpRequest, account: AccountView) -> HttpResponse:
    if is_partial(request):
        return _shown(request, account, None)
    if request.POST.get("do") == "set":
        messages.success(request, "The dead man's switch is on.")
    elif request.POST.get("do") == "off":
        messages.success(request, "The dead man's switch is off.")
    return HttpResponseRedirect(way_back(request, reverse("orders:switch")))


def _read_again(account: AccountView) -> AccountView:
    return get_account_of_user(account.user_id) or account


def _initial(known: SwitchView) -> dict[str, object]:
    return {"minutes": known.minutes or 5, "by_itself": known.by_itself}


def _shown(
    request: HttpRequest, account: AccountView, form: SwitchForm | None, text: str = "", *, status: int = 200
) -> HttpResponse:
    """The line alone for htmx, else the page."""
    known = switch_of(request, account)
    back = way_back(request, request.GET.get("next", "") or reverse("orders:switch"))
    context: dict[str, object] = {"switch": known, "form": form, "text": text, "back": back}
    if is_partial(request):
        return render(request, "orders/_switch.html", context)
    context["last_fired"] = find_switch_fired(account.id)
    return render(request, "orders/switch.html", context, status=status)
