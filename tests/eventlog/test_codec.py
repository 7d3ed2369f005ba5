import json
from typing import Any

import msgspec
import pytest

from apps.core.enums import Side
from apps.eventlog.codec import UnreadableMessageError, all_schemas, decode, encode
from apps.eventlog.schemas.accounts import FundsDeposited
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks, TradeTick, TradeTicks
from apps.eventlog.topics import UnknownTopicError
from tests.eventlog.harness import TOPIC, deposit

QUOTES = QuoteTicks("sim", 1, [QuoteTick("BTC-USD", 1, 2, "3.5", "3.6", "1", "2")])
PRINTS = TradeTicks("BOOK", 1, [TradeTick("BTC-USD", 1, 2, "3.5", "1", Side.SELL)])


@pytest.mark.parametrize(
    ("topic", "message"), [(TOPIC, deposit(1, 2)), ("marketdata.quotes", QUOTES), ("marketdata.trades", PRINTS)]
)
def test_what_is_written_is_read_back(topic: str, message: msgspec.Struct) -> None:
    assert decode(topic, encode(message)) == message


def test_the_bytes_are_plain_json_with_numbers_as_strings() -> None:
    data = json.loads(encode(deposit(7, 8)))
    assert data["type"] == "FUNDS_DEPOSITED"
    assert data["amount"] == "1"
    assert data["version"] == 1


def changed(**fields: Any) -> bytes:
    data = json.loads(encode(deposit(1, 1)))
    return json.dumps({**data, **fields}).encode()


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        encode(deposit(1, 1))[:-1],
        encode(QUOTES),
        changed(surprise=1),
        changed(type="FUNDS_DOUBLED"),
        changed(type=None),
        changed(version=2),
        changed(version=0),
        changed(version="1"),
        changed(amount=1.5),
        changed(amount=None),
        changed(sequence="1"),
        changed(sequence=1.5),
        changed(account_id=True),
    ],
    ids=lambda value: repr(value[:40]),
)
def test_anything_else_is_refused_by_name(value: bytes) -> None:
    with pytest.raises(UnreadableMessageError, match=r"message on accounts\.events must"):
        decode(TOPIC, value)


def test_a_message_of_another_topic_is_refused() -> None:
    with pytest.raises(UnreadableMessageError):
        decode("orders.events", encode(deposit(1, 1)))


def test_an_undeclared_topic_has_no_schema() -> None:
    with pytest.raises(UnknownTopicError, match="topic must be one of"):
        decode("marketdata.rumors", b"{}")


def test_every_topic_has_a_schema_with_a_version() -> None:
    assert len(all_schemas()) == 9
    assert FundsDeposited in all_schemas()["accounts.events"].__args__
