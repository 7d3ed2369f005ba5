"""Two PostgreSQL servers, of which the second follows the first: where each lies, which of them leads, and how one is started.

Neither has its role for ever. After a failover the former standby leads, and the former primary comes back as its standby, with
data copied anew: what it wrote last was perhaps never seen by the other. The data directories themselves say which is which, so
that a stack which was killed in the middle finds them as they are. docs/running.md tells it from outside.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from stack.errors import StackError

SETTING = "POSTGRES_STANDBY"
PRIMARY = "postgres"
STANDBY = "postgres-standby"
# What whichever one follows calls itself at the other, and the slot there that keeps the WAL which it has not seen yet.
FOLLOWER = "tredye_standby"
# In a data directory that was left behind: whoever finds it copies the other server's instead of starting this one.
FENCED = "fenced"
# A standby that is away for long must not fill the primary's disk: it is copied anew instead.
WAL_KEPT = "1GB"

# How either of them starts. Its text, not its path: the servers' user may not reach the project.
START = Path(__file__).resolve().parents[1] / "ops" / "postgres" / "start.sh"



def follower_options(peer_port: int) -> dict[str, str]:
    """What either of the two is started with; whoever leads does not look at most of it."""
    return {
        "primary_conninfo": _conninfo(peer_port, "connect_timeout=2"),
        "primary_slot_name": FOLLOWER,
        # How soon each of them knows that the other one is silent.
        "wal_receiver_status_interval": "1s",
        "wal_receiver_timeout": "5s",
        "wal_sender_timeout": "10s",
        "wal_retrieve_retry_interval": "500ms",
        "hot_standby": "on",
    }


def start_command(program: Path, data: Path, peer_port: int, options: Iterable[str]) -> list[str]:
    peer = _conninfo(peer_port, "dbname=tredye connect_timeout=2 target_session_attrs=read-write")
    server = [str(program), "-D", str(data), *options]
    return ["/bin/sh", "-c", START.read_text(), "start", str(data), peer, "second", *server]


def _conninfo(port: int, more: str) -> str:
    return f"host=127.0.0.1 port={port} user=tredye application_name={FOLLOWER} {more}"


def url(ports: Mapping[str, int]) -> str:
    """Both addresses: a client takes the one that takes writes."""
    hosts = ",".join(f"127.0.0.1:{ports[name]}" for name in (PRIMARY, STANDBY))
    return f"postgres://tredye@{hosts}/tredye?target_session_attrs=read-write"


def leader(homes: Mapping[str, Path]) -> str:
    """Which of the two leads, by the data in their homes; PRIMARY when there is none yet.

    Raises StackError when there are two standbys and nobody to follow.
    """
    data = {name: home / "data" for name, home in homes.items() if (home / "data" / "PG_VERSION").exists()}
    if not data:
        return PRIMARY
    leading = [name for name in data if not (data[name] / "standby.signal").exists() and not (data[name] / FENCED).exists()]
    if not leading:
        raise StackError(
            f"there is a standby of PostgreSQL in {', '.join(map(str, data.values()))}, and no primary",
            "Restore a backup; or, if that one has everything, make it the primary: remove its file standby.signal.",
        )
    return max(leading, key=lambda name: timeline(data[name]))


def timeline(data: Path) -> int:
    """How often this data's history was taken over, from 1 on: each promotion begins a timeline, and its file stays."""
    return max((int(path.stem, 16) for path in (data / "pg_wal").glob("*.history")), default=1)


def leave_behind(data: Path) -> None:
    """Let the next start copy the other server's data instead of using this."""
    if (data / "PG_VERSION").exists() and not (data / "standby.signal").exists():
        (data / FENCED).touch()
