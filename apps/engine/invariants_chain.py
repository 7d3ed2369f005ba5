# ruff: noqa: S608 - every query is text of this module
"""The chain of commits is unbroken, and its hashes are those of the rows (I25): made again in SQL, from what is stored.

``apps/engine/chain.py`` says what is hashed. Here it is told a second time, from the tables rather than from what was sent to
them, so that a mistake in either shows.
"""

from apps.engine.checks import Check

#: Batches whose rows are hashed again every minute: of two hundred orders each, some hundred thousand postings.
NEWEST_BATCHES = 100
NEWEST = 10_000


def _columns(source: str, key: str, *columns: str) -> str:
    """The lines of one kind of row of the batch ``j``: each column as ``{1,2,3}``, empty when there is no row."""
    lines = ", ".join(f"coalesce('{{' || string_agg({each}, ',') || '}}', '')" for each in columns)
    return f"(SELECT concat_ws(chr(10), {lines}) FROM (SELECT * FROM {source} ORDER BY {key}) r)"


def _units(column: str) -> str:
    return f"(r.{column} * 100000000)::numeric(44, 0) || 'e-8'"


def _of_batch(table: str, key: str = "id") -> str:
    return f"{table} WHERE {key} > j.first_sequence AND {key} <= j.last_sequence"


_ROWS = (
    _columns(
        _of_batch("ledger_ledgeraccount"), "id", "r.id::text", "r.account_id::text", "r.asset_id::text",
        "CASE WHEN r.may_be_negative THEN 't' ELSE 'f' END",
    ),
    _columns(
        _of_batch("orders_trade"), "id", "r.id::text", "r.instrument_id::text", "r.instrument_sequence::text", _units("price"),
        _units("quantity"), "r.aggressor_side",
    ),
    # Who took is told before who made; the ids of a trade's fills are twice its own, and one more.
    _columns(
        "orders_fill WHERE id >= 2 * j.first_sequence + 2 AND id <= 2 * j.last_sequence + 1", "trade_id, liquidity_side DESC",
        "r.id::text", "r.trade_id::text", "coalesce(r.order_id::text, 'null')", "r.account_id::text", "r.instrument_id::text",
        "r.side", "r.liquidity_side", _units("price"), _units("quantity"), _units("fee"),
    ),
    _columns(_of_batch("ledger_transfer"), "id", "r.id::text", "r.kind", "coalesce(r.trade_id::text, 'null')"),
    _columns(
        _of_batch("ledger_posting", "transfer_id"), "transfer_id, leg", "r.transfer_id::text", "r.leg::text",
        "r.ledger_account_id::text", "r.asset_id::text", _units("amount"), _units("balance_after"),
    ),
)  # fmt: skip


def _wrong_hashes(batches: str, first: str) -> str:
    """Of ``batches``, those whose hash is another. ``first`` is what goes before the first of them: NULL leaves it out."""
    return f"""SELECT j.last_sequence, encode(j.hash, 'hex') FROM (
            SELECT last_sequence, first_sequence, epoch, now_ns, hash, lag(hash) OVER w AS before,
                   lag(last_sequence, 1, {first}) OVER w AS after
            FROM {batches} b WINDOW w AS (ORDER BY last_sequence)) j
        LEFT JOIN engine_chainstart s ON s.after_sequence = j.after
        WHERE j.hash IS NOT NULL AND j.after IS NOT NULL AND j.hash IS DISTINCT FROM sha256(convert_to(concat_ws(chr(10),
            'tredye-commit-1', encode(coalesce(j.before, s.hash_before), 'hex'),
            concat_ws(',', j.epoch, j.now_ns, j.first_sequence, j.last_sequence), {", ".join(_ROWS)}), 'UTF8'))"""


def _of_no_batch(transfers: str) -> str:
    return f"""SELECT t.id FROM {transfers} t LEFT JOIN LATERAL (
            SELECT first_sequence FROM engine_journal WHERE last_sequence >= t.id ORDER BY last_sequence LIMIT 1) j ON true
        WHERE j.first_sequence IS NULL OR j.first_sequence >= t.id"""


def _without_hash(batches: str) -> str:
    return f"""SELECT last_sequence FROM {batches} b
        WHERE hash IS NULL AND last_sequence > (SELECT max(after_sequence) FROM engine_chainstart)"""


EVER: tuple[Check, ...] = (
    Check(
        "I25",
        "the hash of a batch is made of its fills, its transfers and the hash of the one before it",
        _wrong_hashes("engine_journal", "0::bigint"),
    ),
    Check(
        "I25",
        "since the chain began every batch has a hash, and where it was interrupted it goes on with the last one",
        f"""{_without_hash("engine_journal")}
            UNION ALL SELECT after_sequence FROM engine_chainstart s WHERE hash_before <> coalesce(
                (SELECT hash FROM engine_journal j WHERE j.hash IS NOT NULL AND j.last_sequence <= s.after_sequence
                 ORDER BY last_sequence DESC LIMIT 1), decode(repeat('00', 32), 'hex'))""",
    ),
    Check("I25", "a transfer is of a journaled batch", _of_no_batch("ledger_transfer")),
)
LATELY: tuple[Check, ...] = (
    Check(
        "I25",
        "the hash of a new batch is made of its fills, its transfers and the hash of the one before it",
        _wrong_hashes(f"(SELECT * FROM engine_journal ORDER BY last_sequence DESC LIMIT {NEWEST_BATCHES})", "NULL"),
    ),
    Check(
        "I25",
        "every new batch has a hash",
        _without_hash(f"(SELECT * FROM engine_journal ORDER BY last_sequence DESC LIMIT {NEWEST})"),
    ),
    Check(
        "I25",
        "a new transfer is of a journaled batch",
        _of_no_batch(f"(SELECT * FROM ledger_transfer ORDER BY id DESC LIMIT {NEWEST})"),
    ),
)
