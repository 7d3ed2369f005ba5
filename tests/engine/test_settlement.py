"""What a batch decides is what is stored; and the database refuses what would break its laws, whoever writes."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction

from apps.commands.types import HaltInstrument
from apps.engine import events
from apps.engine.models import Journal
from apps.engine.settlement import BROKEN_LAW, STALE_EPOCH, SettlementError
from apps.eventlog.models import OutboxBatch
from apps.instruments.models import Asset, Instrument
from apps.ledger.models import LedgerAccount, Posting, Transfer
from apps.orders.models import AccountEvent, Fill, Order, Trade
from tests.ddl import patient
from tests.engine.world import SYMBOL, SYSTEM, World, configure


def refused(statement: str, *parameters: object) -> str:
    """The SQLSTATE with which the database refuses ``statement``."""
    raw = connection.connection
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor, patient(raw):
        cursor.execute(statement, parameters or None)
    return str(caught.value.__cause__.sqlstate)  # type: ignore[union-attr]


def balance(account_id: int, code: str) -> tuple[str, str]:
    row = LedgerAccount.objects.get(account_id=account_id, asset__code=code)
    return f"{row.total:f}", f"{row.held:f}"


def test_two_customers_trade_and_everything_is_stored(world: World) -> None:
    resting = world.submit(world.alice, "SELL", "2", "100.00")
    answer = world.submit(world.bob, "BUY", "0.5", "100.50")

    assert (answer.status, answer.average_price, answer.fee) == ("FILLED", "100", "0.1")
    assert balance(world.bob.pk, "USD") == ("99949.90000000", "0.00000000")
    assert balance(world.bob.pk, "BTC") == ("100.50000000", "0.00000000")
    assert balance(world.alice.pk, "USD") == ("100049.95000000", "0.00000000")
    assert balance(world.alice.pk, "BTC") == ("99.50000000", "1.50000000")
    order = Order.objects.get(pk=resting.order_id)
    assert (order.status, f"{order.filled_quantity:f}", f"{order.held:f}") == ("PARTIALLY_FILLED", "0.50000000", "1.50000000")
    trade = Trade.objects.get()
    assert (f"{trade.price:f}", trade.aggressor_side, trade.quote_source) == ("100.00000000", "BUY", "")
    assert Fill.objects.filter(trade=trade).count() == 2
    assert Transfer.objects.get(trade_id=trade.pk).postings.count() == 7
    assert world.violations() == []


def test_a_fill_against_the_house_records_its_quote(world: World) -> None:
    answer = world.submit(world.bob, "BUY", "0.5", None)
    trade = Trade.objects.get()
    assert answer.status == "FILLED"
    assert (trade.quote_source, trade.quote_epoch, trade.quote_sequence) == ("test", world.epoch, world.quotes)
    house = LedgerAccount.objects.get(account__kind="HOUSE", asset__code="BTC")
    assert (house.may_be_negative, f"{house.total:f}") == (True, "-0.50000000")
    assert world.violations() == []


def test_a_quote_that_moves_through_a_resting_order_fills_it(world: World) -> None:
    resting = world.submit(world.bob, "BUY", "0.5", "100.00")
    crossed = world.quote("97.00", "98.00")
    assert crossed is not None
    world.session.process_raw([], world.clock.now_ns(), [crossed])
    assert Order.objects.get(pk=resting.order_id).status == "FILLED"
    assert f"{Fill.objects.get(order_id=resting.order_id).price:f}" == "100.00000000"
    assert world.violations() == []
    assert world.replay() == []


def test_one_commit_leaves_one_outbox_row_with_everything_to_publish(world: World) -> None:
    before = OutboxBatch.objects.count()
    world.submit(world.alice, "SELL", "2", "100.00")
    world.submit(world.bob, "BUY", "0.5", "100.50")
    assert OutboxBatch.objects.count() == before + 2
    batch = OutboxBatch.objects.order_by("-last_sequence")[0]
    messages = msgspec.msgpack.decode(bytes(batch.messages))
    assert [(topic, key) for topic, key, _, _ in messages] == [
        ("orders.events", str(world.bob.pk)),
        ("orders.events", str(world.bob.pk)),
        ("orders.events", str(world.alice.pk)),
        ("marketdata.trades", "BTC-USD"),
        ("marketdata.levels", "BTC-USD"),
    ]
    stored = AccountEvent.objects.order_by("-id")[0]
    assert msgspec.json.decode(messages[2][3]) == stored.data
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM orders_accountevent WHERE id = %s", [stored.pk])
        assert cursor.fetchone() == (messages[2][3].decode(),)  # byte for byte what is published
    assert messages[2][2] == f"{world.epoch}-{stored.pk}"
    assert msgspec.json.decode(messages[4][3])["levels"] == [["SELL", "100", "1.5"]]
    assert Journal.objects.order_by("-last_sequence")[0].last_sequence == batch.last_sequence


def test_a_batch_with_many_prints_and_levels_is_published_in_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "PRINTS_MAX", 2)
    monkeypatch.setattr(events, "LEVELS_MAX", 2)
    world.do(configure("ETH-USD"))
    world.deposit(world.alice, "ETH", "100")
    world.batch(*(world.order(world.alice, "SELL", "1", f"10{i}.00", symbol=s) for s in (SYMBOL, "ETH-USD") for i in range(1, 4)))
    world.batch(*(world.order(world.alice, "SELL", "1", "100.00") for _ in range(3)))
    world.submit(world.bob, "BUY", "3", "100.00")
    sent = [
        [each for each in msgspec.msgpack.decode(bytes(batch.messages)) if each[0].startswith("marketdata.")]
        for batch in OutboxBatch.objects.order_by("last_sequence")
    ]
    prints = [each for each in sent[-1] if each[0] == "marketdata.trades"]
    assert [len(msgspec.json.decode(each[3])["ticks"]) for each in prints] == [2, 1]
    levels = [each for each in sent[-3] if each[0] == "marketdata.levels"]
    assert sum(len(msgspec.json.decode(each[3])["levels"]) for each in levels) >= 3
    assert all(len(msgspec.json.decode(each[3])["levels"]) <= 2 for each in levels)
    for batch in sent:
        ids = [(topic, event_id) for topic, _, event_id, _ in batch]
        assert len(set(ids)) == len(ids)


def test_a_halt_is_stored_with_its_reason_and_published(world: World) -> None:
    world.do(HaltInstrument(command_id="halt-1", actor=SYSTEM, symbol="BTC-USD", reason='news: "merger" \\ pending'))
    instrument = Instrument.objects.get()
    assert (instrument.trading_state, instrument.state_reason) == ("HALTED", 'news: "merger" \\ pending')
    assert Asset.objects.count() == 2
    answer = world.submit(world.bob, "BUY", "1", "100.00")
    assert (answer.status, answer.reason) == ("REJECTED", "INSTRUMENT_HALTED")
    assert world.violations() == []


def test_refused_input_writes_nothing(world: World) -> None:
    before = (Order.objects.count(), Journal.objects.count(), AccountEvent.objects.count())
    answers = world.batch(
        world.order(world.bob, "BUY", "1e3", "100.00"),
        world.order(world.bob, "BUY", "1", "100.001"),
        world.order(world.bob, "BUY", "1", "100.00", symbol="NO\x00PE"),
        world.order(world.bob, "BUY", "1", "100.00", command_id="not an id\x00"),
        world.order(world.bob, "BUY", "1", "100.00", account_id=2**63),
        world.order(world.bob, "BUY", "1", "100.00", account_id=world.alice.pk),
    )
    assert [type(answer).__name__ for answer in answers] == ["RefusedAnswer"] * 6
    assert (Order.objects.count(), Journal.objects.count(), AccountEvent.objects.count()) == before


def test_a_stale_epoch_writes_nothing_and_says_so(world: World) -> None:
    old = world.session
    world.restart()
    before = Order.objects.count()
    with pytest.raises(SettlementError) as caught, transaction.atomic():
        old.process([world.order(world.bob, "BUY", "1", "100.00")], world.clock.now_ns())
    assert caught.value.sqlstate == STALE_EPOCH
    assert Order.objects.count() == before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda world: setattr(world.balance_of(world.bob), "total", world.balance_of(world.bob).total + 1),
        lambda world: setattr(world.balance_of(world.bob), "ledger_account_id", 987_654_321),
    ],
    ids=["a total that is not the sum of the postings", "a ledger account that is not there"],
)
def test_the_settlement_adds_up_for_itself(world: World, spoil: Callable[[Any], None]) -> None:
    spoil(WithBalances(world))
    with pytest.raises(SettlementError) as caught, transaction.atomic():
        world.submit(world.bob, "BUY", "0.5", None)
    assert caught.value.sqlstate == BROKEN_LAW


class WithBalances:
    def __init__(self, world: World) -> None:
        self.world = world
        self.bob = world.bob

    def balance_of(self, account: Any) -> Any:
        usd = Asset.objects.get(code="USD").pk
        return self.world.session.venue.accounts[account.pk].balances[usd]


def test_an_order_that_ended_cannot_be_changed_again(world: World) -> None:
    answer = world.submit(world.bob, "BUY", "1", "90.00")
    Order.objects.filter(pk=answer.order_id).update(status="CANCELED", held=0, reason="CANCELED_BY_ADMIN")
    with pytest.raises(SettlementError) as caught, transaction.atomic():
        world.cancel(world.bob, answer.order_id)
    assert caught.value.sqlstate == BROKEN_LAW


APPEND_ONLY = (
    "ledger_transfer",
    "ledger_posting",
    "orders_trade",
    "orders_fill",
    "orders_accountevent",
    "engine_journal",
    "engine_commandrecord",
)
COLUMN = {"ledger_posting": "leg", "engine_journal": "epoch", "engine_commandrecord": "command_id"}


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_history_cannot_be_rewritten(world: World, table: str) -> None:
    column = COLUMN.get(table, "id")
    assert refused(f"UPDATE {table} SET {column} = {column}") == "23514"
    assert refused(f"DELETE FROM {table}") == "23514"
    assert refused(f"TRUNCATE {table} CASCADE") == "23514"


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("ledger_ledgeraccount", "total"),
        ("ledger_ledgeraccount", "held"),
        ("orders_order", "quantity"),
        ("orders_order", "price"),
        ("orders_order", "filled_quantity"),
        ("orders_order", "filled_notional"),
        ("orders_order", "fee"),
        ("orders_order", "held"),
        ("instruments_instrument", "tick_size"),
        ("instruments_instrument", "max_notional"),
    ],
)
@pytest.mark.fault("F27")
def test_nan_is_refused_in_every_money_column(world: World, table: str, column: str) -> None:
    world.submit(world.bob, "BUY", "1", "90.00")
    assert refused(f"UPDATE {table} SET {column} = 'NaN'") == "23514"


@pytest.mark.fault("F27")
def test_nan_is_refused_in_history_too(world: World) -> None:
    world.submit(world.bob, "BUY", "0.5", None)
    usd = LedgerAccount.objects.get(account=world.bob, asset__code="USD")
    posting = "INSERT INTO ledger_posting (transfer_id, leg, ledger_account_id, asset_id, amount, balance_after) VALUES "
    assert refused(posting + f"(1, 1, {usd.pk}, {usd.asset_id}, 'NaN', 0)") == "23514"
    for table in ("orders_trade", "orders_fill"):
        columns = "id, instrument_id, epoch, instrument_sequence, quantity, aggressor_side, quote_source, at"
        if table == "orders_fill":
            columns = "id, trade_id, order_id, account_id, instrument_id, side, liquidity_side, quantity, fee, at"
        values = columns.replace("id,", "id + 1000000,", 1).replace(", instrument_sequence", ", instrument_sequence + 1000")
        assert refused(f"INSERT INTO {table} ({columns}, price) SELECT {values}, 'NaN' FROM {table}") == "23514"


@pytest.mark.parametrize(
    "postings",
    ["(900, 0, {a}, {usd}, 5, 5)", "(900, 0, {a}, {usd}, 5, 5), (900, 1, {b}, {usd}, -4, 0)"],
    ids=["one leg", "two legs that do not sum to zero"],
)
def test_postings_that_do_not_balance_are_refused(world: World, postings: str) -> None:
    usd = Asset.objects.get(code="USD").pk
    a, b = (LedgerAccount.objects.get(account=account, asset_id=usd).pk for account in (world.alice, world.bob))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_transfer VALUES (900, 'ADJUSTMENT', NULL, 'x', '', now())")
    insert = "INSERT INTO ledger_posting (transfer_id, leg, ledger_account_id, asset_id, amount, balance_after) VALUES "
    assert refused(insert + postings.format(a=a, b=b, usd=usd)) == "23514"
    assert not Posting.objects.filter(transfer_id=900).exists()


def test_a_customer_cannot_have_less_than_nothing(world: World) -> None:
    row = LedgerAccount.objects.get(account=world.bob, asset__code="USD")
    assert refused("UPDATE ledger_ledgeraccount SET total = -1 WHERE id = %s", row.pk) == "23514"
    assert refused("UPDATE ledger_ledgeraccount SET held = total + 1 WHERE id = %s", row.pk) == "23514"


def test_the_invariants_bite(world: World) -> None:
    world.submit(world.bob, "BUY", "1", "90.00")
    LedgerAccount.objects.filter(account=world.bob, asset__code="USD").update(held=0)
    Order.objects.update(held=1)
    names = {violation.split()[0] for violation in world.violations()}
    assert "I4" in names
    LedgerAccount.objects.filter(account=world.bob, asset__code="USD").update(total=1)
    assert {"I1", "I3"} <= {violation.split()[0] for violation in world.violations()}


@pytest.mark.parametrize("document", ["", "[]", "null", '"an event"'])
def test_an_event_that_is_no_object_is_refused(world: World, document: str) -> None:
    columns = "id, account_id, account_sequence, epoch, type, data, at"
    statement = f"INSERT INTO orders_accountevent ({columns}) VALUES (%s, %s, 1000000, 1, 'X', %s, now())"
    assert refused(statement, 2**60, world.bob.pk, document) == "23514"
