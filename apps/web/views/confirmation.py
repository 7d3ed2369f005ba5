"""Between the sign-up and the first page: the code from the mail."""

from typing import Any

from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
    EmailVerificationProcess,
)
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import EmailVerificationStage, LoginStageController
from allauth.account.views import ConfirmEmailVerificationCodeView
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.accounts.services import discard_unconfirmed


class ConfirmView(ConfirmEmailVerificationCodeView):
    """allauth's page for the code, the same for an address that is taken as for one that is new.

    Where it ends without a confirmed address the way out is the sign-up: nothing was opened, and the address is free again.
    """

    template_name = "account/confirm.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect(settings.LOGIN_REDIRECT_URL)
        begun = EMAIL_VERIFICATION_CODE_SESSION_KEY in request.session
        stage = LoginStageController.enter(request, EmailVerificationStage.key)
        process = EmailVerificationProcess.resume(request)
        if stage is None or process is None or (process.user is None and "user_id" in process.state):
            if begun:
                messages.error(request, "The code is too old. Sign up again: nothing was opened.")
            return _forget(request)
        return super().dispatch(request, *args, **kwargs)

    def _verify_form_invalid(self, form: Form) -> HttpResponse:
        if self._process.record_invalid_attempt():
            return self.render_to_response(self.get_context_data(form=form))
        messages.error(self.request, "Too many wrong codes. Sign up again: nothing was opened.")
        return redirect("account_signup")


confirm = never_cache(ConfirmView.as_view())


@require_POST
def start_again(request: HttpRequest) -> HttpResponse:
    """The address was mistyped, or is not wanted: what was begun is forgotten, and the sign-up begins anew."""
    process = EmailVerificationProcess.resume(request)
    if process is not None and process.user is not None:
        discard_unconfirmed(process.user.pk)
    return _forget(request)


def _forget(request: HttpRequest) -> HttpResponse:
    request.session.pop(EMAIL_VERIFICATION_CODE_SESSION_KEY, None)
    if not request.user.is_authenticated:
        clear_login(request)
    return redirect("account_signup")
