"""The parts of ``docs/orders.md`` that are made from what the code decides by. Pure."""

from apps.commands.reasons import GROUPS, SENTENCES
from apps.core.enums import OrderStatus
from apps.orders.status import INITIAL, NEXT, TERMINAL


def status_diagram() -> str:
    """Mermaid's text of the table of statuses: where an order begins, what may follow, and where it ends."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    [*] --> {status}" for status in OrderStatus if status in INITIAL]
    lines += [f"    {before} --> {after}" for before in OrderStatus for after in OrderStatus if after in NEXT[before]]
    lines += [f"    {status} --> [*]" for status in OrderStatus if status in TERMINAL]
    return "\n".join([*lines, "```"])


def status_table() -> str:
    lines = ["| Status | May be the first | Followed by |", "|---|---|---|"]
    for status in OrderStatus:
        following = ", ".join(after for after in OrderStatus if after in NEXT[status]) or "nothing: it is final"
        lines.append(f"| {status} | {'yes' if status in INITIAL else 'no'} | {following} |")
    return "\n".join(lines)


def reasons_table() -> str:
    parts = []
    for group, reasons in GROUPS.items():
        rows = "\n".join(f"| `{reason}` | {SENTENCES[reason]} |" for reason in reasons)
        parts.append(f"**{group}**\n\n| Code | Sentence |\n|---|---|\n{rows}")
    return "\n\n".join(parts)


PARTS = {"diagram": status_diagram, "statuses": status_table, "reasons": reasons_table}
