"""The portfolio page: right after a fill it does not lie, and its numbers are those of docs/money.md."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from apps.core.enums import Side
from apps.marketdata.models import LatestPrice
from apps.portfolio.handlers import PortfolioHandler
from apps.portfolio.selectors import get_account_value, get_portfolio
from tests.builders import Venue, published
from tests.pages import PARTIAL, client_of, counted_queries


@pytest.fixture
def alice(venue: Venue):
    return venue.customer("alice@example.com", funded="10000")


def catch_up() -> None:
    with transaction.atomic():
        PortfolioHandler().handle(published())


def quote(venue: Venue, symbol: str, bid: str, ask: str) -> None:
    LatestPrice.objects.update_or_create(
        instrument_id=venue.instrument(symbol).pk,
        defaults={
            "source": "sim", "epoch": 1, "sequence": 1, "bid": Decimal(bid), "ask": Decimal(ask), "bid_quantity": 1,
            "ask_quantity": 1, "quoted_at": timezone.now(),
        },
    )


def test_the_worked_example_is_what_the_page_shows(venue: Venue, alice) -> None:
    venue.bought(alice, "AAPL-USD", "2", "100")
    venue.bought(alice, "AAPL-USD", "1", "130")
    venue.sold(alice, "AAPL-USD", "1", "120")
    quote(venue, "AAPL-USD", "124", "126")
    catch_up()
    (position,) = get_portfolio(alice.pk).positions
    assert (position.quantity, position.cost, position.average_cost) == (2, Decimal("220.22"), Decimal("110.11"))
    assert (position.realized_pnl, position.unrealized_pnl, position.total_pnl) == (
        Decimal("9.77"), Decimal("29.78"), Decimal("39.55"),
    )  # fmt: skip
    page = client_of(alice).get("/portfolio/").content.decode()
    for shown in ("110.11", "125.00", "250.00", "+29.78", "+9.77", "+39.55"):
        assert shown in page
    assert 'data-pnl="AAPL-USD" data-quantity="2" data-cost="220.22"' in page


def test_account_value_is_every_balance_at_mid(venue: Venue, alice) -> None:
    venue.bought(alice, "AAPL-USD", "2", "100")
    quote(venue, "AAPL-USD", "124", "126")
    portfolio = get_portfolio(alice.pk)
    assert portfolio.account_value.value == Decimal("10000") - Decimal("200.20") + 250
    assert get_account_value(alice.pk) == portfolio.account_value
    assert sum(part.percent for part in portfolio.allocation) == 100


def test_right_after_a_fill_the_quantity_is_new_and_the_rest_says_updating(venue: Venue, alice) -> None:
    venue.bought(alice, "AAPL-USD", "2", "100")
    quote(venue, "AAPL-USD", "124", "126")
    catch_up()
    venue.bought(alice, "AAPL-USD", "3", "125")
    portfolio = get_portfolio(alice.pk)
    (position,) = portfolio.positions
    assert (position.quantity, position.updating) == (5, True)
    assert position.cost is None and position.realized_pnl is None and portfolio.total_pnl is None
    page = client_of(alice).get("/portfolio/").content.decode()
    assert "5.0000" in page and "updating" in page and "every 1s" in page
    assert "data-pnl" not in page
    catch_up()
    page = client_of(alice).get("/portfolio/").content.decode()
    assert "updating" not in page and "every 1s" not in page and "data-pnl" in page


def test_a_fill_elsewhere_leaves_other_positions_alone(venue: Venue, alice) -> None:
    venue.bought(alice, "AAPL-USD", "2", "100")
    catch_up()
    venue.bought(alice, "BTC-USD", "0.1", "60000")
    updating = {position.instrument.symbol: position.updating for position in get_portfolio(alice.pk).positions}
    assert updating == {"AAPL-USD": False, "BTC-USD": True}


def test_what_was_not_bought_here_has_no_known_cost(venue: Venue, alice) -> None:
    venue.bought(alice, "BTC-USD", "0.1", "60000")
    venue.deposit(alice, "BTC", "0.4")
    quote(venue, "BTC-USD", "60000", "60000.02")
    catch_up()
    (position,) = get_portfolio(alice.pk).positions
    assert (position.quantity, position.unknown_quantity) == (Decimal("0.5"), Decimal("0.4"))
    assert position.unrealized_pnl == Decimal("0.1") * Decimal("60000.01") - Decimal("6006")
    assert "is not known" in client_of(alice).get("/portfolio/").content.decode()


def test_example_5_an_adjustment_of_a_position(venue: Venue, alice) -> None:
    venue.bought(alice, "AAPL-USD", "4", "100")
    quote(venue, "AAPL-USD", "124", "126")
    catch_up()
    venue.adjust(alice, "AAPL", "-1", "credited twice")
    (position,) = get_portfolio(alice.pk).positions
    assert (position.quantity, position.cost, position.average_cost) == (3, Decimal("300.30"), Decimal("100.10"))
    assert (position.realized_pnl, position.unrealized_pnl, position.updating) == (0, Decimal("74.70"), False)
    venue.adjust(alice, "AAPL", "3", "a split")
    (position,) = get_portfolio(alice.pk).positions
    assert (position.quantity, position.cost, position.unknown_quantity) == (6, Decimal("400.40"), 2)


def test_a_closed_position_keeps_what_it_earned(venue: Venue, alice) -> None:
    venue.bought(alice, "AAPL-USD", "2", "100")
    venue.sold(alice, "AAPL-USD", "2", "110")
    catch_up()
    portfolio = get_portfolio(alice.pk)
    assert portfolio.positions == ()
    (closed,) = portfolio.closed
    assert (closed.realized_pnl, closed.unrealized_pnl) == (Decimal("19.58"), 0)
    assert "Closed positions" in client_of(alice).get("/portfolio/").content.decode()


def test_without_a_price_it_says_so_instead_of_counting_zero(venue: Venue, alice) -> None:
    venue.bought(alice, "AAPL-USD", "2", "100")
    catch_up()
    portfolio = get_portfolio(alice.pk)
    assert portfolio.account_value.missing == ("AAPL",)
    assert portfolio.unrealized is not None and portfolio.unrealized.missing == ("AAPL-USD",)
    assert "Without AAPL: there is no price." in client_of(alice).get("/portfolio/").content.decode()


def test_the_position_of_an_instrument_before_and_after_the_first_trade(venue: Venue, alice) -> None:
    venue.instrument("AAPL-USD")
    client = client_of(alice)
    before = client.get("/portfolio/position/AAPL-USD/", headers=PARTIAL)
    assert before.status_code == 200 and "No position in AAPL-USD" in before.content.decode()
    venue.bought(alice, "AAPL-USD", "2", "100")
    quote(venue, "AAPL-USD", "124", "126")
    catch_up()
    after = client.get("/portfolio/position/AAPL-USD/", headers=PARTIAL).content.decode()
    assert "2.0000" in after and "+49.80" in after and "<html" not in after
    assert "<html" in client.get("/portfolio/position/AAPL-USD/").content.decode()
    assert client.get("/portfolio/position/NOPE/").status_code == 404


def test_an_empty_portfolio_says_what_to_do_next(venue: Venue) -> None:
    page = client_of(venue.customer("new@example.com")).get("/portfolio/").content.decode()
    assert "No positions" in page and 'href="/markets/"' in page


def test_the_number_of_queries_does_not_grow(venue: Venue, alice) -> None:
    client = client_of(alice)
    venue.bought(alice, "AAPL-USD", "1", "10")
    catch_up()
    client.get("/portfolio/", headers=PARTIAL)
    with counted_queries() as few:
        client.get("/portfolio/", headers=PARTIAL)
    for n in range(20):
        venue.order(alice, f"S{n}-USD", Side.BUY, "1", "1")
        venue.bought(alice, f"T{n}-USD", "1", "2")
    with counted_queries() as many:
        client.get("/portfolio/", headers=PARTIAL)
    assert len(few) == len(many) <= 12


def test_old_prices_are_shown_with_their_time_and_a_mark(venue: Venue, alice) -> None:
    venue.bought(alice, "AAPL-USD", "2", "100")
    quote(venue, "AAPL-USD", "124", "126")
    catch_up()
    client = client_of(alice)
    totals = 'badge-warn">old price'  # that of a row is there always, and shown where the row is greyed
    fresh = client.get("/portfolio/").content.decode()
    assert totals not in fresh and "data-stale" not in fresh
    assert "data-stale" not in client.get("/account/value/").content.decode()
    at = timezone.now() - timedelta(hours=5)
    LatestPrice.objects.update(quoted_at=at)
    assert get_portfolio(alice.pk).oldest_quoted_at == at == get_account_value(alice.pk).quoted_at
    for path, mark in (("/portfolio/", totals), ("/portfolio/", "data-stale"), ("/account/value/", "data-stale")):
        page = client.get(path).content.decode()
        assert mark in page, path
        assert at.isoformat() in page, path
