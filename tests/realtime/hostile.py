"""What a hostile or broken client may send in place of a message: malformed, nested, doubled, foreign, oversized in its parts."""

import json
import random
from collections.abc import Iterator

from apps.realtime.protocol import BadMessageError, read_message

VALID = (
    '{"op":"hello","v":1,"ticket":"abc","account_sequence":17,"after":"1006"}',
    '{"op":"watch","symbols":["BTC-USD","ETH-USD"],"depth":["BTC-USD"],"bars":[["BTC-USD","1m"]]}',
    '{"op":"resync","depth":["BTC-USD"],"why":"checksum"}',
    '{"op":"ack","n":1}',
)
_BYTES = (
    "", " ", "\x00", "null", "true", "0", "-", "NaN", "Infinity", "1e999", '""', "[]", "{}", "[{}]", "undefined", "\r\n\r\n",
    "<xml/>", "GET / HTTP/1.1", "' OR 1=1 --", "{{7*7}}", "%s%n", "\u202e", "é", "\U0001f4b8", "\x1b[2J", "{'op':'ack','n':1}",
    "[" * 5000, "{" * 5000, '{"a":' * 1500 + "1" + "}" * 1500, '["' * 2000,
)  # fmt: skip
_OPS = (
    '{"op":null}', '{"op":[]}', '{"n":1}', '{"op":"ACK","n":1}', '{"op":"ack ","n":1}', '{"op":"bye"}',
    '{"op":"\\u0061ck2","n":1}', '{"__proto__":{"op":"ack"},"op":"ack","n":1}', '{"constructor":1}', '{"op":"ack","n":1',
    '{"op":"ack","n":1} {"op":"ack","n":1}', '{"op":"ack","n":1},', '{"op":"ack",}', "\ufeff" + '{"op":"ack","n":1}',
)  # fmt: skip
_ACKS = tuple(
    f'{{"op":"ack","n":{n}}}'
    for n in ("-1", "1.5", '"1"', "true", "null", "NaN", "1e400", "9007199254740992", "9" * 400, "01", "0x1", "999999", '1,"x":1')
)
_WATCHES = tuple(
    f'{{"op":"watch","symbols":{symbols}}}'
    for symbols in (
        "{}", '"BTC-USD"', "[null]", "[[]]", '["A B"]', '["A\\u0000"]', '["../etc"]', '["<img src=x onerror=alert(1)>"]',
        '["\\ud800"]', '["Ａ"]', "[" * 2000 + "]" * 2000, "[" + ",".join(f'"S{number}"' for number in range(501)) + "]",
        '["A"],"depth":["A","B","C","D","E"]', '["A"],"depth":null', '["A"],"bars":[["A","2m"]]', '["A"],"bars":[["A"]]',
        '["A"],"bars":{"A":"1m"}',
    )
)  # fmt: skip
_OTHERS = (
    '{"op":"ack"}', '{"op":"resync","depth":["A"]}', '{"op":"resync","depth":["A"],"why":""}',
    '{"op":"resync","depth":["A","B","C","D","E"],"why":"gap"}', '{"op":"hello","v":1}', '{"op":"hello","v":2}',
    '{"op":"hello","v":"1"}', '{"op":"hello","v":1,"ticket":["x"]}', '{"op":"hello","v":1,"is_staff":true}',
    '{"op":"hello","v":1,"account_id":7}',
)  # fmt: skip
BY_HAND = (*_BYTES, *_OPS, *_ACKS, *_WATCHES, *_OTHERS)


def _mutations(generator: random.Random) -> Iterator[str]:
    """Messages that were cut, or in which a few characters are others."""
    while True:
        text = generator.choice(VALID)
        place = generator.randrange(len(text))
        kind = generator.randrange(4)
        if kind == 0:
            yield text[:place]
        elif kind == 1:
            yield text[:place] + generator.choice('{}[]",:\\0x\x00\x7fé') + text[place + 1 :]
        elif kind == 2:
            yield text[:place] + text[place : place + 9] * generator.randrange(2, 60) + text[place:]
        else:
            yield json.dumps([json.loads(text)] * generator.randrange(1, 4))


def bad_messages(count: int) -> list[str]:
    """``count`` different texts that are no message to a socket that said hello, always the same."""
    found = dict.fromkeys(BY_HAND)
    for text in _mutations(random.Random(26)):
        if len(found) >= count:
            return list(found)
        try:
            read_message(text)
        except BadMessageError:
            found[text] = None
    raise AssertionError("the mutations never end")
