"""Which server of two a process uses, by what it saw and what the guard noted."""

from pathlib import Path

from apps.primary import witness
from apps.primary.generations import Generation, Place, Servers, servers_of

A, B = Place("a", "1"), Place("b", "2")


def test_one_server_needs_no_look() -> None:
    assert servers_of("db", "5432", None) is None


def test_one_port_may_be_for_both() -> None:
    servers = servers_of("first-of-two,second-of-two", "5432", None)
    assert servers is not None and servers.in_order() == [Place("first-of-two", "5432"), Place("second-of-two", "5432")]
    assert servers_of("first-of-two,second-of-two", "5432", None) is servers, "what a process learned, it learned once"


def test_whoever_took_writes_last_is_asked_first() -> None:
    servers = Servers([A, B], None)
    assert servers.admit(B, Generation("one", 1)) == ""
    assert servers.in_order() == [B, A]


def test_a_server_that_was_taken_over_is_refused_and_its_sessions_with_it() -> None:
    servers = Servers([A, B], None)
    old, new = Generation("one", 1), Generation("one", 2)
    assert servers.admit(A, old) == "" and servers.is_current(old)
    assert servers.admit(B, new) == ""
    assert not servers.is_current(old) and servers.is_current(new)
    assert servers.admit(A, old) == "it was taken over: it is on timeline 1, and 2 was seen"
    assert servers.in_order() == [B, A]


def test_another_database_is_refused_whatever_its_timeline() -> None:
    servers = Servers([A, B], None)
    servers.admit(A, Generation("one", 1))
    assert "another database (two)" in servers.admit(B, Generation("two", 7))


def test_a_process_that_has_just_started_knows_what_the_guard_noted(tmp_path: Path) -> None:
    note = tmp_path / "run" / "note.json"
    witness.write(note, witness.Note("one", 2, "b:2", False))
    servers = Servers([A, B], note)
    assert "2 was seen" in servers.admit(A, Generation("one", 1))
    assert servers.admit(B, Generation("one", 2)) == ""
    assert Servers([A, B], note).admit(A, Generation("restored", 1)) == "", "a note on another database says nothing of this one"


def test_a_note_that_cannot_be_read_allows_and_forbids_nothing(tmp_path: Path) -> None:
    note = tmp_path / "note.json"
    for text in ("", "{", '{"system": 1}', "[]"):
        note.write_text(text)
        assert witness.read(note) is None
        assert Servers([A, B], note).admit(A, Generation("one", 1)) == ""
    assert witness.read(tmp_path / "none") is None
