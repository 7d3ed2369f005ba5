"""People with money and keys in a world, and orders that they send by hand."""

import http.client
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from load.plan import Instrument, Person
from load.target import of_cluster
from tests.faults.world import World

_ORDERS = "/api/v1/orders"
#: Beyond the longest wait of a door for the engine.
_ANSWER_S = 20.0


@dataclass(frozen=True)
class Market:
    people: list[Person]
    instruments: list[Instrument]


def make_people(world: World, count: int, run: str, directory: Path) -> Market:
    """``run`` begins the ids of what funds them."""
    path = directory / "people.json"
    made = of_cluster(world.cluster, is_own=True).run("-m", "load.people", str(count), run, str(path))
    assert made.returncode == 0, made.stderr[-2000:]
    document = json.loads(path.read_text())
    path.unlink()
    people = msgspec.convert(document["people"], list[Person], strict=False)
    return Market(people, msgspec.convert(document["instruments"], list[Instrument]))


class Program:
    """Sends one order after another through a door at ``port``, each on a connection of its own."""

    def __init__(self, port: int, host: str, person: Person) -> None:
        self._port, self.person = port, person
        self._headers = {"Host": host, "Authorization": f"Bearer {person.key}", "Content-Type": "application/json"}

    def place(self, order: dict[str, Any]) -> tuple[int, bytes] | None:
        """Status and body; None when the connection broke before all of it had come."""
        link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_ANSWER_S)
        try:
            link.request("POST", _ORDERS, json.dumps(order), self._headers)
            answer = link.getresponse()
            body = answer.read()
            # A head that was cut looks like one that is whole, and an end of the connection like that of a body.
            return (answer.status, body) if answer.headers.get("Content-Length", "").strip().isdigit() else None
        except (ConnectionError, http.client.HTTPException):
            return None
        finally:
            link.close()


def an_order(name: str, symbol: str, price: str, quantity: str) -> dict[str, Any]:
    """It takes what it gets at once, so that none of thousands stays open."""
    fixed = {"side": "BUY", "order_type": "LIMIT", "time_in_force": "IOC"}
    return {"client_order_id": name, "symbol": symbol, "price": price, "quantity": quantity} | fixed
