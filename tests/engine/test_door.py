"""The engine's door: garbage is refused or its connection closed, and harms nobody."""

import socket

import msgspec
import pytest

from apps.commands import framing
from tests.engine.callers import Feed, accepted, stored_orders
from tests.engine.processes import Cluster
from tests.engine.world import SYMBOL

pytestmark = pytest.mark.processes


def raw_connection(engines: Cluster, *, greeted: bool = True) -> socket.socket:
    opened = socket.socket(socket.AF_UNIX)
    opened.settimeout(5)
    opened.connect(framing.parse_url(engines.url)[1])
    if greeted:
        opened.sendall(framing.hello_frame(""))
        assert next(framing.FrameReader(framing.ENGINE_LIMITS).feed(opened.recv(4096)))[0] == framing.HELLO
    return opened


def is_closed(opened: socket.socket) -> bool:
    """Whether the engine closes the connection; with bytes unread it does so by a reset."""
    try:
        return opened.recv(4096) == b""
    except ConnectionResetError:
        return True


def order_map(**changes: object) -> bytes:
    fields: dict[str, object] = {
        "type": "SUBMIT_ORDER", "command_id": "bad-1", "actor": [None, "SYSTEM"], "account_id": 1000, "symbol": SYMBOL,
        "side": "BUY", "order_type": "LIMIT", "quantity": "1", "price": "90.00",
    }  # fmt: skip
    return msgspec.msgpack.encode(fields | changes)


def staff_map(tag: str, **changes: object) -> bytes:
    fields: dict[str, object] = {"type": tag, "command_id": "bad-1", "actor": [1, "ADMIN"], "account_id": 1000, "reason": "none"}
    return msgspec.msgpack.encode(fields | changes)


#: Frames whose connection is closed: they are not of the protocol.
CLOSED = {
    "an unknown kind": framing.frame(0x5A, b"x"),
    "an answer": framing.frame(framing.ANSWER, b"x"),
    "a command longer than 64 KiB": framing.frame(framing.COMMAND, b"x" * (64 * 1024 + 1)),
    "a length of four gigabytes": b"\xff\xff\xff\xff" + b"C",
    "quotes that are no JSON": framing.frame(framing.QUOTES, b"\x00\x01"),
    "quotes with another field": framing.frame(framing.QUOTES, b'{"type":"QUOTES","source":"s","epoch":1,"ticks":[],"more":1}'),
    "quotes with a number for a price": framing.frame(
        framing.QUOTES, b'{"type":"QUOTES","source":"s","epoch":1,"ticks":[["BTC-USD",1,1,1.5,2.5,"1","1"]]}'
    ),
    "quotes with bad UTF-8": framing.frame(framing.QUOTES, b'{"type":"QUOTES","source":"\xff\xfe","epoch":1,"ticks":[]}'),
    "quotes nested ten thousand deep": framing.frame(framing.QUOTES, b"[" * 10_000),
    "text": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
}

#: Commands that are answered with a refusal.
REFUSED = {
    "nothing": b"",
    "bad MessagePack": b"\xc1\xc1\xc1",
    "a number": msgspec.msgpack.encode(5),
    "nested ten thousand deep": b"\x91" * 10_000,
    "an unknown tag": order_map(type="DRAIN_ALL"),
    "no tag": msgspec.msgpack.encode({"command_id": "bad-1"}),
    "another field": order_map(leverage="100"),
    "a missing field": msgspec.msgpack.encode({"type": "CANCEL_ORDER", "command_id": "bad-1", "actor": [None, "SYSTEM"]}),
    "a float for a quantity": order_map(quantity=1.5),
    "NaN": order_map(quantity="NaN"),
    "infinity": order_map(quantity="Infinity"),
    "an exponent": order_map(quantity="1e400"),
    "full-width digits": order_map(quantity="１２"),
    "an underscore": order_map(quantity="1_0"),
    "minus one": order_map(quantity="-1"),
    "zero": order_map(quantity="0"),
    "off the lot": order_map(quantity="0.0005"),
    "off the tick": order_map(price="90.005"),
    "an unknown symbol": order_map(symbol="NOPE"),
    "a symbol with NUL": order_map(symbol="BTC\x00USD"),
    "an unknown side": order_map(side="HOLD"),
    "an unknown role": order_map(actor=[None, "GOD"]),
    "bad UTF-8": order_map(symbol="????").replace(b"????", b"\xff\xfe\xfd\xfc"),
    "an empty id": order_map(command_id=""),
    "a float for an adjustment": staff_map("ADJUST_BALANCE", asset="USD", amount=-1.5),
    "a limit that is no whole number": staff_map("SET_ACCOUNT_LIMITS", max_open_orders=1.5, max_order_notional=None),
    "a limit that is a text": staff_map("SET_ACCOUNT_LIMITS", max_open_orders="1", max_order_notional=None),
    "half of the limits": staff_map("SET_ACCOUNT_LIMITS", max_open_orders=1),
    "no reason": staff_map("REINSTATE_ACCOUNT", reason=None),
    "a reason with a line break": staff_map("FORCE_CANCEL_ORDER", order_id=1, reason="a\nbc"),
    "staff's command of support": staff_map("ADJUST_BALANCE", asset="USD", amount="1", actor=[1, "SUPPORT"]),
    "staff's command of a customer": staff_map("FORCE_CANCEL_ORDER", order_id=1, actor=[1, "CUSTOMER"]),
    "an id with a space": order_map(command_id="a b"),
    "an id with NUL": order_map(command_id="a\x00b"),
    "an id of a thousand letters": order_map(command_id="a" * 1000),
    "an account beyond 64 bits signed": order_map(account_id=2**63),
    "a negative account": order_map(account_id=-5),
    "the house's account": order_map(account_id=1),
    "no price": order_map(price=None),
}


@pytest.mark.fault("F26")
def test_garbage_at_the_door_harms_nobody(engines: Cluster) -> None:
    before = engines.log.stat().st_size
    with Feed(engines.url):
        engine = engines.start()
        witness = raw_connection(engines)
        for name, sent in CLOSED.items():
            with raw_connection(engines) as opened:
                opened.sendall(sent)
                assert is_closed(opened), f"{name} closes its connection"
        with raw_connection(engines) as opened:
            reader = framing.FrameReader(framing.ENGINE_LIMITS)
            for name, body in REFUSED.items():
                opened.sendall(framing.frame(framing.COMMAND, body))
                got = opened.recv(65536)
                assert got, f"{name} is answered"
                kind, answer = next(reader.feed(got))
                assert (kind, msgspec.msgpack.decode(answer)["type"]) == (framing.ANSWER, "REFUSED"), name
        no_hello = (framing.frame(framing.COMMAND, order_map()), framing.frame(framing.HELLO, b"?"))
        for first in (*no_hello, framing.hello_frame("a wrong token")):
            with raw_connection(engines, greeted=False) as opened:
                opened.sendall(first)
                assert is_closed(opened)
        half = raw_connection(engines)
        half.sendall(framing.frame(framing.COMMAND, order_map())[:20])  # and never the rest
        assert accepted(engines, "healthy").status == "ACCEPTED"  # type: ignore[union-attr]
        witness.sendall(framing.frame(framing.COMMAND, order_map(command_id="witness-1", account_id=engines.account_ids[-1])))
        reader = framing.FrameReader(framing.ENGINE_LIMITS)
        answer = msgspec.msgpack.decode(next(reader.feed(witness.recv(65536)))[1])
        assert answer["status"] == "ACCEPTED", answer
        for opened in (witness, half):
            opened.close()
        assert engine.poll() is None
    assert stored_orders(engines, "bad") == 0
    assert b"Traceback" not in engines.log.read_bytes()[before:]
