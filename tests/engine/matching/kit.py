"""A small market to test in: three customers, two instruments with readable numbers, and short names for commands."""

from itertools import count
from typing import Any

from apps.commands.answers import AmendAnswer, AnyAnswer, CancelAnswer, DoneAnswer, OrderAnswer, PairAnswer
from apps.commands.types import (
    Actor,
    AdjustBalance,
    AmendOrder,
    CancelAll,
    CancelOrder,
    ClosePosition,
    ConfigureInstrument,
    Deposit,
    ForceCancelOrder,
    HaltInstrument,
    Leg,
    PreviewOrder,
    ReinstateAccount,
    ResumeInstrument,
    SetAccountLimits,
    SetInstrumentLimits,
    SubmitOrder,
    SubmitPair,
    SuspendAccount,
    Withdraw,
)
from apps.core.enums import AccountStatus, OrderType, Role, Side, TimeInForce
from apps.engine.matching.changes import Changes
from apps.engine.matching.preview import preview
from apps.engine.matching.state import Account, HouseQuote
from apps.engine.matching.venue import Venue
from tests.approvals import APPROVER_ID, approved

HOUSE, FEES, EXTERNAL = 1, 2, 3
ALICE, BOB, CHARLIE = 11, 12, 13
NAMES = {ALICE: "alice", BOB: "bob", CHARLIE: "charlie"}
START_NS = 1_700_000_000_000_000_000
SECOND = 1_000_000_000
ONE = 10**8  # units

ADMIN = Actor(900, Role.ADMIN)
SYSTEM = Actor(None, Role.SYSTEM)
SUPPORT = Actor(901, Role.SUPPORT)


def actor(account_id: int) -> Actor:
    """The customer who owns the account."""
    return Actor(account_id * 10, Role.CUSTOMER)


def acme(symbol: str = "ACME", **changes: object) -> ConfigureInstrument:
    """ACME in USD: cents and whole shares, fees of 0.1 % and 0.2 %, collar 10 %, ladder one tick a level."""
    fields: dict[str, object] = {
        "command_id": f"configure-{symbol}",
        "actor": ADMIN,
        "symbol": symbol,
        "name": f"{symbol} Inc",
        "asset_class": "STOCK",
        "base": symbol,
        "base_name": f"{symbol} Inc",
        "base_decimals": 0,
        "quote": "USD",
        "quote_name": "US dollar",
        "quote_decimals": 2,
        "tick_size": "0.01",
        "lot_size": "1",
        "max_quantity": "10000",
        "max_notional": "500000",
        "collar_bps": 1000,
        "maker_fee_ppm": 1000,
        "taker_fee_ppm": 2000,
        "ladder_step_ticks": 1,
        "approver_id": APPROVER_ID,
    }
    return ConfigureInstrument(**(fields | changes))  # type: ignore[arg-type]


class Market:
    """A venue with a clock that stands still until it is moved. Checks the venue's laws after everything it does."""

    def __init__(self, *configure: ConfigureInstrument, venue_class: type[Venue] = Venue, checked: bool = True) -> None:
        self.now_ns = START_NS
        self.checked = checked
        self.quote_sequence = 0
        self.sequence_before = 0
        self._ids = count(1)
        self.open_order = 0  # for a fixture that wants one to be there
        self.venue = self.make_venue(venue_class)
        for command in configure or (acme(), acme("BETA")):
            assert isinstance(self.apply(command), DoneAnswer)

    def make_venue(self, venue_class: type[Venue]) -> Venue:
        venue = venue_class(house_id=HOUSE, fees_id=FEES, external_id=EXTERNAL, epoch=7, sequence=1000)
        for account_id in NAMES:
            venue.load_account(Account(account_id, account_id * 10, AccountStatus.ACTIVE))
        return venue

    def apply(self, command: object) -> AnyAnswer:
        self.venue.begin(self.now_ns)  # as the first thing of its batch
        self.sequence_before = self.venue.sequence
        answer = self.venue.apply(approved(command), self.now_ns)
        self.check()
        return answer

    def check(self) -> None:
        if self.checked:
            self.venue.check_invariants(complete=True)

    def take(self) -> Changes:
        return self.venue.take_changes()

    def taken(self) -> list[Changes]:
        """What was done since the last call, batch by batch."""
        return [self.take()]

    def next_id(self) -> str:
        return f"c-{next(self._ids)}"

    # Money

    def fund(self, account_id: int, amount: str, asset: str = "USD", by: Actor = SYSTEM) -> DoneAnswer:
        answer = self.apply(Deposit(command_id=self.next_id(), actor=by, account_id=account_id, asset=asset, amount=amount))
        assert isinstance(answer, DoneAnswer), answer
        return answer

    def withdraw(self, account_id: int, amount: str, asset: str = "USD") -> AnyAnswer:
        who = actor(account_id)
        return self.apply(Withdraw(command_id=self.next_id(), actor=who, account_id=account_id, asset=asset, amount=amount))

    def money(self, account_id: int, asset: str = "USD") -> tuple[int, int]:
        """(total, held) in units."""
        known = self.venue.asset_by_code(asset)
        assert known is not None
        balance = self.venue.accounts[account_id].balances.get(known.asset_id)
        return (0, 0) if balance is None else (balance.total, balance.held)

    # Orders

    def order_command(
        self, account_id: int, side: str, quantity: object, price: object = None, tif: str = "GTC", **more: object
    ) -> SubmitOrder:
        """LIMIT with a price, MARKET without."""
        fields: dict[str, object] = {
            "command_id": self.next_id(),
            "actor": actor(account_id),
            "account_id": account_id,
            "symbol": "ACME",
            "side": Side(side),
            "order_type": OrderType.MARKET if price is None else OrderType.LIMIT,
            "quantity": quantity,
            "price": price,
            "time_in_force": TimeInForce(tif),
        }
        return SubmitOrder(**(fields | more))  # type: ignore[arg-type]

    def preview(self, command: SubmitOrder) -> AnyAnswer:
        """What the order would do now, as a member of staff sees it."""
        asked = PreviewOrder(command_id=command.command_id, actor=SYSTEM, order=command)
        return preview(self.venue, asked, self.now_ns)

    def order(
        self, account_id: int, side: str, quantity: object, price: object = None, tif: str = "GTC", **more: object
    ) -> AnyAnswer:
        return self.apply(self.order_command(account_id, side, quantity, price, tif, **more))

    def submit(
        self, account_id: int, side: str, quantity: str, price: str | None = None, tif: str = "GTC", **more: object
    ) -> OrderAnswer:
        answer = self.order(account_id, side, quantity, price, tif, **more)
        assert isinstance(answer, OrderAnswer), answer
        return answer

    def stop(
        self, account_id: int, side: str, quantity: str, trigger: str | None, kind: str = "STOP", **more: object
    ) -> OrderAnswer:
        """Submit an order that waits; a trailing one has no trigger of its own."""
        return self.submit(
            account_id, side, quantity, order_type=OrderType(kind), trigger_price=trigger, **{"price": None, **more}
        )

    def pair(self, account_id: int, side: str, quantity: str, first: Leg, second: Leg, **more: object) -> AnyAnswer:
        fields: dict[str, object] = {"symbol": "ACME", "side": Side(side), "quantity": quantity, "first": first, "second": second}
        return self.apply(
            SubmitPair(command_id=self.next_id(), actor=actor(account_id), account_id=account_id, **(fields | more))  # type: ignore[arg-type]
        )

    def paired(self, account_id: int, side: str, quantity: str, first: Leg, second: Leg) -> PairAnswer:
        answer = self.pair(account_id, side, quantity, first, second)
        assert isinstance(answer, PairAnswer), answer
        return answer

    def close(self, account_id: int, symbol: str = "ACME") -> AnyAnswer:
        return self.apply(
            ClosePosition(command_id=self.next_id(), actor=actor(account_id), account_id=account_id, symbol=symbol)
        )

    def cancel(self, account_id: int, order_id: int, by: Actor | None = None) -> AnyAnswer:
        who = by or actor(account_id)
        return self.apply(CancelOrder(command_id=self.next_id(), actor=who, account_id=account_id, order_id=order_id))

    def amend(self, account_id: int, order_id: int, by: Actor | None = None, **wanted: object) -> AnyAnswer:
        """``quantity``, ``price``, ``trigger_price``: what is not named stays."""
        who = by or actor(account_id)
        fields: dict[str, object] = {"account_id": account_id, "order_id": order_id, **wanted}
        return self.apply(AmendOrder(command_id=self.next_id(), actor=who, **fields))  # type: ignore[arg-type]

    def amended(self, account_id: int, order_id: int, **wanted: object) -> AmendAnswer:
        answer = self.amend(account_id, order_id, **wanted)
        assert isinstance(answer, AmendAnswer), answer
        return answer

    def cancel_all(
        self, account_id: int, symbol: str | None = None, side: str | None = None, by: Actor | None = None
    ) -> AnyAnswer:
        fields = {"account_id": account_id, "symbol": symbol, "side": None if side is None else Side(side)}
        return self.apply(CancelAll(command_id=self.next_id(), actor=by or actor(account_id), **fields))  # type: ignore[arg-type]

    def canceled(self, account_id: int, order_id: int, by: Actor | None = None) -> CancelAnswer:
        answer = self.cancel(account_id, order_id, by)
        assert isinstance(answer, CancelAnswer), answer
        return answer

    # What staff do; each by an admin unless told otherwise

    def adjust(
        self, account_id: int, amount: object, asset: str = "USD", by: Actor = ADMIN, reason: str = "a mistake"
    ) -> AnyAnswer:
        fields = {"account_id": account_id, "asset": asset, "amount": amount, "reason": reason}
        return self.apply(AdjustBalance(command_id=self.next_id(), actor=by, **fields))  # type: ignore[arg-type]

    def limit(
        self, account_id: int, orders: int | None = None, notional: object = None, by: Actor = ADMIN, reason: str = "risk"
    ) -> AnyAnswer:
        fields = {"account_id": account_id, "max_open_orders": orders, "max_order_notional": notional, "reason": reason}
        return self.apply(SetAccountLimits(command_id=self.next_id(), actor=by, **fields))  # type: ignore[arg-type]

    def force_cancel(self, account_id: int, order_id: int, by: Actor = ADMIN, reason: str = "a typing error") -> AnyAnswer:
        command_id = self.next_id()
        return self.apply(
            ForceCancelOrder(command_id=command_id, actor=by, account_id=account_id, order_id=order_id, reason=reason)
        )

    def suspend(self, account_id: int, by: Actor = ADMIN, reason: str = "fraud") -> AnyAnswer:
        return self.apply(SuspendAccount(command_id=self.next_id(), actor=by, account_id=account_id, reason=reason))

    def reinstate(self, account_id: int, by: Actor = ADMIN, reason: str = "cleared") -> AnyAnswer:
        return self.apply(ReinstateAccount(command_id=self.next_id(), actor=by, account_id=account_id, reason=reason))

    def limit_instrument(self, symbol: str = "ACME", by: Actor = ADMIN, reason: str = "volatile", **changes: object) -> AnyAnswer:
        """ACME's own limits, changed."""
        limits: dict[str, object] = {"max_quantity": "10000", "max_notional": "500000", "collar_bps": 1000} | changes
        fields = {"symbol": symbol, "reason": reason, **limits}
        return self.apply(SetInstrumentLimits(command_id=self.next_id(), actor=by, **fields))  # type: ignore[arg-type]

    # The market

    def quote(self, bid: int, ask: int, lots: int = 100, symbol: str = "ACME", match: bool = True, **more: object) -> bool:
        """The feed's quote, prices in ticks; matched against resting orders at once unless told otherwise."""
        self.quote_sequence += 1
        fields: dict[str, object] = {
            "source": "sim",
            "epoch": 1,
            "sequence": self.quote_sequence,
            "at_ns": self.now_ns,
            "received_ns": self.now_ns,
            "bid_ticks": bid,
            "ask_ticks": ask,
            "bid_lots": lots,
            "ask_lots": lots,
        }
        crosses = self.venue.on_quote(symbol, HouseQuote(**(fields | more)), self.now_ns)  # type: ignore[arg-type]
        if crosses and match:
            instrument = self.venue.instrument_by_symbol(symbol)
            assert instrument is not None
            self.match(instrument.instrument_id)
        self.check()
        return crosses

    def match(self, instrument_id: int = 1) -> None:
        self.venue.match_quote(instrument_id, self.now_ns)

    def halt(self, symbol: str = "ACME", by: Actor = ADMIN, reason: str = "news") -> AnyAnswer:
        return self.apply(HaltInstrument(command_id=self.next_id(), actor=by, symbol=symbol, reason=reason))

    def resume(self, symbol: str = "ACME", by: Actor = ADMIN, reason: str = "calm") -> AnyAnswer:
        return self.apply(ResumeInstrument(command_id=self.next_id(), actor=by, symbol=symbol, reason=reason))

    def pass_seconds(self, seconds: int) -> None:
        self.now_ns += seconds * SECOND

    def begin(self, seconds: int = 0) -> None:
        """A batch of nothing, ``seconds`` later: what is due by the clock happens."""
        self.pass_seconds(seconds)
        self.venue.begin(self.now_ns)
        self.check()

    def ask(self, kind: type[Any], by: Actor = ADMIN, **fields: Any) -> Any:
        """Any command, by an admin unless told otherwise; what staff may give a reason for gets one."""
        if "reason" in kind.__struct_fields__:
            fields = {"reason": "as agreed"} | fields
        return self.apply(kind(command_id=self.next_id(), actor=by, **fields))
