"""The whole product, each process by its own login: what people and staff do works, and PostgreSQL refuses nobody anything."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from apps.grants.roles import Role
from stack.cluster import Cluster
from stack.processes import PROCESSES
from tests.visitor import Visitor
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]

PATIENCE_S = 120.0
#: Prints the keys of a log-in of each, as they leave it: the staff with a second factor.
LOG_IN = """
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from tests.pages import client_of
keys = []
for role in ("customer", "support"):
    user = get_user_model().objects.get(email=role + "@tredye.example")
    if role != "customer":
        TOTP.activate(user, generate_totp_secret())
    keys.append(client_of(user).session.session_key)
print("keys", *keys)
"""
#: By the begin of a session's name, which process's it is; engines and readers of the log have names of their own.
OTHERS = {"engine": "engine", "feed:": "feed", "tredye relay": "relay", "tredye log relay": "relay"}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture(scope="module")
def cluster(shelf: Path) -> Iterator[Cluster]:
    names = [process.name for process in PROCESSES if not process.settings]
    with Cluster(names, env={"FEED_RATE": "20", "BACKUP_DIR": str(shelf)}, event_log="embedded") as running:
        yield running


def ask(cluster: Cluster, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.database_url, autocommit=True) as database:
        return database.execute(query).fetchall()


def until_one(cluster: Cluster, query: str, what: str) -> None:
    wait_until(lambda: ask(cluster, f"SELECT EXISTS ({query})") == [(True,)], PATIENCE_S, what)


def test_a_story_through_every_process(cluster: Cluster, shelf: Path) -> None:
    printed = cluster.manage("shell", "-v0", "-c", LOG_IN)
    customer_key, support_key = re.findall(r"^keys (\S+) (\S+)$", printed, re.MULTILINE)[0]
    customer = Visitor(cluster.web_url, sessionid=customer_key)
    until_one(cluster, "SELECT FROM marketdata_latestprice WHERE source <> 'seed'", "prices come")
    ((price,),) = ask(
        cluster,
        "SELECT round(bid * 0.97)::text FROM marketdata_latestprice p JOIN instruments_instrument i ON i.id = p.instrument_id"
        " WHERE symbol = 'BTC-USD'",
    )
    limit = {"side": "BUY", "order_type": "LIMIT", "time_in_force": "GTC", "price": str(price), "quantity": "0.01"}
    market = {"side": "BUY", "order_type": "MARKET", "time_in_force": "IOC", "quantity": "0.01"}
    assert customer.order("BTC-USD", client_order_id="grants-rests", **limit) in (200, 302)
    assert customer.order("BTC-USD", client_order_id="grants-fills", **market) in (200, 302)
    until_one(cluster, "SELECT FROM portfolio_positionfill", "the fill is in the portfolio")
    until_one(cluster, "SELECT FROM receipts_receipt", "the receipt is written")
    until_one(cluster, "SELECT FROM marketdata_bar WHERE interval = '1s'", "bars are made")
    until_one(cluster, "SELECT FROM operations_sample", "beat has sampled")
    until_one(cluster, "SELECT FROM engine_invariantreport", "the worker has asked the invariants")
    until_one(cluster, "SELECT FROM jobs_jobrun WHERE job = 'retention' AND status = 'DONE'", "the jobs of the night are done")
    assert ask(cluster, "SELECT job, status, error FROM jobs_jobrun WHERE status <> 'DONE'") == []
    assert list(shelf.glob("*/database.dump")), "the copy of the night is made"
    ((order_id, order_status),) = ask(cluster, "SELECT id, status FROM orders_order WHERE client_order_id = 'grants-rests'")
    assert order_status == "ACCEPTED"
    assert customer.post(f"/orders/{order_id}/cancel/", "/markets/BTC-USD/") in (200, 302)
    until_one(cluster, f"SELECT FROM orders_order WHERE id = {order_id} AND status = 'CANCELED'", "the order is cancelled")
    look(cluster, Visitor(cluster.web_url, sessionid=support_key))


def look(cluster: Cluster, support: Visitor) -> None:
    """Of the support: the trail is written by one login, what it leads to read by another."""
    account_id = ask(
        cluster, "SELECT account_id FROM orders_fill JOIN accounts_account a ON a.id = account_id AND kind = 'CUSTOMER'"
    )[0][0]
    assert support.post("/support/case/", "/support/case/", reason="asks by phone about a fill") == 302
    for part in ("", "orders/", "ledger/", "statements/", "trail/"):
        status, text = support.get(f"/support/customers/{account_id}/{part}")
        assert status == 200 and "customer@tredye.example" in text, part
    assert ask(cluster, "SELECT count(*) FROM backoffice_trailentry WHERE kind = 'LOOK'") == [(5,)]


def test_each_process_is_there_by_its_own_login_and_was_refused_nothing(cluster: Cluster) -> None:
    cluster.wait_ready()
    rows = ask(cluster, "SELECT DISTINCT usename, application_name FROM pg_stat_activity WHERE datname = current_database()")
    seen: dict[str, set[object]] = {}
    for login, name in rows:
        whose = next((found for begin, found in OTHERS.items() if str(name).startswith(begin)), str(name))
        seen.setdefault(whose, set()).add(login)
    for process in PROCESSES:
        if not process.settings and process.name in seen:
            logins = {f"tredye_{process.role}"} | ({f"tredye_{Role.CONSOLE}"} if process.role == Role.WEB else set())
            assert seen[process.name] <= logins, seen
    assert {"engine", "relay", "feed", "marketdata", "portfolio", "worker", "beat", "web"} <= seen.keys()
    for name in cluster.names:
        assert "permission denied" not in cluster.settings.log(name).read_text(), name
        assert cluster.restart_count(name) == 0, name
