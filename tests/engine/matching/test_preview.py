"""A preview says what the order would do, and does nothing: held against the order itself, sent the next moment."""

import random

import msgspec
import pytest

from apps.commands.answers import PreviewAnswer
from apps.commands.cautions import SENTENCES, Caution
from apps.commands.types import PreviewOrder, SubmitOrder
from apps.core.enums import OrderType, SelfTradePrevention, Side, TimeInForce
from apps.engine.matching import preview as preview_module
from apps.engine.matching.preview import preview
from tests.engine.matching.kit import ALICE, BOB, CHARLIE, Market, actor


@pytest.fixture
def market() -> Market:
    """Everybody has 100,000 USD and 500 ACME; the house quotes 99.90 to 100.10 for 100 shares, a cent a level."""
    market = Market()
    for account in (ALICE, BOB, CHARLIE):
        market.fund(account, "100000")
        market.fund(account, "500", "ACME")
    market.quote(9_990, 10_010)
    market.take()
    return market


def ask(market: Market, side: str, quantity: object, price: object = None, tif: str = "GTC", **more: object) -> PreviewOrder:
    fields: dict[str, object] = {
        "command_id": "inner",
        "actor": actor(ALICE),
        "account_id": ALICE,
        "symbol": "ACME",
        "side": Side(side),
        "order_type": OrderType.MARKET if price is None else OrderType.LIMIT,
        "quantity": quantity,
        "price": price,
        "time_in_force": TimeInForce(tif),
    }
    order = SubmitOrder(**(fields | more))  # type: ignore[arg-type]
    return PreviewOrder(command_id=market.next_id(), actor=actor(ALICE), order=order)


def look(market: Market, side: str, quantity: object, price: object = None, tif: str = "GTC", **more: object) -> PreviewAnswer:
    before = state_of(market)
    answer = preview(market.venue, ask(market, side, quantity, price, tif, **more), market.now_ns)
    assert state_of(market) == before
    assert isinstance(answer, PreviewAnswer), answer
    return answer


def state_of(market: Market) -> object:
    """Everything that a preview could have touched."""
    venue = market.venue
    ladders = [
        [(rung.ticks, rung.lots) for rung in side or []] for house in venue.houses.values() for side in (house._bids, house._asks)
    ]
    return (
        venue.sequence,
        msgspec.msgpack.encode([venue.changes, venue.orders, venue.accounts, venue.links]),
        [instrument.trade_sequence for instrument in venue.instruments.values()],
        [sorted(book.side(side)._levels) for book in venue.books.values() for side in Side],
        ladders,
    )


def test_market_order_tells_average_and_worst_price_fee_and_what_is_left(market: Market) -> None:
    market.submit(BOB, "SELL", "10", "100.05")
    answer = look(market, "BUY", "20")
    assert (answer.status, answer.filled_quantity, answer.leaves_quantity, answer.reason) == ("FILLED", "20", "0", "")
    assert (answer.average_price, answer.worst_price, answer.notional) == ("100.075", "100.1", "2001.5")
    assert (answer.fee, answer.held, answer.available_after, answer.warnings) == ("4.003", "0", "97994.497", [])


def test_resting_order_tells_what_is_held(market: Market) -> None:
    answer = look(market, "BUY", "10", "99.95")
    assert (answer.status, answer.held, answer.leaves_quantity, answer.available_after) == (
        "ACCEPTED",
        "1001.499",
        "10",
        "98998.501",
    )
    assert (answer.average_price, answer.worst_price, answer.notional, answer.fee) == (None, None, "0", "0")


def test_what_would_be_denied_says_why(market: Market) -> None:
    assert (look(market, "BUY", "2000", "100.00").reason, look(market, "SELL", "501").reason) == (
        "INSUFFICIENT_FUNDS",
        "INSUFFICIENT_POSITION",
    )
    assert look(market, "BUY", "5", "100.10", post_only=True).reason == "POST_ONLY_WOULD_TRADE"
    market.halt()
    assert look(market, "BUY", "1").status == "REJECTED"


def test_what_cannot_be_read_is_refused_and_so_is_a_stranger(market: Market) -> None:
    assert preview(market.venue, ask(market, "BUY", "1.5"), market.now_ns).field == "quantity"
    assert preview(market.venue, ask(market, "BUY", "1", "x"), market.now_ns).field == "price"
    assert preview(market.venue, ask(market, "BUY", "1", symbol="NONE"), market.now_ns).reason == "UNKNOWN_SYMBOL"
    asked = msgspec.structs.replace(ask(market, "BUY", "1"), actor=actor(BOB))  # the inner actor is not asked
    assert preview(market.venue, asked, market.now_ns).reason == "UNKNOWN_ACCOUNT"


CAUTIONS = [
    (Caution.PARTLY_FILLED, {"quantity": "20", "price": "100.05"}),
    (Caution.FAR_FROM_REFERENCE, {"quantity": "2", "price": "102.00", "symbol": "BETA"}),
    (Caution.MOST_OF_FUNDS, {"quantity": "999", "price": "99.00"}),
    (Caution.MEETS_OWN_ORDER, {"quantity": "11", "price": "100.06"}),
]


@pytest.mark.parametrize(("caution", "wanted"), CAUTIONS, ids=[each[0].value for each in CAUTIONS])
def test_caution(market: Market, caution: Caution, wanted: dict[str, str]) -> None:
    market.submit(BOB, "SELL", "10", "100.05")
    market.submit(ALICE, "SELL", "10", "100.06")
    market.quote(9_990, 10_010, symbol="BETA", lots=0)
    market.fund(BOB, "500", "BETA")
    market.submit(BOB, "SELL", "10", "101.90", symbol="BETA")
    market.take()
    warnings = look(market, "BUY", **wanted).warnings
    assert warnings[-1] == caution.value and set(warnings[:-1]) <= {"PARTLY_FILLED"}


def test_caution_of_an_old_price_and_of_a_deep_book(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    market.pass_seconds(4)
    assert look(market, "BUY", "1", "99.00").warnings == ["PRICE_IS_OLD"]
    monkeypatch.setattr(preview_module, "ORDERS_MAX", 2)
    for _ in range(3):
        market.submit(BOB, "SELL", "1", "100.00")
    market.take()
    answer = look(market, "BUY", "3", "100.00")
    assert (answer.filled_quantity, answer.warnings) == ("2", ["PARTLY_FILLED", "PRICE_IS_OLD", "BOOK_IS_DEEPER"])
    assert set(SENTENCES) == set(Caution)


@pytest.mark.parametrize("mode", list(SelfTradePrevention))
@pytest.mark.parametrize("seed", range(6))
def test_preview_is_what_the_order_then_does(mode: SelfTradePrevention, seed: int) -> None:
    """Random books, the house among them: what was told, then the order itself, then nothing differs."""
    chance, market = random.Random(seed), Market()
    for account in (ALICE, BOB, CHARLIE):
        market.fund(account, "100000")
        market.fund(account, "500", "ACME")
        market.venue.accounts[account].self_trade_prevention = mode
    for _ in range(40):
        if chance.random() < 0.3:
            middle = 10_000 + chance.randrange(-8, 9)
            market.quote(middle - 4, middle + 4, lots=chance.randrange(1, 6))
        if not market.venue.houses[1].quote:
            continue
        for account in (BOB, CHARLIE, ALICE):
            price = f"{100 + chance.randrange(-12, 13) / 100:.2f}"
            market.submit(account, chance.choice(["BUY", "SELL"]), str(chance.randrange(1, 9)), price)
        market.take()
        side, quantity = chance.choice(["BUY", "SELL"]), str(chance.randrange(1, 40))
        price = chance.choice([None, f"{100 + chance.randrange(-12, 13) / 100:.2f}"])
        tif, post_only = chance.choice(["GTC", "IOC", "FOK"]), chance.random() < 0.2
        post_only = post_only and price is not None and tif == "GTC"
        told = look(market, side, quantity, price, tif, post_only=post_only)
        done = market.submit(ALICE, side, quantity, price, tif, post_only=post_only)
        names = ("status", "reason", "filled_quantity", "leaves_quantity", "average_price", "fee", "held")
        assert [getattr(told, name) for name in names] == [getattr(done, name) for name in names]
        total, held = market.money(ALICE, "USD" if side == "BUY" else "ACME")
        assert told.available_after == preview_module.text(total - held)
        market.take()
