"""All that is stored of a person as one file, made while it is sent: a line of JSON a row, in the order of the catalogue."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import connection

from apps.privacy.catalogue import PARTS, Owner, Part

#: Keys that are walked at a time.
CHUNK = 500
Row = dict[str, Any]


def lines_of(*, user_id: int, account_id: int, now: datetime) -> Iterator[bytes]:
    """The head, and then every row of every part; each chunk is read when it is asked for. Numbers are strings, instants UTC."""
    yield _line({"part": "file", "made_at": now.astimezone(UTC), "parts": [part.name for part in PARTS]})
    owners = {Owner.USER: [user_id], Owner.ACCOUNT: [account_id], Owner.LEDGER_ACCOUNT: _ledger_accounts(account_id)}
    for part in PARTS:
        for owner_id in owners[part.owner]:
            for rows in _chunks(part, owner_id):
                _give_back_connection()
                yield b"".join(rows)
    yield _line({"part": "end"})


def _chunks(part: Part, owner_id: int) -> Iterator[list[bytes]]:
    # Names are the catalogue's own; what is asked for is a parameter.
    if not part.walk:
        yield _told(part, _rows(f"SELECT * FROM {part.table} WHERE {part.owned_by} = %s", [owner_id]))  # noqa: S608
        return
    after: Any = None
    while keys := _next_keys(part, owner_id, after):
        found = f"SELECT * FROM {part.table} WHERE {part.owned_by} = %s AND {part.walk} = ANY(%s) ORDER BY {part.walk}"  # noqa: S608
        yield _told(part, _rows(found, [owner_id, keys]))
        after = keys[-1]


def _next_keys(part: Part, owner_id: int, after: Any) -> list[Any]:
    """The next keys of the owner. The index has all that is asked for, so no other way is as short."""
    behind = "" if after is None else f"AND {part.walk} > %s"
    statement = f"""SELECT DISTINCT {part.walk} FROM {part.table} WHERE {part.owned_by} = %s {behind}
        ORDER BY {part.walk} LIMIT {CHUNK}"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [owner_id] if after is None else [owner_id, after])
        return [row[0] for row in cursor.fetchall()]


def _told(part: Part, rows: list[Row]) -> list[bytes]:
    """The rows, and then those of other tables that belong to them."""
    lines = [_line(_row(part, row)) for row in rows]
    for child in part.children:
        keys = [row[child.of] for row in rows]
        found = f"SELECT * FROM {child.table} WHERE {child.key} = ANY(%s) ORDER BY {child.key}"  # noqa: S608
        lines += [_line({"part": child.name, **row}) for row in _rows(found, [keys])]
    return lines


def _row(part: Part, row: Row) -> Row:
    told = {"part": part.name, **{name: value for name, value in row.items() if name not in part.without}}
    return told | {name: msgspec.Raw(row[name].encode()) for name in part.documents}


def _ledger_accounts(account_id: int) -> list[int]:
    return [row["id"] for row in _rows("SELECT id FROM ledger_ledgeraccount WHERE account_id = %s ORDER BY id", [account_id])]


def _rows(statement: str, parameters: list[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _line(row: Row) -> bytes:
    return msgspec.json.encode(row, enc_hook=str) + b"\n"


def _give_back_connection() -> None:
    """The next part is made by another thread, and much later if the reader is slow. Who is in a transaction keeps it."""
    if not connection.in_atomic_block:
        connection.close()
