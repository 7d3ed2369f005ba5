"""One box: what was typed says by itself what is looked for."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts import selectors_people as people
from apps.accounts.models import Account, User
from apps.backoffice.models import TrailEntry
from apps.core.enums import Side
from apps.support.finding import SHOWN_MAX, find
from tests.builders import Venue, make_user
from tests.pages import counted_queries
from tests.support.conftest import REASON
from tests.web.corpus import XSS
from tests.web.test_hostile_input import Structure


def found(query: str) -> dict[str, list[Any]]:
    return {
        group.title: [c.email for c in group.customers] + [(f.order.id, f.owner.email if f.owner else "") for f in group.orders]
        for group in find(query)
    }


def search(desk: Client, query: str) -> Any:
    return desk.post("/support/", {"q": query}, follow=True)


def test_an_address_is_found_as_a_whole_and_by_its_beginning(alice: Account, bob: Account) -> None:
    assert found("ALICE@Example.com") == {"E-mail address": ["alice@example.com"]}
    assert found("bob@")["E-mail address"] == ["bob@example.com"]
    assert found("lice@example.com") == {}


def test_the_exact_address_comes_first(venue: Venue) -> None:
    for email in ("ann@example.co", "ann@example.com", "ann@example.com.br"):
        venue.customer(email)
    assert found("ann@example.com")["E-mail address"] == ["ann@example.com", "ann@example.com.br"]
    assert found("ann@example.co")["E-mail address"] == ["ann@example.co", "ann@example.com", "ann@example.com.br"]


def test_signs_with_a_meaning_in_a_pattern_mean_themselves(venue: Venue) -> None:
    venue.customer("a_b@example.com")
    venue.customer("axb@example.com")
    assert found("a_b")["E-mail address"] == ["a_b@example.com"]
    assert found("a%b") == {}
    assert found("a\\b") == {}


@pytest.mark.parametrize("query", ["alice", "ALI", "brien", "o'brien", "brien al", "Alice O'B"])
def test_a_name_is_found_by_the_beginning_of_any_of_its_words(alice: Account, bob: Account, query: str) -> None:
    assert found(query)["Name"] == ["alice@example.com"]


@pytest.mark.parametrize("query", ["jean", "luc", "Jean-Luc", "öz", "ÖZTÜRK", "luc özt"])
def test_a_name_is_found_with_its_hyphens_and_accents(alice: Account, bob: Account, query: str) -> None:
    assert found(query)["Name"] == ["bob@example.com"]


@pytest.mark.parametrize("query", ["a", "lice", "alice bob", "&|!():*<->", "''", "\\\\", "--", "' or 1=1"])
def test_no_name_fits_what_is_none(alice: Account, bob: Account, query: str) -> None:
    assert "Name" not in found(query)


def test_an_order_is_found_by_its_id_and_by_its_client_s(venue: Venue, alice: Account, bob: Account) -> None:
    first = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100", client_order_id="mine-1")
    second = venue.order(bob, "AAPL-USD", Side.BUY, "1", "100", client_order_id="mine-1")
    assert found(str(first.pk)) == {"Order": [(first.pk, "alice@example.com")]}
    assert found(f"#{first.pk}") == found(str(first.pk))
    assert found(f"{alice.pk} mine-1") == {"Client order id": [(first.pk, "alice@example.com")]}
    assert found(f"#{bob.pk}  mine-1") == {"Client order id": [(second.pk, "bob@example.com")]}
    for text in ("{} mine-2", "{} MINE-1", "{} mine-1 x", "0{} mine-1", "mine-1", f"{10**17} mine-1"):
        assert found(text.format(alice.pk)) == {}, text


def test_digits_may_also_be_a_client_s_id(venue: Venue, alice: Account) -> None:
    order = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100", client_order_id="77")
    assert found(f"{alice.pk} 77") == {"Client order id": [(order.pk, "alice@example.com")]}


def test_a_trade_leads_to_the_orders_that_met_in_it(venue: Venue, alice: Account, bob: Account) -> None:
    resting = venue.order(alice, "AAPL-USD", Side.BUY, "2", "99")
    venue.bought(bob, "AAPL-USD", "2", "98")
    taking = venue.order(bob, "AAPL-USD", Side.SELL, "2", "99")
    trade = venue.fill(taking, "2", "99", against=resting).trade_id
    assert found(str(trade)) == {f"Orders of trade {trade}": [(resting.pk, "alice@example.com"), (taking.pk, "bob@example.com")]}
    against_the_house = venue.bought(alice, "AAPL-USD", "1", "100")
    trade = against_the_house.fills.get().trade_id
    assert found(str(trade)) == {f"Orders of trade {trade}": [(against_the_house.pk, "alice@example.com")]}


def test_an_account_is_found_by_its_id_unless_it_is_nobody_s(alice: Account, sam: User) -> None:
    assert found(str(alice.pk)) == {"Account": ["alice@example.com"]}
    assert [found(str(n)) for n in (1, 2, 3)] == [{}, {}, {}]


def test_staff_are_no_customers(venue: Venue, sam: User) -> None:
    Account.objects.create(user=sam)  # even if somebody of the staff once had an account
    assert found("sam@example.com") == found("sam") == {}
    assert not people.is_customer(Account.objects.get(user=sam).pk)


@pytest.mark.parametrize("query", ["0", "007", "9" * 18, "9" * 30, "-1", "1e3", "１２"])
def test_what_is_no_id_finds_nothing(alice: Account, query: str) -> None:
    assert found(query) == {}


def test_results_are_bounded_and_say_so(venue: Venue, desk: Client) -> None:
    for n in range(SHOWN_MAX + 3):
        make_user(f"crowd{n:02}@example.com", name=f"Crowd Number{n}")
    for user in User.objects.filter(name__startswith="Crowd"):
        Account.objects.create(user=user)
    groups = {group.title: group for group in find("crowd")}
    assert [(len(group.customers), group.more) for group in groups.values()] == [(20, True), (20, True)]
    page = search(desk, "crowd").content.decode()
    assert page.count("the first 20 of more") == 2
    exactly = [group for group in find("crowd0") if group.title == "E-mail address"]
    assert (len(exactly[0].customers), exactly[0].more) == (10, False)


def test_a_search_costs_a_fixed_number_of_queries(venue: Venue, alice: Account, bob: Account) -> None:
    for query, most in (("alice@example.com", 2), ("alice", 5), (str(venue.bought(alice, "AAPL-USD", "1", "100").pk), 9)):
        with counted_queries() as queries:
            find(query)
        assert len(queries) <= most, query


def test_what_was_searched_for_is_in_the_trail_and_not_in_the_address(desk: Client, alice: Account, sam: User) -> None:
    answer = desk.post("/support/", {"q": "  alice@example.com "})
    assert answer.status_code == 302
    assert "alice" not in answer["Location"]
    page = desk.get(answer["Location"])
    assert [c.email for group in page.context["groups"] for c in group.customers] == ["alice@example.com"]
    assert page["Cache-Control"] == "no-store"
    entry = TrailEntry.objects.get()
    assert (entry.kind, entry.actor_id, entry.action, entry.subject, entry.account_id, entry.reason) == (
        "LOOK", sam.pk, "SEARCH", "alice@example.com", None, REASON,
    )  # fmt: skip


def test_going_back_to_results_shows_them_again_and_is_written_again(desk: Client, alice: Account, bob: Account) -> None:
    first = desk.post("/support/", {"q": "alice"})["Location"]
    second = desk.post("/support/", {"q": "bob"})["Location"]
    assert [desk.get(url).context["query"] for url in (first, second, first)] == ["alice", "bob", "alice"]
    assert TrailEntry.objects.count() == 3
    desk.post("/support/case/", {"reason": "another case"})
    assert "groups" not in desk.get(first).context


def test_a_case_keeps_a_few_searches(desk: Client) -> None:
    addresses = [desk.post("/support/", {"q": f"nobody {n}"})["Location"] for n in range(12)]
    assert "groups" not in desk.get(addresses[1]).context
    assert desk.get(addresses[2]).context["query"] == "nobody 2"


def test_results_show_no_money(venue: Venue, desk: Client, alice: Account) -> None:
    venue.bought(alice, "AAPL-USD", "10", "187.13")
    page = search(desk, "alice").content.decode()
    assert "alice@example.com" in page
    assert "100,000" not in page and "187.13" not in page and "98,1" not in page


def test_nothing_found_says_what_can_be_found(desk: Client) -> None:
    page = search(desk, "nobody@example.com").content.decode()
    assert "Nothing fits “nobody@example.com”" in page
    assert "found by how they begin" in page


@pytest.mark.parametrize("query", ["", "   ", "x" * 81, "a\x00b", "a\u202eb"])
def test_what_cannot_be_searched_for_is_said_and_not_searched(desk: Client, query: str) -> None:
    response = desk.post("/support/", {"q": query})
    assert response.status_code == 422
    assert 'id="query-error"' in response.content.decode()
    assert not TrailEntry.objects.exists()


def test_broken_utf_8_is_no_error_of_ours(desk: Client) -> None:
    body = b"q=%ff%fe%c3%28"
    response = desk.generic("POST", "/support/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in (302, 422)
    assert desk.get("/support/?search=%ff%00").status_code == 200


def test_what_was_typed_is_text(desk: Client) -> None:
    def elements(query: str) -> list[tuple[str, tuple[str, ...]]]:
        structure = Structure()
        structure.feed(search(desk, query).content.decode())
        return structure.elements

    harmless = elements("harmless")
    refused = elements("x" * 81)
    for text in XSS:
        assert elements(text) in (harmless, refused), text


def test_a_name_and_a_client_s_id_are_text_in_the_results(venue: Venue, desk: Client, alice: Account) -> None:
    def elements() -> list[tuple[str, tuple[str, ...]]]:
        structure = Structure()
        for page in (search(desk, "alice@example.com"), desk.get(f"/support/customers/{alice.pk}/trail/")):
            structure.feed(page.content.decode().replace("\u2028", ""))
        return [element for element in structure.elements if element[0] not in ("tr", "td", "span", "small", "time")]

    expected = elements()
    for text in (text for text in XSS if "\x00" not in text):
        User.objects.filter(pk=alice.user_id).update(name=text)
        assert elements() == expected, text
