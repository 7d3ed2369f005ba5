"""The flow of the orders family: 60 % limit orders near the touch, 25 % cancels, 15 % marketable; 1,000 accounts, one instrument.

Seeded, so that two runs ask for the same. The house's quote is wide: it gives the reference, while customers trade with each
other, which is the dearer case to settle (two orders, two holds, seven postings).
"""

import random
from collections.abc import Callable

import msgspec

from apps.commands.answers import AnyAnswer, OrderAnswer
from apps.commands.types import Actor, AnyCommand, CancelOrder, ConfigureInstrument, Deposit, OpenAccount, SubmitOrder
from apps.core.enums import OrderStatus, OrderType, Role, Side, TimeInForce
from apps.engine.matching.state import HouseQuote
from apps.engine.steps import Request

SYMBOL = "BENCH-USD"
ACCOUNTS = 1000
PREFILL = 2000
MID_TICKS = 10_000
SYSTEM = Actor(None, Role.SYSTEM)

_encoder = msgspec.msgpack.Encoder()


def request(command: AnyCommand) -> Request:
    return Request(command, _encoder.encode(command))


def setup_commands(account_ids: list[int]) -> list[AnyCommand]:
    """An instrument, and accounts that are open and rich in both assets."""
    commands: list[AnyCommand] = [
        ConfigureInstrument(
            command_id="bench-configure",
            actor=SYSTEM,
            symbol=SYMBOL,
            name="Bench",
            asset_class="CRYPTO",
            base="BENCH",
            base_name="Bench",
            base_decimals=8,
            quote="USD",
            quote_name="US dollar",
            quote_decimals=2,
            tick_size="0.01",
            lot_size="0.01",
            max_quantity="100000",
            max_notional="10000000",
            collar_bps=1000,
            maker_fee_ppm=1000,
            taker_fee_ppm=2000,
            ladder_step_ticks=1,
        )
    ]
    for account_id in account_ids:
        commands.append(OpenAccount(command_id=f"open-{account_id}", actor=SYSTEM, account_id=account_id))
        for asset in ("USD", "BENCH"):
            commands.append(
                Deposit(
                    command_id=f"fund-{asset}-{account_id}", actor=SYSTEM, account_id=account_id, asset=asset, amount="1000000"
                )
            )
    return commands


def house_quote(sequence: int, now_ns: int) -> HouseQuote:
    return HouseQuote("bench", 1, sequence, now_ns, now_ns, MID_TICKS - 900, MID_TICKS + 900, 100, 100)


class Flow:
    """Makes commands and learns from their answers which orders may rest. ``is_live`` tells it better, where it can be asked."""

    def __init__(self, account_ids: list[int], seed: int, is_live: Callable[[int], bool] | None = None) -> None:
        self._accounts = account_ids
        self._random = random.Random(seed)
        self._prefix = f"b{seed:x}"
        self._count = 0
        self._is_live = is_live
        self._live: list[tuple[int, int]] = []  # order id, account id

    def next(self) -> AnyCommand:
        kind = self._random.random()
        if kind < 0.25:
            victim = self._victim()
            if victim is not None:
                return CancelOrder(command_id=self._id(), actor=SYSTEM, account_id=victim[1], order_id=victim[0])
        return self.add() if kind < 0.85 else self.take()

    def add(self) -> SubmitOrder:
        side = self._side()
        away = self._random.randint(1, 20)
        price = MID_TICKS - away if side is Side.BUY else MID_TICKS + away
        return self._submit(side, price, self._random.randint(1, 10), TimeInForce.GTC)

    def take(self) -> SubmitOrder:
        side = self._side()
        price = MID_TICKS + 30 if side is Side.BUY else MID_TICKS - 30
        return self._submit(side, price, self._random.randint(1, 17), TimeInForce.IOC)

    def learn(self, command: AnyCommand, answer: AnyAnswer) -> None:
        if not isinstance(answer, OrderAnswer) or not isinstance(command, SubmitOrder):
            return
        if answer.status in (OrderStatus.ACCEPTED, OrderStatus.PARTIALLY_FILLED):
            self._live.append((answer.order_id, command.account_id))

    def _victim(self) -> tuple[int, int] | None:
        while self._live:
            at = self._random.randrange(len(self._live))
            self._live[at], self._live[-1] = self._live[-1], self._live[at]
            found = self._live.pop()
            if self._is_live is None or self._is_live(found[0]):
                return found
        return None

    def _side(self) -> Side:
        return Side.BUY if self._random.random() < 0.5 else Side.SELL

    def _id(self) -> str:
        self._count += 1
        return f"{self._prefix}-{self._count}"

    def _submit(self, side: Side, ticks: int, lots: int, time_in_force: TimeInForce) -> SubmitOrder:
        return SubmitOrder(
            command_id=self._id(),
            actor=SYSTEM,
            account_id=self._random.choice(self._accounts),
            symbol=SYMBOL,
            side=side,
            order_type=OrderType.LIMIT,
            quantity=f"{lots // 100}.{lots % 100:02d}",
            price=f"{ticks // 100}.{ticks % 100:02d}",
            time_in_force=time_in_force,
        )
