"""The month is its days put together: opening of the first, closing of the last, sums between; and a day that lies is found."""

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.checks import ConditionFailedError, InvariantError
from apps.instruments.selectors import AssetView
from apps.ledger import files
from apps.ledger.selectors_statements import (
    DailyStatementView,
    StatementLineView,
    get_monthly_statement,
    list_months,
    put_together,
)
from apps.ledger.statements_job import make_statements
from tests.builders import Venue
from tests.pages import client_of, counted_queries

NOVEMBER = date(2026, 11, 1)
FUNDED = datetime(2026, 11, 27, 14, 30, tzinfo=UTC)
ZERO = Decimal(0)
ASSETS = {code: AssetView(number, code, code, "CASH", 2) for number, code in enumerate(("BTC", "EUR", "USD"))}


# --- the law --------------------------------------------------------------------------------------------


def units(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda number: Decimal(number).scaleb(-8))


MOVES = st.tuples(units(0, 10**15), units(-(10**15), 0), units(-(10**15), 10**15), units(-(10**10), 0), units(-(10**15), 10**15))
DAYS = st.lists(st.dictionaries(st.sampled_from(sorted(ASSETS)), MOVES), min_size=1, max_size=10)


def days_of(moves: list[dict[str, tuple[Decimal, ...]]]) -> list[DailyStatementView]:
    """Days that follow from each other; an asset that neither was there nor moved has no line, as the job makes them."""
    balance: dict[str, Decimal] = {}
    days = []
    for number, moved in enumerate(moves):
        lines = []
        for code in sorted(balance.keys() | moved.keys()):
            opening, amounts = balance.get(code, ZERO), moved.get(code, (ZERO,) * 5)
            closing = opening + sum(amounts, ZERO)
            if opening or closing or code in moved:
                lines.append(StatementLineView(ASSETS[code], opening, *amounts, closing, int(code in moved)))
            balance[code] = closing
        made_at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=number + 1)
        days.append(
            DailyStatementView(
                7, NOVEMBER + timedelta(days=number), made_at, number * 10, number * 10 + 10, len(moved), tuple(lines)
            )
        )
    return days


@settings(max_examples=60, deadline=None)
@given(DAYS)
def test_a_month_is_the_opening_of_its_first_day_the_closing_of_its_last_and_sums(moves: list[Any]) -> None:
    days = days_of(moves)
    month = put_together(days)
    assert (month.month, month.first_day, month.last_day) == (NOVEMBER, days[0].day, days[-1].day)
    assert (month.after_transfer_id, month.last_transfer_id) == (0, days[-1].last_transfer_id)
    assert month.transfers == sum(day.transfers for day in days)
    first = {line.asset.code: line.opening for line in days[0].lines}
    last = {line.asset.code: line.closing for line in days[-1].lines}
    for line in month.lines:
        code = line.asset.code
        assert line.adds_up
        assert (line.opening, line.closing) == (first.get(code, ZERO), last.get(code, ZERO))
        of_days = [each for day in days for each in day.lines if each.asset.code == code]
        for name in ("deposits", "withdrawals", "trades", "fees", "adjustments", "transfers"):
            assert getattr(line, name) == sum(getattr(each, name) for each in of_days)
    assert {line.asset.code for line in month.lines} == {line.asset.code for day in days for line in day.lines}


@settings(max_examples=50, deadline=None)
@given(DAYS, st.data())
def test_halves_of_a_month_put_together_are_the_month(moves: list[Any], data: st.DataObject) -> None:
    days = days_of(moves)
    cut = data.draw(st.integers(1, len(days)))
    whole, first = put_together(days), put_together(days[:cut])
    if cut == len(days):
        assert first == whole
        return
    second = put_together(days[cut:])
    for line in whole.lines:
        of_halves = [each for half in (first, second) for each in half.lines if each.asset == line.asset]
        assert line.trades == sum((each.trades for each in of_halves), ZERO)
        assert line.transfers == sum(each.transfers for each in of_halves)


@settings(max_examples=50, deadline=None)
@given(DAYS.filter(lambda moves: len(moves) > 1 and any(moves)), st.data())
def test_a_balance_that_changes_between_two_days_is_found(moves: list[Any], data: st.DataObject) -> None:
    days = days_of(moves)
    places = [(n, i) for n, day in enumerate(days) for i in range(len(day.lines))]
    n, i = data.draw(st.sampled_from(places))
    field = data.draw(st.sampled_from(["opening", "closing", "trades"]))
    line = days[n].lines[i]
    wrong = replace(line, **{field: getattr(line, field) + Decimal("0.00000001")})
    days[n] = replace(days[n], lines=(*days[n].lines[:i], wrong, *days[n].lines[i + 1 :]))
    with pytest.raises(InvariantError, match=r"do not follow|does not add up"):
        put_together(days)


def test_a_month_of_no_days_and_days_out_of_order_are_refused() -> None:
    with pytest.raises(ConditionFailedError, match="at least one day"):
        put_together([])
    days = days_of([{}, {}])
    with pytest.raises(InvariantError, match="do not follow"):
        put_together(days[::-1])


# --- from the days that were stated ---------------------------------------------------------------------


@pytest.fixture(autouse=True)
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def set_to(now: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    set_to(datetime(2026, 12, 5, 12, tzinfo=UTC))
    monkeypatch.setattr(files.FILE_RATE, "per_second", 1000)
    return set_to


@pytest.fixture
def alice(venue: Venue) -> Any:
    """Funded on the 27th, trades on the 29th and on 1 December."""
    venue.at = FUNDED
    account = venue.customer("alice@example.com", funded="100000")
    venue.at = FUNDED + timedelta(days=2)
    venue.bought(account, "AAPL-USD", "10", "100")
    venue.at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    venue.sold(account, "AAPL-USD", "4", "110")
    return account


def make(*days: date) -> None:
    for day in days:
        make_statements(day, lambda text: None)


def november() -> list[date]:
    """The days of it on which there was something."""
    return [FUNDED.date() + timedelta(days=number) for number in range(4)]


def test_a_month_that_has_ended_is_all_its_days(alice: Any) -> None:
    make(*november())
    month = get_monthly_statement(alice.pk, NOVEMBER)
    assert month is not None and not month.is_running
    assert (month.first_day, month.last_day, month.transfers) == (FUNDED.date(), date(2026, 11, 30), 2)
    aapl, usd = month.lines
    assert (aapl.opening, aapl.trades, aapl.closing) == (0, 10, 10)
    assert (usd.opening, usd.deposits, usd.trades, usd.fees, usd.closing) == (0, 100000, -1000, -1, 98999)


def test_a_month_is_running_until_its_last_day_is_closed(alice: Any) -> None:
    make(*november()[:-1])
    month = get_monthly_statement(alice.pk, NOVEMBER)
    assert month is not None and month.is_running and month.last_day == date(2026, 11, 29)
    page = client_of(alice).get("/ledger/statements/2026-11/").content.decode()
    assert "running: up to 2026-11-29" in page
    assert "running" in client_of(alice).get("/ledger/statements/months/").content.decode()


def test_a_day_that_is_missing_between_others_ends_what_is_told(alice: Any) -> None:
    """The 29th, on which something moved, has no statement yet."""
    make(*(day for day in november() if day != date(2026, 11, 29)))
    month = get_monthly_statement(alice.pk, NOVEMBER)
    assert month is not None and month.is_running and month.last_day == date(2026, 11, 28)
    assert [line.asset.code for line in month.lines] == ["USD"]
    make(date(2026, 11, 29))
    month = get_monthly_statement(alice.pk, NOVEMBER)
    assert month is not None and not month.is_running and month.last_day == date(2026, 11, 30)


def test_the_next_month_opens_with_what_this_one_closed_with(alice: Any) -> None:
    make(*november(), date(2026, 12, 1))
    one, other = get_monthly_statement(alice.pk, NOVEMBER), get_monthly_statement(alice.pk, date(2026, 12, 1))
    assert one is not None and other is not None and other.is_running
    assert {line.asset.code: line.closing for line in one.lines} == {line.asset.code: line.opening for line in other.lines}
    assert other.after_transfer_id == one.last_transfer_id


# --- pages and files ------------------------------------------------------------------------------------


def test_the_pages_lead_from_the_list_to_the_month_to_its_days(alice: Any) -> None:
    make(*november(), date(2026, 12, 1))
    client = client_of(alice)
    listed = client.get("/ledger/statements/months/")
    assert [(entry.month, entry.is_running) for entry in listed.context["page"].months] == [
        (date(2026, 12, 1), True), (NOVEMBER, False),
    ]  # fmt: skip
    assert 'href="/ledger/statements/2026-11/"' in listed.content.decode()
    page = client.get("/ledger/statements/2026-11/").content.decode()
    for shown in ("Statement of November 2026", "98,999.00", "−1,000.00", 'href="/ledger/statements/2026-11-29/"'):
        assert shown in page, shown
    assert "running" not in page


def test_the_list_is_paged_by_month(alice: Any) -> None:
    make(*november()[-1:], date(2026, 12, 1))
    page = list_months(alice.pk, limit=1)
    assert [entry.month for entry in page.months] == [date(2026, 12, 1)] and page.next_before == date(2026, 12, 1)
    rest = list_months(alice.pk, page.next_before, limit=1)
    assert [entry.month for entry in rest.months] == [NOVEMBER] and rest.next_before is None
    shown = client_of(alice).get("/ledger/statements/months/?before=2026-12").context["page"]
    assert [entry.month for entry in shown.months] == [NOVEMBER]


def test_the_file_of_a_month_leads_from_its_opening_to_its_closing(alice: Any) -> None:
    make(*november(), date(2026, 12, 1))
    response = client_of(alice).get("/ledger/statements/2026-12.csv")
    assert 'filename="tredye-statement-2026-12.csv"' in response["Content-Disposition"]
    rows = list(csv.DictReader(StringIO(response.getvalue().decode())))
    total = {row["asset"]: Decimal(row["balance after"]) for row in rows if row["kind"] == "OPENING"}
    assert total == {"AAPL": 10, "USD": 98999}
    for row in rows:
        if row["amount"]:
            total[row["asset"]] += Decimal(row["amount"])
            assert total[row["asset"]] == Decimal(row["balance after"])
    assert total == {row["asset"]: Decimal(row["balance after"]) for row in rows if row["kind"] == "CLOSING"}


@pytest.mark.parametrize("month", ["2026-10", "2026-13", "0000-00", "9999-12"])
def test_a_month_without_a_closed_day_is_missing(alice: Any, month: str) -> None:
    make(FUNDED.date())
    for tail in ("/", ".csv"):
        assert client_of(alice).get(f"/ledger/statements/{month}{tail}").status_code == 404


def test_nobody_sees_another_s_month(alice: Any, venue: Venue) -> None:
    mallory = venue.customer("mallory@example.com")
    make(FUNDED.date())
    for tail in ("/", ".csv"):
        assert client_of(mallory).get(f"/ledger/statements/2026-11{tail}").status_code == 404
    assert "No statement yet" in client_of(mallory).get("/ledger/statements/months/").content.decode()


def test_a_month_costs_the_same_however_many_days_it_has(alice: Any) -> None:
    client = client_of(alice)
    client.get("/ledger/")
    counts = []
    for days in (november()[:1], november()[1:]):
        make(*days)
        pair = []
        for address in ("/ledger/statements/2026-11/", "/ledger/statements/months/"):
            with counted_queries() as queries:
                assert client.get(address).status_code == 200
            pair.append(len(queries))
        counts.append(pair)
    assert counts[0] == counts[1] and max(counts[0]) <= 16
