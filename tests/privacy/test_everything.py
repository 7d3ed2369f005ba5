"""All that is stored of a person, as one file: nothing of anybody else, no secret, and no table forgotten."""

import json
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.api_keys import create_key
from apps.accounts.models import Account, KeyScope
from apps.backoffice.services import record_look
from apps.core.enums import Role, Side
from apps.privacy import everything
from apps.privacy.catalogue import LEFT_OUT, PARTS, Part
from tests.builders import Venue
from tests.pages import client_of, counted_queries
from tests.staff import make_staff

#: Columns by which a row is a person's or an account's.
OWNERS = ("user_id", "account_id", "ledger_account_id", "preferences_id", "email_address_id")
_TABLES = """
SELECT DISTINCT c.table_name FROM information_schema.columns c
  JOIN information_schema.tables t USING (table_schema, table_name)
 WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.column_name = ANY(%s)
"""
_INDEXES = """
SELECT array(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
               JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number ORDER BY place)
  FROM pg_index i WHERE i.indrelid = %s::regclass
"""
Row = dict[str, Any]


@pytest.fixture
def venue(db: None) -> Venue:
    return Venue()


@pytest.fixture
def alice(venue: Venue) -> Account:
    return venue.customer("alice@example.com", funded="100000", name="Alice O'Brien")


@pytest.fixture
def bob(venue: Venue) -> Account:
    return venue.customer("bob@example.com", funded="100000", name="Jean-Luc Öztürk")


def rows_of(account: Account) -> list[Row]:
    lines = b"".join(everything.lines_of(user_id=account.user_id or 0, account_id=account.pk, now=timezone.now()))
    return [json.loads(line) for line in lines.splitlines()]


def parts(rows: list[Row], name: str) -> list[Row]:
    return [row for row in rows if row["part"] == name]


def test_every_table_with_a_person_s_rows_is_in_the_file_or_left_out_for_a_reason(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, [list(OWNERS)])
        found = {row[0] for row in cursor.fetchall()}
    named = {part.table for part in PARTS} | {child.table for part in PARTS for child in part.children}
    assert found - named - set(LEFT_OUT) == set(), "say what the file has of it, or why nothing"
    assert set(LEFT_OUT) - found == set(), "a table that is gone, or has no such column"


@pytest.mark.parametrize("part", [part for part in PARTS if part.walk], ids=lambda part: part.name)
def test_what_grows_is_walked_along_an_index_that_begins_with_its_owner(db: None, part: Part) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, [part.table])
        indexes = [row[0] for row in cursor.fetchall()]
    assert any(index[:2] == [part.owned_by, part.walk] for index in indexes), indexes


def test_the_file_has_what_was_done_and_nothing_of_anybody_else(venue: Venue, alice: Account, bob: Account) -> None:
    bought = venue.bought(alice, "AAPL-USD", "10", "187.13")
    resting = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100", client_order_id="my-own-id")
    venue.order(bob, "AAPL-USD", Side.BUY, "1", "90", client_order_id="somebody-elses")
    staff = make_staff("sam@example.com", Role.SUPPORT)
    record_look(actor_id=staff.pk, action="CUSTOMER_PAGE", subject="account", reason="asks by phone", account_id=alice.pk)
    rows = rows_of(alice)
    assert rows[0]["part"] == "file" and rows[-1] == {"part": "end"}
    assert [row["email"] for row in parts(rows, "person")] == ["alice@example.com"]
    assert [row["id"] for row in parts(rows, "order")] == [bought.pk, resting.pk]
    fills = [row["data"] for row in parts(rows, "event") if row["type"] == "ORDER_FILLED"]
    assert [(fill["price"], fill["quantity"]) for fill in fills] == [("187.13", "10")]
    moved = [row["amount"] for row in parts(rows, "posting")]
    assert "-1871.30000000" in moved and "10.00000000" in moved, "exact, as texts"
    assert {row["kind"] for row in parts(rows, "transfer")} == {"DEPOSIT", "TRADE"}
    assert [row["reason"] for row in parts(rows, "look")] == ["asks by phone"]
    text = json.dumps(rows, ensure_ascii=False)
    for strange in ("bob@example.com", "Öztürk", "somebody-elses", "sam@example.com"):
        assert strange not in text, strange


def test_no_secret_is_in_it(alice: Account) -> None:
    made = create_key(account_id=alice.pk, name="bot", scope=KeyScope.READ, networks=(), expires_at=None, form_id="f" * 32)
    client = client_of(alice)
    text = json.dumps(rows_of(alice))
    user = alice.user
    assert user is not None
    for secret in (user.password, made.text, "f" * 32, client.session.session_key):
        assert secret and secret not in text
    assert made.view.prefix in text


def test_a_history_is_read_in_chunks_and_none_is_lost_between_two(
    venue: Venue, alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [venue.order(alice, "AAPL-USD", Side.BUY, "1", "100").pk for _ in range(7)]
    whole = rows_of(alice)
    monkeypatch.setattr(everything, "CHUNK", 3)
    assert [row for row in rows_of(alice) if row["part"] != "file"] == [row for row in whole if row["part"] != "file"]
    assert [row["id"] for row in parts(whole, "order")] == orders
    lines = everything.lines_of(user_id=alice.user_id or 0, account_id=alice.pk, now=timezone.now())
    with counted_queries() as queries:
        next(lines)
        next(lines)
    assert len(queries) <= 2, "what nobody has asked for yet is not read"


def test_it_is_for_whoever_has_just_shown_who_they_are(alice: Account, bob: Account) -> None:
    client = client_of(alice)
    page = client.get("/settings/data/")
    assert "Everything as one file" in page.content.decode()
    answer: Any = client.post("/settings/data/file/")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/x-ndjson"
    assert "no-store" in answer["Cache-Control"] and "attachment" in answer["Content-Disposition"]
    body = b"".join(answer.streaming_content).decode()
    assert "alice@example.com" in body and "bob@example.com" not in body
    late = client_of(alice, seconds_ago=3600)
    for asked in (late.get("/settings/data/file/"), late.post("/settings/data/file/")):
        assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, "/settings/security/confirm/")
    assert late.get("/settings/data/").status_code == 200
