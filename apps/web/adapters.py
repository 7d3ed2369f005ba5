"""Where allauth's sign-up and log-in meet the product."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest

from apps.accounts.services import ensure_funded, open_paper_account


class AccountAdapter(DefaultAccountAdapter):
    """E-mail addresses are the login, kept in lower case so that one address is one person. A new user gets a paper account."""

    def clean_email(self, email: str) -> str:
        return super().clean_email(email).lower()

    def save_user(self, request: HttpRequest, user: Any, form: BaseForm, commit: bool = True) -> Any:
        """Make the user and the account in one transaction; then ask for the money, which may come later."""
        if not commit:
            return super().save_user(request, user, form, commit=False)
        with transaction.atomic():
            user = super().save_user(request, user, form, commit=True)
            account_id = open_paper_account(user)
        ensure_funded(account_id, deadline_s=1.0)
        return user
