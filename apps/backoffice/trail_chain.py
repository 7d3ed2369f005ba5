"""The chain over the trail of staff: each entry, and later its outcome, gets a link with a hash over both and the link before.

Whoever changes or removes an entry afterwards, with whatever right, has to make every later hash anew, and then the newest one is
not the one in the files that were exported meanwhile (``trail_files``). Links are made every minute by the worker, so whoever
writes entries need not, and by its role cannot, write links.

What people wrote (subject, reason, before, after, outcome) is in the chain by a salted digest alone: when it has to be erased,
its salt goes with it, and every hash stays. docs/security.md has the form to the byte.
"""

import hashlib
import secrets
from typing import Any

from django.db import connection, transaction

FORM = b"tredye-trail-1"
#: Before the first link.
GENESIS = bytes(32)
#: Links that are made at once, in one transaction: more wait for the next minute.
AT_ONCE_MAX = 50_000
#: An entry may be committed behind others with greater ids; so far back entries without a link are looked for.
LATE_IDS = 5_000
#: So far back commands are looked for whose outcome has come meanwhile.
OUTCOME_IDS = 50_000

_ENTRY = """t.id, (extract(epoch FROM t.at) * 1000000)::bigint, t.kind, t.actor_id, t.account_id, t.action, t.command_id"""
_WRITTEN = f"""SELECT {_ENTRY}, t.subject, t.reason, t.before, t.after FROM backoffice_trailentry t
    WHERE t.id > coalesce((SELECT max(entry_id) FROM backoffice_traillink), 0) - %s
        AND NOT EXISTS (SELECT FROM backoffice_traillink l WHERE l.entry_id = t.id AND NOT l.of_outcome)
    ORDER BY t.id LIMIT %s"""  # noqa: S608 - text of this module
_ANSWERED = f"""SELECT {_ENTRY}, t.outcome FROM backoffice_trailentry t
    WHERE t.id > coalesce((SELECT max(entry_id) FROM backoffice_traillink), 0) - %s AND t.kind = 'COMMAND' AND t.outcome <> ''
        AND EXISTS (SELECT FROM backoffice_traillink l WHERE l.entry_id = t.id AND NOT l.of_outcome)
        AND NOT EXISTS (SELECT FROM backoffice_traillink l WHERE l.entry_id = t.id AND l.of_outcome)
    ORDER BY t.id LIMIT %s"""  # noqa: S608 - text of this module


def texts_digest(salt: bytes, texts: tuple[str, ...]) -> bytes:
    """SHA-256 over the salt and each text behind its length in bytes and a colon, so that none can pass for two."""
    told = (text.encode() for text in texts)
    return hashlib.sha256(salt + b"".join(b"%d:%b" % (len(text), text) for text in told)).digest()


def link_hash(before: bytes, number: int, of_outcome: bool, entry: tuple[Any, ...], texts: bytes) -> bytes:
    """SHA-256 over the form's name, the hash before, the link and its entry, and the digest of the texts, on a line each.

    ``entry`` is its id, instant in microseconds since 1970, kind, actor, account or None, action and command.
    """
    entry_id, *rest = ("" if value is None else str(value) for value in entry)
    told = ",".join([str(number), entry_id, str(int(of_outcome)), *rest])
    return hashlib.sha256(b"\n".join([FORM, before.hex().encode(), told.encode(), texts.hex().encode()])).digest()


def link_new_entries() -> int:
    """Make the links that are missing, :data:`AT_ONCE_MAX` at most; return how many. Two at once wait for each other."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('backoffice.trail_chain'))")
        cursor.execute("SELECT number, hash FROM backoffice_traillink ORDER BY number DESC LIMIT 1")
        number, head = cursor.fetchone() or (0, GENESIS)
        made = []
        for of_outcome, query, back in ((False, _WRITTEN, LATE_IDS), (True, _ANSWERED, OUTCOME_IDS)):
            cursor.execute(query, [back, AT_ONCE_MAX - len(made)])
            for row in cursor.fetchall():
                number, salt = number + 1, secrets.token_bytes(16)
                texts = texts_digest(salt, row[7:])
                head = link_hash(bytes(head), number, of_outcome, row[:7], texts)
                made.append((number, row[0], of_outcome, salt, texts, head))
        if made:
            cursor.execute(
                """INSERT INTO backoffice_traillink (number, entry_id, of_outcome, salt, texts, hash)
                   SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::boolean[], %s::bytea[], %s::bytea[], %s::bytea[])""",
                [list(column) for column in zip(*made, strict=True)],
            )
    return len(made)
