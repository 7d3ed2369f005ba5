"""Writes what an installation of this version would hold, as the SQL that a later version must be able to go on from.

    cd TREE; python tests/upgrade/make_dump.py FILE.sql

Brings up the stack of the tree in the current directory (which may be an older one than this file's), lets ``story.py`` happen on
it, and dumps its database. Needs pg_dump, and what ``make test`` needs; for a small journal set FEED_RATE=20.

When a version with new migrations has landed, add its dump as ``dumps/DATE-COMMIT.sql``, and never change one: it is what
somebody has on a disk. What the new tables hold belongs into ``story.py``, what must outlive an upgrade into ``facts.py``.
"""

import re
import signal
import subprocess
import sys
from pathlib import Path

import psycopg

HERE = Path(__file__).resolve().parent
# Known to the test that logs in; made for dumps, and worth nothing elsewhere.
ENVIRONMENT = {
    "SECRET_KEY": "the-key-that-signs-the-log-ins-of-every-dump-of-the-upgrade-tests",
    "DEMO_CUSTOMER_PASSWORD": "from before the upgrade",
    "DEMO_SUPPORT_PASSWORD": "from before the upgrade",
    "DEMO_ADMIN_PASSWORD": "from before the upgrade",
}
PROCESSES = ["engine", "relay", "feed", "marketdata", "portfolio"]
# Of what is shown and not owned a few rows are enough to see that they are carried over; what was published is done with.
TRIM = """
DELETE FROM marketdata_bar AS bar WHERE start < (
    SELECT max(start) FROM marketdata_bar AS other
    WHERE (other.instrument_id, other.interval) = (bar.instrument_id, bar.interval)
) OR (instrument_id > 6 AND interval <> '1d');
DELETE FROM eventlog_outboxbatch AS batch USING eventlog_relaycursor AS relay
    WHERE relay.lane = batch.lane AND batch.last_sequence <= relay.last_sequence;
DELETE FROM marketdata_quoteframe WHERE second < (SELECT max(second) FROM marketdata_quoteframe);
"""


def main(target: Path) -> None:
    sys.path.insert(0, str(Path.cwd()))
    from stack.cluster import Cluster

    with Cluster(PROCESSES, env=ENVIRONMENT) as cluster:
        tell(cluster, "morning")
        for name in ("relay", "marketdata", "portfolio", "feed"):
            cluster.stop(name)
        tell(cluster, "evening")
        cluster.kill("engine", signal.SIGTERM)
        cluster.stop("engine")
        with psycopg.connect(cluster.database_url) as connection:
            connection.execute(TRIM)
        target.write_text(dump(cluster.database_url))


def tell(cluster: object, part: str) -> None:
    cluster.env["STORY_PART"] = part  # type: ignore[attr-defined]
    cluster.manage("shell", "-c", f"import runpy; runpy.run_path({str(HERE / 'story.py')!r})")  # type: ignore[attr-defined]


def dump(url: str) -> str:
    """Statements alone: what speaks to psql, and pg_dump's words about what comes next, is left out."""
    options = ["--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=100"]
    text = subprocess.run(["pg_dump", *options, url], check=True, capture_output=True, text=True).stdout
    return re.sub(r"(?m)^(\\.*|--|-- (Name|Data for Name|Dumped|PostgreSQL).*)\n", "", text).strip() + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
