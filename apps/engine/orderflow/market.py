"""The product's own venue, with one instrument and with accounts for a flow whose people nobody knows.

Everything goes through ``Venue.apply``, so the flow meets what a customer's order meets: the parser, the risk checks, holds,
price-time matching, settlement in the ledger, events. Three things make room for it, none of them a change of a rule:

- buyers and sellers are different accounts, and whoever takes is a third: nobody trades with himself;
- an account that has as many open orders as it may gets company: the flow's next order is another account's;
- the reference is where the order is: a quote without sizes, which is no house, so that the collar refuses nothing.
"""

from collections import deque

from apps.commands.answers import AnyAnswer, DoneAnswer, OrderAnswer
from apps.commands.reasons import Reason
from apps.commands.types import Actor, AmendOrder, AnyCommand, CancelOrder, ConfigureInstrument, Deposit, OpenAccount, SubmitOrder
from apps.core.checks import InvariantError, check_invariant
from apps.core.enums import AccountStatus, LiquiditySide, OrderType, Role, Side, TimeInForce
from apps.engine.matching.changes import FillRow
from apps.engine.matching.risk import OPEN_ORDERS_MAX
from apps.engine.matching.state import Account, HouseQuote, Order
from apps.engine.matching.venue import Venue
from apps.orders.status import RESTING

SYMBOL = "FLOW"
BASE, QUOTE = "SHARE", "USD"
#: Where a flow's midnight is, 2023-11-15 in UTC; any day would do.
MIDNIGHT_NS = 1_700_006_400_000_000_000
SYSTEM = Actor(None, Role.SYSTEM)

_TICKS_PER_ONE = 10_000
_COLLAR_BPS = 9_999
_REFERENCE_AGE_NS_MAX = 1_000_000_000  # far below what makes a reference stale
_FUNDS = "999999999999"  # the most that one deposit takes, and the most that one order may be worth
_HOUSE, _FEES, _EXTERNAL, _FIRST_ACCOUNT = 1, 2, 3, 1_000_000
_MAKER, _LIMIT, _GTC, _IOC = LiquiditySide.MAKER, OrderType.LIMIT, TimeInForce.GTC, TimeInForce.IOC
_POOR = frozenset({Reason.INSUFFICIENT_FUNDS.value, Reason.INSUFFICIENT_POSITION.value})


def price_text(ticks: int) -> str:
    """Ticks of 0.0001 as the decimal that a command carries."""
    return f"{ticks // _TICKS_PER_ONE}.{ticks % _TICKS_PER_ONE:04d}"


class Market:
    """One instrument of ticks of 0.0001 and lots of one share, without fees. Instants are nanoseconds since 1970."""

    def __init__(self) -> None:
        self.venue = Venue(house_id=_HOUSE, fees_id=_FEES, external_id=_EXTERNAL)
        self._count = 0
        self._quotes = 0
        self._reference_ns = 0
        self._low = self._high = 0  # the prices for which the present reference is good
        self._must(self._instrument())
        self.instrument = self.venue.instruments_by_symbol[SYMBOL]
        self.book = self.venue.books[self.instrument.instrument_id]
        self._next_account = _FIRST_ACCOUNT
        self._taker = self._new_account()
        self._makers = {side: deque([self._new_account()]) for side in Side}

    def apply(self, command: AnyCommand, now_ns: int) -> AnyAnswer:
        """One command, as the engine's session gives it to the venue: a batch of its own. :meth:`forget` from time to time."""
        self.venue.begin(now_ns)
        return self.venue.apply(command, now_ns)

    def forget(self) -> None:
        """Drop the record of what happened, and the orders that ended: the end of a batch."""
        self.venue.take_changes()

    def refer(self, ticks: int, now_ns: int) -> None:
        """Make the reference fresh, and such that a price of ``ticks`` is within the collar."""
        if self._low <= ticks <= self._high and now_ns - self._reference_ns <= _REFERENCE_AGE_NS_MAX:
            return
        self._quotes += 1
        quote = HouseQuote("flow", 1, self._quotes, now_ns, now_ns, ticks, ticks + 1, 0, 0)
        if self.venue.on_quote(SYMBOL, quote, now_ns):
            self.venue.match_quote(self.instrument.instrument_id, now_ns)
        self._reference_ns = now_ns
        self._low, self._high = ticks // 2 + 1, ticks + ticks // 2  # well within a collar of 0.01 % to 199.99 %

    def rest(self, command_id: str, side: Side, ticks: int, lots: int, now_ns: int) -> tuple[Order | None, str]:
        """Submit a limit order that may rest. Returns it, or None and the reason why the venue would not have it."""
        return self._submit(command_id, self._maker(side), side, ticks, lots, _GTC, now_ns)

    def take(self, command_id: str, side: Side, ticks: int, lots: int, now_ns: int) -> list[FillRow]:
        """Submit an order that takes what it can up to ``ticks`` and goes. Returns the fills of those that it met, in turn."""
        fills = self.venue.changes.fills
        before = len(fills)
        self._submit(command_id, self._taker, side, ticks, lots, _IOC, now_ns)
        return [fill for fill in fills[before:] if fill.liquidity_side is _MAKER]

    def reduce(self, command_id: str, order: Order, lots: int, now_ns: int) -> None:
        """Take ``lots`` off a resting order; it keeps its place in the queue, and ends with its last lot."""
        account_id, order_id, leaves = order.account_id, order.order_id, order.lots - order.filled_lots
        command: AnyCommand = CancelOrder(command_id=command_id, actor=SYSTEM, account_id=account_id, order_id=order_id)
        if lots < leaves:
            quantity = str(order.lots - lots)
            command = AmendOrder(command_id=command_id, actor=SYSTEM, account_id=account_id, order_id=order_id, quantity=quantity)
        self.apply(command, now_ns)
        left = order.lots - order.filled_lots if order.status in RESTING else 0
        if left != leaves - lots:
            raise InvariantError(f"Invariant: order {order_id} had {leaves} lots, {lots} of them were taken, {left} are left")

    def ensure_account(self, account_id: int) -> None:
        """An account of the flow's own naming: open and rich from its first mention."""
        if not self.venue.has_account(account_id):
            self._open(account_id)

    def _submit(
        self, command_id: str, account: Account, side: Side, ticks: int, lots: int, time_in_force: TimeInForce, now_ns: int
    ) -> tuple[Order | None, str]:
        self.refer(ticks, now_ns)
        command = SubmitOrder(
            command_id=command_id,
            actor=SYSTEM,
            account_id=account.account_id,
            symbol=SYMBOL,
            side=side,
            order_type=_LIMIT,
            quantity=str(lots),
            price=price_text(ticks),
            time_in_force=time_in_force,
        )
        answer = self.apply(command, now_ns)
        if isinstance(answer, OrderAnswer) and answer.reason in _POOR:
            self._fund(account.account_id)
            answer = self.apply(command, now_ns)
        if not isinstance(answer, OrderAnswer):
            raise InvariantError(f"Invariant: {command_id} can be read, and was answered {answer}")
        order = self.venue.orders[answer.order_id]
        if order.status in RESTING or order.filled_lots:
            return order, ""
        return None, order.reason

    def _maker(self, side: Side) -> Account:
        """An account of that side that may have one more open order."""
        makers = self._makers[side]
        for _ in range(len(makers)):
            if makers[0].open_orders < OPEN_ORDERS_MAX:
                return makers[0]
            makers.rotate(-1)
        makers.appendleft(self._new_account())
        return makers[0]

    def _new_account(self) -> Account:
        self._next_account += 1
        return self._open(self._next_account)

    def _open(self, account_id: int) -> Account:
        account = Account(account_id, account_id, AccountStatus.PENDING_FUNDING)
        self.venue.load_account(account)
        self._must(OpenAccount(command_id=self._id(), actor=SYSTEM, account_id=account_id))
        self._fund(account_id)
        return account

    def _fund(self, account_id: int) -> None:
        for asset in (BASE, QUOTE):
            self._must(Deposit(command_id=self._id(), actor=SYSTEM, account_id=account_id, asset=asset, amount=_FUNDS))

    def _must(self, command: AnyCommand) -> None:
        answer = self.venue.apply(command, MIDNIGHT_NS)
        check_invariant(isinstance(answer, DoneAnswer) and not answer.reason, f"{command} is done, was answered {answer}")

    def _id(self) -> str:
        self._count += 1
        return f"flow-{self._count}"

    def _instrument(self) -> ConfigureInstrument:
        return ConfigureInstrument(
            command_id=self._id(),
            actor=SYSTEM,
            symbol=SYMBOL,
            name="Recorded order flow",
            asset_class="STOCK",
            base=BASE,
            base_name="Share",
            base_decimals=0,
            quote=QUOTE,
            quote_name="US dollar",
            quote_decimals=2,
            tick_size="0.0001",
            lot_size="1",
            max_quantity=_FUNDS,
            max_notional=_FUNDS,
            collar_bps=_COLLAR_BPS,
            maker_fee_ppm=0,
            taker_fee_ppm=0,
            ladder_step_ticks=1,
        )
