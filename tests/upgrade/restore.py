"""``python -m tests.upgrade.restore FILE.sql``: load a dump into the empty database of ``DATABASE_URL``, then prepare it, as
``make run`` of today does with an installation of then."""

import os
import sys
from pathlib import Path

import psycopg


def restore(url: str, dump: Path) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(dump.read_bytes())
        # A dump is of its day, and a log-in runs out after two weeks.
        connection.execute("UPDATE public.django_session SET expire_date = now() + interval '1 day'")


if __name__ == "__main__":
    restore(os.environ["DATABASE_URL"], Path(sys.argv[1]))
    os.execv(sys.executable, [sys.executable, "manage.py", "prepare"])
