"""One story, lived by engines that die: the same wishes in the same order, told to whoever is the engine by then.

What makes two lives comparable: ids of commands, prices and quantities come from the seed; each round begins with a quote of its
own that offers more than anybody could want, so that it does not matter how often it was offered; and what is compared holds
every id and number, but no instant and no epoch.
"""

import hashlib
import random
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from django.db import connection

from apps.commands import framing
from apps.commands.types import AnyCommand, Bracket, CancelOrder, Deposit, Leg, OpenAccount, SubmitOrder, SubmitPair, Withdraw
from apps.core.enums import OrderType, Side, TimeInForce
from apps.engine.invariants import find_violations
from apps.engine.replay import Replay
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks
from tests.engine.matching.kit import NAMES, SYSTEM, acme, actor
from tests.engine.nursery import START_S, Nursery, cloned, connect
from tests.engine.world import OF_THE_BOOKS

SYMBOLS = ("ACME", "BETA")
ROUNDS = 24
OFFERED = "100000"  # shares at each price of the house
LASTS_S = 3_600  # of a GTD order: longer than any story
#: A crowd is a round of more than one batch and a half, so that the engine decides ahead; in so many rounds of a story of crowds.
CROWD, CROWDS, CROWD_ROUNDS = 330, 3, 9
#: What two lives must agree in, to the last digit and id.
COMPARED = {
    "trades": "SELECT id, instrument_id, instrument_sequence, price, quantity, aggressor_side, quote_sequence FROM orders_trade",
    "fills": "SELECT id, trade_id, order_id, account_id, side, liquidity_side, price, quantity, fee FROM orders_fill",
    "orders": """SELECT id, account_id, client_order_id, side, quantity, price, status, reason, filled_quantity, fee, held
                 FROM orders_order""",
    "terms": "SELECT order_id, trigger_price, trail_bps, priority, link_id, parent_id, exits::text FROM orders_orderterms",
    "balances": "SELECT id, account_id, asset_id, total, held FROM ledger_ledgeraccount",
    "postings": "SELECT transfer_id, leg, ledger_account_id, amount, balance_after FROM ledger_posting",
    "events": "SELECT id, account_id, account_sequence, order_id, type FROM orders_accountevent",
    "outbox": "SELECT last_sequence FROM eventlog_outboxbatch",
}


class Wish(NamedTuple):
    """``what`` is order, pair, cancel (of the order that ``of`` counts), deposit or withdraw.

    ``legs`` are an order itself, and then its exits; or the two of a pair. ``lasts_s`` is of GTD, from the beginning of the life.
    """

    what: str
    account_id: int
    symbol: str
    side: str = "BUY"
    quantity: str = "0"
    legs: tuple[Leg, ...] = ()
    tif: str = "GTC"
    of: int = 0
    lasts_s: int | None = None


class Round(NamedTuple):
    middle: int  # cents
    wishes: list[Wish]


def story(seed: int, rounds: int = ROUNDS) -> list[Round]:
    chance = random.Random(seed)
    orders = 0
    told: list[Round] = []
    for _ in range(rounds):
        wishes: list[Wish] = []
        for _ in range(chance.randint(1, 8)):
            account_id, symbol, dice = chance.choice(list(NAMES)), chance.choice(SYMBOLS), chance.random()
            if dice < 0.80 or not orders:
                wishes.append(_order(chance, account_id, symbol))
                orders += 2 if wishes[-1].what == "pair" else 1
            elif dice < 0.92:
                wishes.append(Wish("cancel", account_id, symbol, of=chance.randrange(orders)))
            else:
                what = chance.choice(("deposit", "withdraw"))
                wishes.append(Wish(what, account_id, symbol, quantity=f"{chance.randint(1, 900)}.25"))
        told.append(Round(10_000 + chance.randint(-8, 8), wishes))
    return told


def story_of_crowds(seed: int) -> list[Round]:
    """Every third round is a crowd. Accounts take turns and half of it are cancels, so that none sends more than its pace allows:
    that goes by the clock, which is another one in each life."""
    told = story(seed, CROWD_ROUNDS)
    chance, people = random.Random(f"crowds {seed}"), list(NAMES)
    orders = 0
    for number, (middle, wishes) in enumerate(told):
        if number % (CROWD_ROUNDS // CROWDS) == 1:
            wishes = [_of_a_crowd(chance, people[index % len(people)], orders) for index in range(CROWD)]
            told[number] = Round(middle, wishes)
        orders += sum({"order": 1, "pair": 2}.get(wish.what, 0) for wish in wishes)
    return told


def _of_a_crowd(chance: random.Random, account_id: int, orders: int) -> Wish:
    symbol = chance.choice(SYMBOLS)
    if chance.random() < 0.5:
        return _order(chance, account_id, symbol)
    return Wish("cancel", account_id, symbol, of=chance.randrange(orders))


def _order(chance: random.Random, account_id: int, symbol: str) -> Wish:
    """Of any type, within some cents of where the market is: what waits is set off, and trails are led, a few rounds later."""
    side, quantity, dice = chance.choice(("BUY", "SELL")), str(chance.randint(1, 20)), chance.random()
    limit = Leg(order_type=OrderType.LIMIT, price=cents(10_000 + chance.randint(-12, 12)))
    tif, lasts_s = chance.choice((("GTC", None), ("GTC", None), ("GTD", LASTS_S), ("GTD", 0)))
    wish = Wish("order", account_id, symbol, side, quantity)
    if dice < 0.50:
        if dice < 0.06:
            limit = Leg(order_type=OrderType.MARKET)
        return wish._replace(legs=(limit,), tif=chance.choice(("GTC", "GTC", "GTC", "IOC", "FOK")))
    if dice < 0.55:
        return wish._replace(legs=(limit,), tif=tif, lasts_s=lasts_s)
    sells = side == "SELL"
    better = Leg(order_type=OrderType.TAKE_PROFIT, trigger_price=cents(10_000 + chance.randint(3, 9) * (1 if sells else -1)))
    stop = _stop(chance, 10_000 + chance.randint(3, 9) * (-1 if sells else 1), sells)
    if dice < 0.70:
        return wish._replace(legs=(chance.choice((better, stop, stop)),), tif=tif, lasts_s=lasts_s)
    if dice < 0.80:
        away = chance.randint(2, 12) * (1 if sells else -1)
        rests = Leg(order_type=OrderType.LIMIT, price=cents(10_000 + away))
        return wish._replace(what="pair", legs=(chance.choice((rests, better)), stop), tif=tif, lasts_s=lasts_s)
    target = Leg(order_type=OrderType.LIMIT, price=cents(10_013 + chance.randint(0, 6)))
    protection = _stop(chance, 9_987 - chance.randint(0, 6), True)
    legs = chance.choice(((limit, target, protection), (limit, target), (limit, protection)))
    return wish._replace(side="BUY", legs=legs)


def _stop(chance: random.Random, trigger: int, sells: bool) -> Leg:
    kind = chance.choice((OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP))
    if kind is OrderType.TRAILING_STOP:
        return Leg(order_type=kind, trail_bps=chance.randint(4, 12))
    limit = cents(trigger + (-4 if sells else 4)) if kind is OrderType.STOP_LIMIT else None
    return Leg(order_type=kind, trigger_price=cents(trigger), price=limit)


def cents(number: int) -> str:
    return f"{number // 100}.{number % 100:02d}"


class LostError(Exception):
    """The engine went away in the middle of a conversation."""


class Caller:
    """One connection: a round goes out in one piece, so that it is one batch."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(START_S)
        self._socket.connect(str(path))
        self._reader = framing.FrameReader(framing.ENGINE_LIMITS)
        self._socket.sendall(framing.hello_frame(""))
        self._read(1)

    def ask(self, quotes: bytes, commands: Sequence[AnyCommand]) -> list[bytes]:
        """The answers, as they came. Raises :class:`LostError`."""
        frames = [framing.frame(framing.QUOTES, quotes)] if quotes else []
        frames += [framing.frame(framing.COMMAND, msgspec.msgpack.encode(command)) for command in commands]
        try:
            self._socket.sendall(b"".join(frames))
            return self._read(len(commands))
        except (BrokenPipeError, ConnectionResetError) as error:
            raise LostError from error

    def _read(self, count: int) -> list[bytes]:
        found: list[bytes] = []
        while len(found) < count:
            data = self._socket.recv(1 << 16)
            if not data:
                raise LostError
            found += [body for _, body in self._reader.feed(data)]
        return found

    def close(self) -> None:
        self._socket.close()


class Life:
    """A story on a database of its own."""

    def __init__(self, nursery: Nursery, database: str, path: Path) -> None:
        self.nursery, self.database, self._path = nursery, database, path
        self.deaths: list[int] = []  # in which round
        self.answers: dict[str, bytes] = {}  # what each command was answered
        self._asked: list[AnyCommand] = []
        self._order_ids: list[int] = []
        self._engine: Any = None
        self._caller: Caller | None = None
        self._epoch = time.time_ns()

    def start(self, dies_at: str = "", bug: str = "", ahead: bool = False) -> bool:
        """Whether there is an engine now; False when it died before it served."""
        own = {"database": self.database, "ENGINE_URL": f"unix://{self._path}", "ENGINE_TOKEN": ""}
        self._engine = self.nursery.start("run_engine", dies_at=dies_at, bug=bug, ahead=ahead, **own)
        deadline = time.monotonic() + START_S
        while self._engine.is_alive():
            assert time.monotonic() < deadline, f"the engine serves; log: {self.nursery.said()}"
            try:
                self._caller = Caller(self._path)
                return True
            except (FileNotFoundError, ConnectionError, LostError):
                time.sleep(0.005)
        return False

    def kill(self) -> None:
        self._engine.kill()
        self.bury(-9)

    def bury(self, code: int) -> None:
        self._engine.join(START_S)
        assert self._engine.exitcode == code, f"engine: ended {self._engine.exitcode}; log: {self.nursery.said()}"
        if self._caller is not None:
            self._caller.close()
            self._caller = None

    def tell(self, number: int, told: Round) -> None:
        """One round; when the engine dies in it, the next one is told the same again."""
        commands = [self._command(f"r{number}-{index}", wish) for index, wish in enumerate(told.wishes)]
        answers = self._ask(number, commands, told.middle)
        for command, wish, answer in zip(commands, told.wishes, answers, strict=True):
            self.answers[command.command_id] = answer
            self._asked.append(command)
            decided = msgspec.msgpack.decode(answer)
            assert decided["type"] != "RETRY", f"everything is decided: {decided}"
            if wish.what == "order":
                self._order_ids.append(decided["order_id"])
            elif wish.what == "pair":
                self._order_ids += [order["order_id"] for order in decided["orders"]]

    def _ask(self, number: int, commands: Sequence[AnyCommand], middle: int = 0) -> list[bytes]:
        """After a death everything is told again, at a time of its own: a quote that comes late would be dropped."""
        assert self._caller is not None
        try:
            return self._caller.ask(self._quotes(number, middle), commands)
        except LostError:
            self.deaths.append(number)
            self.bury(137)
            assert self.start()
            return self._caller.ask(self._quotes(number, middle), commands)

    def _quotes(self, number: int, middle: int) -> bytes:
        if not middle:
            return b""
        bid, ask = cents(middle - 5), cents(middle + 5)
        ticks = [QuoteTick(symbol, number, time.time_ns(), bid, ask, OFFERED, OFFERED) for symbol in SYMBOLS]
        return msgspec.json.encode(QuoteTicks(source="story", epoch=1, ticks=ticks))

    def _command(self, command_id: str, wish: Wish) -> AnyCommand:
        envelope: dict[str, Any] = {"command_id": command_id, "account_id": wish.account_id, "actor": actor(wish.account_id)}
        if wish.legs:
            expires = None if wish.lasts_s is None else self._epoch + wish.lasts_s * 10**9
            envelope |= {"symbol": wish.symbol, "side": Side(wish.side), "quantity": wish.quantity}
            envelope |= {"time_in_force": TimeInForce(wish.tif), "expires_at_ns": expires}
        if wish.what == "pair":
            return SubmitPair(**envelope, first=wish.legs[0], second=wish.legs[1])
        if wish.what == "order":
            own, *exits = wish.legs
            return SubmitOrder(**envelope, **msgspec.structs.asdict(own), bracket=_bracket(exits))
        if wish.what == "cancel":
            # An order of this round has no id yet; its number is then that of one before.
            return CancelOrder(**envelope, order_id=self._order_ids[wish.of] if wish.of < len(self._order_ids) else 1)
        kind = Deposit if wish.what == "deposit" else Withdraw
        return kind(**envelope, asset="USD", amount=wish.quantity)

    def end(self) -> dict[str, str]:
        """Whoever is asked now gives every answer that was given; the books are right; returns what they come to."""
        self.kill()
        assert self.start()
        assert self._caller is not None
        for begin in range(0, len(self._asked), 50):
            part = [command for command in self._asked[begin : begin + 50] if self._is_kept(command)]
            again = self._caller.ask(b"", part)
            assert again == [self.answers[command.command_id] for command in part], "I14: an answer was taken back"
        self.kill()
        with connect(self.database) as opened:
            violations = [str(violation) for violation in find_violations(opened, OF_THE_BOOKS)]
            assert not violations, "; ".join(violations)
            differences = [str(difference) for difference in Replay(opened).run()]
            assert not differences, "replay: differs: " + "; ".join(differences)
            return {name: digest(opened, query) for name, query in COMPARED.items()}

    def _is_kept(self, command: AnyCommand) -> bool:
        """Bad input is answered, not kept."""
        return msgspec.msgpack.decode(self.answers[command.command_id])["type"] != "REFUSED"


def _bracket(exits: list[Leg]) -> Bracket | None:
    target = [leg for leg in exits if leg.order_type is OrderType.LIMIT]
    stop = [leg for leg in exits if leg.order_type is not OrderType.LIMIT]
    return Bracket(target=target[0] if target else None, stop=stop[0] if stop else None) if exits else None


def digest(opened: Any, query: str) -> str:
    rows = opened.execute(f"{query} ORDER BY 1, 2" if "," in query else f"{query} ORDER BY 1").fetchall()
    return f"{len(rows)} rows, {hashlib.sha256(repr(rows).encode()).hexdigest()}"


@contextmanager
def founded(nursery: Nursery, directory: Path, name: str) -> Iterator[str]:
    """A database in which three funded customers may trade two instruments, and no engine runs."""
    tested = connection.settings_dict["NAME"]
    connection.close()
    with cloned(tested, name):
        with connect(name) as opened:
            for account_id, person in NAMES.items():
                opened.execute(
                    """INSERT INTO accounts_user
                           (id, email, password, is_superuser, role, is_staff, is_active, time_zone, date_joined)
                       VALUES (%s, %s, '!', false, 'CUSTOMER', false, true, 'UTC', now())""",
                    [account_id * 10, f"{person}@tredye.example"],
                )
                opened.execute(
                    """INSERT INTO accounts_account (id, user_id, kind, status, opened_at)
                       VALUES (%s, %s, 'CUSTOMER', 'PENDING_FUNDING', now())""",
                    [account_id, account_id * 10],
                )
        life = Life(nursery, name, directory / "founding.sock")
        assert life.start()
        life._ask(0, [acme(symbol, actor=SYSTEM) for symbol in SYMBOLS])
        life._ask(0, [OpenAccount(command_id=f"open-{a}", actor=SYSTEM, account_id=a) for a in NAMES])
        life._ask(0, [_funding(account_id, asset) for account_id in NAMES for asset in ("USD", *SYMBOLS)])
        life.kill()
        yield name


def _funding(account_id: int, asset: str) -> Deposit:
    amount = "50000" if asset == "USD" else "300"
    return Deposit(command_id=f"fund-{asset}-{account_id}", actor=SYSTEM, account_id=account_id, asset=asset, amount=amount)


@contextmanager
def life(nursery: Nursery, directory: Path, template: str, name: str) -> Iterator[Life]:
    with cloned(template, name):
        try:
            yield Life(nursery, name, directory / "engine.sock")
        finally:
            nursery.end_all()
