"""What a browser may send: everything else is refused with a sentence, and never with another exception."""

import json
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.realtime import limits, protocol
from apps.realtime.protocol import Ack, BadMessageError, Hello, Resync, Watch, read_message
from apps.realtime.rate import TokenBucket

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=10), inner, max_size=6),
    max_leaves=20,
)
NEARLY = st.fixed_dictionaries(
    {"op": st.sampled_from(["hello", "watch", "resync", "ack", "bye", "", 1])},
    optional=dict.fromkeys(("v", "ticket", "account_sequence", "symbols", "depth", "bars", "after", "why", "n", "extra"), PLAIN),
)


@given(st.text() | PLAIN.map(json.dumps) | NEARLY.map(json.dumps))
@example("[" * 10_000)
@example('{"op":"ack","n":' + "9" * 5000 + "}")
@example('{"op":"ack","n":1e999}')
@example('{"op":"ack","n":NaN}')
@example('{"op":"ack","op":"ack","n":1}')
@example("\ud800")
@example("")
@pytest.mark.fault("F26")
def test_whatever_is_sent_is_a_message_or_refused(text: str) -> None:
    try:
        message = read_message(text)
    except BadMessageError as error:
        assert len(str(error)) <= 200 and str(error).isascii()
        json.loads(protocol.bad_message(str(error)))
    else:
        assert isinstance(message, Hello | Watch | Resync | Ack)


def test_the_documented_messages_are_read() -> None:
    assert read_message('{"op":"hello","v":1,"ticket":"t","account_sequence":17}') == Hello(1, "t", 17)
    assert read_message('{"op":"hello","v":1,"after":"1006"}') == Hello(1, after="1006")
    assert read_message('{"op":"watch","symbols":["BTC-USD"],"depth":["BTC-USD"]}') == Watch(["BTC-USD"], ["BTC-USD"])
    bars = Watch([], [], [("BTC-USD", "1m")])
    assert read_message('{"op":"watch","symbols":[],"bars":[["BTC-USD","1m"]]}') == bars
    assert read_message('{"op":"resync","depth":["BTC-USD"],"why":"checksum"}') == Resync(["BTC-USD"], "checksum")
    assert read_message('{"op":"ack","n":12}') == Ack(12)


@pytest.mark.parametrize(
    "message",
    [
        {"op": "hello", "v": 2},
        {"op": "hello"},
        {"op": "hello", "v": 1, "admin": True},
        {"op": "hello", "v": 1, "account_sequence": -1},
        {"op": "hello", "v": 1, "account_sequence": 2**53},
        {"op": "hello", "v": 1, "ticket": "x" * 1025},
        {"op": "hello", "v": 1, "after": "x" * 17},
        {"op": "hello", "v": 1, "after": "A"},
        {"op": "hello", "v": 1, "after": 1006},
        {"op": "watch"},
        {"op": "watch", "symbols": [f"S{n}" for n in range(501)]},
        {"op": "watch", "symbols": [], "depth": ["A", "B", "C", "D", "E"]},
        {"op": "watch", "symbols": [""]},
        {"op": "watch", "symbols": ["<img>"]},
        {"op": "watch", "symbols": ["BTC-USD\n"]},
        {"op": "watch", "symbols": ["S" * 17]},
        {"op": "watch", "symbols": [1]},
        {"op": "watch", "symbols": [], "bars": [["A", "2m"]]},
        {"op": "watch", "symbols": [], "bars": [["A"]]},
        {"op": "watch", "symbols": [], "bars": ["A"]},
        {"op": "watch", "symbols": [], "bars": [["A", "1m", "1m"]]},
        {"op": "watch", "symbols": [], "bars": [["A", "1m"]] * 5},
        {"op": "resync", "depth": ["A"]},
        {"op": "resync", "depth": ["A"], "why": "bored"},
        {"op": "resync", "depth": ["A", "B", "C", "D", "E"], "why": "gap"},
        {"op": "ack", "n": -1},
        {"op": "ack", "n": "1"},
        {"op": "ack", "n": 1.5},
    ],
)
def test_a_message_out_of_its_limits_is_refused(message: dict[str, Any]) -> None:
    with pytest.raises(BadMessageError):
        read_message(json.dumps(message))


def test_the_largest_allowed_watch_fits_the_largest_allowed_message() -> None:
    symbols = [f"{number:016d}" for number in range(limits.SYMBOLS_MAX)]
    few = symbols[: limits.DEPTHS_MAX]
    text = json.dumps({"op": "watch", "symbols": symbols, "depth": few, "bars": [[symbol, "5m"] for symbol in few]})
    assert len(text) <= limits.MESSAGE_BYTES_MAX
    assert read_message(text).symbols == symbols  # type: ignore[union-attr]


def test_the_refusal_does_not_echo_what_was_sent() -> None:
    with pytest.raises(BadMessageError) as refused:
        read_message('{"op":"<script>alert(1)</script>"}')
    assert "\n" not in str(refused.value)
    assert json.loads(protocol.bad_message(str(refused.value)))["code"] == "BAD_MESSAGE"


def test_what_the_server_says_is_json_as_documented() -> None:
    now = time.time_ns() // 1_000_000
    welcome = {"t": "welcome", "now": now, "heartbeat_ms": 1000}
    assert json.loads(protocol.welcome(now, None, 5, recovered=True)) == welcome
    account = welcome | {"account_id": 7, "recovered": False}
    assert json.loads(protocol.welcome(now, 7, None, recovered=False)) == account
    assert json.loads(protocol.welcome(now, 7, 5, recovered=False)) == account | {"account_sequence": 5}
    beat = {"t": "h", "n": 3, "now": now, "quotes": False}
    assert json.loads(protocol.heartbeat(3, now, False, None)) == beat
    assert json.loads(protocol.heartbeat(3, now, False, 12)) == beat | {"rtt": 12}
    assert json.loads(protocol.gap(400)) == {"t": "gap", "account_sequence": 400}
    assert json.loads(protocol.bye()) == {"t": "bye", "retry_ms": 3000}
    assert json.loads(protocol.frame("p", ['["A",1]', '["B",2]'])) == {"t": "p", "d": [["A", 1], ["B", 2]]}
    assert json.loads(protocol.quotes_frame(5, ['["A",1]'], full=False)) == {"t": "q", "at": 5, "d": [["A", 1]]}
    assert json.loads(protocol.quotes_frame(5, [], full=True)) == {"t": "q", "at": 5, "full": True, "d": []}


def test_the_bucket_allows_its_burst_and_then_its_rate() -> None:
    bucket = TokenBucket(10.0, 20, now=0.0)
    assert [bucket.take(0.0) for _ in range(21)] == [True] * 20 + [False]
    assert not bucket.take(0.05)
    assert bucket.take(0.16)
    assert sum(bucket.take(100.0) for _ in range(50)) == 20
