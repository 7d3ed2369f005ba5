"""What goes out is looked through for secrets, in every way that they may be written."""

from typing import Any

import pytest

from apps.observability.hiding import hide
from tredye.settings.parsing import Secret, secrets_in


@pytest.fixture(autouse=True)
def hidden(settings: Any) -> None:
    settings.HIDDEN_TEXTS = frozenset(map(Secret, ("c4n4ry<&>", "c4n4ry", "back\\slash", "pg")))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("nothing of it", "nothing of it"),
        ("redis://:c4n4ry@host", "redis://:***@host"),
        ("twice c4n4ry c4n4ry", "twice *** ***"),
        ("the longer first: c4n4ry<&>!", "the longer first: ***!"),
        ("on a page: c4n4ry&lt;&amp;&gt;!", "on a page: ***!"),
        (f"in a list: {['back' + chr(92) + 'slash']}", "in a list: ['***']"),
        ("pg is too short to be told from a word: pg_stat", "pg is too short to be told from a word: pg_stat"),
    ],
)
def test_a_secret_is_left_out(text: str, shown: str) -> None:
    assert hide(text) == shown


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("", set()),
        ("a token of its own", {"a token of its own"}),
        ("redis://host:6379/0", set()),
        ("postgres://u:p%2Fw@host/name", {"p%2Fw", "p/w"}),
        ("redis://[broken", {"redis://[broken"}),
    ],
)
def test_what_is_secret_in_a_setting(text: str, secrets: set[str]) -> None:
    assert secrets_in(text) == secrets
