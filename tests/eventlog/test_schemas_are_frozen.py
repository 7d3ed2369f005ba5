"""What is on a topic for ever must stay readable: a message's fields may change only under a new version."""

import msgspec

from apps.eventlog.schemas.accounts import OrderCanceled
from tests.eventlog.fingerprints import current, fingerprint, saved


def test_no_message_changed_without_a_new_version() -> None:
    frozen = saved()
    for topic, messages in current().items():
        for name, fields in messages.items():
            assert name in frozen.get(topic, {}), f"{name} on {topic} is new: run python -m tests.eventlog.fingerprints"
            assert frozen[topic][name] == fields, f"{name} on {topic} changed: raise its version, then save its fingerprint"


def test_a_changed_field_is_noticed() -> None:
    _, before = fingerprint(OrderCanceled)
    more = msgspec.defstruct("OrderCanceled", [("note", str, "")], bases=(OrderCanceled,), frozen=True, tag="ORDER_CANCELED")
    name, after = fingerprint(more)
    assert name == "ORDER_CANCELED v1"
    assert after != before


def test_a_changed_type_of_a_nested_field_is_noticed() -> None:
    inner = msgspec.defstruct("Inner", [("price", str)], array_like=True)
    other = msgspec.defstruct("Inner", [("price", int)], array_like=True)
    outer = [msgspec.defstruct("Outer", [("ticks", list[each]), ("version", int, 1)], tag="OUTER") for each in (inner, other)]  # type: ignore[valid-type]
    assert fingerprint(outer[0]) != fingerprint(outer[1])


def test_every_message_refuses_unknown_fields_and_is_frozen() -> None:
    from apps.eventlog.codec import all_schemas
    from tests.eventlog.fingerprints import members

    for schema in all_schemas().values():
        for message in members(schema):
            assert message.__struct_config__.frozen, message
            assert message.__struct_config__.forbid_unknown_fields, message
            assert message.__struct_config__.tag, message
