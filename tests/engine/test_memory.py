"""What is in memory and not in Postgres is bounded, and what is forgotten is found again."""

import msgspec
import pytest

from apps.engine import known_ids
from apps.engine.known_ids import KnownIds
from apps.engine.quotes import LATE_NS_MAX, QuoteInbox
from apps.engine.repeats import Recent
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks
from apps.orders.models import Order
from tests.engine.world import SYMBOL, World


def test_the_newest_answers_are_kept_and_no_more() -> None:
    recent = Recent(size_max=100)
    for number in range(1000):
        recent.put((1, f"o{number}"), number, b"")
    kept = recent.find({(1, f"o{number}") for number in range(1000)})
    assert set(kept) == {(1, f"o{number}") for number in range(900, 1000)}


def test_an_account_keeps_its_newest_ids_and_does_not_say_that_others_are_new() -> None:
    ids = KnownIds()
    ids.load(1, [], complete=True)
    assert not ids.may_be_used(1, "o0")
    for number in range(2 * known_ids.IDS_KEPT_MAX):
        ids.add(1, f"o{number}")
    assert len(ids) == known_ids.IDS_KEPT_MAX
    assert ids.may_be_used(1, "o0") and ids.may_be_used(1, "never"), "forgotten and unknown are both asked of the database"


def test_all_accounts_together_keep_no_more_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_ids, "IDS_TOTAL_MAX", 100)
    ids = KnownIds()
    for account_id in range(50):
        ids.load(account_id, [f"a{account_id}-{number}" for number in range(7)], complete=True)
        for number in range(3):
            ids.add(account_id, f"b{account_id}-{number}")
        assert len(ids) <= 100
    assert ids.may_be_used(0, "a0-0") and ids.may_be_used(0, "never"), "the first ones are left to the database"
    assert ids.may_be_used(49, "b49-0") and not ids.may_be_used(49, "never")
    ids.load(49, ["again"], complete=True)
    assert not ids.may_be_used(49, "b49-0")


def test_an_order_whose_id_was_forgotten_for_others_is_still_done_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_ids, "IDS_TOTAL_MAX", 3)
    world.session._recent_orders = Recent(size_max=1)
    orders = [world.order(who, "BUY", "1", f"9{i}.00") for i in range(3) for who in (world.alice, world.bob)]
    answers = [world.do(order) for order in orders]
    assert len(world.session._ids) <= 3
    assert [world.do(order) for order in orders] == answers
    assert Order.objects.count() == len(orders)


def test_a_flood_of_quotes_waits_as_one_of_each_symbol_that_is_traded(world: World) -> None:
    inbox = QuoteInbox(world.session.venue)
    now_ns = world.clock.now_ns()
    for sequence in range(1, 501):
        ticks = [
            QuoteTick(symbol, sequence, now_ns, "99.00", "101.00", "1", "1") for symbol in (SYMBOL, f"S{sequence}-USD", "NOPE")
        ]
        ticks.append(QuoteTick(SYMBOL, sequence, now_ns - LATE_NS_MAX - 1, "99.00", "101.00", "1", "1"))
        inbox.add(msgspec.json.encode(QuoteTicks(source="test", epoch=1, ticks=ticks)), now_ns)
    assert len(inbox) == 1


def test_what_ended_is_not_in_memory_when_its_batch_is_written(world: World) -> None:
    before = len(world.session.venue.orders)
    for number in range(30):
        answer = world.submit(world.bob, "BUY", "0.1", f"9{number % 9}.00")
        world.cancel(world.bob, answer.order_id)
    assert len(world.session.venue.orders) == before
    assert not world.session._records and not world.session.venue.changes.events
