"""What the traders ask for: orders that rest near the market, orders that take, amendments and cancels. Seeded; no I/O."""

import json
import random
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from itertools import accumulate
from typing import Any, NamedTuple

from load.http import request
from load.plan import Instrument, Person

#: Of a hundred requests: orders that rest, orders that take, amendments; the others cancel.
REST, TAKE, AMEND = 40, 25, 10
#: Orders that rest for each trader on average, beyond which the next request cancels: a level that is reached within minutes, for
#: what is open is memory, and a soak must not take it for a leak.
OPEN_PER_TRADER = 3
_ORDERS = "/api/v1/orders"


class Asked(NamedTuple):
    """One request. ``order_id``: which order a cancel or an amendment is of."""

    kind: str
    id: str
    person: Person
    data: bytes
    order_id: int = 0
    symbol: str = ""
    side: str = ""


class _Open(NamedTuple):
    order_id: int
    person: Person
    symbol: str
    side: str


class Zipf:
    """Picks the first of a list often and the last seldom, as people pick instruments: the k-th with a weight of 1/k."""

    def __init__(self, count: int, chance: random.Random) -> None:
        self._range = range(count)
        self._weights = list(accumulate(1 / (number + 1) for number in range(count)))
        self._chance = chance

    def one(self) -> int:
        return self._chance.choices(self._range, cum_weights=self._weights)[0]

    def some(self, count: int) -> list[int]:
        """That many, each once, most picked first; all of them when there are fewer."""
        found: dict[int, None] = {}
        while len(found) < min(count, len(self._range)):
            found[self.one()] = None
        return list(found)


class Flow:
    """``prices`` are bid and ask by symbol, kept fresh by the caller; what has none is not traded."""

    def __init__(self, run: str, host: str, people: Sequence[Person], instruments: Sequence[Instrument], seed: int) -> None:
        self._run = run
        self._host = host
        self._people = people
        self._instruments = instruments
        self._grid = {each.symbol: (Decimal(each.tick), Decimal(each.lot)) for each in instruments}
        self._chance = random.Random(seed)
        self._zipf = Zipf(len(instruments), self._chance)
        self._open: list[_Open] = []
        self._made = 0
        self.prices: dict[str, tuple[Decimal, Decimal]] = {}

    def next(self) -> Asked:
        kind = self._chance.randrange(100)
        if len(self._open) >= OPEN_PER_TRADER * len(self._people) or kind >= REST + TAKE + AMEND:
            return self._cancel() or self._place(rests=True)
        if kind >= REST + TAKE:
            return self._amend() or self._place(rests=True)
        return self._place(rests=kind < REST)

    def cancel_all(self) -> Asked:
        person = self._chance.choice(self._people)
        name = self._id("k")
        self._open = [each for each in self._open if each.person is not person]
        return self._ask("cancel_all", name, person, f"{_ORDERS}/cancel-all", {"cancel_id": name})

    def learn(self, asked: Asked, status: str, order_id: int) -> None:
        """An order of ``asked`` was answered with ``status``: it may be open now."""
        if asked.kind == "place" and status in ("ACCEPTED", "PARTIALLY_FILLED"):
            self._open.append(_Open(order_id, asked.person, asked.symbol, asked.side))

    def _place(self, *, rests: bool) -> Asked:
        name = self._id("o")
        person = self._chance.choice(self._people)
        symbol = self._instruments[self._zipf.one()].symbol
        if symbol not in self.prices:
            symbol = self._chance.choice(list(self.prices))
        side = self._chance.choice(("BUY", "SELL"))
        lot = self._grid[symbol][1]
        body = {
            "client_order_id": name,
            "symbol": symbol,
            "side": side,
            "order_type": "LIMIT",
            "quantity": str(lot * self._chance.randint(1, 5)),
            "price": self._price(symbol, side, rests=rests),
            "time_in_force": "GTC" if rests else "IOC",
        }
        return self._ask("place", name, person, _ORDERS, body, symbol=symbol, side=side)

    def _price(self, symbol: str, side: str, *, rests: bool) -> str:
        """Up to a percent behind the touch, or half a percent beyond the other side of the market."""
        bid, ask = self.prices[symbol]
        share = Decimal(self._chance.randint(5, 100) if rests else 50) / 10_000
        is_buy = side == "BUY"
        wanted = (bid if is_buy else ask) * (1 - share if is_buy else 1 + share)
        if not rests:
            wanted = (ask if is_buy else bid) * (1 + share if is_buy else 1 - share)
        tick = self._grid[symbol][0]
        return str((wanted / tick).to_integral_value(ROUND_DOWN) * tick)

    def _amend(self) -> Asked | None:
        if not self._open:
            return None
        found = self._chance.choice(self._open)
        if found.symbol not in self.prices:
            return None
        name = self._id("a")
        body = {"order_id": found.order_id, "change_id": name, "price": self._price(found.symbol, found.side, rests=True)}
        return self._ask("amend", name, found.person, f"{_ORDERS}/amend", body, found.order_id)

    def _cancel(self) -> Asked | None:
        if not self._open:
            return None
        at = self._chance.randrange(len(self._open))
        self._open[at], self._open[-1] = self._open[-1], self._open[at]
        found = self._open.pop()
        body = {"order_id": found.order_id}
        return self._ask("cancel", self._id("c"), found.person, f"{_ORDERS}/cancel", body, found.order_id)

    def _ask(
        self,
        kind: str,
        name: str,
        person: Person,
        path: str,
        body: dict[str, Any],
        order_id: int = 0,
        symbol: str = "",
        side: str = "",
    ) -> Asked:
        headers = (f"Authorization: Bearer {person.key}", "Content-Type: application/json")
        data = request("POST", path, self._host, headers, json.dumps(body).encode())
        return Asked(kind, name, person, data, order_id, symbol, side)

    def _id(self, mark: str) -> str:
        self._made += 1
        return f"{self._run}-{mark}{self._made}"
