"""The status page tells how things stand, to everybody, and is there when nothing else is."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from apps.degraded import Dependency, Witness, failed, saw
from apps.engine.checks import Check, ask_each
from apps.engine.invariant_reports import ask_and_record, record
from apps.engine.invariants import LIVE
from apps.engine.models import InvariantReport, Lease
from apps.instruments.models import Instrument
from apps.marketdata.models import FeedState, LatestPrice
from apps.receipts.models import Receipt
from tests.engine.world import World
from tests.pages import counted_queries


def goes(dependency: Dependency) -> None:
    """The watch of the process finds that it is away."""
    for _ in range(2):
        failed(dependency, "10.1.2.3 is away: canary", Witness.WATCH, waited_s=5)


def text_of(client: Client) -> str:
    response = client.get("/status/")
    assert response.status_code == 200
    assert response["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    return response.content.decode()


def test_before_anything_was_checked_it_says_so(db: None, client: Client) -> None:
    page = text_of(client)
    assert "The checks have not been asked yet" in page
    assert "No instrument is open now" in page


def test_every_check_is_told_with_its_answer(world: World, client: Client) -> None:
    ask_and_record()
    page = text_of(client)
    assert page.count('<span class="badge badge-good">Yes</span>') == len({check.name for check in LIVE})
    assert f"{len(LIVE)} checks, asked of the running market every minute" in page
    assert "No check has ever failed here" in page
    assert f"Trading engine number {world.epoch}" in page


def test_a_violation_is_on_the_page_without_its_rows(world: World, client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_ledgeraccount SET total = total + 12345 WHERE account_id = %s", [world.alice.pk])
    ask_and_record()
    page = text_of(client)
    assert "A check of the books has failed" in page
    assert '<span class="badge badge-bad">No</span>' in page
    assert re.search(r"I1</span> Money is neither made nor lost<small>Fails: money is conserved: the totals", page)
    assert "A check last failed at" in page
    assert "12345" not in page


def test_old_answers_are_called_old(db: None, client: Client) -> None:
    ask_and_record()
    InvariantReport.objects.update(asked_at=datetime.now(UTC) - timedelta(minutes=6, seconds=5))
    page = text_of(client)
    assert "The checks have not run for 6 minutes." in page
    assert "Everything works" not in page


def test_what_was_not_answered_in_time_is_told_as_that(db: None, client: Client) -> None:
    slow = Check("I9", "a question that takes for ever", "SELECT pg_sleep(30)")
    connection.ensure_connection()
    record("LIVE", ask_each(connection.connection, [slow], each_s=0.1, all_s=1), 100)
    page = text_of(client)
    assert "Not answered in time: a question that takes for ever" in page
    assert '<span class="badge badge-warn">Not answered</span>' in page


def test_a_price_that_does_not_come_is_stale(world: World, client: Client) -> None:
    page = text_of(client)
    assert "0 of 1 open instruments have a price of the last seconds" in page
    assert "Trading works. Something below is late or away." in page


@pytest.mark.parametrize(
    ("dependency", "words"),
    [
        (Dependency.ENGINE, "deposits and withdrawals are not taken"),
        (Dependency.REDIS, "Prices come every two seconds"),
        (Dependency.LOG, "come later; nothing is lost"),
        (Dependency.FEED, "Market orders wait for the next price"),
    ],
)
def test_what_is_away_is_told_once_in_the_words_of_every_page(
    world: World, client: Client, dependency: Dependency, words: str
) -> None:
    goes(dependency)
    page = text_of(client)
    assert f'data-mode="{dependency}"' in page and words in page
    assert ("Trading is paused." in page) is (dependency is Dependency.ENGINE)
    assert page.count('class="banner ') == 1 and "Everything works" not in page
    assert ("Away</span>" in page) is (dependency is not Dependency.FEED)
    assert "canary" not in page and "10.1.2.3" not in page


def test_what_was_seen_is_told_with_when(db: None, client: Client) -> None:
    assert "Seen at work" in text_of(client), "the page itself reads the database"
    saw(Dependency.REDIS)
    assert text_of(client).count("Seen at work") == 2


def test_without_the_database_it_stands_alone(client: Client) -> None:
    """No database at all: this test has none, and a query would fail it."""
    goes(Dependency.POSTGRES)
    goes(Dependency.REDIS)
    page = text_of(client)
    assert "Trading is paused." in page and "Live updates are reduced." in page and "Ask again" in page
    assert len(re.findall(r"Since <time [^>]*>\d\d:\d\d:\d\d</time> UTC", page)) == 2
    assert "canary" not in page


def test_it_costs_a_handful_of_queries_however_many_ask(world: World, client: Client) -> None:
    ask_and_record()
    text_of(client)
    with counted_queries() as queries:
        text_of(client)
    assert len(queries) <= 10  # one for each thing that is told, the feeds among them


def test_each_feed_is_told_of_and_whether_another_stands_by(world: World, client: Client) -> None:
    now = datetime.now(UTC)
    long_ago = now - timedelta(minutes=2)

    def feed(source: str, **changes: Any) -> None:
        FeedState.objects.create(source=source, epoch=1, holder="10.1.2.3:7", **({"taken_at": now, "beat_at": now} | changes))

    feed("sim", standby_at=now, flagged=2)
    feed("ccxt-kraken", standby_at=long_ago)
    page = text_of(client)
    assert page.count("Publishing</span>") == 2
    assert page.count("another process stands by") == 1
    assert "2 instruments wait for a whole quote" in page
    assert "10.1.2.3" not in page
    feed("replay", beat_at=long_ago)
    feed("old", beat_at=now - timedelta(days=2))
    feed("done", ended_at=long_ago)
    page = text_of(client)
    assert page.count("Silent</span>") == 1
    assert "Something below is late or away" in page
    assert "Feed old" not in page and "Feed done" not in page


def test_what_is_in_force_is_told_with_what_it_means(world: World, client: Client) -> None:
    LatestPrice.objects.create(instrument_id=Instrument.objects.get().pk, source="t", epoch=1, sequence=1, bid=1, ask=2,
                               bid_quantity=1, ask_quantity=1, quoted_at=datetime.now(UTC))  # fmt: skip
    page = text_of(client)
    assert "In force" not in page and re.search(r"the newest is \d+ ms old", page)
    Instrument.objects.update(trading_state="HALTED", state_reason="A test")
    page = text_of(client)
    assert "1 halted" in page and "BTC-USD. Open orders can be made smaller" in page and "Everything works" not in page
    Lease.objects.update(is_killed=True, kill_reason="A drill.")
    page = text_of(client)
    assert "All trading is stopped" in page and "A drill. New orders are refused" in page and "1 halted" not in page


def test_a_price_that_is_missing_is_in_force_as_well(world: World, client: Client) -> None:
    assert "1 without a fresh price" in text_of(client)


def test_an_orders_way_is_told_of_the_hour_and_the_day(world: World, client: Client) -> None:
    assert "no orders in the last hour" in text_of(client)
    now = datetime.now(UTC)
    ages_and_ways = [(0.1, 4), (0.1, 6), (0.1, 90), (3, 20), (3, 21), (30, 500), (0.1, None)]
    for number, (hours, way_ms) in enumerate(ages_and_ways):
        received = now - timedelta(hours=hours)
        pushed = None if way_ms is None else received + timedelta(milliseconds=way_ms)
        Receipt.objects.create(
            order_id=10_000 - number, account_id=1, door="PAGE", received_at=received, pushed_at=pushed, noted_at=now
        )
    page = text_of(client)
    assert "half of 3 in the last hour; 95 of 100 within 90 ms" in page
    assert "half of 5; 95 of 100 within 90 ms" in page
    assert "<dd>6 ms</dd>" in page and "<dd>20 ms</dd>" in page


def test_the_part_that_is_asked_for_again_is_the_part_alone(world: World, client: Client) -> None:
    part = client.get("/status/", headers={"HX-Request": "true", "HX-Request-Type": "partial"}).content.decode()
    assert "<html" not in part and "What runs" in part
    assert 'hx-get="/status/"' in text_of(client)
