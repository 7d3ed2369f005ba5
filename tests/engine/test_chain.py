"""Every commit carries a hash over its fills and transfers and the commit before; the database takes no other."""

from typing import Any

import psycopg
import pytest
from django.db import transaction

from apps.engine.chain import GENESIS, Chain
from apps.engine.models import ChainStart, Journal
from apps.engine.recovery import recover
from apps.engine.replay import Replay
from apps.engine.settlement import BROKEN_CHAIN, SettlementError
from apps.orders.models import Order
from tests.engine.day import plant
from tests.engine.world import World

#: A commit as the version before writes it: nothing in it but the batch itself.
FORMER = """SELECT engine_settle(0, {epoch}, now(), {now_ns}, {first}, {last}, '\\x9490909000', NULL, {nothing})""".replace(
    "{nothing}", ", ".join(["NULL"] * 71)
)


@pytest.fixture
def traded(world: World) -> World:
    world.submit(world.alice, "SELL", "2", "100.00")
    world.submit(world.bob, "BUY", "0.5", "100.50")
    return world


def head() -> bytes:
    newest = Journal.objects.order_by("-last_sequence").values_list("hash", flat=True)[0]
    assert newest is not None
    return bytes(newest)


def refused(world: World, session: Any) -> str:
    """The SQLSTATE with which the database refuses an order of ``session``; nothing of it is there."""
    before = (Order.objects.count(), Journal.objects.count())
    with pytest.raises(SettlementError) as caught, transaction.atomic():
        session.process([world.order(world.bob, "BUY", "1", "90.00")], world.clock.now_ns())
    assert (Order.objects.count(), Journal.objects.count()) == before
    return caught.value.sqlstate


def settle_as_before(world: World, count: int = 1) -> None:
    """Commits of an engine of the version before."""
    for _ in range(count):
        newest = Journal.objects.order_by("-last_sequence")[0]
        first, last = newest.last_sequence, newest.last_sequence + 1
        world.raw.execute(FORMER.format(epoch=world.epoch, now_ns=newest.now_ns + 1000, first=first, last=last))


def test_each_commit_has_a_hash_of_its_own_and_a_replay_makes_the_same(traded: World) -> None:
    traded.cancel(traded.alice, Order.objects.get(account=traded.alice).pk)
    hashes = [bytes(each) for each in Journal.objects.order_by("last_sequence").values_list("hash", flat=True)]
    assert len(set(hashes)) == len(hashes) > 5 and all(len(each) == 32 for each in hashes)
    assert ChainStart.objects.values_list("after_sequence", flat=True).get() == 0
    assert traded.replay() == []


def test_a_replay_tells_a_hash_that_is_not_the_decisions(traded: World) -> None:
    plant(
        "UPDATE engine_journal SET hash = sha256(hash) WHERE last_sequence = {newest}", {"newest": traded.session.venue.sequence}
    )
    [difference] = Replay(traded.raw).run()
    assert difference.what == f"hash of the batch to {traded.session.venue.sequence}"


def test_the_next_engine_goes_on_with_the_chain(traded: World) -> None:
    last = head()
    assert traded.restart()._settlement._chain.head == last  # type: ignore[attr-defined]
    traded.quote("99.00", "101.00")
    traded.submit(traded.bob, "BUY", "1", "90.00")
    assert head() != last and traded.session._settlement._chain.head == head()
    assert ChainStart.objects.count() == 1
    assert traded.violations() == [] and traded.replay() == []


def test_of_two_that_continue_one_commit_the_second_is_refused(traded: World) -> None:
    """Both with the lease, which the epoch cannot tell apart."""
    twin = recover(traded.raw, traded.epoch).session
    traded.submit(traded.bob, "BUY", "1", "90.00")
    assert refused(traded, twin) == BROKEN_CHAIN
    traded.submit(traded.bob, "BUY", "1", "91.00")
    assert traded.violations() == []


@pytest.mark.parametrize("trades", [False, True], ids=["one order", "a batch"])
def test_a_commit_that_does_not_continue_the_newest_is_refused(traded: World, trades: bool) -> None:
    right = traded.session._settlement._chain.head
    traded.session._settlement._chain.head = bytes(32)
    order = traded.order(traded.bob, "BUY", "0.5", "100.50" if trades else "90.00")
    with pytest.raises(SettlementError) as caught, transaction.atomic():
        traded.session.process([order], traded.clock.now_ns())
    assert caught.value.sqlstate == BROKEN_CHAIN and head() == right


def test_a_commit_without_a_hash_is_refused(traded: World, monkeypatch: pytest.MonkeyPatch) -> None:
    right = Chain.link
    monkeypatch.setattr(Chain, "link", lambda *batch: (right(*batch)[0], b""))
    assert refused(traded, traded.session) == BROKEN_CHAIN


def test_what_moves_money_is_journaled(traded: World) -> None:
    """The transfers of a commit that the chain would pass over."""
    rest = ["NULL"] * 71
    rest[46] = "'{900}'"  # a transfer's id
    call = f"SELECT engine_settle_chained(0, {traded.epoch}, now(), 1, 9, 9, NULL, NULL, NULL, NULL, {', '.join(rest)})"
    with pytest.raises(psycopg.Error) as caught:
        traded.raw.execute(call)
    assert caught.value.sqlstate == BROKEN_CHAIN and "not journaled" in str(caught.value)


def test_books_of_the_version_before_have_no_chain_until_an_engine_of_this_one_begins_it(world: World) -> None:
    """And one of before that is brought back interrupts it, which is written down when this one goes on."""
    settle_as_before(world, 3)
    last = Journal.objects.order_by("-last_sequence")[0].last_sequence
    before = bytes(Journal.objects.exclude(hash=None).order_by("-last_sequence")[0].hash)
    assert refused(world, world.session) == BROKEN_CHAIN, "the chain is not begun again by who does not know of it"
    world.restart()
    start = ChainStart.objects.get(after_sequence=last)
    assert bytes(start.hash_before) == before and start.epoch == world.epoch
    world.restart()
    assert ChainStart.objects.count() == 2, "an engine that wrote nothing has begun nothing"
    world.submit(world.bob, "BUY", "1", "90.00")
    assert world.violations() == []


def test_an_engine_whose_epoch_is_over_begins_no_chain(world: World) -> None:
    settle_as_before(world)
    world.raw.execute("UPDATE engine_lease SET epoch = epoch + 1")
    recover(world.raw, world.epoch)
    assert ChainStart.objects.values_list("after_sequence", flat=True).get() == 0


def test_the_chain_of_new_books_begins_with_zeros(world: World) -> None:
    start = ChainStart.objects.get()
    assert (start.after_sequence, bytes(start.hash_before)) == (0, GENESIS)
