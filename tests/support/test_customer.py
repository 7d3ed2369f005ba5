"""The customer's page: everything that the customer sees, for whoever has a case, and for nobody's account."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from apps.accounts.models import Account, AccountKind, User
from apps.core.enums import OrderStatus, Side
from apps.ledger.models import DailyStatement, DailyStatementLine
from apps.orders import narrowing, selectors
from apps.orders.models import Order
from apps.orders.selectors import OrderFilters, list_orders
from tests.builders import START, Venue
from tests.pages import PARTIAL, client_of, counted_queries

PARTS = ("", "orders/", "ledger/", "statements/", "trail/")


def url(account: Account | int, part: str = "") -> str:
    return f"/support/customers/{account if isinstance(account, int) else account.pk}/{part}"


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_overview_shows_what_the_customer_sees(venue: Venue, alice: Account, desk: Client) -> None:
    order = venue.bought(alice, "AAPL-USD", "10", "187.13")
    UserSession.objects.create(user=alice.user, ip="203.0.113.7", user_agent="Firefox of Alice", session_key="k" * 32)
    page = text_of(desk, url(alice))
    for shown in ("alice@example.com", "Alice O&#x27;Brien", "Asia/Kolkata", "203.0.113.7", "Firefox of Alice", "10.0000"):
        assert shown in page
    assert f"/support/orders/{order.pk}/" in page
    context = desk.get(url(alice)).context
    assert [position.quantity for position, _ in context["positions"]] == [Decimal(10)]
    assert {balance.asset.code: balance.total for balance in context["balances"]} == {
        "AAPL": Decimal(10),
        "USD": Decimal("98126.8287"),
    }
    assert context["entries"][0].action == "CUSTOMER_PAGE"  # this very look


def test_a_new_customer_s_page_has_nothing_and_says_so(venue: Venue, desk: Client) -> None:
    carol = venue.customer("carol@example.com")
    page = text_of(desk, url(carol))
    for said in ("No name told", "Nothing was ever bought", "No order was ever placed", "No money was ever moved", "Not yet"):
        assert said in page
    assert "No orders yet" in text_of(desk, url(carol, "orders/"))
    assert "There is no statement yet" in text_of(desk, url(carol, "statements/"))


@pytest.mark.parametrize("part", PARTS)
def test_staff_the_venue_s_own_accounts_and_nobody_s_answer_alike(venue: Venue, desk: Client, sam: User, part: str) -> None:
    house = venue.system_account(AccountKind.HOUSE)
    of_staff = Account.objects.create(user=sam)
    answers = [desk.get(url(account, part)) for account in (house, of_staff, 999_999_999, 10**18, 10**30)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_a_part_is_a_page_and_a_fragment(alice: Account, desk: Client) -> None:
    for part in PARTS:
        whole, fragment = desk.get(url(alice, part)), desk.get(url(alice, part), headers=PARTIAL)
        assert b"<html" in whole.content and b"<html" not in fragment.content
        assert b'id="customer"' in fragment.content
        assert whole["Cache-Control"] == fragment["Cache-Control"] == "no-store"


@pytest.fixture
def orders(venue: Venue, alice: Account, bob: Account) -> dict[str, Order]:
    made = {
        "filled": venue.bought(alice, "AAPL-USD", "10", "187.13"),
        "denied": venue.order(
            alice, "BTC-USD", Side.SELL, "1", "70000", client_order_id="mine-7", refused=OrderStatus.DENIED, reason="TOO_SMALL"
        ),
    }
    venue.at += timedelta(days=3)
    made["resting"] = venue.order(alice, "BTC-USD", Side.BUY, "0.5", "61000")
    made["canceled"] = venue.cancel(venue.order(alice, "AAPL-USD", Side.BUY, "1", "100"))
    venue.order(bob, "AAPL-USD", Side.BUY, "1", "100", client_order_id="mine-7")
    return made


FIRST_DAY, LAST_DAY = START.date().isoformat(), (START + timedelta(days=3)).date().isoformat()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["canceled", "resting", "denied", "filled"]),
        ("status=open", ["resting"]),
        ("status=refused&side=SELL", ["denied"]),
        ("symbol=AAPL-USD&side=BUY", ["canceled", "filled"]),
        ("client_order_id=mine-7", ["denied"]),
        ("client_order_id=mine-", []),
        (f"to={FIRST_DAY}", ["denied", "filled"]),
        (f"from={LAST_DAY}", ["canceled", "resting"]),
        (f"from={FIRST_DAY}&to={LAST_DAY}&status=filled", ["filled"]),
        (f"from={LAST_DAY}&to={FIRST_DAY}", []),
        ("from=2026-02-30&to=9999-12-31&client_order_id=%00&symbol=%ff", ["canceled", "resting", "denied", "filled"]),
    ],
)
def test_orders_are_filtered_by_the_address(
    orders: dict[str, Order], alice: Account, desk: Client, query: str, expected: list[str]
) -> None:
    page = desk.get(f"{url(alice, 'orders/')}?{query}")
    assert [order.id for order in page.context["page"].orders] == [orders[name].pk for name in expected]
    own = client_of(alice).get(f"/orders/?{query}")  # days are the reader's own, so only what has none must be the same
    if "from" not in query and "to=" not in query:
        assert [order.id for order in own.context["page"].orders] == [orders[name].pk for name in expected]


def test_a_filter_stays_in_every_link(orders: dict[str, Order], alice: Account, desk: Client) -> None:
    query = f"status=open&symbol=BTC-USD&side=BUY&from={FIRST_DAY}&to={LAST_DAY}"
    context = desk.get(f"{url(alice, 'orders/')}?{query}").context
    assert context["newest_address"] == f"?{query}"
    assert {address for _, label, address in context["groups"] if label == "Filled"} == {f"?{query.replace('open', 'filled')}"}


def test_a_day_is_the_reader_s_own(venue: Venue, alice: Account, desk: Client, sam: User) -> None:
    venue.at = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    order = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    page = url(alice, "orders/")
    assert [o.id for o in desk.get(f"{page}?from=2026-11-20&to=2026-11-20").context["page"].orders] == [order.pk]
    User.objects.filter(pk=sam.pk).update(time_zone="Europe/Berlin")
    assert [o.id for o in desk.get(f"{page}?from=2026-11-20&to=2026-11-20").context["page"].orders] == []
    assert [o.id for o in desk.get(f"{page}?from=2026-11-21&to=2026-11-21").context["page"].orders] == [order.pk]


def test_pages_of_orders_go_back_by_keyset_and_miss_none(venue: Venue, alice: Account, desk: Client) -> None:
    made = [venue.order(alice, "AAPL-USD", Side.BUY, "1", "100").pk for _ in range(120)]
    seen: list[int] = []
    address = url(alice, "orders/")
    for _ in range(3):
        context = desk.get(address).context
        seen += [order.id for order in context["page"].orders]
        venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")  # what comes meanwhile moves nothing
        address = url(alice, "orders/") + context["next_address"]
    assert seen == made[::-1]
    assert context["next_address"] == ""


def test_a_rare_order_is_looked_for_a_bounded_way_at_a_time(
    venue: Venue, alice: Account, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "WALK_MAX", 10)
    rare = venue.order(alice, "BTC-USD", Side.BUY, "0.1", "61000")
    venue.cancel(rare)
    for _ in range(25):
        venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    filters = OrderFilters(symbol="BTC-USD")
    found, cursor, pages = [], None, 0
    while True:
        page = list_orders(alice.pk, filters, cursor)
        found += [order.id for order in page.orders]
        pages += 1
        cursor = page.next_cursor
        if cursor is None:
            break
    assert (found, pages) == ([rare.pk], 3)
    first = text_of(desk, f"{url(alice, 'orders/')}?symbol=BTC-USD")
    assert "None among the newest" in first and "Look further back" in first
    assert "Look further back" in text_of(client_of(alice), "/orders/?symbol=BTC-USD")
    assert len(list_orders(alice.pk, OrderFilters(group=selectors.StatusGroup.OPEN)).orders) == 25  # open ones are never cut


def test_every_instant_finds_its_place_among_the_orders(venue: Venue, alice: Account) -> None:
    orders = []
    for _ in range(17):
        venue.at += timedelta(hours=1)
        orders.append(venue.order(alice, "AAPL-USD", Side.BUY, "1", "100"))
    for at in [START, *(order.created_at + timedelta(microseconds=shift) for order in orders for shift in (-1, 0, 1))]:
        since = list_orders(alice.pk, OrderFilters(placed_from=at)).orders
        assert [order.id for order in since] == [order.pk for order in reversed(orders) if order.created_at >= at]
        until = list_orders(alice.pk, OrderFilters(placed_before=at)).orders
        assert [order.id for order in until] == [order.pk for order in reversed(orders) if order.created_at < at]


@pytest.mark.fault("F20")
def test_a_clock_that_was_set_back_hides_no_order(venue: Venue, alice: Account) -> None:
    late = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    venue.at -= timedelta(minutes=9)
    early = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    middle = early.created_at + timedelta(minutes=1)
    assert [order.id for order in list_orders(alice.pk, OrderFilters(placed_from=middle)).orders] == [late.pk]
    assert [order.id for order in list_orders(alice.pk, OrderFilters(placed_before=middle)).orders] == [early.pk]


def test_before_the_first_order_dates_find_nothing(alice: Account) -> None:
    assert list_orders(alice.pk, OrderFilters(placed_from=START, placed_before=START)).orders == ()


def test_the_ledger_is_read_by_asset_and_by_keyset(venue: Venue, alice: Account, desk: Client) -> None:
    for _ in range(60):
        venue.deposit(alice, "EUR", "1")
    first = desk.get(f"{url(alice, 'ledger/')}?asset=EUR").context
    rest = desk.get(url(alice, "ledger/") + first["next_address"]).context
    assert (len(first["page"].transfers), len(rest["page"].transfers), rest["next_address"]) == (50, 10, "")
    assert len(desk.get(f"{url(alice, 'ledger/')}?asset=USD").context["page"].transfers) == 1


def test_daily_statements_are_shown_with_their_lines(venue: Venue, alice: Account, desk: Client) -> None:
    asset = venue.asset("USD")
    for day in range(40):
        on = date(2026, 10, 1) + timedelta(days=day)
        statement = DailyStatement.objects.create(
            account=alice, day=on, made_at=START, after_transfer_id=day, last_transfer_id=day, transfers=0
        )
        nothing = dict.fromkeys(("deposits", "withdrawals", "trades", "fees", "adjustments", "transfers"), 0)
        DailyStatementLine.objects.create(statement=statement, asset=asset, opening=5, closing=5, **nothing)
    first = desk.get(url(alice, "statements/")).context
    rest = desk.get(url(alice, "statements/") + first["next_address"]).context
    days = [statement.day for context in (first, rest) for statement in context["statements"]]
    assert days == [date(2026, 11, 9) - timedelta(days=n) for n in range(40)]
    assert rest["next_address"] == ""
    assert "2026-11-09" in text_of(desk, url(alice, "statements/"))
    assert desk.get(f"{url(alice, 'statements/')}?until=nonsense").status_code == 200


def test_the_trail_goes_back_by_keyset(alice: Account, desk: Client) -> None:
    for _ in range(55):
        desk.get(url(alice, "orders/"))
    first = desk.get(url(alice, "trail/")).context
    rest = desk.get(url(alice, "trail/") + first["next_address"]).context
    assert (len(first["entries"]), first["entries"][0].action, rest["next_address"]) == (50, "CUSTOMER_TRAIL", "")
    assert [entry.action for entry in rest["entries"]] == ["CUSTOMER_ORDERS"] * 6


def test_a_page_costs_the_same_number_of_queries_however_much_there_is(venue: Venue, alice: Account, desk: Client) -> None:
    most = {"": 37, "orders/": 17, "ledger/": 21, "statements/": 16, "trail/": 15}
    venue.bought(alice, "AAPL-USD", "1", "100")
    for part in most:
        desk.get(url(alice, part))
    few = {part: queries_of(desk, url(alice, part)) for part in most}
    for symbol in ("AAPL-USD", "BTC-USD", "EUR-USD"):
        for _ in range(15):
            venue.bought(alice, symbol, "1", "100")
    many = {part: queries_of(desk, url(alice, part)) for part in most}
    for part in most:
        assert len(few[part]) == len(many[part]) <= most[part], (part, many[part])


def queries_of(desk: Client, address: str) -> list[str]:
    with counted_queries() as queries:
        desk.get(address, headers=PARTIAL)
    return [query["sql"][:100] for query in queries.captured_queries]
