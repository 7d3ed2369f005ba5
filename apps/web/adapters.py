"""Where allauth's sign-up and log-in meet the product."""

import zoneinfo
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest

from apps.accounts.services import ensure_funded, open_paper_account

TIME_ZONE_LENGTH_MAX = 64


def _time_zone(name: str) -> str:
    """``name`` if it is a time zone; it comes from the browser, and from anybody."""
    return name if len(name) <= TIME_ZONE_LENGTH_MAX and name in zoneinfo.available_timezones() else ""


class AccountAdapter(DefaultAccountAdapter):
    """E-mail addresses are the login, kept in lower case so that one address is one person. A new user gets a paper account."""

    def clean_email(self, email: str) -> str:
        return super().clean_email(email).lower()

    def is_safe_url(self, url: str | None) -> bool:
        """As allauth has it; an address that cannot even be read is not safe, and no error of ours."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def save_user(self, request: HttpRequest, user: Any, form: BaseForm, commit: bool = True) -> Any:
        """Make the user and the account in one transaction; then ask for the money, which may come later."""
        if not commit:
            return super().save_user(request, user, form, commit=False)
        with transaction.atomic():
            user = super().save_user(request, user, form, commit=True)
            user.time_zone = _time_zone(request.POST.get("time_zone", "")) or user.time_zone
            user.save(update_fields=["time_zone"])
            account_id = open_paper_account(user)
        if ensure_funded(account_id, deadline_s=1.0):
            messages.success(request, "Welcome. Your paper account is funded: choose an instrument and trade.")
        return user
