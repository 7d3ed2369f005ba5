# ruff: noqa: S608 - every query is text of this module
r"""What staff ask for is in their trail, and what the trail says was done was decided (I22).

The engine's journal has every command as it came, with who asked. A command of an admin is found in it by bytes that nothing else
can hold: ``actor``, as a text of five bytes, then the array of two, ``\x92``. In no text of a customer's does that byte follow a
letter, because in UTF-8 it only ever follows the beginning of a character. ``encode(..., 'escape')`` makes the bytes a text for a
regular expression: what is not ASCII is three octal digits behind a backslash.
"""

from apps.backoffice.selectors import DECISIONS, WITHOUT_THE_ENGINE
from apps.engine.checks import Check

NEWEST_LINKS = 2_000
NEWEST_BATCHES = 2_000
NEWEST_ENTRIES = 2_000
#: The journal has every command of the market in it, and to look into it costs what it weighs.
NEWEST_BYTES = 16 * 1024 * 1024
_NEWEST_JOURNAL = f"""(SELECT * FROM (
    SELECT *, sum(octet_length(inputs)) OVER (ORDER BY last_sequence DESC) AS weight
    FROM (SELECT * FROM engine_journal ORDER BY last_sequence DESC LIMIT {NEWEST_BATCHES}) n) n WHERE weight < {NEWEST_BYTES})"""

#: command_id, a short or a longer text; then the actor, whose number is MessagePack's; then its role.
_PATTERN = (
    r"command_id\\(?:2[4-7][0-7]|331.)([A-Za-z0-9_-]{1,48})"
    r"\\245actor\\222((?:\\\\|\\[0-3][0-7]{2}|[^\\]){1,9})\\245ADMIN"
)

#: How MessagePack writes the number of a person.
_PACKED_ACTOR = """CASE WHEN t.actor_id < 128 THEN decode(lpad(to_hex(t.actor_id), 2, '0'), 'hex')
        WHEN t.actor_id < 256 THEN '\\xcc'::bytea || decode(to_hex(t.actor_id), 'hex')
        WHEN t.actor_id < 65536 THEN '\\xcd'::bytea || decode(lpad(to_hex(t.actor_id), 4, '0'), 'hex')
        WHEN t.actor_id < 4294967296 THEN '\\xce'::bytea || decode(lpad(to_hex(t.actor_id), 8, '0'), 'hex')
        ELSE '\\xcf'::bytea || decode(lpad(to_hex(t.actor_id), 16, '0'), 'hex') END"""

_OTHERS = ", ".join(f"'{action}'" for action in WITHOUT_THE_ENGINE)
_DECISIONS = " OR ".join(f"starts_with(t.action, '{prefix}')" for prefix in DECISIONS)


def _commands_without_a_trail(journal: str) -> str:
    return f"""SELECT j.last_sequence, c.command_id, t.actor_id FROM {journal} j CROSS JOIN LATERAL (
            SELECT m[1] AS command_id, decode(m[2], 'escape') AS actor
            FROM regexp_matches(encode(j.inputs, 'escape'), '{_PATTERN}', 'g') m) c
        LEFT JOIN backoffice_trailentry t ON t.command_id = c.command_id AND t.command_id <> ''
        WHERE position('\\xa541444d494e'::bytea IN j.inputs) > 0 AND (t.id IS NULL OR c.actor <> {_PACKED_ACTOR})"""


def _done_and_unknown(trail: str) -> str:
    return f"""SELECT t.id, t.command_id FROM {trail} t
        LEFT JOIN engine_commandrecord r ON r.scope = 0 AND r.command_id = t.command_id
        WHERE t.kind = 'COMMAND' AND t.outcome LIKE 'DONE:%' AND t.action NOT IN ({_OTHERS}) AND NOT ({_DECISIONS})
            AND r.command_id IS NULL"""


def _netstrings(*columns: str) -> str:
    return " || ".join(f"octet_length({each}) || ':' || {each}" for each in columns)


def _wrong_links(links: str) -> str:
    """``apps/backoffice/trail_chain.py`` says what is hashed; here it is told a second time. Erased texts have no salt.

    OFFSET keeps the planner from joining the few newest links with the whole of the other tables.
    """
    return f"""SELECT l.number, t.id FROM {links} l
        LEFT JOIN LATERAL (SELECT * FROM backoffice_trailentry t WHERE t.id = l.entry_id OFFSET 0) t ON true
        LEFT JOIN LATERAL (SELECT * FROM backoffice_traillink p WHERE p.number = l.number - 1 OFFSET 0) p ON true
        WHERE t.id IS NULL OR (p.number IS NULL AND l.number > 1)
            OR l.texts <> sha256(l.salt || convert_to(CASE WHEN l.of_outcome THEN {_netstrings("t.outcome")}
                ELSE {_netstrings("t.subject", "t.reason", "t.before", "t.after")} END, 'UTF8'))
            OR l.hash <> sha256(convert_to(concat_ws(chr(10), 'tredye-trail-1',
                coalesce(encode(p.hash, 'hex'), repeat('0', 64)),
                concat_ws(',', l.number, t.id, l.of_outcome::int, (extract(epoch FROM t.at) * 1000000)::bigint, t.kind,
                    t.actor_id, coalesce(t.account_id::text, ''), t.action, t.command_id),
                encode(l.texts, 'hex')), 'UTF8'))"""


def _without_link(entries: str) -> str:
    """Links are made every minute; before the first one there is no chain."""
    return f"""SELECT t.id FROM {entries} t
        WHERE t.at < now() - interval '1 hour' AND EXISTS (SELECT FROM backoffice_traillink)
            AND NOT EXISTS (SELECT FROM backoffice_traillink l WHERE l.entry_id = t.id AND NOT l.of_outcome)"""


EVER: tuple[Check, ...] = (
    Check(
        "I22",
        "the chain over the trail of staff is unbroken, and its hashes are those of the entries",
        _wrong_links("backoffice_traillink"),
    ),
    Check(
        "I22",
        "no entry of the trail of staff is outside its chain for longer than an hour",
        _without_link("backoffice_trailentry"),
    ),
    Check(
        "I22",
        "what the trail of staff says was done was decided by the engine",
        _done_and_unknown("backoffice_trailentry"),
    ),
    Check(
        "I22",
        "every command of staff is in their trail, by the person who sent it",
        _commands_without_a_trail("engine_journal"),
    ),
)
LATELY: tuple[Check, ...] = (
    Check(
        "I22",
        "the newest links of the chain over the trail are unbroken, and their hashes are those of the entries",
        _wrong_links(f"(SELECT * FROM backoffice_traillink ORDER BY number DESC LIMIT {NEWEST_LINKS})"),
    ),
    Check(
        "I22",
        "no new entry of the trail of staff is outside its chain for longer than an hour",
        _without_link(f"(SELECT * FROM backoffice_trailentry ORDER BY id DESC LIMIT {NEWEST_ENTRIES})"),
    ),
    Check(
        "I22",
        "what the trail of staff newly says was done was decided by the engine",
        _done_and_unknown(f"(SELECT * FROM backoffice_trailentry ORDER BY id DESC LIMIT {NEWEST_ENTRIES})"),
    ),
    Check(
        "I22",
        "every new command of staff is in their trail, by the person who sent it",
        _commands_without_a_trail(_NEWEST_JOURNAL),
    ),
)
