"""Why somebody looks: asked once, kept for a while, written with every look."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Account, User
from apps.backoffice import selectors
from apps.backoffice.models import TrailEntry
from apps.core.enums import Role, Side
from apps.support import access
from tests.builders import Venue
from tests.pages import PARTIAL, client_of
from tests.staff import make_staff
from tests.support.conftest import REASON
from tests.web.corpus import REDIRECTS, XSS
from tests.web.test_hostile_input import Structure


def pages_of(account: Account, order_id: int) -> dict[str, str]:
    """Every page that shows a customer's data, with the action that the trail has for it."""
    base = f"/support/customers/{account.pk}/"
    return {
        base: "CUSTOMER_PAGE",
        f"{base}orders/": "CUSTOMER_ORDERS",
        f"{base}ledger/": "CUSTOMER_LEDGER",
        f"{base}statements/": "CUSTOMER_STATEMENTS",
        f"{base}trail/": "CUSTOMER_TRAIL",
        f"/support/orders/{order_id}/": "ORDER_PAGE",
    }


def test_without_a_case_nothing_is_shown_and_the_way_back_is_kept(venue: Venue, alice: Account, idle: Client) -> None:
    order = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    for page in ("/support/", *pages_of(alice, order.pk), f"/support/customers/{alice.pk}/orders/?status=open&side=BUY"):
        response = idle.get(page)
        assert response.status_code == 302
        assert response["Location"] == f"/support/case/?next={quote(page, safe='')}"
        assert idle.get(page, headers=PARTIAL)["HX-Redirect"] == response["Location"]
    assert idle.post("/support/", {"q": "alice"}).status_code == 302
    assert not TrailEntry.objects.exists()


def test_after_the_reason_one_is_where_one_wanted_to_go(alice: Account, idle: Client) -> None:
    wanted = f"/support/customers/{alice.pk}/orders/?status=open"
    form = idle.get("/support/case/", {"next": wanted})
    assert form.context["back"] == wanted
    answer = idle.post("/support/case/", {"reason": REASON, "next": wanted})
    assert answer["Location"] == wanted
    assert idle.get(wanted).status_code == 200


NO_PAGES = ["/markets/", "/support/nowhere/", "/support/case/", "/support/../admin/", "/support/\n"]


@pytest.mark.parametrize("target", [*REDIRECTS, *NO_PAGES])
def test_one_is_sent_to_pages_of_the_console_alone(idle: Client, target: str) -> None:
    assert idle.get("/support/case/", {"next": target}).context["back"] == ""
    assert idle.post("/support/case/", {"reason": REASON, "next": target})["Location"] == "/support/"


def test_each_page_is_one_row_of_the_trail(venue: Venue, alice: Account, desk: Client, sam: User) -> None:
    order = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    pages = pages_of(alice, order.pk)
    for page in pages:
        assert desk.get(page).status_code == 200
        assert desk.get(page, headers=PARTIAL).status_code == 200
    columns = ("kind", "actor_id", "action", "subject", "account_id", "reason", "outcome")
    rows = TrailEntry.objects.order_by("id").values_list(*columns)
    expected = [
        ("LOOK", sam.pk, action, f"order {order.pk}" if action == "ORDER_PAGE" else f"account {alice.pk}", alice.pk, REASON, "")
        for action in pages.values()
    ]
    assert list(rows) == [row for row in expected for _ in range(2)]


def test_the_ticket_is_a_part_of_the_reason(alice: Account, idle: Client) -> None:
    idle.post("/support/case/", {"reason": "  wrong   balance ", "ticket": "T-1024"})
    idle.get(f"/support/customers/{alice.pk}/")
    assert TrailEntry.objects.get().reason == "wrong balance (ticket T-1024)"


@pytest.mark.parametrize(
    ("reason", "ticket"),
    [
        *(("", ""), ("ab", ""), ("  a  ", ""), ("x" * 201, ""), ("a\x00bcd", "")),
        *(("x" * 190, "T-1024"), ("fine reason", "T 1"), ("fine reason", "9" * 21)),
    ],
)
def test_a_case_needs_a_reason(idle: Client, reason: str, ticket: str) -> None:
    response = idle.post("/support/case/", {"reason": reason, "ticket": ticket})
    assert response.status_code == 422
    assert "form-error" in response.content.decode()
    assert idle.get("/support/").status_code == 302


def test_a_case_ends_by_itself_and_by_being_closed(alice: Account, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"/support/customers/{alice.pk}/"
    now = timezone.now()
    monkeypatch.setattr(access.timezone, "now", lambda: now + access.CASE_LASTS - timedelta(seconds=5))
    assert desk.get(page).status_code == 200
    monkeypatch.setattr(access.timezone, "now", lambda: now + access.CASE_LASTS + timedelta(seconds=5))
    assert desk.get(page).status_code == 302
    monkeypatch.undo()
    assert desk.get(page).status_code == 200
    assert desk.post("/support/case/close/")["Location"] == "/support/case/"
    assert desk.get(page).status_code == 302
    assert TrailEntry.objects.count() == 2


def test_a_case_is_one_person_s(alice: Account, desk: Client, sam: User) -> None:
    other = client_of(make_staff("kim@example.com", Role.ADMIN))
    assert other.get(f"/support/customers/{alice.pk}/").status_code == 302
    desk.force_login(make_staff("ann@example.com", Role.SUPPORT), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert desk.get(f"/support/customers/{alice.pk}/").status_code == 302


def test_the_look_is_written_even_when_the_page_then_fails(alice: Account, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(account_id: int) -> None:
        raise RuntimeError("no portfolio today")

    monkeypatch.setattr("apps.support.views.customer.get_portfolio", fails)
    with pytest.raises(RuntimeError, match="no portfolio today"):
        desk.get(f"/support/customers/{alice.pk}/")
    assert TrailEntry.objects.get().action == "CUSTOMER_PAGE"


def test_a_reason_is_text_wherever_it_stands(alice: Account, desk: Client) -> None:
    def structure(client: Client, url: str) -> list[tuple[str, tuple[str, ...]]]:
        parsed = Structure()
        parsed.feed(client.get(url).content.decode())
        return parsed.elements

    page, own = f"/support/customers/{alice.pk}/", client_of(alice)
    base, shown = structure(desk, page), structure(own, "/settings/looks/")
    for text in (text for text in XSS if "\x00" not in text and text.isprintable() and len(text) >= 3):
        desk.post("/support/case/", {"reason": text})
        before = TrailEntry.objects.count()
        grown = structure(desk, f"{page}trail/")
        assert {name for name, _ in grown} <= {name for name, _ in base}, text
        assert {name for name, _ in structure(own, "/settings/looks/")} <= {name for name, _ in shown}, text
        assert TrailEntry.objects.count() == before + 1


def test_limits_hold_a_minute_and_a_day(alice: Account, desk: Client, sam: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "LOOK_LIMIT", access.LookLimit(access.LOOKS, per_minute=3, per_day=5))
    page = f"/support/customers/{alice.pk}/"
    assert [desk.get(page).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert TrailEntry.objects.count() == 3
    refused = desk.get(page)
    assert refused["Retry-After"] == "60"
    assert "alice@example.com" not in refused.content.decode()
    monkeypatch.setattr(access, "LOOK_LIMIT", access.LookLimit(access.LOOKS, per_minute=30, per_day=5))
    assert [desk.get(page).status_code for _ in range(3)] == [200, 200, 429]
    assert desk.get(page)["Retry-After"] == "3600"
    assert client_is_free_to_search(desk)
    assert selectors.count_actions(sam.pk, access.LOOKS) == selectors.Counts(last_minute=5, last_day=5)


def client_is_free_to_search(desk: Client) -> bool:
    return desk.post("/support/", {"q": "alice"}, follow=True).status_code == 200


def test_searches_have_a_limit_of_their_own(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "SEARCH_LIMIT", access.LookLimit(("SEARCH",), per_minute=2, per_day=9))
    answers = [desk.post("/support/", {"q": f"nobody{n}"}, follow=True).status_code for n in range(3)]
    assert answers == [200, 200, 429]


def test_the_limits_are_those_that_are_documented() -> None:
    limits = [(limit.per_minute, limit.per_day) for limit in (access.SEARCH_LIMIT, access.LOOK_LIMIT)]
    assert limits == [(60, 1_000), (120, 3_000)]
    assert sum(per_day for _, per_day in limits) < selectors.COUNTED_MAX


def test_what_the_trail_counts_is_the_last_day_alone(sam: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO backoffice_trailentry (at, kind, actor_id, action, subject, reason, command_id, before, after, outcome) "
            "SELECT now() - interval '1 hour' * n, 'LOOK', %s, 'SEARCH', 'x', 'a reason', '', '', '', '' "
            "FROM generate_series(30, 0, -1) n",
            [sam.pk],
        )
    assert selectors.count_actions(sam.pk, ["SEARCH"]) == selectors.Counts(last_minute=1, last_day=24)
