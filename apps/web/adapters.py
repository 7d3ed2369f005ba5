"""Where allauth's sign-up and log-in meet the product."""

import logging
import zoneinfo
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm, ValidationError
from django.http import HttpRequest
from django.shortcuts import render, resolve_url
from django.urls import NoReverseMatch

from apps.accounts.second_factor import confirmed_recently, list_factor_types
from apps.accounts.selectors import get_account_of_user
from apps.accounts.services import ensure_funded, has_confirmed_address, open_paper_account
from apps.core.enums import Role

log = logging.getLogger(__name__)

TIME_ZONE_LENGTH_MAX = 64
EMAIL_LENGTH_MAX = 254
#: Where the staff go after the log-in, if they have not said.
STAFF_PAGES = {Role.ADMIN: "admin:index", Role.SUPPORT: "support:search"}


def _time_zone(name: str) -> str:
    """``name`` if it is a time zone; it comes from the browser, and from anybody."""
    return name if len(name) <= TIME_ZONE_LENGTH_MAX and name in zoneinfo.available_timezones() else ""


class AccountAdapter(DefaultAccountAdapter):
    """E-mail addresses are the login, kept in lower case so that one address is one person. A new user gets a paper account."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": "This is not the code. Look at the newest mail.",
        "rate_limited": "That was too often. Wait a little, then try again.",
        "too_many_login_attempts": "Too many attempts. Wait five minutes, then try again.",
        "email_password_mismatch": "This e-mail address and password do not fit. A sign-up that was not confirmed begins anew.",
    }

    # --- addresses ------------------------------------------------------------------------------------------------------

    def clean_email(self, email: str) -> str:
        if len(email) > EMAIL_LENGTH_MAX:  # allauth would cut it, and make it somebody else's
            raise ValidationError(f"An e-mail address has at most {EMAIL_LENGTH_MAX} characters.")
        return super().clean_email(email).lower()

    def is_safe_url(self, url: str | None) -> bool:
        """As allauth has it; an address that cannot even be read is not safe, and no error of ours."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    # --- sign-up --------------------------------------------------------------------------------------------------------

    def save_user(self, request: HttpRequest, user: Any, form: BaseForm, commit: bool = True) -> Any:
        """Make the user and the account in one transaction. The money comes when the address is confirmed."""
        if not commit:
            return super().save_user(request, user, form, commit=False)
        with transaction.atomic():
            user = super().save_user(request, user, form, commit=True)
            user.time_zone = _time_zone(request.POST.get("time_zone", "")) or user.time_zone
            user.save(update_fields=["time_zone"])
            open_paper_account(user)
        return user

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Money is given to people who read their mail; the engine may be away, then it comes with a later page."""
        confirmed = bool(super().confirm_email(request, email_address))
        account = get_account_of_user(email_address.user_id) if confirmed else None
        if account is not None and not account.funded and ensure_funded(account.id, deadline_s=1.0):
            messages.success(request, "Welcome. Your paper account is funded: choose an instrument and trade.")
        return confirmed

    # --- log-in -----------------------------------------------------------------------------------------------------------

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """A sign-up that was not confirmed cannot log in, and is not told so: else it would tell which addresses are taken."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and has_confirmed_address(user.pk) else None

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff come to the page of their role, by way of the second factor where they have none yet."""
        user: Any = request.user
        page = STAFF_PAGES.get(user.role)
        if page is None:
            return super().get_login_redirect_url(request)
        if not list_factor_types(user.pk):
            return resolve_url("mfa_index")
        try:
            return resolve_url(page)
        except NoReverseMatch:
            return super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("mfa_index")

    # --- who asks, once more ------------------------------------------------------------------------------------------------

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A log-in of the last minutes counts as well; allauth alone would ask for the password that was typed just now."""
        return bool(super().is_reauthentication_required(app=app, **kwargs)) and not confirmed_recently(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        """Whoever has a second factor shows it: the password alone must not be enough to take the factor off."""
        methods = super().get_reauthentication_methods(user)
        if not user.is_authenticated or not list_factor_types(user.pk):
            return methods
        return [method for method in methods if method["id"] != "reauthenticate"]

    # --- mail -------------------------------------------------------------------------------------------------------------

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send a mail that the next page needs. When the mail server is away, the page says so and nothing else is lost."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.error("%s was not sent: %s", template_prefix, error)
            raise ImmediateHttpResponse(render(self.request, "web/mail_away.html", status=503)) from error

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Tell the owner what has been changed. The change stands, whether or not the mail server is there."""
        try:
            super().send_notification_mail(template_prefix, user, *args, **kwargs)
        except ImmediateHttpResponse:
            log.warning("user %s was not told by mail: %s", user.pk, template_prefix)
