"""The venue and the oracle side by side: every step is done in both, then everything that can be seen is compared.

The laws that need a memory of what was before (statuses only forward, sums over all fills, sequences over batches) are kept here.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from apps.commands.answers import AnyAnswer, CancelAnswer, OrderAnswer, PreviewAnswer, RefusedAnswer
from apps.commands.types import ConfigureInstrument, SubmitOrder
from apps.core.enums import OrderStatus, Side
from apps.engine.matching import clock, triggers
from apps.engine.matching.changes import Changes
from tests.engine.matching.kit import ALICE, BOB, CHARLIE, EXTERNAL, FEES, HOUSE, SECOND, Market, acme
from tests.engine.matching.oracle import Oracle
from tests.engine.matching.recorder import Recorder, do_again, empty, pictures, reloaded

SYMBOLS = ("ACME", "BETA")
CUSTOMERS = (ALICE, BOB, CHARLIE)
ENDED = {"FILLED", "CANCELED", "EXPIRED", "DENIED", "REJECTED"}
AT_ONCE = 3
#: What a preview says of an order in the words of its answer.
SHOWN = ("status", "reason", "filled_quantity", "leaves_quantity", "average_price", "fee", "held")
#: Numbers whose fees do not come out even: 100 units for a lot at one tick, and odd rates.
TERMS: dict[str, object] = {
    "tick_size": "0.0001",
    "lot_size": "0.01",
    "max_quantity": "0.6",
    "max_notional": "0.55",
    "collar_bps": 100,
    "maker_fee_ppm": 1333,
    "taker_fee_ppm": 2777,
    "ladder_step_ticks": 2,
}
MARKET = {
    "value": 100,
    "lot": 10**6,
    "max_lots": 60,
    "max_notional": 55 * 10**6,
    "bps": 100,
    "maker": 1333,
    "taker": 2777,
    "step": 2,
}


def price_text(ticks: int) -> str:
    return f"{ticks // 10_000}.{ticks % 10_000:04d}"


def lots_text(lots: int) -> str:
    return f"{lots // 100}.{lots % 100:02d}"


def units_text(units: int) -> str:
    sign, units = ("-", -units) if units < 0 else ("", units)
    return f"{sign}{units // 10**8}.{units % 10**8:08d}"


def units_of(text: str) -> int:
    whole, _, rest = text.partition(".")
    return int(whole) * 10**8 + int(rest.ljust(8, "0") or 0)


def check_preview(looked: AnyAnswer, answer: AnyAnswer) -> None:
    """What was said that an order would do is what it did."""
    if not isinstance(looked, PreviewAnswer):
        assert looked == answer, "preview: refusal"
        return
    assert isinstance(answer, OrderAnswer), "preview: refusal"
    for name in SHOWN:
        assert getattr(looked, name) == getattr(answer, name), f"preview: {name.replace('_', ' ')}"
    ticks = [units_of(fill.price) for fill in answer.fills]
    worst = max(ticks, default=0) if answer.side is Side.BUY else min(ticks, default=0)
    assert (looked.worst_price and units_of(looked.worst_price)) == (worst or None), "preview: worst price"
    notional = sum(units_of(fill.price) * units_of(fill.quantity) // 10**8 for fill in answer.fills)
    assert units_of(looked.notional) == notional, "preview: notional"


P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def a_few_at_a_time() -> Iterator[None]:
    """What the venue does some hundred a batch it does a few a batch, so that a few orders are enough for many batches."""
    before = clock.ENDINGS_MAX, triggers.TRIGGERS_MAX
    clock.ENDINGS_MAX = triggers.TRIGGERS_MAX = AT_ONCE
    try:
        yield
    finally:
        clock.ENDINGS_MAX, triggers.TRIGGERS_MAX = before


def step(method: Callable[Concatenate["Pair", P], R]) -> Callable[Concatenate["Pair", P], R]:
    """Writes down what is asked of the pair. What goes wrong carries the program that led there, ready to be run again."""

    @wraps(method)
    def done(pair: "Pair", *args: P.args, **kwargs: P.kwargs) -> R:
        asked = ", ".join([*map(repr, args), *(f"{name}={value!r}" for name, value in kwargs.items())])
        pair.program.append(f"pair.{method.__name__}({asked})")
        try:
            with a_few_at_a_time():
                return method(pair, *args, **kwargs)
        except Exception as error:
            own, pair.is_broken = type(pair), True
            begin = ["To see it again:", f"from {own.__module__} import {own.__name__}", f"pair = {own.__name__}()"]
            error.add_note("\n".join([*begin, *pair.program]))
            raise

    return done


class Pair:
    oracle_class = Oracle

    def __init__(self) -> None:
        self.program: list[str] = []
        self.is_broken = False  # what comes after a failure is no failure of its own
        self.market = self.make_market([acme(symbol, **TERMS) for symbol in SYMBOLS])
        self.start = empty()  # what the present engine began with
        self.oracle = self.oracle_class({symbol: dict(MARKET) for symbol in SYMBOLS}, HOUSE, FEES, EXTERNAL)
        self.placed: dict[int, dict[str, Any]] = {}  # the engine's order id -> the oracle's order
        self.trades: list[tuple[object, ...]] = []
        self.statuses: dict[int, OrderStatus] = {}
        self.reasons: dict[int, str] = {}
        self.filled: Counter[int] = Counter()
        self.account_sequences: Counter[int] = Counter()
        self.trade_sequences: Counter[str] = Counter()
        self.last_event = 0
        self.compare()

    def make_market(self, configure: list[ConfigureInstrument]) -> Market:
        return Market(*configure, venue_class=Recorder)

    # Steps

    @step
    def fund(self, account: int, asset: str, units: int) -> None:
        self.market.fund(account, units_text(units), asset)
        self.oracle.fund(account, asset, units)
        self.compare()

    @step
    def withdraw(self, account: int, asset: str, units: int) -> None:
        answer = self.market.withdraw(account, units_text(units), asset)
        assert answer.reason == self.oracle.withdraw(account, asset, units), "answer: withdrawal"
        self.compare()

    @step
    def submit(self, account: int, symbol: str, side: str, lots: int, ticks: int | None, tif: str) -> int:
        return self._submit(account, symbol, side, lots, ticks, tif)

    def _submit(self, account: int, symbol: str, side: str, lots: int, ticks: int | None, tif: str) -> int:
        price = None if ticks is None else price_text(ticks)
        answer = self.place(account, side, lots_text(lots), price, tif, symbol=symbol)
        return self.decided(answer, self.oracle.submit(account, symbol, side, lots, ticks, tif, self.market.now_ns))

    def place(self, account: int, side: str, quantity: str, price: str | None, tif: str, **more: Any) -> OrderAnswer:
        """Look first, then ask for it."""
        answer = self.ask_for(self.market.order_command(account, side, quantity, price, tif, **more))
        assert isinstance(answer, OrderAnswer), f"answer: order: {answer}"
        return answer

    def ask_for(self, command: SubmitOrder) -> AnyAnswer:
        """The answer, which is what a preview said a moment before."""
        sequence = self.market.venue.sequence
        looked = self.market.preview(command)
        assert self.market.venue.sequence == sequence, "preview: changes"
        answer = self.market.apply(command)
        check_preview(looked, answer)
        if isinstance(answer, OrderAnswer) and isinstance(looked, PreviewAnswer):
            total, held = self.market.money(command.account_id, "USD" if command.side is Side.BUY else command.symbol)
            assert units_of(looked.available_after) == total - held, "preview: what is left"
        return answer

    def decided(self, answer: OrderAnswer, expected: dict[str, Any]) -> int:
        self.placed[answer.order_id] = expected
        self.check_answer(answer, expected)
        self.compare()
        return answer.order_id

    def check_answer(self, answer: OrderAnswer, expected: dict[str, Any]) -> None:
        """As the order stood when it had done what it could, before anything followed from that."""
        expected = expected | expected.get("said", {})
        assert (answer.status, answer.reason) == (expected["status"], expected["reason"]), "answer: decision"
        filled = (expected["lots"] - expected["left"]) * MARKET["lot"]
        assert units_of(answer.filled_quantity) == filled, "answer: filled"
        assert sum(units_of(fill.quantity) for fill in answer.fills) == filled, "answer: fills"
        assert sum(units_of(fill.fee) for fill in answer.fills) == units_of(answer.fee), "answer: fees"
        leaves = expected["left"] * MARKET["lot"] if expected["open"] else 0
        assert units_of(answer.leaves_quantity) == leaves, "answer: leaves"

    @step
    def cancel(self, order_id: int) -> None:
        expected = self.placed[order_id]
        answer = self.market.cancel(expected["account"], order_id)
        if expected["open"]:
            self.oracle.cancel(expected)
            assert isinstance(answer, CancelAnswer) and answer.status == "CANCELED" and not answer.reason, "answer: cancel"
        else:
            self.check_not_open(answer)
        self.compare()

    def check_not_open(self, answer: AnyAnswer) -> None:
        """The core forgets an order that ended."""
        assert isinstance(answer, RefusedAnswer) and answer.reason == "UNKNOWN_ORDER", "answer: cancel"

    @step
    def force_cancel(self, order_id: int) -> None:
        expected = self.placed[order_id]
        known = self.market.venue.orders.get(order_id)
        answer = self.market.force_cancel(expected["account"], order_id)
        if expected["open"]:
            self.oracle.cancel(expected, "CANCELED_BY_ADMIN")
            assert isinstance(answer, CancelAnswer) and answer.status == "CANCELED" and not answer.reason, "answer: cancel"
            assert known is not None and known.reason == expected["reason"], "answer: reason"
        else:
            self.check_not_open(answer)
        self.compare()

    @step
    def adjust(self, account: int, asset: str, units: int) -> None:
        answer = self.market.adjust(account, units_text(units), asset)
        assert answer.reason == self.oracle.adjust(account, asset, units), "answer: adjustment"
        self.compare()

    @step
    def limit(self, account: int, orders: int | None, units: int | None) -> None:
        answer = self.market.limit(account, orders, None if units is None else units_text(units))
        assert not answer.reason, "answer: limits"
        self.oracle.limits[account] = [orders, units]
        self.compare()

    @step
    def suspend(self, account: int) -> None:
        assert not self.market.suspend(account).reason, "answer: suspension"
        self.oracle.suspended.add(account)
        self.compare()

    @step
    def reinstate(self, account: int) -> None:
        assert not self.market.reinstate(account).reason, "answer: reinstatement"
        self.oracle.suspended.discard(account)
        self.compare()

    @step
    def limit_instrument(self, symbol: str, lots: int, units: int, bps: int) -> None:
        limits: dict[str, object] = {"max_quantity": lots_text(lots), "max_notional": units_text(units), "collar_bps": bps}
        assert not self.market.limit_instrument(symbol, **limits).reason, "answer: limits"
        self.oracle.markets[symbol] |= {"max_lots": lots, "max_notional": units, "bps": bps}
        self.compare()

    @step
    def quote(self, symbol: str, bid: int, ask: int, bid_lots: int, ask_lots: int, sequence_step: int = 1) -> None:
        sequence = self.market.quote_sequence + sequence_step
        self.market.quote(bid, ask, symbol=symbol, sequence=sequence, bid_lots=bid_lots, ask_lots=ask_lots)
        while self.market.venue.unfinished:
            self.market.match(next(iter(self.market.venue.unfinished)))
        self.market.quote_sequence = max(sequence, self.market.quote_sequence)
        self.oracle.quote(symbol, sequence, bid, ask, bid_lots, ask_lots, self.market.now_ns)
        self.compare()

    @step
    def halt(self, symbol: str) -> None:
        self.market.halt(symbol)
        self.oracle.halted.add(symbol)
        self.compare()

    @step
    def resume(self, symbol: str) -> None:
        self.market.resume(symbol)
        self.oracle.halted.discard(symbol)
        self.compare()

    @step
    def pass_seconds(self, seconds: int) -> None:
        self.market.pass_seconds(seconds)

    # Faults

    @property
    def venue(self) -> Recorder:
        assert isinstance(self.market.venue, Recorder)
        return self.market.venue

    @step
    def take_over(self, seconds_back: int = 0) -> None:
        """Another engine goes on with what this one stored, on a machine whose clock may be behind."""
        self.become_another()
        self.market.now_ns -= seconds_back * SECOND
        self.compare()

    def become_another(self) -> None:
        self._replay_log()
        self._begin_epoch(reloaded(self.venue, self.venue.epoch + 1))

    @step
    def lose(self, account: int, symbol: str, side: str, lots: int, ticks: int | None, tif: str) -> None:
        """The engine dies before its commit: an order that it had decided, and traded, never was."""
        stored = reloaded(self.venue, self.venue.epoch + 1)
        self.market.submit(account, side, lots_text(lots), None if ticks is None else price_text(ticks), tif, symbol=symbol)
        self._begin_epoch(stored)
        self.compare()

    def _begin_epoch(self, venue: Recorder) -> None:
        self.market.venue = venue
        self.start = reloaded(venue, venue.epoch)
        self.forget()

    def forget(self) -> None:
        """The house's quotes are not stored: it is back with the next ones."""
        self.oracle.quotes.clear()

    @step
    def replay_log(self) -> None:
        self._replay_log()

    def _replay_log(self) -> None:
        """The journal, fed to a venue that begins where this one began, leads to the same records and answers."""
        again = reloaded(self.start, self.start.epoch)
        do_again(again, self.venue.batches)
        assert again.answers == self.venue.answers, "replay: answers"
        assert pictures(again) == pictures(self.venue), "replay: records"

    # Comparing

    def compare(self) -> None:
        """After each step: take the record, then compare trades, orders, money and the book with the oracle's."""
        for changes in self.market.taken():
            self.remember(changes)
        assert self.trades == self.oracle.trades, "I9: trades"
        self.compare_money()
        self.compare_book()
        for order_id, expected in self.placed.items():
            assert self.statuses[order_id] == expected["status"], f"I5: status of order {order_id}"
            assert self.reasons[order_id] == expected["reason"], f"I5: reason of order {order_id}"
            assert self.filled[order_id] == expected["lots"] - expected["left"], f"I7: fills of order {order_id}"
            assert self.market.venue.knows_order(order_id) == expected["open"], f"I6: order {order_id}"
            if expected["open"]:
                order = self.market.venue.orders[order_id]
                trigger = 0 if order.terms is None else order.terms.trigger_ticks
                seen = (order.lots, order.ticks or None, trigger)
                wanted = (expected["lots"], expected["price"], expected.get("trigger", 0))
                assert seen == wanted, f"I6: order {order_id} is {seen}, and should be {wanted}"

    def remember(self, changes: Changes) -> None:
        fees = {(fill.trade.trade_id, fill.side.value): (fill.account_id, fill.fee) for fill in changes.fills}
        for trade in changes.trades:
            symbol = trade.instrument.symbol
            self.trade_sequences[symbol] += 1
            assert trade.instrument_sequence == self.trade_sequences[symbol], f"I12: trade of {symbol}"
            (buyer, buyer_fee), (seller, seller_fee) = fees[trade.trade_id, "BUY"], fees[trade.trade_id, "SELL"]
            quote = None if trade.quote is None else trade.quote.sequence
            row = (symbol, trade.ticks, trade.lots, buyer, seller, buyer_fee, seller_fee, trade.aggressor_side.value, quote)
            self.trades.append(row)
        for fill in changes.fills:
            if fill.order is not None:
                self.filled[fill.order.order_id] += fill.trade.lots
        for order in (*changes.new_orders, *changes.changed_orders.values()):
            before = self.statuses.get(order.order_id)
            assert before not in ENDED, f"I5: order {order.order_id} changed after {before}"
            self.statuses[order.order_id] = order.status
            self.reasons[order.order_id] = order.reason
        for event in changes.events:
            assert event.sequence > self.last_event, "I12: events"
            self.last_event = event.sequence
            if event.account_id is not None:
                self.account_sequences[event.account_id] += 1
                assert event.account_sequence == self.account_sequences[event.account_id], f"I12: account {event.account_id}"

    def compare_money(self) -> None:
        for account in (*CUSTOMERS, HOUSE, FEES, EXTERNAL):
            for asset in ("USD", *SYMBOLS):
                expected = (self.oracle.totals.get((account, asset), 0), self.oracle.held(account, asset))
                assert self.market.money(account, asset) == expected, f"I3: {asset} of {account}"

    def compare_book(self) -> None:
        expected: Counter[tuple[str, str, int]] = Counter()
        for order in self.oracle.orders:
            if order["open"] and order["resting"]:
                expected[order["symbol"], order["side"], order["price"]] += order["left"]
        for (symbol, side, ticks), lots in expected.items():
            instrument = self.market.venue.instrument_by_symbol(symbol)
            assert instrument is not None
            assert self.market.venue.level_lots(instrument.instrument_id, Side(side), ticks) == lots, f"I6: level {ticks}"
