"""The alerts' consumer on a real log and a real database: what happens while it is away, told once, whatever is read again."""

import time
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.utils import timezone

from apps.accounts.models import Account
from apps.alerts import services
from apps.alerts.handlers import AlertsHandler
from apps.alerts.kinds import Basis, Direction
from apps.alerts.models import Firing, Notice, PriceAlert
from apps.alerts.wishes import PriceWish
from apps.core.enums import Side
from apps.eventlog import positions
from apps.eventlog.codec import decode, encode
from apps.eventlog.schemas.marketdata import TradeTick, TradeTicks
from apps.eventlog.topics import partition_of
from apps.instruments.models import Instrument
from tests.alerts.cast import SYMBOL
from tests.builders import Venue
from tests.eventlog.harness import patient_producer, read_log, running
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("topics", "committed")


@pytest.fixture
def account(committed: None) -> Account:
    return Venue().customer("alice@example.com")


@pytest.fixture
def instrument(committed: None) -> Instrument:
    return Venue().instrument(SYMBOL)


class Tape:
    """Prints on the log as a feed makes them."""

    def __init__(self) -> None:
        self.epoch, self.sequence = time.time_ns(), 0
        self.producer = patient_producer()

    def print(self, price: str) -> None:
        self.sequence += 1
        tick = TradeTick(SYMBOL, self.sequence, time.time_ns(), price, "1", Side.BUY)
        message = TradeTicks("sim", self.epoch, [tick])
        self.producer.send("marketdata.trades", SYMBOL, encode(message), partition_of(SYMBOL, "marketdata.trades"))
        self.producer.flush(10)


@pytest.fixture
def tape() -> Iterator[Tape]:
    tape = Tape()
    yield tape
    tape.producer.close()


def want(account: Account, instrument: Instrument, price: str) -> int:
    wish = PriceWish(instrument.pk, Basis.LAST, Direction.ABOVE, Decimal(price))
    return services.make_price_alert(account_id=account.pk, wish=wish)[0]


def fired() -> list[int]:
    return sorted(Firing.objects.values_list("alert_id", flat=True))


def read_up_to(tape: Tape) -> bool:
    """Whether the consumer has read all prints."""
    where = ("marketdata.trades", partition_of(SYMBOL, "marketdata.trades"))
    return positions.stored("alerts", [where]).get(where) == tape.sequence


def test_a_new_alert_is_watched_at_once_and_its_bell_rings(account: Account, instrument: Instrument, tape: Tape) -> None:
    with running(AlertsHandler()) as worker:
        tape.print("90")
        wait_until(lambda: read_up_to(tape), 60, "the first print")
        wanted = want(account, instrument, "100")  # by another process
        tape.print("100.5")  # before the consumer can know of it
        tape.print("90")
        wait_until(fired, 60, "the alert")
        wait_until(lambda: read_log("accounts.notices"), 60, "the bell")
        assert worker.error is None
    assert fired() == [wanted]
    assert Firing.objects.get().value == Decimal("100.5")
    bell = decode("accounts.notices", read_log("accounts.notices")[0].value)
    assert (bell.account_id, bell.sequence) == (account.pk, 1)


def test_what_was_crossed_while_it_was_away_fires_once_and_never_again(
    account: Account, instrument: Instrument, tape: Tape
) -> None:
    with running(AlertsHandler()):
        tape.print("90")
        wait_until(lambda: read_up_to(tape), 60, "the first print")
    before = want(account, instrument, "100")
    tape.print("101")
    crossed_at = timezone.now()
    tape.print("90")
    after = want(account, instrument, "100.5")  # the price was there before it was asked for
    with running(AlertsHandler()):
        wait_until(lambda: read_up_to(tape), 60, "all prints")
        wait_until(fired, 60, "the alert")
    assert fired() == [before]
    assert Firing.objects.get().at <= crossed_at
    positions.rewrite("alerts", ("marketdata.trades", partition_of(SYMBOL, "marketdata.trades")), 0)
    with running(AlertsHandler()):
        wait_until(lambda: read_up_to(tape), 60, "a replay of everything")
    assert (fired(), Notice.objects.count()) == ([before], 1)
    assert PriceAlert.objects.get(pk=after).state == "ACTIVE"


def test_two_members_fire_an_alert_once(account: Account, instrument: Instrument, tape: Tape) -> None:
    wanted = [want(account, instrument, str(price)) for price in range(100, 120)]
    with running(AlertsHandler(), member="1"), running(AlertsHandler(), member="2"):
        for price in range(95, 121):
            tape.print(str(price))
        wait_until(lambda: len(fired()) == len(wanted), 60, "all alerts")
        wait_until(lambda: read_up_to(tape), 60, "all prints")
    assert fired() == wanted
    assert sorted(Notice.objects.values_list("sequence", flat=True)) == list(range(1, 21))
