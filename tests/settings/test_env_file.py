"""The file ``.env``, which the product, ``make run`` and Docker Compose read."""

from pathlib import Path

import pytest

from stack.errors import StackError
from stack.settings import Settings
from tredye.settings.envfile import offered, read_env_file, unread

ROOT = Path(__file__).resolve().parents[2]


def test_lines_comments_and_quotes(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# mine\n\nexport WEB_PORT=8100\nFEED_SEED='7'\nDEBUG = on\nA=b c # why\nB=x#y\nC=\"a # b\"\nD=\n")
    values, problems = read_env_file(file)
    assert values == {"WEB_PORT": "8100", "FEED_SEED": "7", "A": "b c", "B": "x#y", "C": "a # b", "D": ""}
    assert problems == [".env, line 5: must be NAME=value"]


def test_no_file_is_an_empty_one_and_an_unreadable_one_is_a_problem(tmp_path: Path) -> None:
    assert read_env_file(tmp_path / ".env") == ({}, [])
    (tmp_path / ".env").write_bytes(b"A=\xff")
    assert read_env_file(tmp_path / ".env").problems == [".env cannot be read: it is not UTF-8"]


def test_a_name_that_nobody_reads_is_a_problem_with_a_suggestion_and_without_its_value(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text("SECRET_KEY=\n# a sentence: LIKE=this\n#WEB_PORT=8000\n# STREAM_PORT=8001\n")
    (tmp_path / ".env").write_text("SECRET_KEI=c4n4ry\nWEB_PORT=1\nSTREAM_PORT=2\nQUITE_DIFFERENT=c4n4ry\n")
    assert read_env_file(tmp_path / ".env").problems == [
        "SECRET_KEI in .env is read by nobody: did you mean SECRET_KEY?",
        "QUITE_DIFFERENT in .env is read by nobody",
    ]


def test_without_an_example_nothing_is_judged(tmp_path: Path) -> None:
    assert offered(tmp_path / ".env.example") == set()
    assert unread(["ANYTHING"], set()) == []


def test_make_says_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("not a line\n")
    monkeypatch.setattr("stack.settings.ROOT", tmp_path)
    with pytest.raises(StackError, match=r"\.env, line 1: must be NAME=value"):
        Settings.from_environment({})


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WEB_PORT=8100\nSTREAM_PORT=8101\n")
    monkeypatch.setattr("stack.settings.ROOT", tmp_path)
    ports = Settings.from_environment({"WEB_PORT": "8200"}).ports
    assert (ports["web"], ports["stream"]) == (8200, 8101)
