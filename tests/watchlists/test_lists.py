"""Lists keep their order and their bounds, and nobody reaches a list of somebody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.models import Account
from apps.watchlists import services
from apps.watchlists.models import ENTRIES_MAX, LISTS_MAX, Watchlist, WatchlistEntry
from apps.watchlists.selectors import UNDO_WITHIN, WatchlistNotFoundError, list_watchlists
from apps.watchlists.services import DEFAULT_NAME, TooManyListsError, WatchlistFullError
from tests.builders import Venue
from tests.watchlists.conftest import many_instruments


def listed(account: Account, watchlist_id: int) -> tuple[int, ...]:
    found = list_watchlists(account.pk).find(watchlist_id)
    assert found is not None
    return found.instrument_ids


def make(account: Account, ids: dict[str, int], *names: str) -> int:
    made = services.create_watchlist(account_id=account.pk, name="Mine")
    for name in names:
        services.watch(account_id=account.pk, instrument_id=ids[name], watchlist_id=made)
    return made


def check_constraints() -> None:
    """What is deferred is checked at commit, which a test's transaction never comes to."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_the_first_star_makes_a_list_and_the_next_ones_use_it(alice: Account, ids: dict[str, int]) -> None:
    first = services.watch(account_id=alice.pk, instrument_id=ids["BOLT"])
    second = services.watch(account_id=alice.pk, instrument_id=ids["ACME"])
    again = services.watch(account_id=alice.pk, instrument_id=ids["BOLT"])
    assert first == second == again
    (only,) = list_watchlists(alice.pk).lists
    assert (only.name, only.instrument_ids) == (DEFAULT_NAME, (ids["BOLT"], ids["ACME"]))


def test_taking_one_off_leaves_the_order_of_the_others(alice: Account, ids: dict[str, int]) -> None:
    mine = make(alice, ids, "ACME", "BOLT", "COLD")
    services.unwatch(account_id=alice.pk, instrument_id=ids["ACME"], watchlist_id=mine)
    assert listed(alice, mine) == (ids["BOLT"], ids["COLD"])
    assert sorted(WatchlistEntry.objects.values_list("place", flat=True)) == [1, 2]
    services.unwatch(account_id=alice.pk, instrument_id=ids["ACME"], watchlist_id=mine)
    check_constraints()


def test_without_a_list_it_is_taken_off_all_of_them(alice: Account, ids: dict[str, int]) -> None:
    one, two = make(alice, ids, "ACME", "BOLT"), make(alice, ids, "BOLT", "COLD")
    services.unwatch(account_id=alice.pk, instrument_id=ids["BOLT"])
    assert (listed(alice, one), listed(alice, two)) == ((ids["ACME"],), (ids["COLD"],))


@pytest.mark.parametrize(
    ("moved", "before", "then"),
    [
        ("COLD", "ACME", "COLD ACME BOLT"),
        ("ACME", "COLD", "BOLT ACME COLD"),
        ("ACME", None, "BOLT COLD ACME"),
        ("BOLT", "BOLT", "ACME BOLT COLD"),
        ("ACME", "BTC", "BOLT COLD ACME"),
        ("BTC", "ACME", "ACME BOLT COLD"),
    ],
)
def test_a_row_is_put_before_another(alice: Account, ids: dict[str, int], moved: str, before: str | None, then: str) -> None:
    mine = make(alice, ids, "ACME", "BOLT", "COLD")
    before_id = ids[before] if before else None
    services.move(account_id=alice.pk, watchlist_id=mine, instrument_id=ids[moved], before_id=before_id)
    assert listed(alice, mine) == tuple(ids[name] for name in then.split())
    check_constraints()


@pytest.mark.parametrize(
    ("moved", "up", "then"),
    [
        ("ACME", False, "BOLT ACME COLD"),
        ("COLD", True, "ACME COLD BOLT"),
        ("ACME", True, "ACME BOLT COLD"),
        ("COLD", False, "ACME BOLT COLD"),
        ("BTC", True, "ACME BOLT COLD"),
    ],
)
def test_a_row_goes_one_up_or_down(alice: Account, ids: dict[str, int], moved: str, up: bool, then: str) -> None:
    mine = make(alice, ids, "ACME", "BOLT", "COLD")
    services.step(account_id=alice.pk, watchlist_id=mine, instrument_id=ids[moved], up=up)
    assert listed(alice, mine) == tuple(ids[name] for name in then.split())
    check_constraints()


def test_a_deleted_list_comes_back_as_it_was(alice: Account, ids: dict[str, int]) -> None:
    one, two = make(alice, ids, "COLD", "ACME"), make(alice, ids, "BOLT")
    services.delete_watchlist(account_id=alice.pk, watchlist_id=one)
    now = datetime.now(UTC)
    lists = list_watchlists(alice.pk, now)
    assert [each.id for each in lists.lists] == [two]
    assert lists.deleted is not None and lists.deleted.id == one
    assert lists.watched_ids == {ids["BOLT"]}
    assert list_watchlists(alice.pk, now + UNDO_WITHIN + timedelta(minutes=1)).deleted is None
    services.restore_watchlist(account_id=alice.pk, watchlist_id=one)
    services.restore_watchlist(account_id=alice.pk, watchlist_id=one)
    assert [each.id for each in list_watchlists(alice.pk).lists] == [two, one]
    assert listed(alice, one) == (ids["COLD"], ids["ACME"])
    check_constraints()


def test_one_deleted_list_is_kept_and_no_more(alice: Account, ids: dict[str, int]) -> None:
    one, two = make(alice, ids, "ACME"), make(alice, ids, "BOLT")
    services.delete_watchlist(account_id=alice.pk, watchlist_id=one)
    services.delete_watchlist(account_id=alice.pk, watchlist_id=two)
    with pytest.raises(WatchlistNotFoundError):
        services.restore_watchlist(account_id=alice.pk, watchlist_id=one)
    assert list(Watchlist.objects.values_list("id", flat=True)) == [two]


def test_there_is_room_for_so_many_lists(alice: Account, ids: dict[str, int]) -> None:
    made = [make(alice, {}) for _ in range(LISTS_MAX)]
    with pytest.raises(TooManyListsError):
        make(alice, {})
    services.delete_watchlist(account_id=alice.pk, watchlist_id=made[3])
    make(alice, {})
    with pytest.raises(TooManyListsError):
        services.restore_watchlist(account_id=alice.pk, watchlist_id=made[3])
    check_constraints()


def test_there_is_room_for_so_many_instruments(alice: Account, venue: Venue) -> None:
    ids = many_instruments(venue, ENTRIES_MAX + 1)
    mine = services.watch(account_id=alice.pk, instrument_id=ids[0])
    listed_now = enumerate(ids[1 : ENTRIES_MAX - 1], start=2)
    WatchlistEntry.objects.bulk_create(
        WatchlistEntry(watchlist_id=mine, instrument_id=instrument_id, place=place) for place, instrument_id in listed_now
    )
    services.watch(account_id=alice.pk, instrument_id=ids[ENTRIES_MAX - 1])
    with pytest.raises(WatchlistFullError):
        services.watch(account_id=alice.pk, instrument_id=ids[-1])
    services.watch(account_id=alice.pk, instrument_id=ids[0])
    assert listed(alice, mine) == tuple(ids[:ENTRIES_MAX])


def test_another_account_s_list_is_none(alice: Account, bob: Account, ids: dict[str, int]) -> None:
    mine = make(alice, ids, "ACME", "BOLT")
    names = {"account_id": bob.pk, "watchlist_id": mine}
    for change in (
        lambda: services.watch(instrument_id=ids["COLD"], **names),
        lambda: services.unwatch(instrument_id=ids["ACME"], **names),
        lambda: services.move(instrument_id=ids["BOLT"], before_id=ids["ACME"], **names),
        lambda: services.step(instrument_id=ids["BOLT"], up=True, **names),
        lambda: services.rename_watchlist(name="Taken", **names),
        lambda: services.delete_watchlist(**names),
        lambda: services.restore_watchlist(**names),
    ):
        with pytest.raises(WatchlistNotFoundError):
            change()
    (only,) = list_watchlists(alice.pk).lists
    assert (only.name, only.instrument_ids) == ("Mine", (ids["ACME"], ids["BOLT"]))
    assert list_watchlists(bob.pk).lists == ()


@pytest.mark.parametrize(
    "change",
    [
        f"UPDATE watchlists_watchlist SET place = {LISTS_MAX + 1}",
        "UPDATE watchlists_watchlist SET place = 1",
        "UPDATE watchlists_watchlist SET place = NULL",
        "UPDATE watchlists_watchlist SET place = NULL, deleted_at = now()",
        "UPDATE watchlists_watchlist SET deleted_at = now()",
        "UPDATE watchlists_watchlist SET name = ''",
        "UPDATE watchlists_watchlist SET name = 'a' || chr(7)",
        f"UPDATE watchlists_watchlistentry SET place = {ENTRIES_MAX + 1}",
        "UPDATE watchlists_watchlistentry SET place = 0",
        "UPDATE watchlists_watchlistentry SET place = 1",
        "UPDATE watchlists_watchlistentry SET instrument_id = (SELECT min(id) FROM instruments_instrument)",
    ],
)
def test_the_database_refuses_what_no_list_is(alice: Account, ids: dict[str, int], change: str) -> None:
    make(alice, ids, "ACME", "BOLT")
    make(alice, ids)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# The lists themselves


@pytest.fixture
def three(alice: Account) -> list[int]:
    return [services.create_watchlist(account_id=alice.pk, name=name) for name in ("One", "Two", "Three")]


def names(account: Account) -> str:
    return " ".join(each.name for each in list_watchlists(account.pk).lists)


@pytest.mark.parametrize(
    ("moved", "before", "then"),
    [(2, 0, "Three One Two"), (0, 2, "Two One Three"), (0, None, "Two Three One"), (1, 1, "One Two Three")],
)
def test_a_list_is_put_before_another(alice: Account, three: list[int], moved: int, before: int | None, then: str) -> None:
    before_id = None if before is None else three[before]
    services.move_watchlist(account_id=alice.pk, watchlist_id=three[moved], before_id=before_id)
    assert names(alice) == then
    check_constraints()


def test_a_list_goes_one_on_and_stays_at_the_end(alice: Account, three: list[int]) -> None:
    for up, then in ((True, "One Three Two"), (True, "Three One Two"), (True, "Three One Two"), (False, "One Three Two")):
        services.step_watchlist(account_id=alice.pk, watchlist_id=three[2], up=up)
        assert names(alice) == then
    check_constraints()


def test_lists_of_others_and_deleted_ones_are_not_in_the_order(alice: Account, bob: Account, three: list[int]) -> None:
    services.delete_watchlist(account_id=alice.pk, watchlist_id=three[1])
    theirs = services.create_watchlist(account_id=bob.pk, name="Theirs")
    services.move_watchlist(account_id=alice.pk, watchlist_id=three[0], before_id=theirs)
    assert (names(alice), names(bob)) == ("Three One", "Theirs")
    for gone in (three[1], theirs):
        with pytest.raises(WatchlistNotFoundError):
            services.step_watchlist(account_id=alice.pk, watchlist_id=gone, up=True)
        with pytest.raises(WatchlistNotFoundError):
            services.move_watchlist(account_id=alice.pk, watchlist_id=gone, before_id=None)
    assert sorted(Watchlist.objects.filter(account=alice, place__isnull=False).values_list("place", flat=True)) == [1, 2]
    check_constraints()
