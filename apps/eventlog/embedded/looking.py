"""Looking at records of the embedded log without being anybody's consumer."""

from collections.abc import Sequence

import psycopg

from apps.eventlog.database import own_connection
from apps.eventlog.embedded.reader import EmbeddedRecord
from apps.eventlog.port import LogUnavailableError, Partition, RawRecord, Stretch
from apps.eventlog.topics import full_name

_PARTITION = "SELECT id, kept, next_offset FROM eventlog_logpartition WHERE topic = %s AND number = %s"
_RECORDS = """
SELECT "offset", key, value, headers, (extract(epoch FROM at) * 1000)::bigint FROM eventlog_logrecord
WHERE partition_id = %s AND kept = %s AND "offset" >= %s ORDER BY "offset" LIMIT %s
"""


def look(partition: Partition, stretches: Sequence[Stretch]) -> list[RawRecord]:
    """See :meth:`~apps.eventlog.port.Log.look`."""
    found: list[RawRecord] = []
    try:
        with own_connection("tredye log look") as database:
            row = database.execute(_PARTITION, [full_name(partition[0]), partition[1]]).fetchone()
            if row is None:
                raise LogUnavailableError(f"there is no partition {partition[1]} of {partition[0]}")
            number, kept, end = row
            for first, count in stretches:
                begin = first if first >= 0 else max(0, end + first)
                for offset, key, value, headers, at_ms in database.execute(_RECORDS, [number, kept, begin, count]).fetchall():
                    if offset < begin + count:
                        found.append(EmbeddedRecord(offset, key.encode(), bytes(value), at_ms, bytes(headers)))
    except psycopg.Error as error:
        raise LogUnavailableError(str(error).strip()) from error
    return found
