import getpass
import sys
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.services import make_staff
from apps.core.enums import Role


class Command(BaseCommand):
    help = (
        "Make a person of the staff. Prints a link that sets the password once, or reads the password from the terminal or "
        "the standard input. The second factor is set up at the first log-in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=[Role.SUPPORT.value, Role.ADMIN.value])
        parser.add_argument("--password", action="store_true", help="read the password instead of printing a link")

    def handle(self, *_args: Any, **options: Any) -> None:
        password = self._read_password(options["email"]) if options["password"] else None
        try:
            user = make_staff(options["email"], Role(options["role"]), password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{user.email} is {user.role}")
        if password is None:
            self.stdout.write(f"set the password once, within an hour: {_link(user)}")

    def _read_password(self, email: str) -> str:
        """Never from the command line, where every user of the machine could read it."""
        password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        return password


def _link(user: User) -> str:
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings.PUBLIC_ORIGINS[0]}{path}"
