"""More orders reached by one quote than a batch sets off: the instrument gets its next quote when they are done."""

import pytest

from apps.engine.matching import triggers
from apps.engine.quotes import QuoteInbox
from apps.engine.session import Session
from apps.eventlog.codec import encode
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks
from tests.engine.test_order_types import order
from tests.engine.world import SYMBOL, World

pytestmark = pytest.mark.django_db


def tick(world: World, inbox: QuoteInbox, sequence: int, bid: str, ask: str) -> None:
    now_ns = world.clock.now_ns()
    each = QuoteTick(SYMBOL, sequence, now_ns, bid, ask, "1000", "1000")
    inbox.add(encode(QuoteTicks("feed", 1, [each])), now_ns)


def batch(session: Session, inbox: QuoteInbox, world: World) -> None:
    world.clock.advance_ns(1_000_001)
    now_ns = world.clock.now_ns()
    crossed, pauses = inbox.apply(session, now_ns)
    session.process_raw(pauses, now_ns, crossed)


def test_the_next_quote_waits_for_those_that_this_one_reached(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triggers, "TRIGGERS_MAX", 2)
    stops = [world.do(order(world, kind="STOP", trigger_price="95")).order_id for _ in range(5)]
    world.clock.advance_ns(4_000_000_000)  # the other feed has been silent for long enough
    session, inbox = world.session, QuoteInbox(world.session.venue)
    tick(world, inbox, 1, "94.00", "95.00")
    batch(session, inbox, world)
    watch = session.venue.watches[1]
    assert list(watch.orders) == stops[2:] and len(inbox) == 1, "it asks for a batch though nothing came"
    tick(world, inbox, 2, "99.00", "101.00")
    batch(session, inbox, world)
    assert list(watch.orders) == stops[4:]
    batch(session, inbox, world)
    assert not watch.orders, "the last was set off by the quote that reached it"
    assert session.venue.houses[1].quote is not None and session.venue.houses[1].quote.sequence == 1
    batch(session, inbox, world)
    assert session.venue.houses[1].quote.sequence == 2 and len(inbox) == 0
    assert world.violations() == []
    assert world.replay() == []
