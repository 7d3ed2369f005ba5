"""Closing all positions: what the page says first, what is sent, that it is sent once, and what became of each."""

import html
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from apps.commands.answers import ConflictAnswer
from apps.commands.client import EngineUnavailableError
from apps.commands.types import ClosePosition
from apps.core.enums import Side, TradingState
from apps.instruments.models import Instrument
from apps.marketdata.models import LatestPrice
from apps.orders.models import Order
from apps.portfolio import services_closing
from apps.portfolio.closing import taker_fee
from apps.portfolio.selectors_closing import list_closings
from tests.builders import Venue
from tests.engine.world import SYMBOL, World, configure
from tests.inprocess import InProcessEngine
from tests.pages import PARTIAL, client_of, counted_queries
from tests.web.frozen import Frozen

pytestmark = pytest.mark.django_db
PAGE = "/portfolio/close-all/"
OTHERS = ("ETH-USD", "SOL-USD")


@pytest.fixture
def world(db: None) -> World:
    """Alice holds 100 BTC, 5 ETH and 7 SOL, and there is a price of each."""
    made = World()
    for symbol, quantity in zip(OTHERS, ("5", "7"), strict=True):
        made.do(configure(symbol))
        made.deposit(made.alice, symbol.split("-")[0], quantity)
    for symbol in (SYMBOL, *OTHERS):
        price(symbol, "99.00", "101.00")
    made.quote("99.00", "101.00", 10_000_000)
    return made


@pytest.fixture
def alice(world: World, engine: InProcessEngine) -> Client:
    return client_of(world.alice)


def price(symbol: str, bid: str, ask: str, sequence: int = 1) -> None:
    numbers = {"bid": Decimal(bid), "ask": Decimal(ask), "bid_quantity": 1, "ask_quantity": 1}
    LatestPrice.objects.update_or_create(
        instrument_id=Instrument.objects.get(symbol=symbol).pk,
        defaults={"source": "sim", "epoch": 1, "sequence": sequence, "quoted_at": timezone.now()} | numbers,
    )


def form_of(page: str) -> dict[str, Any]:
    return {
        "command_id": re.findall(r'name="command_id" value="([^"]+)"', page)[0],
        "symbol": re.findall(r'name="symbol" value="([^"]+)"', page),
        "confirms": re.findall(r'name="confirms" value="([^"]+)"', page),
    }


def closings(engine: InProcessEngine) -> list[str]:
    return [command.symbol for command in engine.sent if isinstance(command, ClosePosition)]


def test_the_page_lists_what_would_be_sent_and_what_it_would_bring(alice: Client, world: World, engine: InProcessEngine) -> None:
    world.submit(world.alice, "SELL", "1", "105")
    page = " ".join(alice.get(PAGE).content.decode().split())
    for shown in ("BTC-USD", "ETH-USD", "SOL-USD", "9,900.00", "9,880.20", ">hold 1.000</a>"):
        assert shown in page, shown
    assert form_of(page)["symbol"] == [SYMBOL, *OTHERS]
    # 112 at 99, less 0.2 %
    assert "11,065.82 USD" in page
    assert engine.sent == []


def test_each_is_sold_and_told(alice: Client, world: World, engine: InProcessEngine) -> None:
    """Of two nobody would buy: that is told, and does not stop the first."""
    form = form_of(alice.get(PAGE).content.decode())
    response = alice.post(PAGE, form)
    assert response.status_code == 302 and closings(engine) == [SYMBOL, *OTHERS]
    page = " ".join(alice.get(response.headers["Location"]).content.decode().split())
    assert "1 of 3 closed" in page and "9,880.20" in page and ">not sold<" in page
    assert "Try again with what is left" in page and "to go" not in page
    sold = Order.objects.get(status="FILLED")
    assert (sold.side, sold.order_type, sold.quantity, sold.status) == ("SELL", "MARKET", 100, "FILLED")
    assert f'href="/orders/{sold.pk}/"' in page


def test_what_nobody_takes_stays_and_is_told(alice: Client, world: World, engine: InProcessEngine) -> None:
    world.quote("99.00", "101.00", 1000)
    page = " ".join(alice.post(PAGE, form_of(alice.get(PAGE).content.decode()), follow=True).content.decode().split())
    order = Order.objects.get(status="CANCELED")
    assert 0 < order.filled_quantity < 100
    assert "sold a part" in page and f"{100 - order.filled_quantity:.3f} stayed." in page and "0 of 3 closed" in page


def test_sent_again_it_sells_once(alice: Client, engine: InProcessEngine) -> None:
    form = form_of(alice.get(PAGE).content.decode())
    first = alice.post(PAGE, form)
    again = alice.post(PAGE, form)
    assert len(closings(engine)) == 3 and Order.objects.filter(status="FILLED").count() == 1
    shown = [alice.get(each.headers["Location"]).context["done"] for each in (first, again)]
    assert shown == [1, 1]


def test_only_what_was_confirmed_is_sent(alice: Client, engine: InProcessEngine) -> None:
    form = form_of(alice.get(PAGE).content.decode())
    alice.post(PAGE, form | {"symbol": ["ETH-USD", "NOPE-USD"]})
    assert closings(engine) == ["ETH-USD"]


@pytest.mark.parametrize("form", [{}, {"command_id": "x"}, {"symbol": SYMBOL}, {"command_id": "y" * 37, "symbol": SYMBOL}])
def test_a_form_that_is_not_complete_sends_nothing(alice: Client, engine: InProcessEngine, form: dict[str, str]) -> None:
    response = alice.post(PAGE, form, follow=True)
    assert "This form was not complete" in response.content.decode() and closings(engine) == []


def test_a_few_at_a_time_and_it_goes_on_while_it_gets_further(
    alice: Client, engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services_closing, "AT_ONCE", 2)
    form = form_of(alice.get(PAGE).content.decode())
    part = alice.get(alice.post(PAGE, form).headers["Location"]).content.decode()
    assert "1 to go" in part and "load delay" in part
    assert form_of(part) == form | {"confirms": form["confirms"][2:]}
    assert len(closings(engine)) == 2
    address = alice.post(PAGE, form, headers=PARTIAL).headers["Location"]
    rest = alice.get(address, headers=PARTIAL).content.decode()
    assert "to go" not in rest and "<html" not in rest and len(closings(engine)) == 3


def test_a_lost_answer_is_said_and_the_rest_waits_for_a_click(
    alice: Client, engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, lost = engine.send, []

    def send(command: Any, **options: Any) -> Any:
        answer = real(command, **options)
        if isinstance(command, ClosePosition) and not lost:
            lost.append(command.symbol)
            raise EngineUnavailableError("the answer was lost", 0.1)
        return answer

    monkeypatch.setattr(engine, "send", send)
    form = form_of(alice.get(PAGE).content.decode())
    page = alice.post(PAGE, form, follow=True).content.decode()
    assert "1 of 3 closed" in page and "not known yet" not in page, "it had been done, and its answer was stored"
    alice.post(PAGE, form)
    assert closings(engine) == [SYMBOL, *OTHERS] and Order.objects.filter(status="FILLED").count() == 1


def test_an_engine_that_is_away_sends_nobody_round_and_round(
    alice: Client, engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = form_of(alice.get(PAGE).content.decode())

    def away(command: Any, **options: Any) -> Any:
        raise EngineUnavailableError("away", 0.1)

    monkeypatch.setattr(engine, "send", away)
    page = alice.post(PAGE, form, follow=True).content.decode()
    assert "3 to go" in page and "no answer yet" in page and 'hx-trigger="submit, load' not in page


def answered(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_what_got_no_answer_is_looked_for_and_then_known_for_certain(
    alice: Client, engine: InProcessEngine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, frozen = form_of(alice.get(PAGE).content.decode()), Frozen(engine, monkeypatch)
    frozen.is_frozen = True
    address = alice.post(PAGE, form).headers["Location"]
    page = alice.get(address, headers=PARTIAL)
    assert re.search(r"BTC-USD is not known yet: checking until <time [^>]*>\d\d:\d\d:\d\d</time>", answered(page))
    assert f'hx-get="{html.escape(address)}"' in page.content.decode()
    settle = address.replace("/?", "/settle/?")
    alice.post(settle)
    assert len(frozen.kept) == 1, "until then it is only looked for"
    late, settle = (re.sub(r"asked=\d+", "asked=1000", each) for each in (address, settle))
    assert "Trading does not answer" in answered(alice.post(settle, follow=True))
    lost = frozen.kept[0]
    frozen.lose()
    known = answered(alice.post(settle, follow=True))
    assert "Not received: nothing was done." in known and "2 to go" in known and "checking until" not in known
    assert isinstance(engine.send(lost), ConflictAnswer) and not Order.objects.exists()
    assert "checking until" not in answered(alice.get(late)) and world.violations() == []


def test_what_was_done_meanwhile_is_found_by_looking(
    alice: Client, engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, frozen = form_of(alice.get(PAGE).content.decode()), Frozen(engine, monkeypatch)
    frozen.is_frozen = True
    address = alice.post(PAGE, form).headers["Location"]
    frozen.wake()
    assert "1 of 3 closed" in answered(alice.get(address)) and "checking until" not in answered(alice.get(address))


# What you saw is what you trade


def test_prices_that_moved_are_shown_again_before_anything_is_sent(alice: Client, engine: InProcessEngine) -> None:
    form = form_of(alice.get(PAGE).content.decode())
    price("ETH-USD", "97.00", "99.00", sequence=2)
    asked = alice.post(PAGE, form)
    page = answered(asked)
    assert asked.status_code == 422 and "Prices have moved, or were too old. Nothing more was sent." in page
    assert "You saw 99.00: -202.0 bps." in page.replace("\u2212", "-") and page.count(">moved<") == 1
    assert closings(engine) == []
    again = form_of(asked.content.decode())
    assert again["command_id"] == form["command_id"] and again["symbol"] == form["symbol"]
    alice.post(PAGE, again)
    assert closings(engine) == [SYMBOL, *OTHERS]


def test_a_page_that_is_old_or_tells_of_no_price_is_asked_again(alice: Client, engine: InProcessEngine) -> None:
    form = form_of(alice.get(PAGE).content.decode())
    for confirms in ([], [each.replace("BTC", "DOGE") for each in form["confirms"]], aged(form["confirms"], 31)):
        assert alice.post(PAGE, form | {"confirms": confirms}).status_code == 422
    assert closings(engine) == []
    assert alice.post(PAGE, form | {"confirms": aged(form["confirms"], 29)}).status_code == 302


def aged(confirms: list[str], seconds: int) -> list[str]:
    parts = [each.split(":") for each in confirms]
    return [":".join([*each[:3], str(int(each[3]) - 1000 * seconds), *each[4:]]) for each in parts]


def test_what_has_no_young_price_is_not_among_what_is_sent(alice: Client, engine: InProcessEngine) -> None:
    old = timezone.now() - timedelta(seconds=10)
    LatestPrice.objects.filter(instrument_id=Instrument.objects.get(symbol="ETH-USD").pk).update(quoted_at=old)
    page = alice.get(PAGE).content.decode()
    assert form_of(page)["symbol"] == [SYMBOL, "SOL-USD"] and "There is no young price to sell at" in page


def test_the_next_of_many_are_asked_about_before_they_are_sent(
    alice: Client, engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services_closing, "AT_ONCE", 2)
    part = alice.post(PAGE, form_of(alice.get(PAGE).content.decode()), follow=True)
    price("SOL-USD", "97.00", "99.00", sequence=2)
    asked = alice.post(PAGE, form_of(part.content.decode()), headers=PARTIAL)
    assert asked.status_code == 422 and "<html" not in asked.content.decode() and len(closings(engine)) == 2
    again = form_of(asked.content.decode())
    assert set(again["symbol"]) == {SYMBOL, *OTHERS} and len(again["confirms"]) == 1
    assert "of 3 closed" in answered(alice.post(PAGE, again, follow=True)) and len(closings(engine)) == 3


def test_what_surely_cannot_be_sold_is_listed_and_not_sent(alice: Client, world: World, engine: InProcessEngine) -> None:
    Instrument.objects.filter(symbol="ETH-USD").update(trading_state=TradingState.HALTED)
    Instrument.objects.filter(symbol=SYMBOL).update(max_notional=5000)
    LatestPrice.objects.filter(instrument_id=Instrument.objects.get(symbol="SOL-USD").pk).delete()
    page = " ".join(alice.get(PAGE).content.decode().split())
    assert "One order sells at most 5,000 USD worth: sell it in parts." in page and "There is no price." in page
    assert page.count(">not sent<") == 3 and "Nothing can be sent now." in page
    assert 'name="command_id"' not in page


def test_the_fee_is_rounded_up_as_the_engine_does(alice: Client, world: World) -> None:
    assert taker_fee(Decimal("0.00000001"), 1) == Decimal("0.00000001")
    assert taker_fee(Decimal("9900"), 2000) == Decimal("19.8")
    (first, *_) = list_closings(world.alice.pk, None)
    alice.post(PAGE, form_of(alice.get(PAGE).content.decode()))
    assert first.fee == Order.objects.get(status="FILLED").fee


def test_without_positions_there_is_nothing_to_close(db: None) -> None:
    page = client_of(Venue().customer("new@example.com")).get(PAGE).content.decode()
    assert "There is nothing to close." in page and 'href="/markets/"' in page


def test_the_pages_ask_the_same_however_many_positions_there_are(db: None) -> None:
    venue = Venue()
    account = venue.customer("many@example.com", funded="100000")
    client = client_of(account)
    client.get(PAGE)
    counts = []
    for first, last in ((0, 1), (1, 20)):
        for number in range(first, last):
            venue.bought(account, f"T{number}-USD", "1", "2")
            venue.order(account, f"T{number}-USD", Side.SELL, "1", "3")
        with transaction.atomic(), counted_queries() as confirm:
            client.get(PAGE)
        with counted_queries() as result:
            client.get(f"{PAGE}x/?" + "&".join(f"symbol=T{number}-USD" for number in range(last)))
        counts.append((len(confirm), len(result)))
    assert counts[0] == counts[1] and max(counts[1]) <= 12
