"""The engine in the test's process, on the test's connection, with a fixed cast: Alice and Bob, and one instrument."""

from typing import Any

from django.db import connection

from apps.accounts.models import Account, User
from apps.commands.answers import AnyAnswer
from apps.commands.types import Actor, AmendOrder, AnyCommand, CancelOrder, ConfigureInstrument, Deposit, OpenAccount, SubmitOrder
from apps.core.clock import ManualClock
from apps.core.enums import OrderType, Role, Side, TimeInForce
from apps.engine.invariants import CHECKS, find_violations
from apps.engine.matching.state import HouseQuote
from apps.engine.recovery import recover, take_lease
from apps.engine.replay import Difference, Replay
from apps.engine.session import Session

SYSTEM = Actor(None, Role.SYSTEM)
SYMBOL = "BTC-USD"
#: Commands of staff come from no page here, so nobody writes their trail: what is asked about it has tests of its own.
OF_THE_BOOKS = tuple(check for check in CHECKS if check.name != "I22")
#: What books that were asked these, and replayed, have been held against.
LAWS_ASKED = frozenset({*(check.name for check in OF_THE_BOOKS), "replay"})


def configure(symbol: str = SYMBOL, **changes: Any) -> ConfigureInstrument:
    base = symbol.split("-")[0]
    fields: dict[str, Any] = {
        "command_id": f"configure-{symbol}",
        "actor": SYSTEM,
        "symbol": symbol,
        "name": base,
        "asset_class": "CRYPTO",
        "base": base,
        "base_name": base,
        "base_decimals": 8,
        "quote": "USD",
        "quote_name": "US dollar",
        "quote_decimals": 2,
        "tick_size": "0.01",
        "lot_size": "0.001",
        "max_quantity": "1000",
        "max_notional": "10000000",
        "collar_bps": 1000,
        "maker_fee_ppm": 1000,
        "taker_fee_ppm": 2000,
        "ladder_step_ticks": 1,
    }
    return ConfigureInstrument(**(fields | changes))


def make_account(name: str) -> Account:
    user = User.objects.create_user(email=f"{name}@tredye.example", password="x")
    return Account.objects.create(user=user)


def shared_connection() -> Any:
    """The test's own connection, for an engine that shares it with the pages, as in tests alone.

    psycopg, once it has prepared a statement, has the server forget all of the session's after a rollback, the engine's among
    them: so on this connection it prepares none.
    """
    connection.ensure_connection()
    raw: Any = connection.connection
    raw.prepare_threshold = None
    raw.execute("DEALLOCATE ALL")
    return raw


class World:
    """One engine at a time; :meth:`restart` is a new one on what the old one left."""

    def __init__(self) -> None:
        self.raw = shared_connection()
        self.clock = ManualClock()
        self.count = 0
        self.quotes = 0
        self.alice, self.bob = make_account("alice"), make_account("bob")
        self.session = self.restart()
        self.do(configure())
        for account in (self.alice, self.bob):
            self.do(OpenAccount(command_id=self.new_id(), actor=SYSTEM, account_id=account.pk))
            for asset in ("USD", "BTC"):
                self.deposit(account, asset, "100000" if asset == "USD" else "100")
        self.quote("99.00", "101.00")

    def new_id(self) -> str:
        self.count += 1
        return f"c{self.count}"

    def restart(self) -> Session:
        epoch = take_lease(self.raw)
        assert epoch is not None
        # The lock is a queue for processes and outlives the test's transaction: the next test may come on another connection.
        self.raw.execute("SELECT pg_advisory_unlock_all()")
        self.epoch = epoch
        self.session = recover(self.raw, epoch).session
        return self.session

    def quote(self, bid: str, ask: str, quantity: int = 1000) -> int | None:
        self.quotes += 1
        ticks = [int(price.replace(".", "")) for price in (bid, ask)]
        now_ns = self.clock.now_ns()
        quote = HouseQuote("test", self.epoch, self.quotes, now_ns, now_ns, ticks[0], ticks[1], quantity, quantity)
        return self.session.on_quote(SYMBOL, quote, now_ns)

    def batch(self, *commands: AnyCommand) -> list[AnyAnswer]:
        self.clock.advance_ns(1_000_001)
        return self.session.process(commands, self.clock.now_ns())

    def do(self, command: AnyCommand) -> Any:
        return self.batch(command)[0]

    def deposit(self, account: Account, asset: str, amount: str) -> Any:
        return self.do(Deposit(command_id=self.new_id(), actor=SYSTEM, account_id=account.pk, asset=asset, amount=amount))

    def order(self, account: Account, side: str, quantity: str, price: str | None, **changes: Any) -> SubmitOrder:
        fields: dict[str, Any] = {
            "command_id": changes.pop("command_id", None) or self.new_id(),
            "actor": Actor(account.user_id, Role.CUSTOMER),
            "account_id": account.pk,
            "symbol": SYMBOL,
            "side": Side(side),
            "order_type": OrderType.MARKET if price is None else OrderType.LIMIT,
            "quantity": quantity,
            "price": price,
            "time_in_force": TimeInForce.GTC,
        }
        return SubmitOrder(**(fields | changes))

    def submit(self, account: Account, side: str, quantity: str, price: str | None, **changes: Any) -> Any:
        return self.do(self.order(account, side, quantity, price, **changes))

    def cancel_command(self, account: Account, order_id: int, command_id: str = "") -> CancelOrder:
        actor = Actor(account.user_id, Role.CUSTOMER)
        return CancelOrder(command_id=command_id or self.new_id(), actor=actor, account_id=account.pk, order_id=order_id)

    def cancel(self, account: Account, order_id: int, command_id: str = "") -> Any:
        return self.do(self.cancel_command(account, order_id, command_id))

    def amend(self, account: Account, order_id: int, command_id: str = "", **wanted: str) -> Any:
        actor = Actor(account.user_id, Role.CUSTOMER)
        return self.do(
            AmendOrder(command_id=command_id or self.new_id(), actor=actor, account_id=account.pk, order_id=order_id, **wanted)
        )

    def violations(self) -> list[str]:
        return [str(violation) for violation in find_violations(self.raw, OF_THE_BOOKS)]

    def replay(self) -> list[Difference]:
        return Replay(self.raw).run()
