"""``docs/orders.md`` says what the code does: its diagram, its statuses and its reasons are made from the tables."""

from collections import Counter

from apps.commands.reasons import GROUPS, SENTENCES, Reason
from apps.core.enums import OrderStatus, OrderType
from apps.orders.published import PARTS, status_diagram
from apps.orders.status import NEXT
from tests.orders.documents import FILE, written


def test_what_is_published_is_what_the_tables_say() -> None:
    found = written()
    assert set(found) == set(PARTS)
    for name, make in PARTS.items():
        assert found[name] == make(), f"{name} is old: run python -m tests.orders.documents"


def test_every_reason_has_one_group_and_one_plain_sentence() -> None:
    counted = Counter(reason for reasons in GROUPS.values() for reason in reasons)
    assert counted == Counter(Reason)
    assert set(SENTENCES) == set(Reason)
    for sentence in SENTENCES.values():
        assert sentence.endswith(".") and sentence[0].isupper() and "_" not in sentence


def test_the_diagram_has_every_step_and_no_other() -> None:
    steps = {tuple(line.split(" --> ")) for line in map(str.strip, status_diagram().splitlines()) if "-->" in line}
    between = {step for step in steps if "[*]" not in step}
    assert between == {(before.value, after.value) for before, following in NEXT.items() for after in following}
    assert {after for before, after in steps if before == "[*]"} == {"WAITING", "ACCEPTED", "DENIED", "REJECTED"}


def test_every_type_is_explained() -> None:
    text = FILE.read_text()
    for code in (*OrderType, *OrderStatus):
        assert f"`{code}`" in text or f"| {code} |" in text, code
