"""The pages of the lists, and the star beside an instrument: with htmx, and as plain forms."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.marketdata.models import LatestPrice
from apps.watchlists import services
from apps.watchlists.models import LISTS_MAX
from apps.watchlists.selectors import WatchlistsView, list_watchlists
from tests.builders import Venue
from tests.pages import PARTIAL, counted_queries
from tests.watchlists.conftest import many_instruments

QUERIES_MAX = 12


@pytest.fixture
def client(alice: Account, client_for: Callable[[Account], Client]) -> Client:
    return client_for(alice)


def lists_of(account: Account) -> WatchlistsView:
    return list_watchlists(account.pk)


def text(response: object) -> str:
    content: bytes = response.content  # type: ignore[attr-defined]
    return content.decode()


def order(page: str) -> list[str]:
    """The symbols of the rows, from top to bottom."""
    return [part.partition('"')[0] for part in page.split('data-row="')[1:]]


def fill(account: Account, ids: dict[str, int], *names: str) -> int:
    for name in names:
        made = services.watch(account_id=account.pk, instrument_id=ids[name])
    return made


def test_before_the_first_star_it_says_what_to_do(client: Client) -> None:
    page = text(client.get("/watchlists/"))
    assert "Nothing watched yet" in page and 'href="/markets/"' in page


def test_a_star_is_a_plain_form_that_leads_back(client: Client, alice: Account, ids: dict[str, int]) -> None:
    markets = text(client.get("/markets/?class=STOCK"))
    assert 'id="star-form"' in markets and 'name="next" value="/markets/?class=STOCK"' in markets
    assert 'formaction="/watchlists/star/ACME-USD/" name="add" value=""' in markets
    response = client.post("/watchlists/star/ACME-USD/", {"add": "", "next": "/markets/?class=STOCK"})
    assert response["Location"] == "/markets/?class=STOCK"
    assert lists_of(alice).watched_ids == {ids["ACME"]}
    assert 'formaction="/watchlists/star/ACME-USD/" name="remove" value=""' in text(client.get("/markets/"))
    client.post("/watchlists/star/ACME-USD/", {"remove": ""})
    assert lists_of(alice).watched_ids == frozenset()


def test_a_star_by_htmx_is_answered_with_the_star(client: Client, alice: Account) -> None:
    page = text(client.post("/watchlists/star/ACME-USD/", {"add": ""}, headers=PARTIAL))
    assert "<html" not in page and 'aria-pressed="true"' in page and 'name="remove"' in page
    assert len(lists_of(alice).lists) == 1


def test_with_several_lists_the_star_asks_which(client: Client, alice: Account, ids: dict[str, int]) -> None:
    fill(alice, ids, "ACME")
    other = services.create_watchlist(account_id=alice.pk, name="Second")
    markets = text(client.get("/markets/"))
    assert 'hx-get="/watchlists/star/ACME-USD/"' in markets
    sheet = text(client.get("/watchlists/star/ACME-USD/", headers=PARTIAL))
    assert f'name="add" value="{other}"' in sheet and "Second" in sheet and " open" in sheet
    again = text(client.post("/watchlists/star/ACME-USD/", {"add": str(other)}, headers=PARTIAL))
    assert f'name="remove" value="{other}"' in again and " open" in again
    assert lists_of(alice).with_instrument(ids["ACME"]) == {each.id for each in lists_of(alice).lists}
    plain = text(client.get("/watchlists/star/ACME-USD/?next=/markets/%3Fq%3Da"))
    assert "<html" in plain and '<a href="/markets/?q=a">Back</a>' in plain


def test_visitors_and_staff_see_no_stars(venue: Venue) -> None:
    assert "data-star" not in text(Client().get("/markets/"))


def test_rows_are_live_and_in_the_order_of_the_list(client: Client, alice: Account, ids: dict[str, int]) -> None:
    mine = fill(alice, ids, "COLD", "ACME", "BTC")
    page = text(client.get(f"/watchlists/{mine}/"))
    assert order(page) == ["COLD-USD", "ACME-USD", "BTC-USD"]
    for symbol in order(page):
        assert f'data-watch="{symbol}"' in page and f'data-live="{symbol}:bid"' in page
    assert order(text(client.get("/watchlists/"))) == order(page)


def test_a_row_moves_by_its_buttons_without_scripts(client: Client, alice: Account, ids: dict[str, int]) -> None:
    mine = fill(alice, ids, "ACME", "BOLT", "COLD")
    page = text(client.get(f"/watchlists/{mine}/?arrange=1"))
    assert f'action="/watchlists/{mine}/move/"' in page and 'aria-label="ACME-USD up" title="Up" disabled' in page
    back = f"/watchlists/{mine}/?arrange=1"
    response = client.post(f"/watchlists/{mine}/move/", {"symbol": "COLD-USD", "to": "up", "next": back})
    assert response["Location"] == back
    assert order(text(client.get(back))) == ["ACME-USD", "COLD-USD", "BOLT-USD"]


def test_a_row_that_was_dragged_is_answered_with_the_list(client: Client, alice: Account, ids: dict[str, int]) -> None:
    mine = fill(alice, ids, "ACME", "BOLT", "COLD")
    moved = client.post(f"/watchlists/{mine}/move/", {"symbol": "COLD-USD", "before": "ACME-USD"}, headers=PARTIAL)
    assert order(text(moved)) == ["COLD-USD", "ACME-USD", "BOLT-USD"]
    last = client.post(f"/watchlists/{mine}/move/", {"symbol": "COLD-USD", "before": ""}, headers=PARTIAL)
    assert order(text(last)) == ["ACME-USD", "BOLT-USD", "COLD-USD"]
    for wrong in ({"symbol": "NO-SUCH", "to": "up"}, {"symbol": "\x00"}, {"symbol": "ACME-USD", "before": "x"}):
        assert client.post(f"/watchlists/{mine}/move/", wrong).status_code == 404


def test_a_list_is_made_named_and_deleted_and_comes_back(client: Client, alice: Account, ids: dict[str, int]) -> None:
    made = client.post("/watchlists/new/", {"name": "  Banks  and rails "})["Location"]
    assert "Banks and rails is empty" in text(client.get(made))
    client.post(f"{made}rename/", {"name": "<b>Rails</b>"})
    assert "&lt;b&gt;Rails&lt;/b&gt; is empty" in text(client.get(made))
    client.post(f"{made}delete/")
    page = text(client.get("/watchlists/"))
    assert "“&lt;b&gt;Rails&lt;/b&gt;” was deleted." in page and f'action="{made}restore/"' in page
    assert client.get(made).status_code == 404
    assert client.post(f"{made}restore/")["Location"] == made
    assert "was deleted" not in text(client.get(made))


@pytest.mark.parametrize("name", ["", "   ", "a\x07b", "a\u202eb", "x" * 41])
def test_a_name_that_is_none_is_refused(client: Client, alice: Account, name: str) -> None:
    response = client.post("/watchlists/new/", {"name": name})
    assert response.status_code == 422 and "A list's name:" in text(response)
    assert lists_of(alice).lists == ()


def test_when_there_is_no_room_it_is_said(client: Client, alice: Account) -> None:
    for number in range(LISTS_MAX):
        services.create_watchlist(account_id=alice.pk, name=f"List {number}")
    page = text(client.post("/watchlists/new/", {"name": "One more"}, follow=True))
    assert f"There is room for {LISTS_MAX} lists" in page
    assert 'action="/watchlists/new/"' not in page


def test_an_instrument_is_found_and_added_on_the_page(client: Client, alice: Account, ids: dict[str, int]) -> None:
    mine = fill(alice, ids, "ACME")
    page = text(client.get(f"/watchlists/{mine}/?find=bo"))
    assert 'formaction="/watchlists/star/BOLT-USD/"' in page and f'name="add" value="{mine}"' in page
    assert "On this list" in text(client.get(f"/watchlists/{mine}/?find=acme"))
    assert "No instrument is called “&lt;i&gt;”" in text(client.get(f"/watchlists/{mine}/?find=<i>"))


def test_a_page_costs_the_same_however_long_the_list_is(
    client: Client, alice: Account, venue: Venue, ids: dict[str, int]
) -> None:
    mine = fill(alice, ids, "ACME")
    client.get(f"/watchlists/{mine}/")
    with counted_queries() as few:
        client.get(f"/watchlists/{mine}/")
    now = datetime.now(UTC)
    for instrument_id in many_instruments(venue, 12):
        LatestPrice.objects.create(instrument_id=instrument_id, source="t", epoch=1, sequence=1, bid=1, ask=2, bid_quantity=1,
                                   ask_quantity=1, quoted_at=now, last=Decimal("1.5"), last_at=now)  # fmt: skip
        services.watch(account_id=alice.pk, instrument_id=instrument_id)
    services.create_watchlist(account_id=alice.pk, name="Second")
    with counted_queries() as many:
        client.get(f"/watchlists/{mine}/")
    assert len(few) == len(many) <= QUERIES_MAX


def test_the_instrument_page_has_its_star(client: Client, alice: Account) -> None:
    assert "data-star" in text(client.get("/markets/ACME-USD/"))


def test_lists_are_put_in_order_by_plain_forms_and_by_the_script(client: Client, alice: Account, ids: dict[str, int]) -> None:
    one = fill(alice, ids, "ACME")
    assert "Place among the lists" not in text(client.get(f"/watchlists/{one}/"))
    two = services.create_watchlist(account_id=alice.pk, name="Two")
    page = text(client.get(f"/watchlists/{two}/"))
    assert f'action="/watchlists/{two}/place/"' in page and "Two one to the left" in page
    assert 'title="To the right" disabled' in page and 'title="To the left" disabled' not in page
    assert client.post(f"/watchlists/{two}/place/", {"to": "up"})["Location"] == f"/watchlists/{two}/"
    assert [each.id for each in lists_of(alice).lists] == [two, one]
    part = client.post(f"/watchlists/{two}/place/?arrange=1", {"before": "", "shown": str(one)}, headers=PARTIAL)
    assert [each.id for each in lists_of(alice).lists] == [one, two]
    assert "<html" not in text(part) and f'data-shown="{one}"' in text(part) and "market-arranging" in text(part)
    client.post(f"/watchlists/{two}/place/", {"before": str(one)})
    assert [each.id for each in lists_of(alice).lists] == [two, one]
    assert client.post(f"/watchlists/{two}/place/", {"before": "x"}).status_code == 404


def test_a_list_of_somebody_else_is_not_put_anywhere(
    bob: Account, client_for: Callable[[Account], Client], alice: Account
) -> None:
    mine = services.create_watchlist(account_id=alice.pk, name="Mine")
    for body in ({"to": "up"}, {"before": ""}):
        assert client_for(bob).post(f"/watchlists/{mine}/place/", body).status_code == 404
