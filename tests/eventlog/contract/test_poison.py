"""A message that cannot be applied, wherever it lies: money stops in front of it and says so, a display puts it aside."""

import json
import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.eventlog import positions
from apps.eventlog.codec import encode
from apps.eventlog.log import event_log
from apps.eventlog.models import ParkedMessage
from apps.eventlog.topics import partition_of
from apps.observability import metrics
from tests.eventlog.harness import TOPIC, EffectHandler, deposit, effects, patient_producer, publish, publish_raw, running
from tests.faults.figures import note
from tests.faults.lanes import seeds, times
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("topics", "effect_table")

COUNT = 1_000
ACCOUNT = 1
WHERE = (TOPIC, partition_of(ACCOUNT, TOPIC))
GARBAGE = b"\xff\xfe{"


def fields(sequence: int) -> dict[str, object]:
    return dict(json.loads(encode(deposit(ACCOUNT, sequence))))


def applied(handler: EffectHandler) -> list[int]:
    return [sequence for _, sequence in effects(handler.name)]


def is_stopped(handler: EffectHandler) -> bool:
    return bool(metrics.CONSUMER_STOPPED_PARTITIONS.labels(handler.name)._value.get() == 1)


def places() -> list[int]:
    """The ends, and some that chance chooses."""
    chance = random.Random(seeds(1)[0])
    return sorted({0, 1, COUNT - 2, COUNT - 1, *(chance.randrange(COUNT) for _ in range(times(40, 2)))})


def publish_with_poison(at: int) -> None:
    producer = patient_producer()
    try:
        for sequence in range(COUNT):
            producer.send(TOPIC, str(ACCOUNT), GARBAGE if sequence == at else encode(deposit(ACCOUNT, sequence)))
        producer.flush(30)
    finally:
        producer.close()


def handler_of_what_comes(poison: str) -> EffectHandler:
    handler = EffectHandler(poison=poison)  # type: ignore[arg-type]
    positions.rewrite(handler.name, WHERE, event_log().ends()[WHERE])
    return handler


@pytest.mark.fault("F29")
@pytest.mark.long
@pytest.mark.timeout(1200)
def test_one_bad_message_in_a_thousand_at_any_place_stops_money_in_front_of_it() -> None:
    for at in places():
        handler = handler_of_what_comes("stop")
        publish_with_poison(at)
        with running(handler):
            wait_until(lambda handler=handler: is_stopped(handler), 60, "the stopped partition")
            assert applied(handler) == list(range(at))
        assert positions.stored(handler.name, [WHERE])[WHERE] == event_log().ends()[WHERE] - COUNT + at
    note("F29", f"1 bad of {COUNT} at {len(places())} places of a money stream: all before it applied, nothing behind it")


@pytest.mark.fault("F29")
@pytest.mark.long
@pytest.mark.timeout(1200)
def test_one_bad_message_in_a_thousand_at_any_place_is_put_aside_by_a_display() -> None:
    for at in places():
        handler = handler_of_what_comes("park")
        publish_with_poison(at)
        with running(handler):
            wait_until(lambda handler=handler: len(applied(handler)) >= COUNT - 1, 60, "all others")
            parked = wait_until(lambda handler=handler: ParkedMessage.objects.filter(consumer=handler.name), 60, "the parked one")
        assert applied(handler) == [sequence for sequence in range(COUNT) if sequence != at]
        assert [bytes(each.value) for each in parked] == [GARBAGE]
    note("F29", f"1 bad of {COUNT} at {len(places())} places of a display stream: put aside, all others applied in order")


@pytest.mark.fault("F36")
def test_an_older_reader_of_a_newer_stream_guesses_nothing_about_money_and_goes_on_with_what_is_shown() -> None:
    """What the next version writes: one message with a field more, and one of a type that this version does not know."""
    newer = [
        json.dumps({**fields(2), "version": 99, "fee_class": "A"}).encode(),
        json.dumps({**fields(3), "type": "FUNDS_LENT"}).encode(),
    ]
    publish([(ACCOUNT, 1)])
    for value in newer:
        publish_raw(ACCOUNT, value)
    publish([(ACCOUNT, 4)])
    money, shown = EffectHandler(poison="stop"), EffectHandler(poison="park")
    with running(money), running(shown):
        wait_until(lambda: is_stopped(money) and applied(shown) == [1, 4], 60, "both to see what they cannot read")
        assert applied(money) == [1]
    parked = ParkedMessage.objects.filter(consumer=shown.name).order_by("offset")
    assert [bytes(each.value) for each in parked] == newer
    assert metrics.CONSUMER_PARKED.labels(shown.name, TOPIC)._value.get() == 2
    note("F36", "an older reader of a newer version: money stands in front of it with an alarm, a display puts it aside with one")


def test_a_person_can_look_at_what_a_consumer_stands_at() -> None:
    publish([(ACCOUNT, 1)])
    publish_raw(ACCOUNT, GARBAGE)
    told = StringIO()
    call_command("show_messages", TOPIC, str(WHERE[1]), "0", "--count", "5", stdout=told)
    lines = told.getvalue().splitlines()
    assert lines[0].startswith("offset 0  ") and '"account_id":1' in lines[1] and "can be read as" in lines[2]
    assert lines[3].startswith("offset 1  ") and "\\xff" in lines[4] and "cannot be read" in lines[5]
    with pytest.raises(CommandError, match="nothing from offset 500"):
        call_command("show_messages", TOPIC, str(WHERE[1]), "500")
    with pytest.raises(CommandError, match="has the partitions 0 to 3"):
        call_command("show_messages", TOPIC, "9", "0")
