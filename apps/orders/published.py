"""The parts of ``docs/orders.md`` that are made from what the code decides by. Pure."""

from apps.commands import cautions
from apps.commands.reasons import GROUPS, SENTENCES
from apps.core.enums import OrderStatus, TradingState
from apps.instruments.states import NEXT as FOLLOWING
from apps.instruments.states import REFUSES_WITH, Act, takes
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


def states_table() -> str:
    """What an instrument takes in each of its trading states."""
    states = list(TradingState)
    lines = [f"| | {' | '.join(states)} |", f"|---|{'---|' * len(states)}"]
    for act in Act:
        lines.append(f"| {act} | {' | '.join('yes' if takes(state, act) else 'no' for state in states)} |")
    refusals = " | ".join(f"`{REFUSES_WITH[state]}`" if state in REFUSES_WITH else "" for state in states)
    lines.append(f"| What is not taken is rejected with | {refusals} |")
    return "\n".join(lines)


def states_diagram() -> str:
    """Mermaid's text of which trading state may follow which."""
    steps = [f"    {before} --> {after}" for before in TradingState for after in TradingState if after in FOLLOWING[before]]
    return "\n".join(["```mermaid", "stateDiagram-v2", "    [*] --> OPEN", *steps, "```"])


def cautions_table() -> str:
    rows = "\n".join(f"| `{caution}` | {sentence} |" for caution, sentence in cautions.SENTENCES.items())
    return f"| Code | Sentence |\n|---|---|\n{rows}"


PARTS = {
    "diagram": status_diagram,
    "statuses": status_table,
    "states": states_table,
    "moves": states_diagram,
    "reasons": reasons_table,
    "cautions": cautions_table,
}
