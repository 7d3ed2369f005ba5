"""A customer who is told apart by one word, written wherever something personal can be, and where that word is found."""

import json
from datetime import date
from typing import Any

import redis
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Account, ApiKey, User
from apps.alerts.models import Firing, Mail, Notice, PriceAlert
from apps.backoffice.services import record_look
from apps.grants.roles import Role as Login
from apps.jobs.session import refuse_money_writes
from apps.ledger.models import LedgerAccount
from apps.privacy import everything
from apps.privacy.catalogue import PARTS
from apps.privacy.deletion_job import carry_out
from apps.privacy.models import GRACE, Deletion
from apps.privacy.services import ask_for_deletion
from apps.receipts.models import Receipt
from apps.watchlists.models import Watchlist
from tests.backoffice.walk import Shown, fill_every_table
from tests.builders import START
from tests.logins import as_login
from tests.pages import client_of
from tests.staff import make_passkey

WORD = "canary7f3a"
EMAIL = f"{WORD}@quill.example"
NAME = f"Zephyrine {WORD.title()}"
IP = "203.0.113.77"
DAY = date(2026, 11, 21)
SIGNS = (WORD, IP)

_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL) FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public' JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
   AND format_type(a.atttypid, NULL) IN ('text', 'character varying', 'character', 'character varying[]', 'text[]', 'json',
                                         'jsonb', 'bytea', 'inet', 'uuid', 'name', 'xml', 'hstore')
 ORDER BY 1, 2
"""


def columns_of_text() -> list[tuple[str, str, str]]:
    """Table, column and type of everything in the database that can hold a text."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        return cursor.fetchall()


def plant() -> Shown:
    """A customer with a row in every table, and the word in every text of a person's; nothing is in the way of a deletion."""
    shown = fill_every_table()
    account, user = shown.customer, shown.customer.user
    assert user is not None
    Deletion.objects.all().delete()
    shown.venue.cancel(shown.order)
    LedgerAccount.objects.filter(account=account).update(total=0)
    User.objects.filter(pk=user.pk).update(email=EMAIL, name=NAME, time_zone="Asia/Kolkata")
    user.refresh_from_db()
    EmailAddress.objects.filter(user=user).update(email=EMAIL)
    make_passkey(user)
    ApiKey.objects.filter(account=account).update(name=f"{WORD} bot", networks=IP)
    Watchlist.objects.create(account=account, name=f"{WORD} list", place=1)
    PriceAlert.objects.filter(account=account).update(note=WORD)
    Firing.objects.filter(account=account).update(note=WORD)
    Notice.objects.filter(account=account).update(data={"note": WORD})
    Mail.objects.filter(account=account).update(error=f"{EMAIL} was refused")
    Receipt.objects.create(order_id=shown.order.pk, account_id=account.pk, door="PAGE", received_at=START, noted_at=START)
    _by_staff(shown, account)
    browse(account)
    return shown


def browse(account: Account) -> Client:
    client = client_of(account)
    assert client.get("/settings/security/", REMOTE_ADDR=IP, headers={"user-agent": f"{WORD}/1.0"}).status_code == 200
    return client


def _by_staff(shown: Shown, account: Account) -> None:
    look: dict[str, Any] = {"actor_id": shown.staff.pk, "action": "CUSTOMER_PAGE"}
    record_look(**look, subject=f"account {account.pk}", reason=f"{WORD} calls from home", account_id=account.pk)
    record_look(**look, subject="account 99", reason=f"as {EMAIL} says", account_id=99)
    for searched in (EMAIL, EMAIL.upper(), WORD, NAME.lower()):
        record_look(actor_id=shown.staff.pk, action="SEARCH", subject=searched, reason="asks by phone")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE backoffice_staffrequest SET reason = %s", [f"{WORD} typed a wrong price"])
        cursor.execute("SET LOCAL session_replication_role = origin")
    staff = client_of(shown.staff)  # in a case, with a search of the address
    session = staff.session
    session["support_case"] = {"searches": {"token": EMAIL}}
    session.save()


def person_of(account: Account) -> User:
    """As it is now in the database."""
    return User.objects.get(account=account)


def ask(account: Account, *, is_due: bool = True) -> Deletion:
    """As the page asks; ``is_due``: two weeks and an hour ago."""
    assert account.user_id is not None
    view, is_new = ask_for_deletion(user_id=account.user_id, account_id=account.pk)
    assert is_new
    if is_due:
        make_due()
    return Deletion.objects.get(pk=view.id)


def make_due() -> None:
    for row in Deletion.objects.filter(done_at=None, undone_at=None):
        row.asked_at, row.due_at = row.asked_at - GRACE * 2, row.due_at - GRACE * 2
        row.save()


def where_it_is_found() -> set[str]:
    """Tables with one of the signs in any text, ``redis`` for a key or a value there."""
    found = set()
    with connection.cursor() as cursor:
        for table, column, kind in columns_of_text():
            text = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            condition = " OR ".join(f"{text} ILIKE %s" for _ in SIGNS)
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" WHERE {condition})', [f"%{sign}%" for sign in SIGNS])
            found |= {table} if cursor.fetchone()[0] else set()
    decoded = (json.dumps(session.get_decoded(), default=str) for session in Session.objects.all())
    found |= {"django_session"} if any(sign in text for text in decoded for sign in SIGNS) else set()
    return found | ({"redis"} if _in_redis() else set())


def _in_redis() -> bool:
    client: Any = redis.Redis.from_url(settings.REDIS_URL)
    signs = [sign.encode() for sign in SIGNS]
    for key in client.scan_iter(f"*{settings.REDIS_PREFIX}*"):
        value = client.dump(key) or b""
        if any(sign in key.lower() or sign in value.lower() for sign in signs):
            return True
    return False


def run() -> dict[str, object]:
    """The job as the runner runs it: with no way to write money, and the rights of its login."""
    with connection.execute_wrapper(refuse_money_writes), as_login(Login.JOBS):
        return carry_out(DAY, lambda text: None)


def rows_by_part(*, user_id: int, account_id: int) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {part.name: [] for part in PARTS}
    found |= {child.name: [] for part in PARTS for child in part.children}
    for chunk in everything.lines_of(user_id=user_id, account_id=account_id, now=timezone.now()):
        for line in chunk.splitlines():
            row = json.loads(line)
            found.setdefault(row["part"], []).append(row)
    return found
