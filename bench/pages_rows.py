"""What is behind the pages that are measured: an account's orders from the product's own engine, and ten million more by SQL."""

import time
from typing import TYPE_CHECKING, Any

from apps.commands.answers import OrderAnswer
from apps.commands.types import CancelOrder, SubmitOrder
from apps.core.enums import OrderStatus, OrderType, Side, TimeInForce
from bench.flow import SYMBOL, SYSTEM, request

if TYPE_CHECKING:
    import psycopg

    from bench.orders import Engine

BATCH = 200
RESTING_MAX = 100
#: Fields of the order that is copied, but for those that a copy has of its own.
_COPIED = """instrument_id, side, order_type, time_in_force, quantity, price, status, reason,
             filled_quantity, filled_notional, fee, held"""


class Customer:
    """One account that orders all day: of ten orders six trade with the house, two find nobody, two rest and are canceled."""

    def __init__(self, engine: "Engine", account_id: int) -> None:
        self._engine = engine
        self.account_id = account_id
        self.orders = 0
        self._resting: list[int] = []

    def order(self, total: int) -> None:
        """Order until the account has ``total`` orders."""
        from apps.engine.repeats import decode_answer
        from bench.orders import quote

        while self.orders < total:
            quote(self._engine)
            commands: list[SubmitOrder | CancelOrder] = [self._next() for _ in range(min(BATCH, total - self.orders))]
            commands += self._cancels()
            asked = [request(command) for command in commands]
            answers = self._engine.session.process_raw(asked, time.time_ns())
            for command, answer in zip(asked, map(decode_answer, answers), strict=True):
                if isinstance(command.command, SubmitOrder):
                    self._note(answer)

    def _note(self, answer: Any) -> None:
        if not isinstance(answer, OrderAnswer) or answer.status in (OrderStatus.DENIED, OrderStatus.REJECTED):
            raise RuntimeError(f"the engine answered {answer}")
        if answer.status is OrderStatus.ACCEPTED:
            self._resting.append(answer.order_id)

    def _cancels(self) -> list[CancelOrder]:
        over, self._resting = self._resting[:-RESTING_MAX], self._resting[-RESTING_MAX:]
        return [CancelOrder(command_id=f"end-{one}", actor=SYSTEM, account_id=self.account_id, order_id=one) for one in over]

    def _next(self) -> SubmitOrder:
        number = self.orders
        self.orders += 1
        kind = number % 10
        side = Side.BUY if number % 2 else Side.SELL
        rests = kind in (6, 7)
        return SubmitOrder(
            command_id=f"page-{number}",
            actor=SYSTEM,
            account_id=self.account_id,
            symbol=SYMBOL,
            side=side,
            order_type=OrderType.MARKET if kind < 6 else OrderType.LIMIT,
            quantity="0.01",
            price=None if kind < 6 else "92.00" if side is Side.BUY else "108.00",
            time_in_force=TimeInForce.GTC if rests else TimeInForce.IOC,
        )


def spread_orders(connection: "psycopg.Connection[Any]", total: int, accounts: list[int], template_id: int) -> None:
    """Copies of an ended order until the table has ``total``, in turn of all ``accounts``, as if they had come one by one.

    By SQL and without triggers: ten million would take the engine a quarter of an hour, and the history reads orders alone.
    """
    connection.execute("SET statement_timeout = 0")
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET synchronous_commit = off")
    row = connection.execute("SELECT count(*), max(id) FROM orders_order").fetchone()
    if row is None:
        raise RuntimeError("no orders to copy")
    have, highest = row
    for first in range(have, total, 500_000):
        connection.execute(
            f"""INSERT INTO orders_order (id, client_order_id, account_id, created_at, updated_at, {_COPIED})
                SELECT %(highest)s + n, md5(n::text),
                       (%(accounts)s::bigint[])[1 + (hashint8(n)::bigint + 2147483648) %% %(count)s],
                       now() + n * interval '1 millisecond', now() + n * interval '1 millisecond', {_COPIED}
                FROM (SELECT {_COPIED} FROM orders_order WHERE id = %(template)s) AS copied,
                     generate_series(%(first)s::bigint, %(last)s::bigint) AS n ORDER BY n""",  # noqa: S608
            {
                "highest": highest,
                "accounts": accounts,
                "count": len(accounts),
                "template": template_id,
                "first": first + 1,
                "last": min(first + 500_000, total),
            },
        )
    connection.execute("SET session_replication_role = DEFAULT")
    connection.execute("VACUUM (ANALYZE) orders_order")
