"""Everything that happened is told again, three times over, from the beginning: what was made of it does not change."""

from collections.abc import Iterator

import pytest

from tests.faults.figures import note
from tests.faults.lanes import times
from tests.faults.traders import Traders
from tests.faults.world import PATIENCE_S, World
from tests.waiting import wait_until

pytestmark = [pytest.mark.long, pytest.mark.processes, pytest.mark.timeout(1800)]

#: What consumers make of the log, and where each event stands on it.
MADE = (
    *("portfolio_position", "portfolio_positionfill", "portfolio_accountprogress", "orders_eventposition"),
    *("alerts_notice", "alerts_noticehead", "alerts_mail", "alerts_firing", "alerts_orderalert"),
    *("marketdata_bar", "marketdata_latestprice", "marketdata_quoteframe"),
)
CONSUMERS = ("portfolio", "marketdata")
EVENTS = times(100_000, 1_000)


@pytest.fixture
def world() -> Iterator[World]:
    with World("engine", "relay", "feed", "marketdata", "portfolio", "stream", event_log="embedded") as made:
        yield made


def state(world: World) -> dict[str, tuple[int, str]]:
    """Rows and digest of each table."""
    return {
        table: world.ask(f"SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} AS t")[0]
        for table in MADE
    }


def events_of(world: World) -> int:
    """What was told to customers' accounts so far."""
    return int(world.ask("SELECT count(*) FROM orders_accountevent")[0][0])


def wait_until_read(world: World) -> None:
    """Each of its topics to the end, by each consumer."""
    unread = """
    SELECT c.consumer, c.topic, c.partition FROM eventlog_consumerposition c
    JOIN eventlog_logpartition p ON p.topic = %s || replace(c.topic, '@embedded', '') AND p.number = c.partition
    WHERE c.next_offset < p.next_offset"""
    wait_until(lambda: not world.ask(unread, world.cluster.env.get("KAFKA_TOPIC_PREFIX", "")), 10 * PATIENCE_S, "all is read")


def publish_again(world: World) -> None:
    """As a relay whose mark was lost: the outbox is kept for an hour."""
    world.stop("relay")
    newest = world.ask("SELECT last_sequence FROM eventlog_relaycursor WHERE lane = 'engine'")[0][0]
    world.ask("UPDATE eventlog_relaycursor SET last_sequence = 0 RETURNING 1")
    world.start("relay")
    wait_until(
        lambda: world.ask("SELECT last_sequence FROM eventlog_relaycursor WHERE lane = 'engine'")[0][0] >= newest,
        10 * PATIENCE_S,
        "all is published again",
    )


def read_from_the_beginning(world: World) -> None:
    for name in CONSUMERS:
        world.stop(name)
    world.ask("UPDATE eventlog_consumerposition SET next_offset = 0 RETURNING 1")
    for name in CONSUMERS:
        world.start(name)


@pytest.mark.fault("F28")
def test_three_times_everything_from_the_beginning_changes_nothing(world: World) -> None:
    with Traders(world, times(150, 40)) as traders:
        wait_until(lambda: events_of(world) >= EVENTS, 15 * PATIENCE_S, f"{EVENTS} events")
        world.quiesce(traders)
    world.stop("feed")
    wait_until_read(world)
    before = state(world)
    assert before["portfolio_positionfill"][0] > 10 and before["marketdata_bar"][0] > 10
    publish_again(world)
    publish_again(world)
    wait_until_read(world)
    assert state(world) == before, "what came three times was counted once"
    read_from_the_beginning(world)
    wait_until_read(world)
    assert state(world) == before, "and once when it was read again from the beginning"
    world.check()
    events = events_of(world)
    records = world.ask("SELECT sum(next_offset) FROM eventlog_logpartition")[0][0]
    note("F28", f"{events} events three times and {records} records of the log from the beginning: {len(MADE)} tables unchanged")
