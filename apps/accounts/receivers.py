"""What follows when a person logs in or out, changes the password, or sets up a second factor."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in, user_signed_up
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from apps.accounts.log_ins import end_log_ins, end_oldest_log_ins, forget_log_in
from apps.accounts.models import User
from apps.accounts.second_factor import FACTORS, proved_at
from apps.accounts.services import confirm_address
from apps.observability import metrics


@receiver(user_logged_in)
def _on_log_in(user: User, **_kwargs: Any) -> None:
    end_oldest_log_ins(user.pk)
    metrics.PEOPLE_LOG_INS.labels("done").inc()


@receiver(user_login_failed)
def _on_log_in_failed(**_kwargs: Any) -> None:
    metrics.PEOPLE_LOG_INS.labels("failed").inc()


@receiver(user_signed_up)
def _on_sign_up(**_kwargs: Any) -> None:
    metrics.PEOPLE_SIGNED_UP.inc()


@receiver(user_logged_out)
def _on_log_out(request: HttpRequest, **_kwargs: Any) -> None:
    if request.session.session_key:
        forget_log_in(request.session.session_key)


@receiver([password_changed, password_set])
def _on_password_changed(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Django holds the other sessions for void already; here they end in the list as well, and their rows go."""
    end_log_ins(user.pk, except_key=request.session.session_key)


@receiver(password_reset)
def _on_password_reset(user: User, **_kwargs: Any) -> None:
    """The link came by mail, so whoever used it reads the mail of this address."""
    confirm_address(user)
    end_log_ins(user.pk)


@receiver(authenticator_added)
def _on_factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Setting up the first factor shows it. A further one does not: whoever has a factor shows that one first."""
    if authenticator.type not in FACTORS:
        return
    others = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exclude(pk=authenticator.pk)
    if proved_at(request) is not None or not others.exists():
        record_authentication(request, user, "mfa", id=authenticator.pk, type=str(authenticator.type))
