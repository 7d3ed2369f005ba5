"""Customers as people: found by e-mail or name, with where they are logged in. For the staff's console alone."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import connection
from django.db.models import F

from apps.accounts.models import Account, AccountKind
from apps.core.enums import AccountStatus, Role

#: No selector returns more people than this at once.
LIMIT_MAX = 200
#: Shorter beginnings of a name are everybody's.
WORD_LENGTH_MIN = 2
#: What has a meaning within the quotes of a text search; a name is indexed without them too.
_SPACES = str.maketrans("'\\", "  ")

_COLUMNS = """
SELECT a.id, u.id, u.email, u.name, u.time_zone, u.is_active, a.status, a.paper_deposit_at IS NOT NULL,
       u.date_joined, a.opened_at, u.last_login, a.max_open_orders, a.max_order_notional,
       a.orders_per_second
  FROM accounts_user u JOIN accounts_account a ON a.user_id = u.id
 WHERE u.role = %(role)s AND a.kind = %(kind)s"""
# No ORDER BY: a beginning that fits very many people is cut after the first few, wherever they stand; none is sorted.
_BY_EMAIL = f"{_COLUMNS} AND u.email LIKE %(pattern)s LIMIT %(limit)s"
_BY_NAME = f"{_COLUMNS} AND u.name <> '' AND to_tsvector('simple', u.name) @@ to_tsquery('simple', %(words)s) LIMIT %(limit)s"
_BY_ACCOUNT = f"{_COLUMNS} AND a.id = ANY(%(ids)s)"


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A person with a trading account. ``is_active`` is whether the person may log in, ``status`` is the account's.

    The limits are the account's own, None where the venue's hold; a notional is in the quote currency of the order.
    """

    account_id: int
    user_id: int
    email: str
    name: str
    time_zone: str
    is_active: bool
    status: AccountStatus
    funded: bool
    joined_at: datetime
    opened_at: datetime
    last_login_at: datetime | None
    max_open_orders: int | None
    max_order_notional: Decimal | None
    orders_per_second: int | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "status", AccountStatus(self.status))


@dataclass(frozen=True, slots=True)
class LogInView:
    """A log-in of a browser, as it was when it was last seen."""

    ip: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime


def is_customer(account_id: int) -> bool:
    """Whether there is a customer with this account. The staff have none, and the venue's own accounts are nobody's."""
    return Account.objects.filter(pk=account_id, kind=AccountKind.CUSTOMER, user__role=Role.CUSTOMER).exists()


def get_customers(account_ids: list[int]) -> dict[int, CustomerView]:
    """The customers by account id; what is no customer's account is left out."""
    return {view.account_id: view for view in _found(_BY_ACCOUNT, {"ids": account_ids[:LIMIT_MAX]})}


def get_mail_addresses(account_ids: list[int]) -> dict[int, tuple[str, str]]:
    """By account id, the owner's confirmed address and time zone; whoever has none, or may not log in, is left out."""
    rows = Account.objects.filter(
        pk__in=account_ids, kind=AccountKind.CUSTOMER, user__is_active=True, user__emailaddress__verified=True,
        user__emailaddress__email__iexact=F("user__email"),
    )  # fmt: skip
    return {pk: (email, zone) for pk, email, zone in rows.values_list("pk", "user__email", "user__time_zone")}


def find_by_email(beginning: str, limit: int) -> tuple[CustomerView, ...]:
    """At most ``limit`` customers whose address begins with ``beginning``, in any case; by address, the exact one first."""
    lowered = beginning.lower()
    pattern = re.sub(r"([\\%_])", r"\\\1", lowered) + "%"
    exact = _found(f"{_COLUMNS} AND u.email = %(email)s", {"email": lowered})
    others = _found(_BY_EMAIL, {"pattern": pattern, "limit": min(limit, LIMIT_MAX)})
    return (*exact, *sorted((view for view in others if view not in exact), key=lambda view: view.email))[:limit]


def find_by_name(text: str, limit: int) -> tuple[CustomerView, ...]:
    """At most ``limit`` customers whose name has, for each word of ``text``, a word that begins with it; in any case, by name.

    PostgreSQL's own parser takes both apart, so that a hyphen or an accent means the same on either side.
    """
    words = unicodedata.normalize("NFC", text).translate(_SPACES).split()
    if all(len(word) < WORD_LENGTH_MIN for word in words):
        return ()
    found = _found(_BY_NAME, {"words": " & ".join(f"'{word}':*" for word in words), "limit": min(limit, LIMIT_MAX)})
    return tuple(sorted(found, key=lambda view: (view.name.casefold(), view.account_id)))


def list_log_ins(user_id: int, limit: int = 20) -> tuple[LogInView, ...]:
    """Where the person is or was logged in, the latest seen first."""
    rows = UserSession.objects.filter(user_id=user_id).order_by("-last_seen_at", "-pk")[: min(limit, LIMIT_MAX)]
    return tuple(LogInView(row.ip, row.user_agent, row.created_at, row.last_seen_at) for row in rows)


def _found(query: str, values: dict[str, Any]) -> tuple[CustomerView, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, {**values, "role": Role.CUSTOMER.value, "kind": AccountKind.CUSTOMER.value})
        return tuple(CustomerView(*row) for row in cursor.fetchall())
