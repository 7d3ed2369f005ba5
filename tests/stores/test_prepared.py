"""Statements that Postgres plans once a connection, on the connection and in the transaction of the ORM."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from apps.accounts.models import Account, User
from apps.stores.prepared import columns, fetch_row, instances
from tests.builders import make_user

pytestmark = pytest.mark.django_db

MARK = "a statement that is prepared"
SQL = f"""
    SELECT {columns(User, "person")}, {columns(Account, "account")}
    FROM accounts_user AS person LEFT JOIN accounts_account AS account ON account.user_id = person.id
    WHERE person.email = %s AND '{MARK}' <> ''
"""


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{MARK}%"])
        return int(cursor.fetchone()[0])


def test_it_is_prepared_once_and_the_queries_of_the_orm_are_not() -> None:
    make_user("alice@example.com")
    # As it is, whatever an engine on this connection needed.
    connection.connection.prepare_threshold = 0
    before = prepared()
    for email in ("alice@example.com", "bob@example.com", "alice@example.com"):
        fetch_row(SQL, [email])
    assert prepared() == before + 1 == 1
    for email in ("alice@example.com", "bob@example.com"):
        list(User.objects.filter(email=email).extra(where=[f"'{MARK}' <> ''"]))
    assert prepared() == 1


def test_a_row_is_the_same_instance_that_the_orm_would_make() -> None:
    user = make_user("alice@example.com", name="Alice")
    Account.objects.create(user=user)
    row = fetch_row(SQL, ["alice@example.com"])
    assert row is not None
    person, account = instances(row, User, Account)

    def fields_of(each: Any) -> dict[str, Any]:
        return {field.attname: getattr(each, field.attname) for field in each._meta.concrete_fields}

    assert fields_of(person) == fields_of(User.objects.get())
    assert fields_of(account) == fields_of(Account.objects.get(user=user))
    assert person._state.adding is False


def test_what_a_join_did_not_find_is_none() -> None:
    make_user("alice@example.com")
    row = fetch_row(SQL, ["alice@example.com"])
    assert row is not None
    assert instances(row, User, Account)[1] is None
    assert fetch_row(SQL, ["nobody@example.com"]) is None


def test_it_sees_what_its_transaction_wrote_and_fails_as_any_query_does() -> None:
    make_user("alice@example.com")
    with pytest.raises(DatabaseError), transaction.atomic():
        User.objects.filter(email="alice@example.com").update(name="Alicia")
        row = fetch_row(SQL, ["alice@example.com"])
        assert row is not None and "Alicia" in row
        fetch_row("SELECT 1 / %s::int", [0])
    row = fetch_row(SQL, ["alice@example.com"])
    assert row is not None and "Alicia" not in row
