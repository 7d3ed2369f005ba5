"""As whom the processes connect to PostgreSQL: the owner, or a login that may only what they are made for. docs/security.md says
what each may."""

from typing import Any

from apps.grants.roles import Role, login
from tredye.settings import parsing
from tredye.settings.env import env
from tredye.settings.parsing import Secret

DATABASE_ROLE: str = env.choice(
    "DATABASE_ROLE",
    "",
    "as which login of the database this process connects; empty: as the owner, whom `DATABASE_URL` names",
    tuple(Role),
    internal=True,
)
_PASSWORDS = dict(
    word.split("=", 1)
    for word in env.words(
        "DATABASE_PASSWORDS",
        "",
        "the passwords of the database's logins that `prepare` gives them, and that those who connect as them need; "
        "empty where the server asks for none",
        must_be=f"role=password of 8 characters or more, separated by commas; the roles are {', '.join(Role)}",
        each=lambda text: parsing.matching(rf"(?:{'|'.join(Role)})=\S{{8,}}", text),
        secret=True,
    )
)
env.hidden |= set(map(Secret, _PASSWORDS.values()))


def logins_beside(owner: str) -> dict[str, dict[str, Any]]:
    """By role, what of an entry of DATABASES is its own."""
    return {role: {"USER": login(owner, role), "PASSWORD": Secret(_PASSWORDS.get(role, ""))} for role in Role}
