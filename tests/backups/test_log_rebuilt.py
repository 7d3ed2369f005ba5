"""The event log wiped and published anew from the books: the same events, in the order of each key, and nothing done twice."""

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from apps.backups.republishing import REBUILT
from apps.commands.types import HaltInstrument, ResumeInstrument
from apps.eventlog.database import own_connection
from apps.eventlog.outbox import ENGINE_LANE
from apps.eventlog.relay import take_lane_lock
from tests.backups.conftest import Followers, manage, one, rows, trade
from tests.engine.processes import Cluster
from tests.engine.world import SYMBOL, SYSTEM
from tests.eventlog.logs import log_of_run
from tests.faults.figures import note
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.long, pytest.mark.timeout(600), pytest.mark.fault("F2")]

CONSUMERS = ("portfolio", "alerts")
#: What consumers made of the log, and how far each thinks it is.
MADE = {
    "positions": "SELECT * FROM portfolio_position ORDER BY account_id, instrument_id",
    "fills": "SELECT * FROM portfolio_positionfill ORDER BY account_id, instrument_id, trade_id",
    "progress": "SELECT * FROM portfolio_accountprogress ORDER BY account_id",
    "places": "SELECT * FROM orders_eventposition ORDER BY event_id",
    "notices": "SELECT account_id, sequence, kind, order_id, data, at, created_at, mail_id FROM alerts_notice ORDER BY id",
    "mails": "SELECT id, account_id, state, created_at FROM alerts_mail ORDER BY id",
}
TELL_ALL = """INSERT INTO alerts_alertsettings (account_id, in_app, by_mail, tells_at_once, mail_off)
    SELECT id, '{FILLED,PARTLY_FILLED,CANCELED}', '{FILLED}', true, false FROM accounts_account WHERE kind = 'CUSTOMER'"""


def on_log() -> dict[str, list[tuple[int, bytes, bytes, bytes]]]:
    """Partition, key, id and text of everything on the topics that are kept, in the order of each partition; once each."""
    found = {}
    for topic in REBUILT:
        records = [(r.partition, r.key, dict(r.headers)["event-id"], r.value) for r in log_of_run().read(topic)]
        found[topic] = list(dict.fromkeys(records))
    return found


def made(books: Cluster) -> dict[str, list[tuple[Any, ...]]]:
    return {name: rows(books, query) for name, query in MADE.items()}


def have_read(books: Cluster, consumers: tuple[str, ...]) -> None:
    ends = {(topic, partition): 0 for topic in REBUILT for partition in range(4)}
    for topic in REBUILT:
        for record in log_of_run().read(topic):
            ends[topic, record.partition] = record.offset + 1
    suffix = "" if django_settings.EVENT_LOG == "kafka" else "@embedded"
    topic = f"orders.events{suffix}"
    wanted = {(name, topic, number): ends["orders.events", number] for name in consumers for number in range(4)}
    query = "SELECT consumer, topic, partition, next_offset FROM eventlog_consumerposition"

    def there() -> bool:
        stand = {row[:3]: row[3] for row in rows(books, query)}
        return all(stand.get(place, 0) == end for place, end in wanted.items())

    wait_until(there, 60, "the consumers have read all of it")


def test_a_log_that_was_wiped_is_published_anew_and_everybody_comes_to_the_same(
    books: Cluster, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", books.database["NAME"])  # what a test asks of the log
    assert manage(books, "prepare", **environment).returncode == 0
    with books.connection() as database:
        database.execute(TELL_ALL)
    books.start()
    with Followers(books, environment, CONSUMERS) as followers:
        trade(books, "evening", 80)
        for kind in (HaltInstrument, ResumeInstrument):
            books.client.send(kind(command_id=kind.__name__, actor=SYSTEM, symbol=SYMBOL, reason="to be told again"))
        followers.wait()
        have_read(books, CONSUMERS)
    books.stop_all()
    told, before = on_log(), made(books)
    assert {len(told[topic]) > 1 for topic in REBUILT} == {True}
    assert before["notices"] and any(row[3] is not None for row in before["notices"])

    held = manage(books, "rebuild_log", **environment)
    assert (held.returncode, "hold records. --replace removes" in held.stderr) == (1, True), held.stderr
    with own_connection("a relay") as relay:
        assert take_lane_lock(relay, ENGINE_LANE)
        refused = manage(books, "rebuild_log", "--replace", **environment)
    assert (refused.returncode, "a relay is at work" in refused.stderr) == (1, True), refused.stderr

    log_of_run().delete_topics()
    done = manage(books, "rebuild_log", **environment)
    assert done.returncode == 0, done.stderr
    assert on_log() == told
    with Followers(books, environment, CONSUMERS):
        have_read(books, CONSUMERS)
    assert made(books) == before
    # From nothing: what is derived, deleted, comes out of the new log as it was.
    with books.connection() as database:
        database.execute("DELETE FROM portfolio_positionfill; DELETE FROM portfolio_position; DELETE FROM orders_eventposition")
        database.execute("DELETE FROM portfolio_accountprogress")
        database.execute("DELETE FROM eventlog_consumerposition WHERE consumer = 'portfolio'")
    again = manage(books, "rebuild_log", "--replace", **environment)
    assert again.returncode == 0, again.stderr
    with Followers(books, environment, CONSUMERS):
        have_read(books, CONSUMERS)
    assert made(books) == before
    assert on_log() == told
    with books.connection() as database:
        mails = one(database, "SELECT count(*) FROM alerts_notice")
    note("F2", f"{sum(map(len, told.values()))} events published anew on {django_settings.EVENT_LOG}, {mails} notices told once")
