"""A backup is whole or it is none: what is written is read back, what is damaged is found, and nothing is written over."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from apps.backups import shelf as shelves
from apps.backups.making import DUMP, Made, make_backup
from apps.backups.manifest import BrokenBackupError, read_manifest, write_manifest
from apps.backups.restoring import RestoreRefusedError, check_backup, next_epoch, next_sequence, restore
from apps.backups.shelf import ShelfError
from apps.backups.tools import ToolError, find_tool
from tests.engine.processes import cluster
from tests.jobs.books import fill
from tests.waiting import wait_until


def silent(_text: str) -> None:
    return


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[str]:
    """The name of a database with some customers and their money."""
    name = f"tredye_kept_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"
    with cluster(tmp_path_factory.mktemp("kept"), name) as made:
        with made.connection() as database:
            fill(database, accounts=20, deposits=3, start=datetime(2026, 11, 20, tzinfo=UTC), days=1)
            database.execute("INSERT INTO django_session VALUES ('k', 'of somebody', now() + interval '1 day')")
        yield name


@pytest.fixture
def on_kept(kept: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What makes connections of its own makes them to that database."""
    monkeypatch.setitem(connection.settings_dict, "NAME", kept)
    return kept


@pytest.fixture(scope="module")
def one(kept: str, tmp_path_factory: pytest.TempPathFactory) -> Made:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection.settings_dict, "NAME", kept)
        return make_backup(tmp_path_factory.mktemp("shelf"), keep=3, say=silent)


@pytest.fixture
def copy(one: Made, tmp_path: Path) -> Path:
    """The backup, to be damaged."""
    return Path(shutil.copytree(one.path, tmp_path / one.path.name))


def test_a_backup_says_what_it_holds_and_can_be_read(one: Made) -> None:
    manifest = check_backup(one.path, silent)
    assert (manifest.customers, manifest.open_orders, manifest.last_sequence) == (20, 0, 0)
    assert manifest.bytes == (one.path / DUMP).stat().st_size
    assert "eventlog.0004_lost_ranges_beside" in manifest.migrations
    assert [each.name for each in one.path.parent.iterdir() if each.name.startswith(".unfinished")] == []
    assert (one.path.stat().st_mode & 0o077, one.path.parent.stat().st_mode & 0o022) == (0, 0)


def test_no_log_in_is_in_a_backup(one: Made, tmp_path: Path) -> None:
    text = tmp_path / "dump.sql"
    os.spawnl(os.P_WAIT, find_tool("pg_restore", one.manifest.server_major), "pg_restore", f"--file={text}", str(one.path / DUMP))
    told = text.read_text()
    assert "customer7@example.com" in told
    assert "of somebody" not in told


@pytest.mark.parametrize("place", [0.0, 0.3, 0.999])
def test_a_byte_that_turned_is_found(copy: Path, place: float) -> None:
    content = bytearray((copy / DUMP).read_bytes())
    content[int(len(content) * place)] ^= 1
    (copy / DUMP).write_bytes(content)
    with pytest.raises(BrokenBackupError, match="another SHA-256"):
        check_backup(copy, silent)


def test_a_file_that_was_cut_off_or_is_gone_is_found(copy: Path) -> None:
    with (copy / DUMP).open("ab") as file:
        file.truncate(1000)
    with pytest.raises(BrokenBackupError, match="1000 bytes instead of"):
        check_backup(copy, silent)
    (copy / DUMP).unlink()
    with pytest.raises(BrokenBackupError, match="cannot be read"):
        check_backup(copy, silent)


def test_a_manifest_that_was_changed_is_found(copy: Path) -> None:
    told = (copy / "manifest.json").read_text()
    (copy / "manifest.json").write_text(told.replace('"customers": 20', '"customers": 21'))
    with pytest.raises(BrokenBackupError, match="not as it was written"):
        check_backup(copy, silent)
    (copy / "manifest.json").unlink()
    with pytest.raises(BrokenBackupError, match="is not a backup"):
        check_backup(copy, silent)


def test_a_dump_that_pg_restore_cannot_read_is_found_though_its_checksum_is_right(copy: Path) -> None:
    from apps.backups.manifest import weigh

    whole = (copy / DUMP).read_bytes()
    (copy / DUMP).write_bytes(whole[: len(whole) // 2])
    manifest = read_manifest(copy)
    told: dict[str, Any] = {name: getattr(manifest, name) for name in manifest.__struct_fields__}
    write_manifest(copy, type(manifest)(**told | {"files": {DUMP: weigh(copy / DUMP)}}))
    with pytest.raises(ToolError, match="pg_restore failed"):
        check_backup(copy, silent)


def test_a_backup_that_fails_leaves_nothing_and_the_former_ones_stay(on_kept: str, one: Made) -> None:
    def fail(text: str) -> None:
        if text == "reading it back":
            raise KeyboardInterrupt

    shelf = one.path.parent
    before = sorted(each.name for each in shelf.iterdir())
    wait_until(lambda: shelves.name_at(datetime.now(UTC)) > one.path.name, 10, "a second that no backup is named after")
    with pytest.raises(KeyboardInterrupt):
        make_backup(shelf, keep=1, say=fail)
    assert sorted(each.name for each in shelf.iterdir()) == before


def test_nothing_is_written_over_and_one_works_at_a_time(tmp_path: Path) -> None:
    name = shelves.name_at(datetime(2026, 11, 22, 8, 30, tzinfo=UTC))
    assert name == "tredye-20261122T083000Z"
    with shelves.new_backup(tmp_path, name) as directory:
        (directory / "manifest.json").write_text("{}")
    with pytest.raises(ShelfError, match="exists already"), shelves.new_backup(tmp_path, name):
        pass
    with (
        shelves.only_worker(tmp_path),
        pytest.raises(ShelfError, match="another backup is being made"),
        shelves.only_worker(tmp_path),
    ):
        pass


def test_the_oldest_go_and_what_was_left_unfinished_too(tmp_path: Path) -> None:
    for day in (1, 2, 3, 4):
        with shelves.new_backup(tmp_path, f"tredye-2026110{day}T000000Z") as directory:
            (directory / "manifest.json").write_text("{}")
    (tmp_path / "mine").mkdir()
    (tmp_path / ".unfinished-tredye-20261105T000000Z").mkdir()
    with shelves.only_worker(tmp_path):
        gone = shelves.forget_old(tmp_path, 3)
    assert [each.name for each in gone] == ["tredye-20261101T000000Z"]
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        ".lock", "mine", "tredye-20261102T000000Z", "tredye-20261103T000000Z", "tredye-20261104T000000Z",
    ]  # fmt: skip


def test_books_that_are_there_are_not_touched(on_kept: str, one: Made) -> None:
    with pytest.raises(RestoreRefusedError, match="this database holds books"):
        restore(one.path, replace=False, say=silent)


def test_a_database_that_others_use_is_not_touched(on_kept: str, one: Made) -> None:
    params = connection.get_connection_params() | {"application_name": "somebody's engine"}
    params.pop("cursor_factory", None)
    with psycopg.connect(**params), pytest.raises(RestoreRefusedError, match="others use this database: somebody's engine"):
        restore(one.path, replace=True, say=silent)


def test_a_backup_of_a_newer_version_is_refused(copy: Path, on_kept: str) -> None:
    manifest = read_manifest(copy)
    told: dict[str, Any] = {name: getattr(manifest, name) for name in manifest.__struct_fields__}
    write_manifest(copy, type(manifest)(**told | {"migrations": [*manifest.migrations, "orders.0999_of_tomorrow"]}))
    with pytest.raises(RestoreRefusedError, match=r"does not know its migrations orders.0999_of_tomorrow"):
        restore(copy, replace=True, say=silent)


NOW_S = 1_795_000_000


@given(st.integers(0, NOW_S * 900_000), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 900_000)), max_size=6))
def test_no_number_is_given_out_twice_however_often_the_same_books_are_restored(last: int, lives: list[tuple[int, int]]) -> None:
    """Each life begins at the same backup, lasts some seconds, and gives out so many numbers a second."""
    now_s, highest = NOW_S, 0
    for seconds, pace in lives:
        first = next_sequence(last, now_s)
        assert first > max(last, highest)
        highest = first + seconds * pace
        now_s += seconds + 1


def test_a_clock_of_the_far_future_is_refused_and_one_of_the_past_costs_nothing() -> None:
    with pytest.raises(RestoreRefusedError, match="clock"):
        next_sequence(5, 10_000_000_000)
    assert next_sequence(5, 0) > 5
    assert next_epoch(7, 0) == 7
    assert next_epoch(7, NOW_S) == NOW_S // 5 < 2**31
