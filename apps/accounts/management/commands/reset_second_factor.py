from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.models import User
from apps.accounts.services import remove_second_factors


class Command(BaseCommand):
    help = (
        "For somebody who has lost the app, the passkeys and the recovery codes, once you have checked who they are: removes all "
        "of them, ends every log-in and tells the owner by mail. The password stays. The staff's trail names persons of the "
        "staff, and a command has none: the reason stands in this command's log alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="why, and how you know that it is the owner who asks")

    def handle(self, *_args: Any, **options: Any) -> None:
        reason = " ".join(options["reason"].split())
        if len(reason) < 10:
            raise CommandError("the reason must say why, and how you know that it is the owner who asks")
        user = User.objects.filter(email=options["email"].lower()).first()
        if user is None:
            raise CommandError(f"there is no user {options['email']}")
        removed, ended, told = remove_second_factors(user, reason)
        mail = "told by mail" if told else "NOT told by mail"
        self.stdout.write(f"{user.email}: {removed} factors removed, {ended} log-ins ended, owner {mail}")
