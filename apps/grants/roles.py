"""The names of the logins. Plain values: the settings read them before anything else is there."""

from enum import StrEnum


class Role(StrEnum):
    """A kind of process, and so a login of its own."""

    WEB = "web"
    """The pages, the API and the sockets: one application, under two servers."""
    CONSOLE = "console"
    """What a page of the support's console reads, in the web processes: nothing can be written with it."""
    ENGINE = "engine"
    RELAY = "relay"
    FEED = "feed"
    CONSUMERS = "consumers"
    """What is made of the event log: prices, bars, positions, notices."""
    JOBS = "jobs"
    """The worker and beat: what runs at night, mails, samples. It reads everything, because the nightly copy does."""


#: Before the role's own name, where DATABASE_URL names nobody.
OWNER = "tredye"


def login(owner: str, role: Role) -> str:
    """The name in PostgreSQL. Logins belong to a whole server, so it begins with that of the owner: installations that share a
    server and no owner share no logins either."""
    return f"{owner or OWNER}_{role.value}"
