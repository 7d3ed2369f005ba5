# ruff: noqa: S608 - every query is text of this module
"""What one person may not do alone was approved by another, who saw it (I22).

The engine writes who asked and who approved into the commit of what was done; the proposal of the same command's id says what
both of them saw. An adjustment of a person has such an approval, since there are any: before, one person was enough.
"""

from apps.engine.checks import Check

NEWEST = 2_000


def _approved_otherwise(approvals: str) -> str:
    return f"""SELECT a.command_id, a.proposed_by, a.approved_by FROM {approvals} a
        LEFT JOIN backoffice_proposal p ON p.command_id = a.command_id
        WHERE p.id IS NULL OR p.decision <> 'APPROVED' OR p.action <> a.kind
            OR p.proposed_by_id <> a.proposed_by OR p.decided_by_id <> a.approved_by"""


def _adjusted_by_one(transfers: str) -> str:
    return f"""SELECT t.id, t.command_id FROM {transfers} t
        JOIN backoffice_trailentry e ON e.command_id = t.command_id AND e.command_id <> ''
        WHERE t.kind = 'ADJUSTMENT'
            AND t.id > (SELECT min(reference) FROM engine_approval WHERE kind = 'ADJUST_BALANCE')
            AND NOT EXISTS (SELECT FROM engine_approval a WHERE a.command_id = t.command_id)"""


EVER: tuple[Check, ...] = (
    Check(
        "I22",
        "what a second person has to approve was approved as it was proposed, by that person",
        _approved_otherwise("engine_approval"),
    ),
    Check("I22", "an adjustment that a person asked for was approved by another", _adjusted_by_one("ledger_transfer")),
)
LATELY: tuple[Check, ...] = (
    Check(
        "I22",
        "what a second person newly approved was approved as it was proposed, by that person",
        _approved_otherwise(f"(SELECT * FROM engine_approval ORDER BY at DESC LIMIT {NEWEST})"),
    ),
    Check(
        "I22",
        "a new adjustment that a person asked for was approved by another",
        _adjusted_by_one(f"(SELECT * FROM ledger_transfer ORDER BY id DESC LIMIT {NEWEST})"),
    ),
)
