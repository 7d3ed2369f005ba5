"""Those who trade under load: accounts with money, keys, log-ins and a password. Runs in the stack's own environment.

``python -m load.people COUNT RUN FILE`` writes them to FILE, which only this user can read. Their addresses begin with
``load-``; those of an earlier run are taken again, with a new password, new keys and more paper money.
"""

import json
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

ASSETS_FUNDED = "10000000"
EMAIL = "load-{:05d}@example.com"


def main(count: int, run: str, path: Path) -> None:
    """Make them and write the file."""
    django.setup()
    from django.conf import settings
    from django.contrib.auth.hashers import make_password

    from bench.load import Engine, pipeline
    from bench.web import make_programs

    password = secrets.token_urlsafe(12)
    proof = make_password(password)
    account_ids = _make_accounts(count, proof)
    pipeline(Engine(settings.ENGINE_URL, settings.ENGINE_TOKEN), list(_commands(account_ids, run)))
    with _connection() as connection:
        connection.execute(
            "UPDATE accounts_apikey SET revoked_at = now() WHERE account_id = ANY(%s) AND revoked_at IS NULL", [account_ids]
        )
        programs = make_programs(connection, account_ids, password=proof)
    people = [
        {**program._asdict(), "email": EMAIL.format(number), "password": password} for number, program in enumerate(programs)
    ]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"people": people, "instruments": _instruments()}, file)


def _connection() -> Any:
    import psycopg

    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, connect_timeout=5)


def _make_accounts(count: int, proof: str) -> list[int]:
    """The first ``count`` of them, made where they are missing; all get the password."""
    from allauth.account.models import EmailAddress
    from django.db import transaction

    from apps.accounts.models import Account, User

    emails = [EMAIL.format(number) for number in range(count)]
    with transaction.atomic():
        known = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
        missing = [email for email in emails if email not in known]
        User.objects.bulk_create([User(email=email, password=proof) for email in missing])
        users = list(User.objects.filter(email__in=emails).order_by("email"))
        User.objects.filter(email__in=emails).update(password=proof)
        new = [user for user in users if user.email in set(missing)]
        EmailAddress.objects.bulk_create(EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in new)
        Account.objects.bulk_create(Account(user=user) for user in new)
    accounts = dict(Account.objects.filter(user__in=users).values_list("user__email", "pk"))
    return [accounts[email] for email in emails]


def _commands(account_ids: list[int], run: str) -> Iterator[Any]:
    """What opens and funds them: money to buy with, and some of each thing to sell."""
    from apps.commands.types import Deposit, OpenAccount
    from apps.instruments.selectors import list_instruments
    from bench.flow import SYSTEM

    instruments = list_instruments()
    assets = sorted({i.base.code for i in instruments} | {i.quote.code for i in instruments})
    for account_id in account_ids:
        yield OpenAccount(command_id=f"load-open-{account_id}", actor=SYSTEM, account_id=account_id)
    for account_id in account_ids:
        for asset in assets:
            command_id = f"load-{run}-{asset}-{account_id}"
            yield Deposit(command_id=command_id, actor=SYSTEM, account_id=account_id, asset=asset, amount=ASSETS_FUNDED)


def _instruments() -> list[dict[str, str]]:
    """What is traded, with the grid that orders must be on."""
    from apps.instruments.selectors import list_instruments

    return [
        {"symbol": each.symbol, "tick": str(each.tick_size), "lot": str(each.lot_size)}
        for each in list_instruments()
        if each.trading_state == "OPEN"
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
