"""How the channel layer is cut: a few groups, never one per symbol. Pure.

A shard message is ``{"type": "shard", "shard": number, "boot": id of the publisher, "n": its count in this shard, "full": bool,
"age_ms": since the last quote or -1, "q": {symbol: fragment}, "p": {symbol: [fragments]}, "d": {symbol: fragment},
"b": [[account id, sequence]]}``.
Fragments are the final JSON arrays of docs/stream.md, so that nobody encodes them again.
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
