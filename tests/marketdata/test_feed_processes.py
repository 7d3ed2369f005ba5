"""The feed and the marketdata consumer as processes that are killed, frozen and started again, on a real log and database."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.eventlog.codec import decode
from apps.instruments.selectors import get_instrument
from apps.marketdata.book import Book
from apps.marketdata.models import Bar, FeedState, LatestPrice
from apps.realtime.newest import Newest
from tests.eventlog.harness import process_environment, read_log
from tests.logins import login_of
from tests.marketdata.cast import make_instrument
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("topics", "committed")]

#: For a machine that is busy; each wait ends when what it waits for is there.
WAIT_S = 60
#: What is promised after a death and after a freeze, by the clock of the database.
TAKEN_OVER_S = 5


@contextmanager
def started(tmp_path: Path, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """``manage.py`` with these arguments, killed at the end if it still runs."""
    log = tmp_path / f"{time.monotonic_ns()}.log"
    own = {"ENGINE_URL": f"unix://{tmp_path}/engine.sock", "METRICS_PORT": "0"}
    environment = process_environment() | login_of(arguments) | own
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments], env=environment, stdout=output, stderr=subprocess.STDOUT,
            cwd=settings.BASE_DIR,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait(20)


def feed(tmp_path: Path) -> Any:
    return started(tmp_path, "run_feed", "sim", "--rate", "40", "--seed", "1", "--symbols", "ACME")


def state() -> FeedState | None:
    return FeedState.objects.filter(pk="sim").first()


def epoch() -> int:
    row = state()
    return 0 if row is None else row.epoch


def quotes() -> list[tuple[int, int, int]]:
    """(epoch, sequence, made at) of each quote on the log, in its order."""
    messages = [decode("marketdata.quotes", record.value) for record in read_log("marketdata.quotes")]
    return [(message.epoch, tick.sequence, tick.at_ns) for message in messages for tick in message.ticks]


def has_quotes_above(before: int) -> bool:
    return any(each > before for each, _, _ in quotes())


def holder_pid() -> int:
    row = state()
    assert row is not None
    return int(row.holder.split(":")[1])


@pytest.mark.fault("F15")
def test_a_standby_takes_over_from_a_feed_that_is_killed(tmp_path: Path) -> None:
    make_acme()
    with ExitStack() as processes:
        first = processes.enter_context(feed(tmp_path))
        wait_until(lambda: has_quotes_above(0), WAIT_S, "the first quotes")
        assert holder_pid() == first.pid
        second = processes.enter_context(feed(tmp_path))
        wait_until(standby_is_there, WAIT_S, "the standby")
        before, killed_s = epoch(), time.time()
        first.kill()
        wait_until(lambda: has_quotes_above(before), WAIT_S, "the successor's quotes")
        assert holder_pid() == second.pid
        assert taken_s() - killed_s < TAKEN_OVER_S
    check_no_reader_goes_back()


@pytest.mark.long
def test_a_standby_takes_over_from_a_feed_that_is_frozen_and_that_one_ends_when_it_wakes(tmp_path: Path) -> None:
    make_acme()
    with ExitStack() as processes:
        first = processes.enter_context(feed(tmp_path))
        wait_until(lambda: has_quotes_above(0), WAIT_S, "the first quotes")
        second = processes.enter_context(feed(tmp_path))
        wait_until(standby_is_there, WAIT_S, "the standby")
        before, frozen_s = epoch(), time.time()
        first.send_signal(signal.SIGSTOP)
        wait_until(lambda: has_quotes_above(before), WAIT_S, "the successor's quotes")
        assert taken_s() - frozen_s < TAKEN_OVER_S
        first.send_signal(signal.SIGCONT)
        assert first.wait(WAIT_S) == 1, "it was replaced, says so and ends"
        assert holder_pid() == second.pid
    check_no_reader_goes_back()


def taken_s() -> float:
    return FeedState.objects.get(pk="sim").taken_at.timestamp()


def standby_is_there() -> bool:
    row = state()
    return row is not None and row.standby_at is not None and row.standby_at >= row.taken_at


def make_acme() -> None:
    instrument = make_instrument("ACME")
    LatestPrice.objects.create(
        instrument_id=instrument.id, source="seed", epoch=0, sequence=0, bid="100.00", ask="100.02", bid_quantity=1,
        ask_quantity=1, quoted_at="2026-01-01T00:00:00Z",
    )  # fmt: skip


def check_no_reader_goes_back() -> None:
    """The log as it is, with whatever the woken one may have put there, through the readers that show and store."""
    book, newest, shown = Book(get_instrument("ACME")), Newest(), []
    for record in read_log("marketdata.quotes"):
        message = decode("marketdata.quotes", record.value)
        newest.put_quotes(message)
        for tick in message.ticks:
            book.take_quote(message.source, message.epoch, tick)
        assert book.quote is not None
        shown.append((book.quote.epoch, book.quote.tick.sequence))
    assert shown == sorted(shown)


@pytest.mark.fault("F15")
@pytest.mark.parametrize(
    "kills",
    [pytest.param(2, id="twice"), pytest.param(20, id="twenty times", marks=[pytest.mark.long, pytest.mark.timeout(900)])],
)
def test_prices_and_bars_are_whole_whatever_is_killed(tmp_path: Path, kills: int) -> None:
    """The feed and the consumer are killed in turn, without warning. After each kill prices flow again, under a new epoch; in the
    end every print on the log has been counted once, and the stored price is the newest on the log."""
    make_acme()
    with ExitStack() as processes:
        feeding = processes.enter_context(feed(tmp_path))
        consuming = processes.enter_context(started(tmp_path, "run_consumer", "marketdata"))
        wait_until(lambda: counted() > 0, WAIT_S, "the first bar")
        for number in range(kills):
            if number % 2:
                consuming.kill()
                before = counted()
                consuming = processes.enter_context(started(tmp_path, "run_consumer", "marketdata"))
                wait_until(lambda before=before: counted() > before, WAIT_S, "prints counted again")
            else:
                before = epoch()
                feeding.kill()
                feeding = processes.enter_context(feed(tmp_path))
                wait_until(lambda before=before: has_quotes_above(before), WAIT_S, "quotes of the next feed")
        feeding.send_signal(signal.SIGTERM)
        assert feeding.wait(WAIT_S) == 0
        row = state()
        assert row is not None and row.ended_at is not None
        prints = sum(len(decode("marketdata.trades", record.value).ticks) for record in read_log("marketdata.trades"))
        wait_until(lambda: counted() == prints, WAIT_S, f"{prints} prints counted once each")
        last = quotes()[-1]
        wait_until(
            lambda: LatestPrice.objects.filter(source="sim", epoch=last[0], sequence=last[1]).exists(), WAIT_S, "the newest price"
        )
    check_no_reader_goes_back()


def counted() -> int:
    return sum(Bar.objects.filter(interval="1d").values_list("trades", flat=True))
