"""What the tests of engine processes do to them: quotes, orders, and callers that go on over any crash."""

import random
import threading
import time

import msgspec

from apps.commands.answers import AnyAnswer
from apps.commands.client import EngineClient, EngineUnavailableError
from apps.commands.quotelink import QuoteLink
from apps.commands.types import PreviewOrder, SubmitOrder
from apps.core.enums import OrderType, Side, TimeInForce
from apps.engine.repeats import encode_answer
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks
from tests.engine.processes import Cluster
from tests.engine.world import SYMBOL, SYSTEM
from tests.faults import figures

ANSWERS_MIN = 100  # of all callers of a test


class Feed:
    """Quotes for as long as a test runs: without a reference no order is accepted."""

    def __init__(self, url: str, token: str = "") -> None:
        self._link = QuoteLink(url, token)
        self._epoch = time.time_ns()
        self._sequence = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Feed":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join(5)
        self._link.close()

    def _run(self) -> None:
        while not self._stop.wait(0.02):
            self._sequence += 1
            tick = QuoteTick(SYMBOL, self._sequence, time.time_ns(), "99.50", "100.50", "2", "2")
            self._link.send(msgspec.json.encode(QuoteTicks(source="test", epoch=self._epoch, ticks=[tick])))


def an_order(
    engines: Cluster, command_id: str, price: str = "90.00", quantity: str = "0.01", side: Side = Side.BUY
) -> SubmitOrder:
    return SubmitOrder(
        command_id=command_id,
        actor=SYSTEM,
        account_id=engines.account_ids[-1],
        symbol=SYMBOL,
        side=side,
        order_type=OrderType.LIMIT,
        quantity=quantity,
        price=price,
        time_in_force=TimeInForce.GTC,
    )


def wait_for_price(engines: Cluster) -> None:
    """Until the engine knows one: whatever is ordered before is denied, for good."""
    asked = PreviewOrder(command_id="", actor=SYSTEM, order=an_order(engines, ""))

    def has_one() -> bool:
        try:
            return engines.client.send(asked, deadline_s=20).reason != "STALE_PRICE"  # type: ignore[union-attr]
        except EngineUnavailableError:
            return False

    engines.until(has_one, "a price")


def accepted(engines: Cluster, prefix: str) -> AnyAnswer:
    """The answer to an order that is sent until the feed's first quote has come (a denial is final: each try is a new id)."""
    for number in range(200):
        answer = engines.client.send(an_order(engines, f"{prefix}-{number}"), deadline_s=20)
        if answer.reason != "STALE_PRICE":  # type: ignore[union-attr]
            return answer
        time.sleep(0.02)
    raise AssertionError("no quote reached the engine")


def stored_orders(engines: Cluster, prefix: str) -> int:
    with engines.connection() as connection:
        row = connection.execute("SELECT count(*) FROM orders_order WHERE client_order_id LIKE %s", [f"{prefix}%"]).fetchone()
    assert row is not None
    return int(row[0])


def stored_adjustments(engines: Cluster, command_id: str) -> int:
    with engines.connection() as connection:
        query = "SELECT count(*) FROM ledger_transfer WHERE kind = 'ADJUSTMENT' AND command_id = %s"
        row = connection.execute(query, [command_id]).fetchone()
    assert row is not None
    return int(row[0])


class Load(threading.Thread):
    """One caller: sends orders one by one, keeps what it sent and what it was answered, and goes on over any crash."""

    def __init__(self, engines: Cluster, name: str, *, deadline_s: float = 6) -> None:
        super().__init__(daemon=True)
        self._engines = engines
        self._prefix = name
        self._deadline_s = deadline_s
        self._random = random.Random(name)
        self._client = EngineClient(engines.url, engines.token)
        self.stopping = threading.Event()
        self.answers: dict[str, tuple[SubmitOrder, bytes]] = {}
        self.unknown: list[SubmitOrder] = []
        #: How long each answer took.
        self.seconds: list[float] = []

    def run(self) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            side = self._random.choice((Side.BUY, Side.SELL))
            price = f"{self._random.randint(9930, 10070) / 100:.2f}"
            order = msgspec.structs.replace(
                an_order(self._engines, f"{self._prefix}-{number}", price, f"0.{self._random.randint(1, 99):03d}", side),
                account_id=self._random.choice(self._engines.account_ids[:-1]),
            )
            began = time.monotonic()
            try:
                self.answers[order.command_id] = (order, encode_answer(self._client.send(order, deadline_s=self._deadline_s)))
            except EngineUnavailableError:
                self.unknown.append(order)
            self.seconds.append(time.monotonic() - began)
        self._client.close()


def finish(engines: Cluster, callers: list[Load]) -> None:
    """Wait until the callers are answered again and have enough answers to be compared, then end them."""
    enough = max(sum(len(caller.answers) for caller in callers), ANSWERS_MIN)
    engines.until(lambda: sum(len(caller.answers) for caller in callers) > enough, "orders go on")
    for caller in callers:
        caller.stopping.set()
    for caller in callers:
        caller.join(60)  # it is answered, or gives up after its deadline
    assert not any(caller.is_alive() for caller in callers)


def check_answers(engines: Cluster, callers: list[Load], prefix: str) -> None:
    """Every answer that was given is the answer that a new engine gives, byte for byte, out of the database; nothing is there
    that was not asked for, nothing twice, and the books are right."""
    asked = [entry for caller in callers for entry in caller.answers.values()]
    assert len(asked) > ANSWERS_MIN
    assert [order.command_id for caller in callers for order in caller.unknown] == []
    engines.renew()
    for order, answer in asked:
        assert encode_answer(engines.client.send(order, deadline_s=20)) == answer
    assert stored_orders(engines, prefix) == len(asked)
    engines.check_books()
    figures.checked(("acknowledged", "one answer"))
