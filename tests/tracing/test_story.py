"""One id from the click to the push, and the whole story of the order from it: through every part, in one process."""

import asyncio
import json
import re
import uuid
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from apps.eventlog import outbox
from apps.eventlog.handler import Handler, Record
from apps.observability import spans
from apps.observability.accesslog import AccessLog
from apps.observability.tracing import CONSUME, DECIDE, PUBLISH, SEND, read_traceparent, span_id_of
from apps.orders.models import AccountEvent, Order
from apps.realtime.pushes import note_pushes
from apps.realtime.reader import StoredEvent
from tests.engine.world import SYMBOL, World
from tests.eventlog.harness import own_connection, relaying, running
from tests.observability.collector import collecting
from tests.prices import seen
from tests.waiting import wait_until

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = "b7ad6b7169203331"
STORY = {"traceparent": f"00-{TRACE}-{CALLER}-01"}
TOPIC = "orders.events"


class Watching(Handler):
    """A consumer of order events."""

    topics = (TOPIC,)
    positions = "latest"
    poison = "park"

    def __init__(self) -> None:
        self.name = f"w{uuid.uuid4().hex[:8]}"
        self.seen: list[Record] = []

    def handle(self, records: Sequence[Record]) -> None:
        self.seen += records


def place(client: Client, **changes: str) -> Order:
    ticket = {
        "symbol": SYMBOL, "client_order_id": "ticket-1", "side": "BUY", "order_type": "LIMIT", "quantity": "0.5",
        "price": "101.00", "time_in_force": "GTC", "seen": seen("99.00", "101.00"),
    }  # fmt: skip
    answer = client.post("/orders/submit/", ticket | changes, headers=HTMX | STORY)
    assert answer.status_code == 200, answer.content
    assert answer["X-Request-ID"] == TRACE
    return Order.objects.get(client_order_id=ticket["client_order_id"])


def waiting_messages() -> list[outbox.Message]:
    """What the engine wants published, as its rows hold it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT messages FROM eventlog_outboxbatch WHERE lane = %s ORDER BY last_sequence", [outbox.ENGINE_LANE])
        return [message for (packed,) in cursor.fetchall() for message in outbox.unpack(bytes(packed))]


@contextmanager
def committed(messages: list[outbox.Message]) -> Any:
    """The same rows, where the relay's own connection sees them; taken away again. Yields their lane."""
    lane = f"t{uuid.uuid4().hex[:8]}"
    with own_connection() as database:
        database.execute(
            "INSERT INTO eventlog_outboxbatch (lane, last_sequence, messages) VALUES (%s, 1, %s)", [lane, outbox.pack(messages)]
        )
        try:
            yield lane
        finally:
            for table in ("eventlog_outboxbatch", "eventlog_relaycursor"):
                database.execute(f"DELETE FROM {table} WHERE lane = %s", [lane])


def publish(messages: list[outbox.Message]) -> list[Record]:
    """Through the real relay and the embedded log to a consumer; what it was given of order events."""
    handler = Watching()
    wanted = sum(message.topic == TOPIC for message in messages)
    with running(handler), committed(messages) as lane:
        wait_until(lambda: _reads(handler.name), 60, "the consumer reads")
        with relaying(lane=lane):
            wait_until(lambda: len(handler.seen) >= wanted, 60, "every order event was consumed")
    return handler.seen


def _reads(group: str) -> bool:
    with own_connection() as database:
        row = database.execute("SELECT count(*) FROM eventlog_logmember WHERE group_name LIKE %s", [f"%{group}"]).fetchone()
    return bool(row and row[0])


def push(order: Order) -> None:
    async def handed_over() -> None:
        lines = AccessLog(asyncio.get_running_loop(), "event_pushed", "apps.realtime.account_line")
        rows = [StoredEvent(number, data) for number, data in enumerate(stored, start=1)]
        note_pushes(order.account_id, rows, 1, lines)
        lines.write()

    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM orders_accountevent WHERE order_id = %s ORDER BY id", [order.pk])
        stored = [row[0] for row in cursor.fetchall()]
    asyncio.run(handed_over())


def test_one_id_goes_from_the_click_to_the_push_and_its_story_is_told(
    alice: Client, topics: None, capsys: pytest.CaptureFixture[str], json_logs: Callable[[], None], tmp_path: Path
) -> None:
    json_logs()
    order = place(alice)
    messages = [message for message in waiting_messages() if f'"order_id":{order.pk}'.encode() in message.value]
    assert len(messages) == 2, "accepted and filled"
    assert all(f'"correlation_id":"{TRACE}"'.encode() in message.value for message in messages), "the outbox has it"

    records = publish(messages)
    assert [record.event_id for record in records] == [message.event_id for message in messages]
    for record in records:
        assert read_traceparent(record.traceparent) == (TRACE, span_id_of(TRACE, PUBLISH, record.event_id))
    push(order)

    out = capsys.readouterr().out
    lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    told = sorted(line["event"] for line in lines if line.get("correlation_id") == TRACE)
    assert told == sorted(["command_decided", "page_request", *["event_published", "event_applied", "event_pushed"] * 2])

    # The command puts them together with the database and the topics.
    (tmp_path / "web.log").write_text(out)
    call_command("trace", str(order.pk), "--json", "--logs", str(tmp_path))
    story = json.loads(capsys.readouterr().out)
    assert story["trace_ids"] == [TRACE]
    sources = [entry["source"].partition(":")[0] for entry in story["entries"]]
    assert set(sources) == {"engine", "database", "ledger", "log", "topic"}
    assert [entry["at"] for entry in story["entries"]] == sorted(entry["at"] for entry in story["entries"])
    assert sum(source == "topic" for source in sources) == 2
    records_told = [entry for entry in story["entries"] if entry["source"].startswith("topic:")]
    for entry, record in zip(records_told, records, strict=True):
        assert entry["source"] == f"topic:{TOPIC}-{record.partition}@{record.offset}"
        assert entry["facts"]["headers"] == {"event-id": record.event_id, "traceparent": record.traceparent}
    assert f"{tmp_path} has no log of engine" in story["notes"]

    call_command("trace", str(order.account_id), "ticket-1", "--logs", str(tmp_path))
    text = capsys.readouterr().out
    assert text.startswith(f"order {order.pk} of account {order.account_id}, ticket-1: BUY 0.5 {SYMBOL} LIMIT, FILLED")
    assert "0.5 at 101 USD as taker, fee 0.101 USD" in text
    assert "page_request method=POST route=orders:submit status=200" in text

    call_command("trace", TRACE, "--logs", str(tmp_path))
    assert f"order {order.pk} of account" in capsys.readouterr().out


def test_its_spans_hang_together(alice: Client, topics: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "SEND_EVERY_S", 0.05)
    monkeypatch.setattr(spans, "SEND_WITHIN_S", 60.0)
    with collecting() as collector:
        settings.OTEL_EXPORTER_OTLP_ENDPOINT = collector.endpoint
        spans.start()
        try:
            order = place(alice)
            messages = [message for message in waiting_messages() if f'"order_id":{order.pk}'.encode() in message.value]
            records = publish(messages)
            assert {record.traceparent[-2:] for record in records} == {"01"}, "sampled"
            push(order)
        finally:
            spans.stop(60)
        found = {span.span_id.hex(): span for _, span in collector.of_trace(TRACE)}
    event_id = records[0].event_id
    names = {span.name.split()[0]: span for span in found.values()}
    assert set(names) == {"POST", "decide", "publish", "consume", "push"}
    assert names["POST"].parent_span_id.hex() == CALLER
    decided = found[span_id_of(TRACE, DECIDE, "ticket-1")]
    assert decided.parent_span_id.hex() == span_id_of(TRACE, SEND, "ticket-1")
    published = found[span_id_of(TRACE, PUBLISH, event_id)]
    assert published.parent_span_id == decided.span_id
    consumed = [span for span in found.values() if span.parent_span_id == published.span_id]
    assert [span.name for span in consumed] == [f"consume {TOPIC}"]
    pushed = [span for span in found.values() if span.parent_span_id.hex() == span_id_of(TRACE, CONSUME, f"realtime {event_id}")]
    assert [span.name for span in pushed] == ["push ORDER_ACCEPTED"]
    assert all(span.start_time_unix_nano <= span.end_time_unix_nano for span in found.values())


def test_the_id_is_no_part_of_what_is_decided(world: World) -> None:
    """A replay of what was journaled with ids, and with an id that is none, ends in the same digests."""
    for correlation_id in ("", TRACE, "no trace id"):
        world.submit(world.alice, "BUY", "0.5", "101.00", correlation_id=correlation_id)
    assert world.replay() == []


def test_a_resting_order_does_not_tell_its_owner_who_filled_it(world: World) -> None:
    resting = world.submit(world.bob, "SELL", "0.5", "100.00", correlation_id="b" * 32)
    world.submit(world.alice, "BUY", "0.5", "100.00", correlation_id=TRACE)
    (filled,) = AccountEvent.objects.filter(order_id=resting.order_id, type="ORDER_FILLED")
    assert filled.data["correlation_id"] == ""


def test_what_cannot_be_told_is_said_with_a_way_out(
    world: World, topics: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for asked, said in (
        (["987654321"], "there is no order 987654321"),
        (["1", "nothing"], "account '1' has no order with the client order id 'nothing'"),
        ([TRACE], f"no line of the logs names the trace {TRACE}"),
        (["story-12345"], "no line of the logs names the trace"),
        (["1", "2", "3"], "one or two words"),
    ):
        with pytest.raises(CommandError, match=re.escape(said)):
            call_command("trace", *asked, "--logs", str(tmp_path))
    bought = world.submit(world.alice, "BUY", "0.5", "101.00")
    trade_id = bought.fills[0].trade_id
    with pytest.raises(CommandError, match=f"{trade_id} is no order but a trade, of the order.s. {bought.order_id}"):
        call_command("trace", str(trade_id))
    call_command("trace", str(bought.order_id), "--logs", str(tmp_path / "nowhere"))
    text = capsys.readouterr().out
    assert "none of the order's events has a trace id" in text
    assert re.search(r"2 event\(s\) are not at orders.events-\d among the newest 2,000 records", text)
