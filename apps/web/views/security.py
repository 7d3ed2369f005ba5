"""The page about the own log-in: password, second factors, and where one is logged in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.logout import logout
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.generic.edit import FormView

from apps.accounts.access import LoginRequiredError
from apps.accounts.log_ins import end_log_in as end_one
from apps.accounts.log_ins import end_log_ins, list_log_ins
from apps.accounts.second_factor import PASSKEY, RECOVERY_CODES, TOTP, UnreadableSecretError
from apps.core.enums import Role

#: Where a person of the staff wanted to go before a second factor was asked for.
WANTED_KEY = "security_wanted"
STAFF = (Role.ADMIN, Role.SUPPORT)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What protects the log-in, and what may be done about it."""
    user: Any = request.user
    if not user.is_authenticated:
        raise LoginRequiredError
    wanted = request.GET.get("next", "")
    if wanted and get_adapter().is_safe_url(wanted):
        request.session[WANTED_KEY] = wanted
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    by_type = {row.type: row for row in rows}
    has_factor = TOTP in by_type or PASSKEY in by_type
    context = {
        "app": by_type.get(TOTP),
        "passkeys": [row for row in rows if row.type == PASSKEY],
        "codes_left": _codes_left(by_type.get(RECOVERY_CODES)),
        "has_codes": RECOVERY_CODES in by_type,
        "has_factor": has_factor,
        "staff_needs_factor": user.role in STAFF and not has_factor,
        "wanted": request.session.get(WANTED_KEY, "") if has_factor else "",
        "log_ins": list_log_ins(user.pk, request.session.session_key),
    }
    if has_factor:
        request.session.pop(WANTED_KEY, None)
    return render(request, "account/security.html", context)


def _codes_left(row: Authenticator | None) -> int | None:
    """How many recovery codes are unused; None when there are none, or none that can be read."""
    try:
        return len(row.wrap().get_unused_codes()) if row is not None else None
    except UnreadableSecretError:
        return None


@require_POST
def end_log_in(request: HttpRequest, log_in_id: int) -> HttpResponse:
    """End one log-in of one's own: over at its next request."""
    user: Any = request.user
    if not user.is_authenticated:
        raise LoginRequiredError
    current = next((view.id for view in list_log_ins(user.pk, request.session.session_key) if view.is_current), None)
    if log_in_id == current:
        logout(request)
        return redirect("account_login")
    if not end_one(user.pk, log_in_id):
        raise Http404("no such log-in")
    messages.success(request, "That log-in has ended.")
    return redirect("mfa_index")


@require_POST
def end_other_log_ins(request: HttpRequest) -> HttpResponse:
    """End every log-in but this one."""
    if not request.user.is_authenticated:
        raise LoginRequiredError
    ended = end_log_ins(request.user.pk, except_key=request.session.session_key)
    messages.success(request, f"Ended {ended} other {'log-in' if ended == 1 else 'log-ins'}.")
    return redirect("mfa_index")


class LogInByPasskeyView(LoginWebAuthnView):
    """allauth's view. Each look for a challenge makes a session, so looks are limited as well as tries."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refused = ratelimit.consume_or_429(request, app="allauth.mfa", action="webauthn_login", limit_get=True)
        return refused or super().get(request, *args, **kwargs)


class ReauthenticateByPasskeyView(ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again with what was wrong; allauth would send a person who is logged in to the log-in page."""
        for message in form.errors.get("credential", []):
            messages.error(self.request, message)
        return redirect(self.passthrough_next_url(self.request.path))


class MakeRecoveryCodesView(GenerateRecoveryCodesView):
    """allauth counts the codes that are left, which takes reading them; those that no key reads are made anew as well."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            return super().get_context_data(**kwargs)
        except UnreadableSecretError:
            return {**FormView.get_context_data(self, **kwargs), "unused_code_count": 0}


def _if_readable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Codes that no key reads have no page: the security page says what to do."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except UnreadableSecretError:
            return redirect("mfa_index")

    return guarded


show_recovery_codes = never_cache(_if_readable(ViewRecoveryCodesView.as_view()))
save_recovery_codes = _if_readable(DownloadRecoveryCodesView.as_view())
make_recovery_codes = MakeRecoveryCodesView.as_view()
set_up_app = never_cache(ActivateTOTPView.as_view())
log_in_by_passkey = LogInByPasskeyView.as_view()
reauthenticate_by_passkey = ReauthenticateByPasskeyView.as_view()
