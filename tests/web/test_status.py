"""The status page tells how things stand, to everybody, and is there when nothing else is."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from apps.degraded import Dependency, Witness, failed, saw
from apps.engine.checks import Check, ask_each
from apps.engine.day_hash_job import keep_hash
from apps.engine.invariant_reports import ask_and_record, record
from apps.engine.invariants import LIVE
from apps.engine.models import InvariantReport, Journal, Lease, ProofKey
from apps.eventlog.models import OutboxBatch, RelayCursor
from apps.instruments.models import Instrument
from apps.ledger.day_hashes import keep_day_hash
from apps.ledger.models import BusinessDay, DayHash, Transfer
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
    assert len(queries) <= 12  # one for each thing that is told, the feeds among them


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


def test_what_is_always_true_is_told_in_sentences_and_the_outbox_as_it_is_now(world: World, client: Client) -> None:
    page = text_of(client)
    assert "The outbox is drained" in page and "Money is conserved" not in page, "nobody has asked yet"
    ask_and_record()
    page = text_of(client)
    assert page.count('<span class="badge badge-good">Holds</span>') == 4
    for title in ("Money is conserved", "No balance is negative", "No book is crossed"):
        assert title in page
    assert "What waits longest was decided 0 s ago." in page
    OutboxBatch.objects.update(recorded_at=datetime.now(UTC) - timedelta(seconds=30))
    page = text_of(client)
    assert '<span class="badge badge-warn">Late</span>' in page and "What waits longest was decided 30 s ago." in page
    newest = OutboxBatch.objects.order_by("-last_sequence")[0].last_sequence
    RelayCursor.objects.create(lane="engine", last_sequence=newest, moved_at=datetime.now(UTC))
    assert "Nothing waits." in text_of(client)


def test_what_is_broken_of_it_says_so(world: World, client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_ledgeraccount SET total = total + 1 WHERE account_id = %s", [world.alice.pk])
    ask_and_record()
    page = text_of(client)
    assert page.count('<span class="badge badge-bad">Broken</span>') == 1


def test_the_hashes_of_days_are_published_with_the_key(world: World, client: Client) -> None:
    page = text_of(client)
    assert "No day has a hash yet" in page and "No proof has been signed yet" in page
    for number in range(1, 10):
        keep_day_hash(date(2026, 11, number), number * 10, bytes([number]) * 32)
    keep_day_hash(date(2026, 11, 9), 91, bytes(32))
    ProofKey.objects.create(public_key="ab" * 32)
    page = text_of(client)
    assert "09" * 32 in page and "03" * 32 in page and "02" * 32 not in page, "the newest seven, each as it was first kept"
    assert "ab" * 32 in page
    response = client.get("/status/hashes.txt")
    assert response["Content-Type"].startswith("text/plain") and "public" in response["Cache-Control"]
    lines = response.content.decode("ascii").splitlines()
    assert lines[1].startswith(f"# key {'ab' * 32} since ")
    assert lines[2:] == [f"2026-11-{number:02} {number * 10} {f'{number:02x}' * 32}" for number in range(9, 0, -1)]


def test_a_day_s_hash_is_kept_when_it_is_closed_and_can_be_changed_by_nobody(world: World) -> None:
    day = date(2026, 1, 1)
    with pytest.raises(RuntimeError, match="is not closed"):
        keep_hash(day, lambda _: None)
    last = Transfer.objects.order_by("-pk")[0].pk
    closed_at = datetime.now(UTC)
    BusinessDay.objects.create(day=day - timedelta(days=1), last_transfer_id=0, closed_at=closed_at)
    BusinessDay.objects.create(day=day, last_transfer_id=last, closed_at=closed_at)
    world.submit(world.bob, "BUY", "0.5", None)
    commit = Journal.objects.filter(last_sequence__gte=last).order_by("last_sequence")[0]
    kept = keep_hash(day, lambda _: None)
    assert kept == {"last_sequence": commit.last_sequence, "hash": bytes(commit.hash or b"").hex()}
    assert keep_hash(day, lambda _: None) == kept and DayHash.objects.count() == 1
    for statement in ("UPDATE ledger_dayhash SET last_sequence = 1", "DELETE FROM ledger_dayhash"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_day_before_the_first_transfer_has_no_hash(world: World) -> None:
    for number in (1, 2):
        BusinessDay.objects.create(day=date(2026, 1, number), last_transfer_id=0, closed_at=datetime.now(UTC))
    assert keep_hash(date(2026, 1, 2), lambda _: None)["hash"] == ""
    assert DayHash.objects.count() == 0
