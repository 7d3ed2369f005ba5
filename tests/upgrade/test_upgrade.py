"""What an installation of each landed schema holds is carried over, and work goes on with it.

A dump is what a real engine of its day wrote (``make_dump``). It is restored into an empty database, and then happens what
``make run`` of today does: prepare, engine, seed, the rest.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader

from stack.cluster import Cluster
from stack.processes import TREDYE
from tests.upgrade.facts import LEAST, read_facts
from tests.upgrade.make_dump import ENVIRONMENT
from tests.upgrade.restore import restore
from tests.visitor import Visitor
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]
DUMPS = sorted((Path(__file__).parent / "dumps").glob("*.sql"))
# Without the feed, whose first quotes would trade with the orders that rest.
PROCESSES = ("engine", "relay", "realtime", "marketdata", "portfolio", "web")
CUSTOMER = "customer@tredye.example"
PASSWORD = ENVIRONMENT["DEMO_CUSTOMER_PASSWORD"]


@dataclass
class Upgraded:
    """An installation of then on the version of today."""

    dump: Path
    cluster: Cluster
    before: dict[str, list[tuple[Any, ...]]]

    def ask(self, question: str, *values: object) -> Any:
        with psycopg.connect(self.cluster.database_url) as connection:
            row = connection.execute(question, values).fetchone()
        return row[0] if row else None

    @property
    def customer_id(self) -> int:
        user_id = next(row[0] for row in self.before["people"] if row[1] == CUSTOMER)
        return next(row[0] for row in self.before["accounts"] if row[1] == user_id)

    def has_fresh_price(self) -> bool:
        question = "SELECT count(*) FROM marketdata_latestprice p JOIN instruments_instrument i ON i.id = p.instrument_id"
        return self.ask(f"{question} WHERE i.symbol = 'BTC-USD' AND p.quoted_at > now() - interval '10 s'") > 0

    def held(self) -> Decimal:
        return self.ask("SELECT sum(held) FROM ledger_ledgeraccount WHERE account_id = %s", self.customer_id)

    def bitcoins(self) -> Decimal:
        """As the portfolio counts them, from what the event log brought."""
        question = "SELECT p.quantity FROM portfolio_position p JOIN instruments_instrument i ON i.id = p.instrument_id"
        return self.ask(f"{question} WHERE i.symbol = 'BTC-USD' AND p.account_id = %s", self.customer_id)


#: Its dump is tried in every run of the tests, the others in the long ones.
FIRST_LANDED = "2026-11-21-712a8ac"


@pytest.fixture(
    scope="module",
    params=[pytest.param(dump, id=dump.stem, marks=[] if dump.stem == FIRST_LANDED else [pytest.mark.long]) for dump in DUMPS],
)
def upgraded(request: pytest.FixtureRequest) -> Iterator[Upgraded]:
    """Every other one moves from Kafka, which all of the first versions were on, to the embedded log as well."""
    event_log = "" if DUMPS.index(request.param) % 2 else "embedded"
    product = replace(TREDYE, prepare=("python", "-m", "tests.upgrade.restore", str(request.param)))
    with Cluster(PROCESSES, env=ENVIRONMENT, product=product, event_log=event_log) as cluster:
        yield Upgraded(request.param, cluster, facts_of(request.param, cluster.database_url))


def facts_of(dump: Path, beside: str) -> dict[str, list[tuple[Any, ...]]]:
    """What the dump says by itself, restored for a moment on the same server."""
    name = f"tredye_{secrets.token_hex(4)}"
    url = urlunsplit(urlsplit(beside)._replace(path=f"/{name}"))
    with psycopg.connect(urlunsplit(urlsplit(beside)._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            restore(url, dump)
            return read_facts(url)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_there_is_a_dump_of_the_first_landed_schema() -> None:
    assert FIRST_LANDED in [dump.stem for dump in DUMPS]


def test_no_landed_migration_has_gone(upgraded: Upgraded) -> None:
    landed = set(re.findall(r"\(\d+, '(\w+)', '(\d{4}_\w+)', '", upgraded.dump.read_text()))
    assert len(landed) > 30
    assert landed <= set(MigrationLoader(None).disk_migrations)


def test_nothing_that_was_written_is_lost_or_changed(upgraded: Upgraded) -> None:
    now = read_facts(upgraded.cluster.database_url)
    for name, rows in upgraded.before.items():
        assert len(rows) >= LEAST.get(name, 1), f"the dump holds too few {name} to show anything"
        assert set(rows) <= set(now[name]), f"{name} changed"
    assert now["balances"] == upgraded.before["balances"]


def test_the_books_are_right_and_the_journal_can_be_lived_through_again(upgraded: Upgraded) -> None:
    assert re.search(r"^\d+ checks, 0 violations", upgraded.cluster.manage("check_invariants"), re.MULTILINE)
    assert re.search(r"[1-9]\d* trades, 0 differences", upgraded.cluster.manage("replay_engine"))
    assert "database is up to date" in upgraded.cluster.manage("prepare")


def test_a_new_event_log_is_said_in_one_line(upgraded: Upgraded) -> None:
    said = re.findall(r"Note: .*", upgraded.cluster.settings.log("prepare").read_text())
    assert len(said) == 1, "not once more by the preparation that had nothing to do"
    on_kafka = upgraded.cluster.event_log.is_kafka
    expected = "the event log (Kafka) is not the one of before" if on_kafka else "the event log was Kafka and is in PostgreSQL"
    assert said[0].startswith(f"Note: {expected}: its readers go on at")
    assert said[0].endswith("positions were computed anew from their fills")


def test_what_nobody_had_published_yet_arrives_once(upgraded: Upgraded) -> None:
    wait_until(lambda: upgraded.bitcoins() == Decimal("0.45"), 30, "the last fill of then in the portfolio")
    counted = upgraded.bitcoins()
    upgraded.cluster.manage("rebuild_portfolio")
    assert upgraded.bitcoins() == counted


def test_who_was_logged_in_still_is_and_the_password_of_then_opens(upgraded: Upgraded) -> None:
    session = upgraded.before["log-ins"][0][0]
    stayed = Visitor(upgraded.cluster.web_url, sessionid=session)
    status, text = stayed.get("/portfolio/")
    assert status == 200 and "BTC-USD" in text

    came_back = Visitor(upgraded.cluster.web_url)
    assert came_back.post("/login/", "/login/", login=CUSTOMER, password=PASSWORD) == 302
    for path, words in {
        "/markets/": "BTC-USD",
        "/markets/BTC-USD/": "BTC-USD",
        "/orders/": "Filled",
        "/orders/open/": "0.25",
        "/ledger/": "Deposit",
        "/portfolio/": "0.45",
    }.items():
        status, text = came_back.get(path)
        assert status == 200, path
        assert words in text, path
    order_id = next(row[0] for row in upgraded.before["orders"] if row[1] == upgraded.customer_id)
    status, text = came_back.get(f"/orders/{order_id}/")
    assert status == 200 and "Filled" in text


def test_trading_goes_on(upgraded: Upgraded) -> None:
    """The last one: it changes what the others look at."""
    upgraded.cluster.start("feed")
    customer = Visitor(upgraded.cluster.web_url)
    assert customer.post("/login/", "/login/", login=CUSTOMER, password=PASSWORD) == 302
    fills = "SELECT count(*) FROM orders_fill WHERE account_id = %s"
    before = upgraded.ask(fills, upgraded.customer_id)
    market = {"symbol": "BTC-USD", "side": "BUY", "order_type": "MARKET", "time_in_force": "IOC", "price": ""}
    own_id = secrets.token_hex(8)
    wait_until(upgraded.has_fresh_price, 30, "a price of today")
    status = customer.order(**market, quantity="0.01", client_order_id=own_id)
    assert status in (200, 302)
    assert upgraded.ask("SELECT status FROM orders_order WHERE client_order_id = %s", own_id) == "FILLED"
    assert upgraded.ask(fills, upgraded.customer_id) > before

    resting = next(row[0] for row in upgraded.before["orders"] if row[1] == upgraded.customer_id and row[9] == "ACCEPTED")
    assert upgraded.held() > 0
    assert row_status(upgraded, resting) == "ACCEPTED"
    assert customer.post(f"/orders/{resting}/cancel/", "/orders/open/") in (200, 302)
    assert row_status(upgraded, resting) == "CANCELED"
    assert upgraded.held() == 0
    wait_until(lambda: upgraded.bitcoins() == Decimal("0.46"), 30, "the new fill in the portfolio")
    assert "0 violations" in upgraded.cluster.manage("check_invariants")
    assert "0 differences" in upgraded.cluster.manage("replay_engine")


def row_status(upgraded: Upgraded, order_id: int) -> str:
    return str(upgraded.ask("SELECT status FROM orders_order WHERE id = %s", order_id))
