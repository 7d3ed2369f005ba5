"""As whom a process connects: by its login and that one's password, and never with the owner's."""

import json

import pytest

from tests.settings.production import run

PRINT = """
import json
from tredye.settings import prod
print(json.dumps([prod.DATABASES["default"]["USER"], prod.DATABASES["default"]["PASSWORD"], prod.DATABASE_LOGINS["console"]]))
"""
PASSWORDS = "web=of-the-pages,console=of-the-console"


@pytest.mark.parametrize(
    ("role", "passwords", "user", "password"),
    [
        ("", PASSWORDS, "tredye", "pass"),
        ("web", PASSWORDS, "tredye_web", "of-the-pages"),
        ("engine", PASSWORDS, "tredye_engine", ""),
        ("web", "", "tredye_web", ""),
    ],
)
def test_a_role_has_its_own_name_and_password(role: str, passwords: str, user: str, password: str) -> None:
    done = run("-c", PRINT, DATABASE_ROLE=role, DATABASE_PASSWORDS=passwords)
    assert done.returncode == 0, done.stderr
    own = "of-the-console" if passwords else ""
    assert json.loads(done.stdout) == [user, password, {"USER": "tredye_console", "PASSWORD": own}]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_ROLE", "nobody"),
        ("DATABASE_ROLE", "tredye_web"),
        ("DATABASE_PASSWORDS", "web"),
        ("DATABASE_PASSWORDS", "web=short"),
        ("DATABASE_PASSWORDS", "nobody=long-enough"),
    ],
)
def test_what_is_wrong_stops_the_start(name: str, value: str) -> None:
    done = run("-c", PRINT, **{name: value})
    assert done.returncode == 1 and done.stderr.startswith(f"settings: {name} must be")
