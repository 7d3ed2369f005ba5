import pytest
from django.db import DataError, transaction

from apps.core.checks import ConditionFailedError
from apps.eventlog import inbox, positions
from apps.eventlog.models import AppliedEvent, ConsumerPosition
from apps.eventlog.positions import PositionTakenError
from apps.instruments.models import Instrument
from apps.marketdata.handlers import SOURCE_MAX


@pytest.mark.django_db
def test_each_event_is_new_once() -> None:
    assert inbox.first_time("portfolio", "7", 1)
    assert not inbox.first_time("portfolio", "7", 1)
    assert inbox.first_time("portfolio", "7", 2)
    assert not inbox.first_time("portfolio", "7", 1)


@pytest.mark.django_db
def test_keys_and_consumers_do_not_know_each_other() -> None:
    assert inbox.first_time("portfolio", "7", 5)
    assert inbox.first_time("portfolio", "8", 5)
    assert inbox.first_time("alerts", "7", 5)


@pytest.mark.django_db
def test_a_batch_keeps_what_is_new_and_drops_repeats_inside_it() -> None:
    inbox.drop_seen("portfolio", [("7", 3), ("8", 1)])
    batch = [("7", 2), ("7", 3), ("7", 4), ("8", 2), ("7", 4), ("9", 1), ("9", 1)]
    assert inbox.drop_seen("portfolio", batch) == [2, 3, 5]
    assert dict(AppliedEvent.objects.values_list("key", "last_sequence")) == {"7": 4, "8": 2, "9": 1}


@pytest.mark.django_db
def test_nothing_in_nothing_out() -> None:
    assert inbox.drop_seen("portfolio", []) == []


@pytest.mark.django_db
def test_what_is_rolled_back_is_new_again() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert inbox.first_time("portfolio", "7", 1)
        raise ZeroDivisionError
    with transaction.atomic():
        assert inbox.first_time("portfolio", "7", 1)


@pytest.mark.django_db
def test_the_longest_source_and_symbol_fit_a_key_and_one_more_does_not() -> None:
    symbol = "S" * Instrument._meta.get_field("symbol").max_length
    assert inbox.first_time("marketdata", f"{'s' * SOURCE_MAX}:{symbol}", 1)
    assert not inbox.first_time("marketdata", f"{'s' * SOURCE_MAX}:{symbol}", 1)
    with pytest.raises(DataError), transaction.atomic():
        inbox.first_time("marketdata", f"{'s' * (SOURCE_MAX + 1)}:{symbol}", 1)


@pytest.mark.usefixtures("committed_database")
def test_the_inbox_refuses_to_work_outside_a_transaction() -> None:
    with pytest.raises(ConditionFailedError, match="inside the effect's transaction"):
        inbox.first_time("portfolio", "7", 1)


@pytest.mark.django_db
def test_a_position_moves_only_from_where_it_stands() -> None:
    where = ("orders.events", 1)
    positions.move("portfolio", {where: (0, 10)})
    positions.move("portfolio", {where: (10, 12)})
    with pytest.raises(PositionTakenError):
        positions.move("portfolio", {where: (10, 13)})
    assert positions.stored("portfolio", [where, ("orders.events", 2)]) == {where: 12}


@pytest.mark.django_db
def test_one_taken_partition_refuses_the_whole_move() -> None:
    positions.move("portfolio", {("orders.events", 1): (0, 10)})
    with pytest.raises(PositionTakenError), transaction.atomic():
        positions.move("portfolio", {("orders.events", 0): (0, 5), ("orders.events", 1): (0, 5)})
    assert positions.stored("portfolio", [("orders.events", 0), ("orders.events", 1)]) == {("orders.events", 1): 10}


@pytest.mark.django_db
def test_a_position_can_be_set_back_by_hand() -> None:
    positions.move("portfolio", {("orders.events", 1): (0, 10)})
    positions.rewrite("portfolio", ("orders.events", 1), 3)
    assert ConsumerPosition.objects.get().next_offset == 3
