"""What the receipt of an order says: the moments in the order of their times, and a fair word for each that is missing."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from apps.core.enums import Side
from apps.orders.receipts import receipt_of, span
from apps.receipts.line import ReceiptLine
from apps.receipts.models import Door
from apps.receipts.selectors import StoredReceipt
from tests.builders import Venue
from tests.pages import client_of
from tests.receipts.test_line import claimed, pushed, received

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
MS = timedelta(milliseconds=1)
HERE = Path(__file__).parent


def stored(
    door: Door | None = Door.PAGE,
    *,
    clicked: timedelta | None = 0 * MS,
    received: timedelta | None = 12 * MS,
    pushed: timedelta | None = 30 * MS,
    painted: timedelta | None = 41 * MS,
) -> StoredReceipt:
    at = [None if offset is None else AT + offset for offset in (clicked, received, pushed, painted)]
    return StoredReceipt(door, *at)


def test_the_page_s_clock_rules_hold_in_node() -> None:
    node = shutil.which("node")
    assert node, "node is needed to test the page's scripts"
    run = subprocess.run([node, "--test", str(HERE / "receipts.test.cjs")], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stdout[-4000:]
    assert "# pass 4" in run.stdout


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (timedelta(microseconds=-40), "0.0 ms"),
        (timedelta(0), "0.0 ms"),
        (timedelta(microseconds=350), "0.4 ms"),
        (timedelta(microseconds=9_949), "9.9 ms"),
        (timedelta(microseconds=10_400), "10 ms"),
        (timedelta(microseconds=999_499), "999 ms"),
        (timedelta(seconds=1, milliseconds=284), "1.28 s"),
        (timedelta(seconds=59, milliseconds=999), "60.00 s"),
    ],
)
def test_a_time_is_told_as_a_person_reads_it(time: timedelta, text: str) -> None:
    assert span(time) == text


def test_a_whole_receipt_has_five_moments_in_one_line() -> None:
    receipt = receipt_of(AT + 15 * MS, stored())
    assert [(moment.name, moment.since_before, moment.since_first) for moment in receipt.moments] == [
        ("clicked", "", ""),
        ("received", "12 ms", "12 ms"),
        ("committed", "3.0 ms", "15 ms"),
        ("pushed", "15 ms", "30 ms"),
        ("painted", "11 ms", "41 ms"),
    ]
    assert [moment.name for moment in receipt.moments if moment.claimed] == ["clicked", "painted"]
    assert receipt.summary == (
        "From the click to the exchange 12 ms, decided and committed within 3.0 ms, on the screen 41 ms after the click."
    )
    assert receipt.missing == ()


def test_the_answer_may_be_on_the_screen_before_the_push_and_the_moments_still_rise() -> None:
    receipt = receipt_of(AT + 15 * MS, stored(painted=25 * MS))
    assert [moment.name for moment in receipt.moments][-2:] == ["painted", "pushed"]
    assert [moment.since_before for moment in receipt.moments][-2:] == ["10 ms", "5.0 ms"]


@pytest.mark.parametrize(
    ("kept", "names", "words"),
    [
        (None, ["committed"], ["was not kept"]),
        (stored(None, clicked=None, received=None, painted=None), ["committed", "pushed"], ["was not kept"]),
        (stored(clicked=None, painted=None), ["received", "committed", "pushed"], ["runs no scripts"]),
        (stored(painted=None), ["clicked", "received", "committed", "pushed"], ["closed or hidden"]),
        (stored(clicked=None), ["received", "committed", "pushed", "painted"], ["plausible time of the click"]),
        (stored(pushed=None), ["clicked", "received", "committed", "painted"], ["No page of the account was connected"]),
        (stored(Door.PROGRAM, clicked=None, painted=None), ["received", "committed", "pushed"], ["A program sent the order"]),
        (
            stored(Door.PROGRAM, clicked=None, painted=None, pushed=None),
            ["received", "committed"],
            ["A program sent the order", "No page of the account was connected"],
        ),
    ],
)
def test_what_is_missing_is_said(kept: StoredReceipt | None, names: list[str], words: list[str]) -> None:
    receipt = receipt_of(AT + 15 * MS, kept)
    assert [moment.name for moment in receipt.moments] == names
    assert len(receipt.missing) == len(words)
    assert all(word in sentence for word, sentence in zip(words, receipt.missing, strict=True))
    assert bool(receipt.summary) == (kept is not None)


# --- On the page --------------------------------------------------------------------------------------------------------------


def test_the_order_s_page_shows_its_receipt_to_its_owner(venue: Venue) -> None:
    alice = venue.customer("alice@example.com", funded="1000")
    order = venue.order(alice, "AAPL-USD", Side.BUY, "5", "90")
    at, line = order.created_at - 3 * MS, ReceiptLine()
    line.note(received(order.pk, at=at, account_id=alice.pk))
    line.note(pushed(order.pk, at=at + 20 * MS, account_id=alice.pk))
    line.claim(claimed(at - 12 * MS, at + 29 * MS, order_id=order.pk, account_id=alice.pk))
    line.flush()
    response = client_of(alice).get(f"/orders/{order.pk}/")
    page = response.content.decode()
    moments = response.context["story"].receipt.moments
    assert [moment.name for moment in moments] == ["clicked", "received", "committed", "pushed", "painted"]
    assert [moment.at for moment in moments] == sorted(moment.at for moment in moments)
    assert "on the screen 41 ms after the click" in page
    assert page.count("as the browser says") == 2
    later = client_of(alice).get(f"/orders/{order.pk}/?after=1").content.decode()
    assert "How long it took" not in later, "it is on the first page of the timeline"


def test_an_order_that_nobody_noted_says_so(venue: Venue) -> None:
    alice = venue.customer("alice@example.com", funded="1000")
    order = venue.order(alice, "AAPL-USD", Side.BUY, "5", "90")
    page = client_of(alice).get(f"/orders/{order.pk}/").content.decode()
    assert "How long it took" in page and "was not kept" in page
