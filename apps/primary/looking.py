"""One look at both servers: who leads, who follows, how far behind, and when each last heard of the other."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from apps.primary.generations import Place
from apps.primary.talk import Talk, UnansweredError

#: What whichever server follows calls itself at the other one; its slot there has the same name.
FOLLOWER = "tredye_standby"
#: The value of ``synchronous_standby_names`` with which a commit waits for that one's disk.
WAITS_FOR = f"FIRST 1 ({FOLLOWER})"
#: A connection and its one answer. A server that needs longer serves nobody.
LOOK_S = 1.0

_LOOK = f"""
SELECT json_build_object(
  'system', (SELECT system_identifier::text FROM pg_control_system()),
  'recovering', pg_is_in_recovery(),
  'timeline', CASE WHEN pg_is_in_recovery() THEN 0
    ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END,
  'waits_for', current_setting('synchronous_standby_names'),
  'followers', (SELECT coalesce(json_agg(json_build_object(
      'streams', state = 'streaming', 'synchronous', sync_state IN ('sync', 'quorum'), 'replied', coalesce(reply_time::text, ''),
      'behind', CASE WHEN pg_is_in_recovery() THEN 0 ELSE pg_wal_lsn_diff(pg_current_wal_flush_lsn(), flush_lsn)::bigint END,
      'behind_s', coalesce(extract(epoch FROM replay_lag), 0)::float8)), '[]')
    FROM pg_stat_replication WHERE application_name = '{FOLLOWER}'),
  'slot', coalesce((SELECT wal_status FROM pg_replication_slots WHERE slot_name = '{FOLLOWER}'), ''),
  'heard_s', (SELECT extract(epoch FROM clock_timestamp() - last_msg_receipt_time)::float8 FROM pg_stat_wal_receiver
    WHERE status = 'streaming'))"""  # noqa: S608 - a constant


class Follower(msgspec.Struct, frozen=True):
    """How a primary sees its standby. ``replied`` changes with each of its words; ``behind`` is in bytes of WAL."""

    streams: bool
    synchronous: bool
    replied: str
    behind: int | None = None
    behind_s: float = 0


class Server(msgspec.Struct, frozen=True):
    """What one server says of itself. ``waits_for`` is whose word a commit waits for; ``heard_s`` how long ago a standby heard
    of the one that it follows, None when it does not follow at all."""

    system: str
    recovering: bool
    timeline: int
    waits_for: str
    followers: tuple[Follower, ...]
    slot: str
    heard_s: float | None = None

    @property
    def follower(self) -> Follower | None:
        return self.followers[0] if self.followers else None


class Sight(msgspec.Struct, frozen=True):
    """One place: what it answered, or in words why it did not."""

    place: Place
    server: Server | None
    why_not: str = ""


_servers = msgspec.json.Decoder(Server)


def look_at(database: Mapping[str, str], place: Place, within_s: float = LOOK_S) -> Sight:
    try:
        with Talk(database, place, within_s) as talk:
            return Sight(place, _servers.decode(talk.ask(_LOOK, within_s)))
    except (UnansweredError, msgspec.DecodeError) as error:
        return Sight(place, None, str(error))


def look(database: Mapping[str, str], places: Sequence[Place], within_s: float = LOOK_S) -> list[Sight]:
    """All of them at once: a frozen one must not keep us from the other."""
    with ThreadPoolExecutor(max_workers=len(places), thread_name_prefix="look") as pool:
        return list(pool.map(lambda place: look_at(database, place, within_s), places))
