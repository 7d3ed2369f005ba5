"""What the admin's lists are asked by people who mean harm, or who mistype; and what no page of it ever shows."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import ApiKey, User
from apps.adminlists import keyset, reading
from apps.adminlists.keyset import first_key_at
from apps.backoffice.models import TrailEntry
from apps.core.enums import Side
from apps.orders.models import Order
from tests.backoffice.walk import Shown, list_of, page_of, registered
from tests.builders import START
from tests.pages import client_of
from tests.rolledback import rolled_back
from tests.web.corpus import XSS

ORDERS = "/admin/orders/order/"


@pytest.fixture
def shown(filled: Shown, django_db_blocker: Any) -> Iterator[Shown]:
    with rolled_back(django_db_blocker):
        yield filled


@pytest.fixture
def client(shown: Shown) -> Client:
    return client_of(shown.staff)


UNDECLARED = (
    "user__password__startswith=a",
    "password__startswith=a",
    "account__user__email__contains=a",
    "id__in=1,2",
    "o=1",
    "p=2",
    "all=1",
    "e=1",
    "_facets=1",
    "_popup=1",
    "_to_field=password",
    "status__exact=OPEN",
    "%00=1",
    "%ff%fe=1",
)


@pytest.mark.parametrize("query", UNDECLARED)
def test_a_lookup_that_nobody_declared_is_a_bad_request(client: Client, query: str) -> None:
    for address in (ORDERS, "/admin/accounts/user/", "/admin/backoffice/trailentry/"):
        assert client.get(f"{address}?{query}").status_code == 400


WRONG = ("a%00b", "%ff%fe", "9" * 400, "9223372036854775808", "-1", "' OR 1=1 --", "１２", "\u202e")


def try_text(client: Client, turns: range | tuple[int, ...]) -> None:
    """Each input of each list with the texts whose ``turns`` it is. Refused with a sentence, or it finds nothing; never an error,
    and never everything."""
    for row, model_admin in enumerate(registered()):
        names = [each.name for narrowing in model_admin.filters for each in narrowing.inputs({})]
        for column, name in enumerate(("q", "after", "before", *names)):
            for turn in turns:
                text = WRONG[(row + column + turn) % len(WRONG)]
                response = client.get(f"{list_of(model_admin)}?{name}={text}")
                assert response.status_code in (200, 422), (model_admin, name, text)
                if name in names:
                    assert response.status_code == 422, (model_admin, name, text)


def test_no_text_breaks_a_list(client: Client) -> None:
    try_text(client, (0,))


@pytest.mark.long
def test_no_text_at_all_breaks_a_list(client: Client) -> None:
    try_text(client, range(len(WRONG)))


def test_a_search_that_finds_nothing_shows_nothing(client: Client, shown: Shown) -> None:
    for text in ("zzz", "999999", "%25", "' OR 1=1 --"):
        assert "Nothing here fits" in client.get(ORDERS, {"q": text}).content.decode()
    found = client.get(ORDERS, {"q": str(shown.order.pk)}).content.decode()
    assert found.count("<tr>") == 2
    mine = client.get(ORDERS, {"q": f"{shown.customer.pk} {shown.order.client_order_id}"}).content.decode()
    assert f"/admin/orders/order/{shown.order.pk}/change/" in mine
    assert client.get("/admin/accounts/user/", {"q": "CUSTOMER@ex"}).content.decode().count("<tr>") == 2


@pytest.mark.parametrize("address", ["999999999", "x", "-1", "1e1", "%00", "9" * 30, "9" * 300, "1/../2", "%ff", "١"])
def test_a_row_that_never_was_is_missing(client: Client, address: str) -> None:
    for model_admin in registered():
        assert client.get(f"{list_of(model_admin)}{address}/change/").status_code == 404


def test_text_of_people_is_text_wherever_it_stands(client: Client, shown: Shown) -> None:
    """In every cell of a list and a page: the elements of the page do not change."""
    page = page_of(next(each for each in registered() if each.model is TrailEntry), TrailEntry.objects.latest("pk").pk)
    for text in XSS:
        reason = "".join(letter for letter in text if letter.isprintable())[:200].ljust(3, ".")
        entry = TrailEntry.objects.create(
            kind="COMMAND", actor=shown.staff, action="X", subject=reason[:80], reason=reason, command_id=f"c-{hash(text)}",
            before='{"a": "<b>"}', after='{"<i>": "b"}',
        )  # fmt: skip
        address = page.replace(page.split("/")[-3], str(entry.pk))
        for content in (client.get(address).content.decode(), client.get("/admin/backoffice/trailentry/").content.decode()):
            assert "<script>" not in content
            assert "<img" not in content
            assert "<svg onload" not in content
            assert "<b>" not in content
            assert "<i>" not in content
    for value in XSS:
        content = client.get("/admin/accounts/user/", {"q": value}).content.decode()
        assert content.count("<script") == 0


def test_no_page_shows_a_secret(client: Client, shown: Shown) -> None:
    canary = "canary-7f3a"
    User.objects.update(password=f"argon2$argon2id$v=19${canary}")
    UserSession.objects.create(
        user=shown.staff, session_key=f"{canary}-key", ip="203.0.113.7", user_agent="Browser", last_seen_at=timezone.now()
    )
    Authenticator.objects.update(data={"secret": canary})
    digest = "ca9a27" + "0" * 58
    ApiKey.objects.update(digest=digest)
    addresses = ["/admin/"]
    for model_admin in registered():
        keys = model_admin.model.objects.values_list("pk", flat=True)
        addresses += [list_of(model_admin), *(page_of(model_admin, key) for key in keys)]
    client = client_of(User.objects.get(pk=shown.staff.pk))
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        assert canary not in response.content.decode(), address
        assert digest not in response.content.decode(), address
    assert "203.0.113.7" in client.get(f"/admin/accounts/user/{shown.staff.pk}/change/").content.decode()


def test_a_list_goes_on_by_key_and_back_again(client: Client, shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [shown.venue.order(shown.customer, "AAPL-USD", Side.BUY, "1", "50").pk for _ in range(7)]
    orders = next(each for each in registered() if each.model is Order)
    monkeypatch.setattr(orders, "page_size", 3)
    expected = list(Order.objects.order_by("-pk").values_list("pk", flat=True))

    def read(address: str) -> tuple[list[int], dict[str, str]]:
        content = client.get(address).content.decode()
        rows = [int(key) for key in re.findall(r'<td data-label="Id"[^>]*><a href="/admin/orders/order/(\d+)/', content)]
        ways = {name: url.replace("&amp;", "&") for name, url in re.findall(r'rel="(next|prev)" href="([^"]+)"', content)}
        return rows, ways

    seen, address, pages = [], ORDERS, []
    while True:
        rows, ways = read(address)
        seen += rows
        pages.append(rows)
        if "next" not in ways:
            break
        address = ways["next"]
    assert seen == expected
    assert set(keys) <= set(seen)
    for earlier in reversed(pages[:-1]):
        rows, ways = read(ways["prev"])
        assert rows == earlier
    assert read(f"{ORDERS}?side=BUY")[1]["next"].startswith(f"{ORDERS}?side=BUY&after=")


def test_a_list_of_more_rows_asks_no_more_questions(client: Client, shown: Shown) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(ORDERS)
        return len(queries)

    asked()  # the first page of a log-in also notes that it was seen
    few = asked()
    for _ in range(5):
        somebody = shown.venue.customer(f"{shown.venue.sequence}@example.com", funded="1000")
        shown.venue.order(somebody, "BTC-USD", Side.BUY, "1", "5")
    assert asked() == few


def test_a_condition_without_an_index_is_looked_for_in_windows(
    client: Client, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However rare it is, a page reads a bounded number of rows, says how far it looked, and the next goes on from there."""
    rare = shown.venue.order(shown.customer, "AAPL-USD", Side.SELL, "1", "500")
    for _ in range(12):
        shown.venue.order(shown.customer, "AAPL-USD", Side.BUY, "1", "50")
    monkeypatch.setattr(keyset, "WINDOW", 5)
    address, looks = f"{ORDERS}?side=SELL", 0
    while True:
        content = client.get(address).content.decode()
        looks += 1
        if f"/admin/orders/order/{rare.pk}/change/" in content:
            break
        assert "Looked through rows up to" in content
        address = content.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert looks == 3


def test_a_time_is_turned_into_a_key(shown: Shown) -> None:
    orders = list(Order.objects.order_by("pk"))
    for order in orders:
        for nudge in (timedelta(microseconds=-1), timedelta(0), timedelta(microseconds=1)):
            instant = order.created_at + nudge
            key = first_key_at(Order.objects.all(), "id", "created_at", instant)
            expected = [each.pk for each in orders if each.created_at >= instant]
            assert [each.pk for each in orders if key is not None and each.pk >= key] == expected
    assert first_key_at(Order.objects.none(), "id", "created_at", START) is None


def test_a_period_is_read_in_the_reader_s_zone(shown: Shown) -> None:
    User.objects.filter(pk=shown.staff.pk).update(time_zone="Asia/Tokyo")
    client = client_of(User.objects.get(pk=shown.staff.pk))
    local = START + timedelta(hours=9)
    before, after = (client.get(ORDERS, {"since": f"{local + way:%Y-%m-%dT%H:%M:%S}"}).content.decode()
                     for way in (-timedelta(minutes=1), timedelta(minutes=1)))  # fmt: skip
    assert f"/admin/orders/order/{shown.order.pk}/change/" in before
    assert "Nothing here fits" in after


def test_a_list_that_would_read_too_much_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(rows: Any, text: str) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")
        return []

    orders = next(each for each in registered() if each.model is Order)
    monkeypatch.setattr(orders, "search", (endless,))
    monkeypatch.setattr("apps.adminlists.pages.reading", lambda: reading.reading(100))
    response = client.get(ORDERS, {"q": "anything"})
    assert response.status_code == 422
    assert "This search would read too much: narrow it" in response.content.decode()
    assert client.get(ORDERS).status_code == 200


def test_a_page_of_the_admin_cannot_write(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def writing(row: Any) -> list[Any]:
        Order.objects.filter(pk=row.pk).update(reason="x")
        return []

    orders = next(each for each in registered() if each.model is Order)
    monkeypatch.setattr(orders, "links", writing)
    with pytest.raises(DatabaseError, match="read-only transaction"):
        client.get(page_of(orders, Order.objects.latest("pk").pk))


def test_the_front_page_says_how_things_stand(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.ENGINE_URL = f"unix://{tmp_path}/nobody.sock"
    content = client.get("/admin/").content.decode()
    for text in ("Engine", "FileNotFoundError", "1 waiting", "host:1", "statements", "never ran", "not reconciled yet"):
        assert text in content, text
