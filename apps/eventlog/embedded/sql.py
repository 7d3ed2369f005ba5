"""The statements and names that the parts of the embedded log share."""

from binascii import crc32
from collections.abc import Iterable

from apps.eventlog.database import Connection
from apps.eventlog.topics import full_name

#: Plans are made once a connection, and by index whatever the statistics say: a table that was empty when it was last analysed
#: would be read whole, again and again, while it grows.
READING = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off"

#: Two columns of a SELECT: the commit does not wait for the disk, and the bells in the parameter ring.
AT_EASE = "set_config('synchronous_commit', 'off', true)"
RING = "(SELECT count(pg_notify(bell, '')) FROM unnest(%b::text[]) AS bell)"


def topic_bell(topic: str) -> str:
    """The channel that rings when something was appended to ``topic`` (without prefix)."""
    return f"tredye_log_{crc32(full_name(topic).encode()):08x}"


def group_bell(group: str) -> str:
    """The channel that rings when a member of ``group`` (with prefix) comes, goes, or lets go of partitions."""
    return f"tredye_group_{crc32(group.encode()):08x}"


def lock_class(group: str) -> int:
    """The first half of the advisory locks by which the members of ``group`` (with prefix) hold partitions."""
    unsigned = crc32(f"log reader {group}".encode())
    return unsigned - (1 << 32) if unsigned >= 1 << 31 else unsigned


def ring(database: Connection, bells: Iterable[str]) -> None:
    """Wake who listens. Not part of a durable append: the lock under which Postgres queues notices is held to the end of the
    commit, so each such append would hold up the engine's by the time of a write to disk."""
    database.execute(f"SELECT {AT_EASE}, {RING}", [sorted(bells)])
