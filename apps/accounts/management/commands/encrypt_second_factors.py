from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from apps.accounts.second_factor import encrypt_anew


class Command(BaseCommand):
    help = "After SECRET_KEY was changed: encrypt the secrets of all second factors with the new key, so that the former may go."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            count = encrypt_anew()
        except InvalidToken:
            raise CommandError("a secret's key is neither SECRET_KEY nor in SECRET_KEY_FALLBACKS") from None
        self.stdout.write(f"{count} secrets are encrypted with the newest key")
