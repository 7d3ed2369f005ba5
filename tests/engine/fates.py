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
from apps.commands.types import AnyCommand, CancelOrder, Deposit, OpenAccount, SubmitOrder, Withdraw
from apps.core.enums import OrderType, Side, TimeInForce
from apps.engine.invariants import find_violations
from apps.engine.replay import Replay
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks
from tests.engine.matching.kit import NAMES, SYSTEM, acme, actor
from tests.engine.nursery import START_S, Nursery, cloned, connect

SYMBOLS = ("ACME", "BETA")
ROUNDS = 24
OFFERED = "100000"  # shares at each price of the house
#: What two lives must agree in, to the last digit and id.
COMPARED = {
    "trades": "SELECT id, instrument_id, instrument_sequence, price, quantity, aggressor_side, quote_sequence FROM orders_trade",
    "fills": "SELECT id, trade_id, order_id, account_id, side, liquidity_side, price, quantity, fee FROM orders_fill",
    "orders": """SELECT id, account_id, client_order_id, side, quantity, price, status, reason, filled_quantity, fee, held
                 FROM orders_order""",
    "balances": "SELECT id, account_id, asset_id, total, held FROM ledger_ledgeraccount",
    "postings": "SELECT transfer_id, leg, ledger_account_id, amount, balance_after FROM ledger_posting",
    "events": "SELECT id, account_id, account_sequence, order_id, type FROM orders_accountevent",
    "outbox": "SELECT last_sequence FROM eventlog_outboxbatch",
}


class Wish(NamedTuple):
    """``what`` is order, cancel (of the order that ``of`` counts), deposit or withdraw."""

    what: str
    account_id: int
    symbol: str
    side: str = "BUY"
    quantity: str = "0"
    price: str | None = None
    tif: str = "GTC"
    of: int = 0


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
            if dice < 0.75 or not orders:
                price = f"{10_000 + chance.randint(-12, 12)}"
                limit = None if dice < 0.08 else f"{price[:-2]}.{price[-2:]}"
                tif = chance.choice(("GTC", "GTC", "GTC", "IOC", "FOK"))
                side, quantity = chance.choice(("BUY", "SELL")), str(chance.randint(1, 20))
                wishes.append(Wish("order", account_id, symbol, side, quantity, limit, tif))
                orders += 1
            elif dice < 0.90:
                wishes.append(Wish("cancel", account_id, symbol, of=chance.randrange(orders)))
            else:
                what = chance.choice(("deposit", "withdraw"))
                wishes.append(Wish(what, account_id, symbol, quantity=f"{chance.randint(1, 900)}.25"))
        told.append(Round(10_000 + chance.randint(-8, 8), wishes))
    return told


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

    def start(self, dies_at: str = "", bug: str = "") -> bool:
        """Whether there is an engine now; False when it died before it served."""
        own = {"database": self.database, "ENGINE_URL": f"unix://{self._path}", "ENGINE_TOKEN": ""}
        self._engine = self.nursery.start("run_engine", dies_at=dies_at, bug=bug, **own)
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
        answers = self._ask(number, self._quotes(number, told.middle), commands)
        for command, wish, answer in zip(commands, told.wishes, answers, strict=True):
            self.answers[command.command_id] = answer
            self._asked.append(command)
            if wish.what == "order":
                self._order_ids.append(msgspec.msgpack.decode(answer)["order_id"])

    def _ask(self, number: int, quotes: bytes, commands: Sequence[AnyCommand]) -> list[bytes]:
        assert self._caller is not None
        try:
            return self._caller.ask(quotes, commands)
        except LostError:
            self.deaths.append(number)
            self.bury(137)
            assert self.start()
            return self._caller.ask(quotes, commands)

    def _quotes(self, number: int, middle: int) -> bytes:
        bid, ask = (f"{cents // 100}.{cents % 100:02d}" for cents in (middle - 5, middle + 5))
        ticks = [QuoteTick(symbol, number, time.time_ns(), bid, ask, OFFERED, OFFERED) for symbol in SYMBOLS]
        return msgspec.json.encode(QuoteTicks(source="story", epoch=1, ticks=ticks))

    def _command(self, command_id: str, wish: Wish) -> AnyCommand:
        envelope: dict[str, Any] = {"command_id": command_id, "account_id": wish.account_id, "actor": actor(wish.account_id)}
        if wish.what == "order":
            return SubmitOrder(
                **envelope, symbol=wish.symbol, side=Side(wish.side), quantity=wish.quantity, price=wish.price,
                order_type=OrderType.MARKET if wish.price is None else OrderType.LIMIT, time_in_force=TimeInForce(wish.tif),
            )  # fmt: skip
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
            violations = [str(violation) for violation in find_violations(opened)]
            assert not violations, "; ".join(violations)
            differences = [str(difference) for difference in Replay(opened).run()]
            assert not differences, "replay: differs: " + "; ".join(differences)
            return {name: digest(opened, query) for name, query in COMPARED.items()}

    def _is_kept(self, command: AnyCommand) -> bool:
        """Bad input is answered, not kept."""
        return msgspec.msgpack.decode(self.answers[command.command_id])["type"] != "REFUSED"


def digest(opened: Any, query: str) -> str:
    rows = opened.execute(f"{query} ORDER BY 1, 2" if "," in query else f"{query} ORDER BY 1").fetchall()
    return f"{len(rows)} rows, {hashlib.sha256(repr(rows).encode()).hexdigest()}"


#: What the consumer makes of the events; each row tells which of them it has counted.
PROJECTED = {
    "positions": "SELECT account_id, instrument_id, quantity, cost, realized_pnl, fees, last_sequence FROM portfolio_position",
    "progress": "SELECT account_id, account_sequence FROM portfolio_accountprogress",
}


class Downstream:
    """The relay and a consumer of a life, on the embedded log of its database; whoever dies is started again at once."""

    def __init__(self, living: Life, dies: str = "", dies_at: str = "", bug: str = "") -> None:
        self._living = living
        self._process("create_topics").join(START_S)
        self._running = {name: self._process(name) for name in ("relay_outbox", "run_consumer") if name != dies}
        if dies:
            self._running[dies] = self._process(dies, dies_at, bug)
        self.deaths: list[str] = []

    def _process(self, name: str, dies_at: str = "", bug: str = "") -> Any:
        argv = (name, "portfolio") if name == "run_consumer" else (name,)
        own = {"database": self._living.database, "dies_at": dies_at, "bug": bug}
        log = {"EVENT_LOG": "embedded", "KAFKA_TOPIC_PREFIX": "story.", "KAFKA_BOOTSTRAP": []}
        return self._living.nursery.start(*argv, **own, **log)

    def follow(self, limit_s: float) -> None:
        """Wait until the consumer has counted the last event of every account, which makes a round a batch for everybody."""
        behind = """SELECT e.account_id FROM (SELECT account_id, max(account_sequence) AS last FROM orders_accountevent
                        WHERE type LIKE 'ORDER_%' GROUP BY 1) e
                    LEFT JOIN portfolio_accountprogress p ON p.account_id = e.account_id
                    WHERE p.account_sequence IS DISTINCT FROM e.last"""
        deadline = time.monotonic() + limit_s
        with connect(self._living.database) as opened:
            while rows := opened.execute(behind).fetchall():
                assert time.monotonic() < deadline, f"I19: events of accounts {rows} never came; {self._living.nursery.said()}"
                self._revive()
                time.sleep(0.005)

    def _revive(self) -> None:
        for name, process in self._running.items():
            if not process.is_alive():
                assert process.exitcode == 137, f"{name} {process.exitcode}; log: {self._living.nursery.said()}"
                self.deaths.append(name)
                self._running[name] = self._process(name)

    def made(self) -> dict[str, str]:
        with connect(self._living.database) as opened:
            return {name: digest(opened, query) for name, query in PROJECTED.items()}


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
        life._ask(0, b"", [acme(symbol) for symbol in SYMBOLS])
        life._ask(0, b"", [OpenAccount(command_id=f"open-{a}", actor=SYSTEM, account_id=a) for a in NAMES])
        life._ask(0, b"", [_funding(account_id, asset) for account_id in NAMES for asset in ("USD", *SYMBOLS)])
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
