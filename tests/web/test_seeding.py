"""``seed_demo`` as it runs: against an engine of its own, twice, and without one."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password

from apps.marketdata import demo
from tests.engine.processes import ROOT, Cluster, cluster

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    name = f"tredye_seeding_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"
    with cluster(tmp_path_factory.mktemp("engine"), name) as made:
        yield made


@pytest.fixture(autouse=True)
def nothing_is_left_running(engine: Cluster) -> Iterator[None]:
    yield
    engine.stop_all()


def seed(engine: Cluster, var: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "seed_demo", "--skip-checks", *arguments],
        cwd=ROOT, env=engine.environment | {"VAR_DIR": str(var)} | environment, capture_output=True, text=True, timeout=100,
    )  # fmt: skip


def count(engine: Cluster, query: str) -> list[tuple[object, ...]]:
    with engine.connection() as connection:
        return connection.execute(query).fetchall()  # type: ignore[call-overload,no-any-return]


BARS = "SELECT interval, count(*), sum(volume)::text FROM marketdata_bar GROUP BY interval ORDER BY interval"


def test_without_an_engine_it_says_so_in_one_line(engine: Cluster, tmp_path: Path) -> None:
    result = seed(engine, tmp_path, "--deadline", "0.5")
    assert result.returncode == 1
    assert result.stderr.strip().splitlines() == [f"CommandError: the engine at {engine.url} gave no answer within 0.5 s"]
    assert not (tmp_path / "run" / "demo-users.json").exists()


def test_it_makes_the_market_and_its_people_once(engine: Cluster, tmp_path: Path) -> None:
    engine.start()
    first = seed(engine, tmp_path, DEMO_ADMIN_PASSWORD="a chosen password")
    assert first.returncode == 0, first.stderr
    file = tmp_path / "run" / "demo-users.json"
    users = {user["role"]: user for user in json.loads(file.read_text())}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(users) == {"CUSTOMER", "SUPPORT", "ADMIN"}
    assert users["ADMIN"]["password"] == "a chosen password"
    assert not any(user["password"] in first.stdout + first.stderr for user in users.values())
    stored = dict(count(engine, "SELECT email, password FROM accounts_user"))  # type: ignore[arg-type]
    assert all(check_password(user["password"], stored[user["email"]]) for user in users.values())

    assert count(engine, "SELECT count(*) FROM instruments_instrument") == [(len(demo.INSTRUMENTS),)]
    assert count(engine, "SELECT count(*) FROM marketdata_latestprice") == [(len(demo.INSTRUMENTS),)]
    bars = count(engine, BARS)
    assert len(bars) == 5
    assert count(engine, "SELECT 1 FROM marketdata_bar GROUP BY instrument_id, interval HAVING count(*) < 300") == []
    assert count(engine, "SELECT status, paper_deposit_at IS NOT NULL FROM accounts_account WHERE kind = 'CUSTOMER'") == [
        ("ACTIVE", True)
    ]
    deposit = (
        "SELECT total::text FROM ledger_ledgeraccount l JOIN accounts_account a ON a.id = l.account_id WHERE a.kind = 'CUSTOMER'"
    )
    assert [str(row[0]).rstrip("0").rstrip(".") for row in count(engine, deposit)] == ["100000"]

    second = seed(engine, tmp_path)
    assert second.returncode == 0, second.stderr
    assert "anew" not in second.stdout
    assert {user["role"]: user for user in json.loads(file.read_text())} == users | {
        "ADMIN": {**users["ADMIN"], "password": "a chosen password"}
    }
    assert count(engine, BARS) == bars, "a past that is added twice doubles its volumes"
    assert [str(row[0]).rstrip("0").rstrip(".") for row in count(engine, deposit)] == ["100000"]


@pytest.mark.long
def test_lost_passwords_are_made_anew_and_it_says_so(engine: Cluster, tmp_path: Path) -> None:
    engine.start()
    assert seed(engine, tmp_path / "lost").returncode == 0
    result = seed(engine, tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("password set anew") == 3
    stored = dict(count(engine, "SELECT email, password FROM accounts_user"))  # type: ignore[arg-type]
    for user in json.loads((tmp_path / "run" / "demo-users.json").read_text()):
        assert check_password(user["password"], stored[user["email"]])
