"""How the channel layer is cut: a few groups, never one per symbol. Pure.

A shard message is ``{"type": "shard", "shard": number, "boot": id of the publisher, "n": its count in this shard, "full": bool,
"age_ms": since the last quote or -1, "at_ns": wall clock when the oldest quote in it reached the publisher or 0,
"q": {symbol: fragment}, "p": {symbol: [fragments]}, "d": {symbol: [version, snapshot, base, delta]},
"c": [[symbol, interval, start ms, fragment]], "b": [[account id, sequence]], "a": [[account id, sequence]]}``: quotes, prints,
depth, bars ("candles"), bells of account events, bells of notices ("alerts").
A feed that speaks for itself because the event log is away adds ``"direct": [source, epoch of its lease]``.
Fragments are the final JSON arrays of docs/stream.md, so that nobody encodes them again. A book's version and base only tell
whether a socket has what the delta begins with.
"""

from collections.abc import Mapping
from typing import Any, Final
from zlib import crc32

from apps.realtime.limits import SHARDS

ASK_GROUP: Final = "stream.ask"
GROUPS: Final = tuple(f"stream.{shard}" for shard in range(SHARDS))

ShardMessage = Mapping[str, Any]


def shard_of(symbol: str) -> int:
    return crc32(symbol.encode()) % SHARDS


def shard_of_account(account_id: int) -> int:
    return account_id % SHARDS
