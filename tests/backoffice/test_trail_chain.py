"""The chain over the trail: made once, refused to change, exported, and found out when somebody changed it all the same."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from structlog.testing import capture_logs

from apps.accounts.models import User
from apps.backoffice import services, trail_chain, trail_upkeep
from apps.backoffice.models import TrailEntry, TrailLink
from apps.backoffice.trail_files import TrailChangedError, TrailFilesError, export_links
from apps.core.enums import Role
from apps.engine.checks import ask_each
from apps.engine.invariants import CHECKS, LIVE
from apps.grants.roles import Role as Login
from apps.observability import metrics
from tests.logins import as_login
from tests.staff import make_staff

TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_trail.py"
CHAIN = tuple(check for check in (*CHECKS, *LIVE) if check.name == "I22" and "chain" in check.meaning)


@pytest.fixture
def sam(db: None) -> User:
    return make_staff("sam@example.com", Role.SUPPORT)


@pytest.fixture
def written(sam: User) -> list[int]:
    """Two looks and a command with its outcome; the texts have what a joint of texts could be mistaken for."""
    looks = [
        services.record_look(actor_id=sam.pk, action="SEARCH", subject=subject, reason="asked by phone", account_id=account)
        for subject, account in (("3:abc", None), ("Zoë, “7:”\n", 7))
    ]
    command = services.record_command(
        actor_id=sam.pk, action="HALT_INSTRUMENT", subject="AAPL-USD", reason="news", command_id="c-1", before="{}", after="{}"
    )
    with as_login(Login.JOBS):
        trail_upkeep.link()
    services.record_outcome(command, "DONE: halted")
    with as_login(Login.JOBS):
        trail_upkeep.link()
    return [*looks, command]


@pytest.fixture
def unguarded(db: None) -> Iterator[Callable[[str], None]]:
    """Somebody who owns the database, and so its triggers."""

    def change(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement)
            assert cursor.rowcount, statement
            cursor.execute("SET LOCAL session_replication_role = origin")

    yield change


def wrong() -> set[str]:
    with connection.cursor():
        results = ask_each(connection.connection, CHAIN, each_s=10, all_s=30)
    assert not [result.error for result in results if result.error]
    return {result.check.meaning for result in results if result.rows}


def verified(directory: Path, *more: str) -> str:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(TOOL), str(directory), *more], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr == "" and (done.returncode == 0) == (not done.stdout.startswith("WRONG:")), done
    return done.stdout


def test_every_entry_and_every_outcome_has_one_link(written: list[int]) -> None:
    links = list(TrailLink.objects.order_by("number").values_list("number", "entry_id", "of_outcome"))
    assert links == [(1, written[0], False), (2, written[1], False), (3, written[2], False), (4, written[2], True)]
    assert trail_chain.link_new_entries() == 0
    assert wrong() == set()


def test_an_entry_that_is_committed_behind_a_later_one_has_its_link(sam: User, written: list[int]) -> None:
    late = TrailEntry.objects.create(
        id=written[-1] + 2, kind="LOOK", actor_id=sam.pk, action="SEARCH", subject="x", reason="asked by phone"
    )
    assert trail_chain.link_new_entries() == 1
    TrailEntry.objects.create(
        id=written[-1] + 1, kind="LOOK", actor_id=sam.pk, action="SEARCH", subject="y", reason="asked by phone"
    )
    assert trail_chain.link_new_entries() == 1
    assert list(TrailLink.objects.order_by("number").values_list("entry_id", flat=True))[-2:] == [late.pk, late.pk - 1]
    assert wrong() == set()


def test_what_is_too_much_at_once_waits(sam: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail_chain, "AT_ONCE_MAX", 2)
    for number in range(3):
        services.record_look(actor_id=sam.pk, action="SEARCH", subject=str(number), reason="asked by phone")
    assert [trail_chain.link_new_entries() for _ in range(3)] == [2, 1, 0]
    assert wrong() == set()


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'asked by letter'", "subject = subject || ' '", "outcome = 'DONE'", "actor_id = 1", "account_id = 8",
        "at = at + interval '1 microsecond'", "action = 'CUSTOMER_PAGE'", "command_id = 'c-2'", "before = '[]'",
        "subject = '', reason = subject || '14:' || reason",
    ],
)  # fmt: skip
def test_what_is_changed_of_an_entry_is_found(written: list[int], unguarded: Callable[[str], None], change: str) -> None:
    unguarded(f"UPDATE backoffice_trailentry SET {change} WHERE id = {written[2]}")
    assert len(wrong()) == 2, "by what is asked every minute, and by hand"


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_link_that_is_missing_is_found(
    written: list[int], unguarded: Callable[[str], None], number: int, tmp_path: Path
) -> None:
    export_links(tmp_path)
    unguarded(f"DELETE FROM backoffice_traillink WHERE number = {number}")
    if number == 4:  # the end of the chain, which only who has kept it can miss
        assert wrong() == set()
        with pytest.raises(TrailChangedError, match="is no such link"):
            export_links(tmp_path)
    else:
        assert len(wrong()) == 2


def test_a_whole_new_chain_is_found_by_the_files(
    written: list[int], unguarded: Callable[[str], None], tmp_path: Path, sam: User
) -> None:
    [first] = export_links(tmp_path)
    unguarded("DELETE FROM backoffice_traillink")
    unguarded(f"UPDATE backoffice_trailentry SET reason = 'nothing to see' WHERE id = {written[0]}")
    trail_chain.link_new_entries()
    assert wrong() == set()
    with override_settings(TRAIL_DIR=str(tmp_path)), capture_logs() as logs:
        trail_upkeep.export()
    assert [line["event"] for line in logs] == ["trail_changed"] and metrics.TRAIL_CHANGED._value.get() == 1
    with pytest.raises(CommandError, match=f"link 4 of the trail was .* when {first.path.name} was written"):
        call_command("export_trail", "--to", tmp_path)


def test_texts_can_be_erased_and_the_chain_goes_on(
    written: list[int], unguarded: Callable[[str], None], tmp_path: Path
) -> None:
    export_links(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE backoffice_traillink SET salt = NULL WHERE entry_id = %s", [written[1]])
    unguarded(f"UPDATE backoffice_trailentry SET subject = 'erased', reason = 'erased' WHERE id = {written[1]}")
    assert wrong() == set()
    unguarded(f"UPDATE backoffice_trailentry SET actor_id = actor_id + 1 WHERE id = {written[1]}")
    assert len(wrong()) == 2, "who it was stays in the chain"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE backoffice_traillink SET hash = sha256(hash)",
        "UPDATE backoffice_traillink SET salt = NULL, texts = sha256('')",
        "UPDATE backoffice_traillink SET salt = sha256('')",
        "DELETE FROM backoffice_traillink",
        "TRUNCATE backoffice_traillink",
    ],
)
def test_the_database_refuses_to_change_a_link(written: list[int], change: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is emptied while something of it waits for the commit
        cursor.execute(change)


def test_the_files_are_checked_by_a_tool_that_knows_nothing_else(written: list[int], sam: User, tmp_path: Path) -> None:
    [first] = export_links(tmp_path)
    services.record_look(actor_id=sam.pk, action="SEARCH", subject="again", reason="asked by phone")
    with override_settings(TRAIL_DIR=str(tmp_path)), as_login(Login.JOBS):
        trail_upkeep.export()
        trail_upkeep.export()
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["trail-000000000001-000000000004.jsonl", "trail-000000000005-000000000005.jsonl"]
    kept = json.loads(first.path.read_text().splitlines()[2])
    told = verified(tmp_path, "--head", f"3:{kept['hash']}")
    assert told.startswith("5 links, unbroken") and "link 3 is the one that was kept" in told
    assert "link 3 is not the one" in verified(tmp_path, "--head", f"3:{kept['texts']}")
    assert "link 9, which was kept, is not there" in verified(tmp_path, "--head", f"9:{kept['hash']}")
    texts = "".join(path.read_text() for path in files)
    assert "Zo" not in texts and "asked by phone" not in texts, "nothing in them must ever be erased"


def _without_a_line(lines: list[Any]) -> None:
    del lines[1]


def _of_another(lines: list[Any]) -> None:
    lines[1]["actor"] += 1


def _other_texts(lines: list[Any]) -> None:
    lines[3]["texts"] = "00" * 32


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_without_a_line, "line 2: link 2 is missing"),
        (_of_another, "line 2: the hash of link 2"),
        (_other_texts, "line 4: the hash of link 4"),
    ],
)
def test_the_tool_names_the_first_line_that_is_wrong(
    written: list[int], tmp_path: Path, change: Callable[[list[Any]], None], told: str
) -> None:
    [only] = export_links(tmp_path)
    lines = [json.loads(line) for line in only.path.read_text().splitlines()]
    change(lines)
    only.path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert verified(tmp_path).startswith(f"WRONG: {only.path.name}, {told}")


def test_a_directory_that_is_not_there_or_has_something_else_is_said(
    written: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(TrailFilesError, match="No such file"):
        export_links(tmp_path / "none")
    with override_settings(TRAIL_DIR=str(tmp_path / "none")), capture_logs() as logs:
        trail_upkeep.export()
    assert [line["event"] for line in logs] == ["trail_not_exported"]
    with pytest.raises(CommandError, match="where to"):
        call_command("export_trail")
    call_command("export_trail", "--to", tmp_path)
    call_command("export_trail", "--to", tmp_path)
    said = capsys.readouterr().out
    assert "links 1 to 4" in said and "nothing is new, and what was exported is as it was" in said
    (tmp_path / "trail-999999999999-999999999999.jsonl").write_text("{}\n")
    with pytest.raises(TrailFilesError, match="does not end with a link"):
        export_links(tmp_path)
    assert verified(tmp_path).startswith("WRONG: trail-999999999999")
