"""Daily statements: opening + movements = closing, every transfer in exactly one day, the same rows however often made."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.models import AccountKind
from apps.core.enums import Side
from apps.jobs.runner import Outcome, run_once
from apps.ledger.business_days import DayStillOpenError, close_day, get_day_range
from apps.ledger.csv_text import safe_text
from apps.ledger.models import BusinessDay, DailyStatement, DailyStatementLine, Posting, Transfer, TransferKind
from apps.ledger.selectors_statements import get_daily_statement, list_daily_statements
from apps.ledger.statements_job import make_statements
from tests.builders import START, Venue
from tests.ddl import patient
from tests.pages import client_of, counted_queries

DAY = START.date()
NEXT = DAY + timedelta(days=1)


def make(day: date) -> dict[str, object]:
    return make_statements(day, lambda text: None)


@pytest.fixture
def alice(venue: Venue):
    return venue.customer("alice@example.com", funded="100000")


@pytest.fixture(autouse=True)
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the wall clock; at first it stands days after the days that all of this is about."""

    def set_to(now: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    set_to(datetime(2026, 11, 25, 12, tzinfo=UTC))
    return set_to


def adjust(venue: Venue, account: Any, asset: str, amount: str) -> None:
    venue._later()
    legs = [(account, asset, Decimal(amount)), (venue.system_account(AccountKind.EXTERNAL), asset, -Decimal(amount))]
    venue._transfer(TransferKind.ADJUSTMENT, legs, command_id=f"adjust-{venue.sequence}", memo="Correction")


def withdraw(venue: Venue, account: Any, asset: str, amount: str, memo: str = "") -> None:
    venue._later()
    legs = [(account, asset, -Decimal(amount)), (venue.system_account(AccountKind.EXTERNAL), asset, Decimal(amount))]
    venue._transfer(TransferKind.WITHDRAWAL, legs, command_id=f"withdraw-{venue.sequence}", memo=memo)


def day_of_everything(venue: Venue, alice: Any) -> None:
    venue.bought(alice, "AAPL-USD", "10", "100")  # pays 1,000 and a fee of 1
    venue.sold(alice, "AAPL-USD", "4", "110")  # gets 440, pays 0.44
    withdraw(venue, alice, "USD", "250")
    adjust(venue, alice, "USD", "7.5")


def test_a_statement_tells_each_kind_of_movement_and_adds_up(venue: Venue, alice: Any) -> None:
    day_of_everything(venue, alice)
    make(DAY)
    statement = get_daily_statement(alice.pk, DAY)
    assert statement is not None
    aapl, usd = statement.lines
    assert (aapl.asset.code, aapl.opening, aapl.trades, aapl.closing, aapl.transfers) == ("AAPL", 0, 6, 6, 2)
    assert (usd.opening, usd.deposits, usd.withdrawals, usd.adjustments) == (0, 100000, -250, Decimal("7.5"))
    assert (usd.trades, usd.fees) == (-1000 + 440, Decimal("-1.44"))
    assert usd.closing == 100000 - 250 + Decimal("7.5") - 560 - Decimal("1.44")
    assert statement.transfers == 5


def test_one_day_opens_where_the_day_before_closed(venue: Venue, alice: Any) -> None:
    venue.bought(alice, "AAPL-USD", "10", "100")
    venue.at += timedelta(days=1)
    venue.sold(alice, "AAPL-USD", "10", "101")
    venue.at += timedelta(days=2)
    venue.deposit(alice, "USD", "5")
    days = [DAY + timedelta(days=number) for number in range(4)]
    for day in days:
        make(day)
    statements = [get_daily_statement(alice.pk, day) for day in days]
    closing: dict[str, Decimal] = {}
    for statement in statements:
        assert statement is not None
        opening = {line.asset.code: line.opening for line in statement.lines if line.opening}
        assert opening == {code: total for code, total in closing.items() if total}
        closing = {line.asset.code: line.closing for line in statement.lines}
    assert statements[2] is not None and statements[2].transfers == 0, "a quiet day has a statement that says so"
    assert [line.asset.code for line in statements[2].lines] == ["USD"], "what was sold to the last is not listed for ever"


@pytest.mark.fault("F20")
def test_every_transfer_is_in_exactly_one_statement_though_a_clock_is_set_back(venue: Venue, alice: Any) -> None:
    venue.at = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
    venue.deposit(alice, "USD", "1")
    make(DAY)
    venue.at -= timedelta(hours=3)  # its instant is in a day that is closed
    late = venue.deposit(alice, "USD", "2")
    venue.at += timedelta(hours=9)
    venue.deposit(alice, "USD", "4")
    make(NEXT)
    first, second = get_daily_statement(alice.pk, DAY), get_daily_statement(alice.pk, NEXT)
    assert first is not None and second is not None
    assert first.lines[0].deposits == 100001
    assert second.lines[0].deposits == 6
    assert first.last_transfer_id == second.after_transfer_id < late.pk <= second.last_transfer_id


def test_the_end_of_a_day_is_decided_once_and_days_may_come_in_any_order(venue: Venue, alice: Any) -> None:
    marks = {}
    for number in range(4):
        venue.at = START + timedelta(days=number)
        marks[DAY + timedelta(days=number)] = venue.deposit(alice, "USD", "1").pk
    for day in (DAY + timedelta(days=2), DAY, DAY + timedelta(days=1)):
        closed = close_day(day)
        assert closed.after_transfer_id < marks[day] == closed.last_transfer_id
        assert close_day(day) == closed == get_day_range(day)
    ends = list(BusinessDay.objects.order_by("day").values_list("last_transfer_id", flat=True))
    assert ends == sorted(ends)


@pytest.mark.fault("F20")
def test_a_day_is_not_closed_while_a_transfer_of_it_may_come(venue: Venue, alice: Any, set_clock: Any) -> None:
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    set_clock(midnight + timedelta(seconds=30))
    with pytest.raises(DayStillOpenError):
        make(DAY)
    venue.at = midnight + timedelta(seconds=10)
    venue.deposit(alice, "USD", "9")
    assert make(DAY)["statements"] == 1, "the engine has committed the next day: it commits nothing older"
    statement = get_daily_statement(alice.pk, DAY)
    assert statement is not None and statement.lines[0].closing == 100000


def test_an_idle_market_s_day_is_closed_two_minutes_later(venue: Venue, alice: Any, set_clock: Any) -> None:
    set_clock(datetime(2026, 11, 21, 0, 2, 1, tzinfo=UTC))
    assert make(DAY)["statements"] == 1


def test_making_them_again_finds_the_same_rows(venue: Venue, alice: Any) -> None:
    day_of_everything(venue, alice)
    make(DAY)
    before = list(DailyStatement.objects.values()), list(DailyStatementLine.objects.values())
    assert make(DAY)["statements"] == 0
    assert (list(DailyStatement.objects.values()), list(DailyStatementLine.objects.values())) == before


def test_an_account_without_any_balance_gets_none_and_neither_do_the_house_and_the_world(venue: Venue, alice: Any) -> None:
    venue.customer("poor@example.com")
    emptied = venue.customer("emptied@example.com", funded="10")
    venue.at += timedelta(days=1)
    withdraw(venue, emptied, "USD", "10")
    venue.bought(alice, "AAPL-USD", "1", "100")
    days = [DAY, NEXT, NEXT + timedelta(days=1)]
    for day in days:
        make(day)
    made = set(DailyStatement.objects.values_list("account_id", "day"))
    assert made == {(alice.pk, day) for day in days} | {(emptied.pk, DAY), (emptied.pk, NEXT)}


def test_a_trade_of_two_customers_charges_each_its_own_fee(venue: Venue, alice: Any) -> None:
    bob = venue.customer("bob@example.com", funded="50000")
    resting = venue.order(bob, "AAPL-USD", Side.BUY, "5", "100")
    venue.bought(alice, "AAPL-USD", "5", "99")
    order = venue.order(alice, "AAPL-USD", Side.SELL, "5", "100")
    venue.fill(order, "5", "100", against=resting)
    make(DAY)
    for account, trades, fees in ((alice, -495 + 500, "-0.995"), (bob, -500, "-0.5")):
        statement = get_daily_statement(account.pk, DAY)
        assert statement is not None
        assert (statement.lines[-1].trades, statement.lines[-1].fees) == (trades, Decimal(fees))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_dailystatement SET transfers = 9",
        "DELETE FROM ledger_dailystatementline",
        "UPDATE ledger_dailystatementline SET closing = closing + 1, deposits = deposits + 1",
        "UPDATE ledger_businessday SET last_transfer_id = 0",
        "DELETE FROM ledger_reconciliationdifference",
    ],
)
def test_the_database_refuses_to_change_what_was_stated(venue: Venue, alice: Any, statement: str) -> None:
    make(DAY)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_a_line_that_does_not_add_up(venue: Venue, alice: Any) -> None:
    make(DAY)
    row = DailyStatementLine.objects.get()
    statement = DailyStatement.objects.create(
        account=alice, day=NEXT, after_transfer_id=0, last_transfer_id=0, transfers=0, made_at=venue.at
    )
    wrongs = ("0, 1, 0, 0", "0, -1, -1, 0", "0, 1, 0, 1", "'NaN', 'NaN', 0, 0")  # the second and third have a wrong sign
    for wrong in wrongs:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_dailystatementline (statement_id, asset_id, transfers, withdrawals, trades, adjustments,"
                f" opening, closing, deposits, fees) VALUES (%s, %s, 0, 0, 0, 0, {wrong})",
                [statement.pk, row.asset_id],
            )


def test_books_that_do_not_add_up_make_no_statement(venue: Venue, alice: Any) -> None:
    """A posting that is missing between two balances: the movements do not lead from one to the other."""
    venue.deposit(alice, "USD", "5")
    wrong = Posting.objects.filter(amount=5).get()
    with connection.cursor() as cursor, patient(connection.connection):
        cursor.execute("ALTER TABLE ledger_posting DISABLE TRIGGER ledger_posting_append_only")
        cursor.execute("UPDATE ledger_posting SET amount = 4 WHERE transfer_id = %s AND leg = %s", [wrong.transfer_id, wrong.leg])
        cursor.execute("ALTER TABLE ledger_posting ENABLE TRIGGER ledger_posting_append_only")
    with pytest.raises(IntegrityError, match="daily_statement_line_adds_up"), transaction.atomic():
        make(DAY)


# --- pages --------------------------------------------------------------------------------------------------------------------


def test_the_pages_show_the_days_and_every_transfer_in_its_order(venue: Venue, alice: Any) -> None:
    day_of_everything(venue, alice)
    assert run_once("statements", DAY).outcome is Outcome.DONE
    client = client_of(alice)
    listed = client.get("/ledger/statements/").content.decode()
    assert f'href="/ledger/statements/{DAY}/"' in listed and "99,196.06" in listed
    response = client.get(f"/ledger/statements/{DAY}/")
    kinds = [transfer.kind for transfer in response.context["page"].transfers]
    assert kinds == ["DEPOSIT", "TRADE", "TRADE", "WITHDRAWAL", "ADJUSTMENT"]
    page = response.content.decode()
    for shown in ("100,000.00", "−250.00", "+7.50", "−560.00", "−1.44", "99,196.06"):
        assert shown in page, shown
    assert 'href="/ledger/statements/months/"' in client.get("/ledger/").content.decode()


def test_a_long_day_is_paged_and_costs_the_same_however_long_it_is(venue: Venue, alice: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("apps.ledger.views.statements.TRANSFERS_A_PAGE", 3)
    for _ in range(6):
        venue.deposit(alice, "USD", "1")
    make(DAY)
    client, seen, address, counts = client_of(alice), [], f"/ledger/statements/{DAY}/", []
    client.get(address)  # a log-in's first request is noted down
    query = ""
    while True:
        with counted_queries() as queries:
            page = client.get(address + query).context["page"]
        counts.append(len(queries))
        seen += [transfer.id for transfer in page.transfers]
        if page.next_cursor is None:
            break
        query = f"?after={page.next_cursor}"
    assert seen == sorted(set(seen)) and len(seen) == 7
    assert len(set(counts)) == 1 and counts[0] <= 14


def test_the_list_is_paged_by_day(venue: Venue, alice: Any) -> None:
    days = [DAY + timedelta(days=number) for number in range(3)]
    for day in days:
        make(day)
    page = list_daily_statements(alice.pk, limit=2)
    assert [view.day for view in page.statements] == [days[2], days[1]] and page.next_before == days[1]
    rest = list_daily_statements(alice.pk, page.next_before, limit=2)
    assert [view.day for view in rest.statements] == [days[0]] and rest.next_before is None
    shown = client_of(alice).get(f"/ledger/statements/?before={days[1]}").context["page"]
    assert [view.day for view in shown.statements] == [days[0]]


def test_before_the_first_statement_the_page_says_when_it_comes(venue: Venue, alice: Any) -> None:
    page = client_of(alice).get("/ledger/statements/").content.decode()
    assert "No statement yet" in page and "midnight UTC" in page


@pytest.mark.parametrize("day", ["2026-11-19", "2026-13-45", "2026-02-30", "0000-00-00"])
def test_a_day_without_a_statement_is_missing(venue: Venue, alice: Any, day: str) -> None:
    make(DAY)
    for tail in ("/", ".csv"):
        assert client_of(alice).get(f"/ledger/statements/{day}{tail}").status_code == 404


def test_nobody_sees_another_s_statement(venue: Venue, alice: Any) -> None:
    mallory = venue.customer("mallory@example.com")
    make(DAY)
    assert client_of(alice).get(f"/ledger/statements/{DAY}/").status_code == 200
    for tail in ("/", ".csv"):
        assert client_of(mallory).get(f"/ledger/statements/{DAY}{tail}").status_code == 404


def test_the_csv_holds_exact_numbers_and_no_formula(venue: Venue, alice: Any) -> None:
    venue.bought(alice, "AAPL-USD", "1", "33.33333333")
    withdraw(venue, alice, "USD", "3", memo='=HYPERLINK("http://evil")')
    make(DAY)
    response = client_of(alice).get(f"/ledger/statements/{DAY}.csv")
    assert response["Content-Type"].startswith("text/csv") and f"{DAY}.csv" in response["Content-Disposition"]
    rows = list(csv.DictReader(StringIO(response.getvalue().decode())))
    total = {row["asset"]: Decimal(row["balance after"]) for row in rows if row["kind"] == "OPENING"}
    for row in rows:
        if row["amount"]:
            total[row["asset"]] += Decimal(row["amount"])
            assert total[row["asset"]] == Decimal(row["balance after"])
    closing = {row["asset"]: Decimal(row["balance after"]) for row in rows if row["kind"] == "CLOSING"}
    assert closing == total
    assert [row["memo"] for row in rows if row["kind"] == "WITHDRAWAL"] == ['\'=HYPERLINK("http://evil")']


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_compute_is_shown_instead(text: str) -> None:
    assert safe_text(text) == f"'{text}"
    assert safe_text("Paper money") == "Paper money"


def test_a_file_that_is_cut_off_says_so(venue: Venue, alice: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("apps.ledger.views.statements.CSV_TRANSFERS_MAX", 2)
    monkeypatch.setattr("apps.ledger.selectors.LIMIT_MAX", 2)
    for _ in range(3):
        venue.deposit(alice, "USD", "1")
    make(DAY)
    text = client_of(alice).get(f"/ledger/statements/{DAY}.csv").getvalue().decode()
    assert "CUT OFF" in text and text.count(",DEPOSIT,") == 2
    assert Transfer.objects.count() == 4
