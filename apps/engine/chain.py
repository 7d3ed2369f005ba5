"""The chain of commits: each one carries a hash over its fills and transfers and over the commit before it.

Whoever changes, removes or puts in a row afterwards has to make every later hash anew, and then the newest one is not the one
that others have kept: the status page publishes each day's, and every exported proof has one.

What is hashed are the texts that the settlement sends anyway, one column a line, so that it costs a few per cent, and
everything in it can be made again from rows: ``tools/verify_proof.py`` does so without the product, ``invariants_chain`` in
SQL, ``replay`` from the decisions. Of people it has the numbers of their accounts alone: nothing that must be deletable.
docs/proof.md has the form to the byte.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

FORM = b"tredye-commit-1"
#: Before the first commit.
GENESIS = bytes(32)
#: The columns of a batch that opened no ledger account, traded nothing and moved nothing.
NO_MONEY: list[bytes | None] = [None] * 29

#: Runs a query with its parameters and returns the rows.
Ask = Callable[..., list[tuple[Any, ...]]]


def commit_hash(before: bytes, epoch: int, now_ns: int, first: int, last: int, columns: Sequence[bytes | None]) -> bytes:
    """SHA-256 over the form's name, the hash before, the batch, and each column (empty when the batch has none) on a line."""
    head = b"%d,%d,%d,%d" % (epoch, now_ns, first, last)
    lines = [FORM, before.hex().encode(), head, *[b"" if column is None else column for column in columns]]
    return hashlib.sha256(b"\n".join(lines)).digest()


class Chain:
    """Where the chain stands: ``head`` is the hash of the newest batch that was made into a link, written or not yet."""

    def __init__(self, head: bytes) -> None:
        self.head = head

    def link(self, epoch: int, now_ns: int, first: int, last: int, columns: Sequence[bytes | None]) -> tuple[bytes, bytes]:
        """The hash before and the hash of the next batch, which the chain then ends with. Columns as
        :func:`~apps.engine.batch_columns.hashed_columns` has them."""
        before = self.head
        self.head = commit_hash(before, epoch, now_ns, first, last, columns)
        return before, self.head


def load_chain(ask: Ask, shard: int, epoch: int) -> Chain:
    """Where the chain stands in the database. Begins it, or begins it again where a former version of the product has written
    commits without a hash: a row in ``engine_chainstart`` says after which, and which hash goes before the next one.

    It is no other engine's to begin: nothing is written when ``epoch`` is over.
    """
    newest = ask("SELECT last_sequence, hash FROM engine_journal ORDER BY last_sequence DESC LIMIT 1")
    sequence, found = newest[0] if newest else (0, None)
    if found is not None:
        return Chain(bytes(found))
    starts = {row[0]: bytes(row[1]) for row in ask("SELECT after_sequence, hash_before FROM engine_chainstart")}
    if sequence not in starts:
        before = GENESIS if not starts else _last_hash(ask)
        ask(
            """INSERT INTO engine_chainstart (after_sequence, hash_before, epoch)
               SELECT %s, %s, epoch FROM engine_lease WHERE shard = %s AND epoch = %s RETURNING after_sequence""",
            sequence, before, shard, epoch,
        )  # fmt: skip
        starts[sequence] = before
    return Chain(starts[sequence])


def _last_hash(ask: Ask) -> bytes:
    """Back over what the former version has written, which is as long as it was at work."""
    rows = ask("SELECT hash FROM engine_journal WHERE hash IS NOT NULL ORDER BY last_sequence DESC LIMIT 1")
    return bytes(rows[0][0]) if rows else GENESIS
