"""Where allauth's sign-up and log-in meet the product."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """E-mail addresses are the login, kept in lower case so that one address is one person."""

    def clean_email(self, email: str) -> str:
        return super().clean_email(email).lower()
