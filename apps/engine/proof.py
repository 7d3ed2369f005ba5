# ruff: noqa: S608 - every query is text of this module
"""A proof: the commits of a range with all that their hashes are made of, as lines that a stranger can check.

JSON, a line each: the head (what ids mean, where the range begins), the balances before it, every commit with its rows, the
balances after it as the ledger has them, and the end. docs/proof.md has the fields; ``tools/verify_proof.py`` reads them. Numbers
are whole units of 10**-8. One snapshot, read a hundred commits at a time, so it takes as much memory for a year as for a day.
"""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from apps.engine.store import Store
from apps.eventlog.outbox import ENGINE_LANE

VERSION = 1
#: Before the digest of the file, so that this key's signature under anything else is none under a proof.
DOMAIN = b"tredye-proof-1\n"
_COMMITS = 100

Connection = psycopg.Connection[Any]


class Range(NamedTuple):
    """The commits with sequences above ``after`` and up to ``last``; both are where a commit ended, ``after`` may be 0."""

    after: int
    last: int


class NoCommitError(ValueError):
    """The range has no commit in it."""


def _units(column: str) -> str:
    return f"({column} * 100000000)::numeric(44, 0)"


#: Kind of row -> its query, whose first column is the sequence by which it belongs to a commit.
_ROWS = {
    "accounts": """SELECT id, account_id, asset_id, may_be_negative FROM ledger_ledgeraccount
        WHERE id > %s AND id <= %s ORDER BY id""",
    "trades": f"""SELECT id, instrument_id, instrument_sequence, {_units("price")}, {_units("quantity")}, aggressor_side
        FROM orders_trade WHERE id > %s AND id <= %s ORDER BY id""",
    "fills": f"""SELECT trade_id, id, order_id, account_id, instrument_id, side, liquidity_side, {_units("price")},
            {_units("quantity")}, {_units("fee")}
        FROM orders_fill WHERE id >= 2 * %s::bigint + 2 AND id <= 2 * %s::bigint + 1
        ORDER BY trade_id, liquidity_side DESC, id""",
    "transfers": "SELECT id, kind, trade_id FROM ledger_transfer WHERE id > %s AND id <= %s ORDER BY id",
    "postings": f"""SELECT transfer_id, leg, ledger_account_id, asset_id, {_units("amount")}, {_units("balance_after")}
        FROM ledger_posting WHERE transfer_id > %s AND transfer_id <= %s ORDER BY transfer_id, leg""",
}
_OPENING = f"""SELECT l.id, l.account_id, l.asset_id, l.may_be_negative, coalesce((
        SELECT {_units("balance_after")} FROM ledger_posting p WHERE p.ledger_account_id = l.id AND p.transfer_id <= %(after)s
        ORDER BY transfer_id DESC, leg DESC LIMIT 1), 0)
    FROM ledger_ledgeraccount l WHERE l.id <= %(after)s ORDER BY l.id"""
#: At the end of the books it is what the ledger itself says; earlier, what the last posting left behind.
_CLOSING_NOW = f"SELECT id, {_units('total')} FROM ledger_ledgeraccount ORDER BY id"
_CLOSING_THEN = f"""SELECT l.id, coalesce((
        SELECT {_units("balance_after")} FROM ledger_posting p WHERE p.ledger_account_id = l.id AND p.transfer_id <= %(last)s
        ORDER BY transfer_id DESC, leg DESC LIMIT 1), 0)
    FROM ledger_ledgeraccount l WHERE l.id <= %(last)s ORDER BY l.id"""


def find_range(connection: Connection, after: int = 0, last: int | None = None) -> Range:
    """The commits that lie whole above ``after`` and up to ``last``, or the newest. Raises :class:`NoCommitError`."""
    ask = Store(connection).rows
    [[begins]] = ask("SELECT min(last_sequence) FROM engine_journal WHERE last_sequence >= %s", after)
    [[ends]] = ask("SELECT max(last_sequence) FROM engine_journal WHERE last_sequence <= %s", 2**62 if last is None else last)
    found = Range(begins or 0 if after else 0, ends or 0)
    if begins is None or found.last <= found.after:
        raise NoCommitError(f"there is no commit above sequence {after}" + ("" if last is None else f" and up to {last}"))
    return found


def write_proof(connection: Connection, file: IO[bytes], key: Ed25519PrivateKey, wanted: Range) -> None:
    """Every line of the proof, and ``key``'s signature. ``connection`` is in a transaction of one snapshot."""
    digest = hashlib.sha256()
    for document in _documents(connection, wanted):
        line = _line(document)
        digest.update(line)
        file.write(line)
    signature = key.sign(DOMAIN + digest.digest()).hex()
    file.write(_line({"signature": signature, "key": key.public_key().public_bytes_raw().hex()}))


def _line(document: dict[str, Any]) -> bytes:
    return json.dumps(document, separators=(",", ":"), default=int).encode() + b"\n"  # the default is for NUMERIC


def _documents(connection: Connection, wanted: Range) -> Iterator[dict[str, Any]]:
    ask = Store(connection).rows
    newest = ask("SELECT max(last_sequence) FROM engine_journal")[0][0]
    yield _head(ask, wanted)
    for row in _stream(connection, "proof_opening", _OPENING, {"after": wanted.after}):
        yield {"opening": row}
    count, head = 0, None
    for commit in _commits(ask, wanted):
        if "commit" in commit:
            count, head = count + 1, commit["commit"][4]
        yield commit
    if wanted.last == newest:
        yield from _strays(ask, newest)
    closing = _CLOSING_NOW if wanted.last == newest else _CLOSING_THEN
    for row in _stream(connection, "proof_closing", closing, {"last": wanted.last}):
        yield {"closing": row}
    yield {"end": {"commits": count, "hash": head}}


def _head(ask: Any, wanted: Range) -> dict[str, Any]:
    before = ask("SELECT hash FROM engine_journal WHERE last_sequence = %s", wanted.after)
    starts = ask(
        """SELECT after_sequence, encode(hash_before, 'hex') FROM engine_chainstart
           WHERE after_sequence >= %s AND after_sequence <= %s ORDER BY 1""",
        *wanted,
    )
    passed_over = ask(
        "SELECT after_sequence, up_to_sequence FROM eventlog_lostrange WHERE lane = %s ORDER BY after_sequence", ENGINE_LANE
    )
    return {
        "proof": VERSION,
        "made_at": ask("SELECT now()")[0][0].isoformat(timespec="seconds"),
        "after": wanted.after,
        "last": wanted.last,
        "hash_before": before[0][0].hex() if before and before[0][0] is not None else None,
        "starts": starts,
        "passed_over": passed_over,
        "venue": dict(ask("SELECT kind, id FROM accounts_account WHERE kind <> 'CUSTOMER' ORDER BY id")),
        "assets": ask("SELECT id, code FROM instruments_asset ORDER BY id"),
        "instruments": ask("SELECT id, symbol, base_id, quote_id FROM instruments_instrument ORDER BY id"),
    }


def _commits(ask: Any, wanted: Range) -> Iterator[dict[str, Any]]:
    after = wanted.after
    while True:
        batches = ask(
            """SELECT epoch, now_ns, first_sequence, last_sequence, hash FROM engine_journal
               WHERE last_sequence > %s AND last_sequence <= %s ORDER BY last_sequence LIMIT %s""",
            after,
            wanted.last,
            _COMMITS,
        )
        if not batches:
            return
        yield from _of(ask, batches, after)
        after = batches[-1][3]


def _of(ask: Any, batches: list[tuple[Any, ...]], after: int) -> Iterator[dict[str, Any]]:
    """The documents of some batches in a row. What is of none of them is told as well: it should not be there."""
    ends = [batch[3] for batch in batches]
    found: list[dict[str, list[Any]]] = [{} for _ in batches]
    for kind, query in _ROWS.items():
        for row in ask(query, after, ends[-1]):
            found[bisect_left(ends, row[0])].setdefault(kind, []).append(row)
    for (*batch, made), rows in zip(batches, found, strict=True):
        postings = _by_transfer(rows.pop("postings", []))
        told = [[*transfer, postings.pop(transfer[0], [])] for transfer in rows.pop("transfers", [])]
        told += [[transfer_id, None, None, legs] for transfer_id, legs in postings.items()]
        fills = [[row[1], row[0], *row[2:]] for row in rows.pop("fills", [])]
        document = {"commit": [*batch, None if made is None else made.hex()], **rows, "fills": fills, "transfers": told}
        yield {name: value for name, value in document.items() if value}


def _by_transfer(postings: list[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for transfer_id, *posting in postings:
        found.setdefault(transfer_id, []).append(tuple(posting))
    return found


def _strays(ask: Any, after: int) -> Iterator[dict[str, Any]]:
    """Rows behind the newest commit."""
    for kind, query in _ROWS.items():
        for row in ask(query, after, 2**61):
            yield {"stray": [kind, row[0]]}


def _stream(connection: Connection, name: str, query: str, values: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    with psycopg.ServerCursor(connection, name, row_factory=psycopg.rows.tuple_row) as cursor:
        cursor.itersize = 2000
        yield from cursor.execute(query, values)
