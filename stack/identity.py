"""Whom the servers run as. PostgreSQL refuses to run as root, and Redis and Kafka should not either."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError


@dataclass(frozen=True)
class Identity:
    """An unprivileged user that a server is run as when the front door itself runs as root."""

    name: str
    uid: int
    gid: int

    def may(self, test: str, path: Path) -> bool:
        """Whether this user passes ``test -x PATH`` (or -r, -w). Asked of the kernel, since a parent directory, an
        access list or a mount can refuse what the mode bits of the path itself allow."""
        result = subprocess.run(
            ["test", test, str(path)], user=self.uid, group=self.gid, extra_groups=[], cwd="/", check=False, timeout=10
        )
        return result.returncode == 0


def server_identity(*preferred: str) -> Identity | None:
    """The first of these users that exists (``nobody`` at last), or None when we are not root and need no change."""
    if os.geteuid() != 0:
        return None
    for name in (*preferred, "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Identity(name, entry.pw_uid, entry.pw_gid)
    raise StackError(
        "the servers must not run as root, and this machine has no user 'nobody' to run them as",
        "Run make as a normal user, or create the user: useradd --system nobody",
    )
