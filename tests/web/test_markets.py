"""The list of markets: what it shows, what the address narrows and sorts, and the search of every page."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from apps.core.enums import TradingState
from apps.instruments.models import Instrument
from apps.instruments.search import Match, match
from apps.marketdata.board import list_board
from apps.marketdata.models import Bar, LatestPrice
from apps.watchlists.services import create_watchlist, watch
from apps.web.market_list import ROWS_MAX, Filters
from tests.builders import Venue
from tests.pages import PARTIAL, client_of, counted_queries
from tests.watchlists.conftest import many_instruments

NOW = datetime.now(UTC)


@pytest.fixture
def venue(db: None) -> Venue:
    return Venue()


def traded(venue: Venue, symbol: str, last: str, before: str, volume: str, *, name: str = "", **changes: object) -> Instrument:
    """An instrument with a price now and an hour's bar of the last day."""
    instrument = venue.instrument(symbol, name=name)
    if changes:
        Instrument.objects.filter(pk=instrument.pk).update(**changes)
    price = Decimal(last)
    LatestPrice.objects.create(instrument_id=instrument.pk, source="t", epoch=1, sequence=1, bid=price - 1, ask=price + 1,
                               bid_quantity=1, ask_quantity=1, quoted_at=NOW, last=price, last_at=NOW)  # fmt: skip
    begun = Decimal(before)
    for hours, close in ((5, begun), (1, price)):
        start = NOW - timedelta(hours=hours)
        Bar.objects.create(instrument_id=instrument.pk, interval="1h", start=start, open=begun, close=close,
                           high=max(begun, close), low=min(begun, close), volume=Decimal(volume) / 2, trades=1)  # fmt: skip
    return instrument


@pytest.fixture
def market(venue: Venue) -> dict[str, Instrument]:
    found = [
        traded(venue, "ACME-USD", "50", "100", "10", name="Acme Rockets"),
        traded(venue, "BOLT-USD", "30", "20", "400", name="Bolts and Nuts", trading_state=TradingState.HALTED),
        traded(venue, "BTC-USD", "60000", "60000", "1", name="Bitcoin", asset_class="CRYPTO"),
        venue.instrument("NEW-USD", name="Never Traded"),
    ]
    return {instrument.symbol.partition("-")[0]: instrument for instrument in found}


def shown(address: str, client: Client | None = None) -> list[str]:
    board = (client or Client()).get(address).context["board"]
    return [glance.instrument.symbol.partition("-")[0] for glance in board]


SORTED = {
    "": "ACME BOLT BTC NEW",
    "symbol": "ACME BOLT BTC NEW",
    "-symbol": "NEW BTC BOLT ACME",
    "last": "BOLT ACME BTC NEW",
    "-last": "BTC ACME BOLT NEW",
    "change": "ACME BTC BOLT NEW",
    "-change": "BOLT BTC ACME NEW",
    "bid": "BOLT ACME BTC NEW",
    "-ask": "BTC ACME BOLT NEW",
    "volume": "ACME BOLT BTC NEW",
    "-volume": "BTC BOLT ACME NEW",
    "status": "ACME BTC NEW BOLT",
    "-status": "BOLT ACME BTC NEW",
    "password": "ACME BOLT BTC NEW",
}


def test_every_column_sorts_both_ways_and_what_is_not_known_comes_last(market: dict[str, Instrument]) -> None:
    board = list_board(NOW)
    sorted_by = {sort: Filters.of({"sort": sort}, []).apply(board, frozenset()) for sort in SORTED}
    shown_as = {sort: [glance.instrument.symbol.partition("-")[0] for glance in found] for sort, found in sorted_by.items()}
    assert {sort: " ".join(symbols) for sort, symbols in shown_as.items()} == SORTED
    assert shown("/markets/?sort=-change") == SORTED["-change"].split()


def test_a_head_leads_to_its_order_and_then_to_the_other(market: dict[str, Instrument]) -> None:
    page = Client().get("/markets/?q=o").content.decode()
    assert '<a href="?q=o&amp;sort=-change" hx-get="?q=o&amp;sort=-change"' in page
    page = Client().get("/markets/?sort=-change").content.decode()
    assert 'aria-sort="descending"><a href="?sort=change"' in page
    assert 'aria-sort="ascending"' in Client().get("/markets/").content.decode()


def test_the_list_is_narrowed_by_class_state_and_text(market: dict[str, Instrument]) -> None:
    assert shown("/markets/?class=CRYPTO") == ["BTC"]
    assert shown("/markets/?status=HALTED") == ["BOLT"]
    assert shown("/markets/?status=OPEN&class=STOCK") == ["ACME", "NEW"]
    assert shown("/markets/?q=nuts") == ["BOLT"]
    assert shown("/markets/?class=x&status=y&list=1&page=z") == ["ACME", "BOLT", "BTC", "NEW"]


def test_states_are_offered_where_there_are_several(market: dict[str, Instrument]) -> None:
    assert "?status=HALTED" in Client().get("/markets/").content.decode()
    Instrument.objects.update(trading_state=TradingState.OPEN)
    assert "?status=" not in Client().get("/markets/").content.decode()
    page = Client().get("/markets/?status=HALTED").content.decode()
    assert "Nothing fits" in page and "with these filters" in page and 'href="/markets/">Show all' in page


def test_a_list_of_the_reader_narrows_and_nobody_else_s_does(venue: Venue, market: dict[str, Instrument]) -> None:
    alice, bob = venue.customer("alice@example.com"), venue.customer("bob@example.com")
    first = watch(account_id=alice.pk, instrument_id=market["BTC"].pk)
    second = create_watchlist(account_id=alice.pk, name="Other")
    watch(account_id=alice.pk, instrument_id=market["ACME"].pk, watchlist_id=second)
    mine = client_of(alice)
    assert shown(f"/markets/?list={first}", mine) == ["BTC"]
    assert shown("/markets/?list=any", mine) == ["ACME", "BTC"]
    assert len(shown(f"/markets/?list={first}", client_of(bob))) == 4
    assert len(shown("/markets/?list=any")) == 4


def test_many_instruments_come_a_page_at_a_time_and_cost_the_same(venue: Venue, market: dict[str, Instrument]) -> None:
    with counted_queries() as few:
        Client().get("/markets/")
    many_instruments(venue, ROWS_MAX + 30)
    with counted_queries() as many:
        page = Client().get("/markets/?sort=symbol")
    assert len(few) == len(many) <= 6
    text = page.content.decode()
    assert text.count("data-row=") == ROWS_MAX
    assert 'href="?sort=symbol&amp;page=2"' in text and f"1 to {ROWS_MAX} of {ROWS_MAX + 34}" in text
    assert len(shown("/markets/?page=2")) == 34
    assert shown("/markets/?page=999") == shown("/markets/?page=2")


def test_a_line_says_in_words_what_it_draws(market: dict[str, Instrument]) -> None:
    assert 'aria-label="Last day between 50.00 and 100.00"' in Client().get("/markets/").content.decode()


def test_the_first_five_figures_of_a_volume_are_enough(market: dict[str, Instrument]) -> None:
    page = Client().get("/markets/?q=bolt").content.decode()
    assert 'title="400 BOLT">12.0\u00a0K <span class="muted small">USD</span>' in page


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("BTC-USD", Match.SYMBOL),
        ("btcusd", Match.SYMBOL),
        ("btc/usd", Match.SYMBOL),
        ("bt", Match.SYMBOL_BEGINS),
        ("btcu", Match.SYMBOL_BEGINS),
        ("bít", Match.NAME_BEGINS),
        ("coin", Match.CONTAINS),
        ("money", Match.WORD_BEGINS),
        ("bitcoin money", Match.WORD_BEGINS),
        ("money btc", Match.WORD_BEGINS),
        ("-", Match.CONTAINS),
        ("eth", None),
        ("btc eth", None),
        ("<b>", None),
    ],
)
def test_how_well_a_text_fits(text: str, fits: Match | None) -> None:
    assert match("BTC-USD", "Bitcoin, the money", text) is fits


def test_what_is_searched_for_comes_in_the_order_of_how_well_it_fits(venue: Venue) -> None:
    for symbol, name in (("BOT", "Robots"), ("ABO", "Aboard"), ("ZZZ", "Boats"), ("YYY", "Big Bonds"), ("BO", "Bo")):
        venue.instrument(f"{symbol}-USD", name=name)
    assert shown("/markets/?q=bo") == ["BO", "BOT", "ZZZ", "YYY", "ABO"]
    found = Client().get("/markets/search/?q=bo", headers=PARTIAL).content.decode()
    assert [part.partition("-")[0] for part in found.split('data-watch="')[1:]] == ["BO", "BOT", "ZZZ", "YYY", "ABO"]


def test_the_search_offers_what_is_watched_before_anything_is_typed(venue: Venue, market: dict[str, Instrument]) -> None:
    alice = venue.customer("alice@example.com")
    watch(account_id=alice.pk, instrument_id=market["NEW"].pk)
    found = client_of(alice).get("/markets/search/", headers=PARTIAL).content.decode()
    assert [part.partition("-")[0] for part in found.split('data-watch="')[1:]] == ["NEW", "ACME", "BOLT", "BTC"]
    assert 'href="/markets/NEW-USD/"' in found and "<html" not in found


def test_a_search_that_finds_nothing_says_so_and_one_without_scripts_leads_to_the_list(market: dict[str, Instrument]) -> None:
    assert "No instrument is called “&lt;i&gt;”" in Client().get("/markets/search/?q=<i>", headers=PARTIAL).content.decode()
    assert Client().get("/markets/search/?q=bo%26x")["Location"] == "/markets/?q=bo%26x"
    assert Client().get("/markets/search/")["Location"] == "/markets/"


def test_the_search_costs_the_same_however_many_there_are(venue: Venue, market: dict[str, Instrument]) -> None:
    with counted_queries() as few:
        Client().get("/markets/search/?q=u", headers=PARTIAL)
    many_instruments(venue, 40)
    with counted_queries() as many:
        Client().get("/markets/search/?q=u", headers=PARTIAL)
    assert len(few) == len(many) <= 4


def test_an_address_names_only_what_is_not_as_it_always_is() -> None:
    filters = Filters.of({"q": " a  b ", "class": "FX", "sort": "-last", "page": "3"}, [])
    assert filters.address() == "?q=a+b&class=FX&sort=-last"
    assert filters.address(page=4) == "?q=a+b&class=FX&sort=-last&page=4"
    assert Filters().address() == "?"
