"""Disks that are full: what is refused, what goes on, and that everything is right again, by itself, when there is room.

Real servers on file systems of 140 MB, which one file fills. PostgreSQL's write-ahead log is on a disk of its own where its
data's is filled, as it should be: a data volume that is full costs an error, a full one of the log the server.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from apps.commands.answers import CancelAnswer, OrderAnswer, RefusedAnswer
from apps.commands.reasons import Reason
from apps.commands.types import CancelOrder
from apps.engine.room import NO_ROOM_LOCK
from stack.child import Child, Spec
from stack.cluster import Cluster as Stack
from stack.context import make_context
from stack.identity import server_identity
from stack.places import Places
from stack.processes import TREDYE
from stack.redis import WHEEL_DIRECTORY, machine_program
from stack.settings import Settings, free_ports
from tests.engine.callers import Feed, Load, accepted, an_order, check_answers, finish
from tests.engine.test_database_faults import Supervised, wait_for_answers
from tests.engine.world import SYSTEM
from tests.faults.disks import Disk, needs_root, small_disk
from tests.faults.figures import checked, note, recovered
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.processes, pytest.mark.long, pytest.mark.timeout(300), pytest.mark.fault("F19"), needs_root,
]  # fmt: skip

LAWS = ("I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8")
MB = 1_000_000


class Books(Supervised):
    def renew(self) -> None:
        """Return when the next engine serves: the supervisor waits longer each time after one that fell soon."""
        before = self.log.stat().st_size
        super().renew()
        self.until(lambda: b" serves " in self.log.read_bytes()[before:], "the next engine serves", 90)


@contextmanager
def stack_on(
    server: str, processes: list[str], event_log: str, *, is_watched: bool = False
) -> Iterator[tuple[Supervised, Disk]]:
    """A stack whose servers are its own, with the data of one of them on a small disk, and funded accounts. Unless the disk
    ``is_watched`` the engine does not look at it, and so meets its end."""
    with ExitStack() as opened:
        base = Settings.from_environment(processes=TREDYE.names)
        base = base.throwaway(f"test-{os.getpid()}-{server}")
        environ = {**base.environ, "EVENT_LOG": event_log}
        context = make_context(base.with_environ(environ), None)
        identity = server_identity("postgres") if server == "postgres" else server_identity()
        places = Places(context)
        opened.callback(places.remove_all)  # when the disk is gone
        place = places.directory(server, identity)
        disk = opened.enter_context(small_disk(place))
        watched = {"DISKS": f"postgres={place}"} if is_watched else {}
        stack = Stack(processes, seed=False, context=context, env=watched)
        opened.callback(stack.down)
        stack.up()
        made = Books(stack)
        opened.callback(made.client.close)
        made.fund()
        yield made, disk


@contextmanager
def wal_on_its_own(books: Supervised, data: Path, directory: Path) -> Iterator[None]:
    """The write-ahead log on a volume apart from the data's."""
    books.stack.stop("postgres")
    wait_until(lambda: not books.listens(), 30, "PostgreSQL has ended")
    subprocess.run(["cp", "--archive", data / "pg_wal", directory], check=True, timeout=60)
    shutil.rmtree(data / "pg_wal")
    (data / "pg_wal").symlink_to(directory / "pg_wal")
    books.stack.start("postgres")
    wait_until(books.listens, 60, "PostgreSQL is back")
    yield


def data_of(disk: Disk) -> Path:
    return disk.place / "data"


def reachable_directory() -> Path:
    """Where PostgreSQL's user gets to, outside of every small disk."""
    place = Path("/var/tmp") / f"tredye-wal-{os.getpid()}"
    place.mkdir(mode=0o755)
    return place


def test_a_full_data_disk_costs_writes_and_nothing_else_and_heals_without_a_restart() -> None:
    directory = reachable_directory()
    try:
        with stack_on("postgres", ["engine"], "embedded") as (books, disk), wal_on_its_own(books, data_of(disk), directory):
            callers = [Load(books, f"full{number}", deadline_s=60) for number in range(3)]
            with Feed(books.url):
                for caller in callers:
                    caller.start()
                wait_for_answers(books, callers, 110)
                postgres, engines = books.stack.pid("postgres"), books.stack.restart_count("engine")
                disk.fill()
                books.until(lambda: books.stack.restart_count("engine") > engines, "a write met the full disk", 60)
                with books.connection() as connection:
                    row = connection.execute("SELECT count(*) FROM orders_order").fetchone()
                assert row is not None and row[0] > 0  # reads go on
                with pytest.raises(psycopg.errors.DiskFull), books.connection() as connection:
                    connection.execute("CREATE TABLE filler AS SELECT repeat('x', 1000) FROM generate_series(1, 100000)")
                disk.free()
                freed_s = time.monotonic()
                wait_for_answers(books, callers, 1)
                healed_s = time.monotonic() - freed_s
                finish(books, callers)
            assert books.stack.pid("postgres") == postgres, "PostgreSQL was started again"
            check_answers(books, callers, "full")
            checked(LAWS)
            recovered(healed_s)
            note("F19", f"data volume full: reads go on, first order {healed_s:.1f} s after, Postgres not started again")
    finally:
        shutil.rmtree(directory)


def test_a_full_disk_of_the_write_ahead_log_ends_postgres_and_loses_nothing() -> None:
    with stack_on("postgres", ["engine"], "embedded") as (books, disk):
        callers = [Load(books, f"wal{number}", deadline_s=90) for number in range(3)]
        with Feed(books.url):
            for caller in callers:
                caller.start()
            wait_for_answers(books, callers, 110)
            restarts = books.stack.restart_count("postgres")
            disk.fill()
            wait_until(lambda: books.stack.restart_count("postgres") > restarts or not write_ahead(books), 90, "the log is full")
            books.until(lambda: books.stack.restart_count("postgres") > restarts, "PostgreSQL has ended", 60)
            disk.free()
            freed_s = time.monotonic()
            wait_for_answers(books, callers, 1)
            healed_s = time.monotonic() - freed_s
            finish(books, callers)
        check_answers(books, callers, "wal")
        checked(LAWS)
        note("F19", f"write-ahead log's volume full: Postgres ends, first order {healed_s:.1f} s after there was room")


def write_ahead(books: Supervised) -> bool:
    """Ask for the next file of the write-ahead log; False when there was none to be had."""
    try:
        with books.connection() as connection:
            connection.execute("SELECT pg_logical_emit_message(false, 'filler', repeat('x', 1000000))")
            connection.execute("SELECT pg_switch_wal()")
    except psycopg.Error:
        return False
    return True


def test_at_nine_tenths_new_orders_are_refused_and_cancels_are_not() -> None:
    with stack_on("postgres", ["engine"], "embedded", is_watched=True) as (books, disk), Feed(books.url):
        resting = accepted(books, "before")
        assert isinstance(resting, OrderAnswer) and resting.status == "ACCEPTED"
        disk.fill_to(0.92)
        numbers = iter(range(10_000))

        def answer(prefix: str) -> object:
            return books.client.send(an_order(books, f"{prefix}-{next(numbers)}"), deadline_s=20)

        refused = wait_until(
            lambda: found if isinstance(found := answer("during"), RefusedAnswer) else None, 60, "orders are refused"
        )
        assert refused.reason == Reason.ORDERS_PAUSED
        canceled = books.client.send(
            CancelOrder(command_id="cancel", actor=SYSTEM, account_id=books.account_ids[-1], order_id=resting.order_id)
        )
        assert isinstance(canceled, CancelAnswer) and canceled.status == "CANCELED"
        assert says_no_room(books), "pages offer no order that would be refused"
        disk.free()
        freed_s = time.monotonic()
        wait_until(lambda: not says_no_room(books), 60, "an engine that nobody asks anything finds out")
        again_s = time.monotonic() - freed_s
        assert isinstance(answer("after"), OrderAnswer)
        books.check_books()
        note("F19", f"books' volume 92 % full: orders refused, cancels taken; orders again after {again_s:.1f} s")


def says_no_room(books: Supervised) -> bool:
    with books.connection() as connection:
        row = connection.execute("SELECT count(*) FROM pg_locks WHERE classid::bigint = %s", [NO_ROOM_LOCK]).fetchone()
    return row is not None and row[0] > 0


def test_a_full_disk_of_kafka_costs_no_order_and_what_waited_is_published_later() -> None:
    with stack_on("kafka", ["engine", "relay"], "kafka") as (books, disk):
        callers = [Load(books, f"log{number}", deadline_s=60) for number in range(2)]
        with Feed(books.url):
            for caller in callers:
                caller.start()
            wait_for_answers(books, callers, 110)
            restarts = books.stack.restart_count("kafka")
            disk.fill()
            books.until(lambda: books.stack.restart_count("kafka") > restarts, "the broker has ended", 120)
            engines = books.stack.restart_count("engine")
            # A broker that starts on a full disk gives some of it back, and takes it again.
            wait_until(lambda: disk.fill() or unpublished(books) >= 50, 120, "orders go on, and wait for the log")
            waiting = unpublished(books)
            assert books.stack.restart_count("engine") == engines
            disk.free()
            freed_s = time.monotonic()
            finish(books, callers)
        wait_until(lambda: unpublished(books) == 0, 120, "the relay has published everything")
        drained_s = time.monotonic() - freed_s
        check_answers(books, callers, "log")
        checked(LAWS)
        recovered(drained_s)
        note("F19", f"Kafka's volume full: broker ends, no order failed, {waiting} batches waited; drained in {drained_s:.1f} s")


def unpublished(books: Supervised) -> int:
    with books.connection() as connection:
        row = connection.execute(
            "SELECT count(*) FROM eventlog_outboxbatch WHERE last_sequence >"
            " (SELECT last_sequence FROM eventlog_relaycursor WHERE lane = 'engine')"
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_a_redis_that_writes_to_a_full_disk_refuses_writes_reads_on_and_heals(tmp_path: Path) -> None:
    """Ours writes nothing (``--appendonly no``); an installation's own may."""
    venv = Settings.from_environment(processes=TREDYE.names).venv
    program = machine_program() or str(next(venv.glob(f"lib/python3*/site-packages/{WHEEL_DIRECTORY}/redis-server")))
    port = free_ports(["redis"])["redis"]
    with small_disk(tmp_path / "aof", size_mb=16) as disk:
        server = subprocess.Popen(
            [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(disk.place), "--save", "",
             "--appendonly", "yes", "--appendfsync", "everysec", "--auto-aof-rewrite-percentage", "0"],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            client = redis.Redis(port=port, socket_timeout=2, retry=None)
            wait_until(lambda: answers(client), 20, "Redis answers")
            client.set("known", "value")
            disk.fill()
            wait_until(lambda: not writes(client), 30, "writes are refused")
            assert client.get("known") == b"value"
            disk.free()
            freed_s = time.monotonic()
            wait_until(lambda: writes(client), 30, "writes are taken again")
            healed_s = time.monotonic() - freed_s
            note("F19", f"Redis' append-only file: writes refused, reads go on, healed in {healed_s:.1f} s")
            client.close()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)


def answers(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False


def writes(client: "redis.Redis") -> bool:
    try:
        return bool(client.set("filler", "x" * 100_000))
    except redis.ResponseError as error:
        assert "MISCONF" in str(error)
        return False


def test_logs_on_a_full_disk_neither_block_nor_end_a_process_and_come_again(tmp_path: Path) -> None:
    """The log turns over on the full disk as well: a process that says more than a pipe holds is read all the while."""
    progress = tmp_path / "progress"
    talk = f"n=0; while :; do n=$((n+1)); echo $n > {progress}; head -c 60000 /dev/zero | tr '\\0' x; echo; done"
    said: list[str] = []
    with small_disk(tmp_path / "log", size_mb=32) as disk:
        spec = Spec("talker", ["sh", "-c", talk], {"PATH": os.environ["PATH"]}, tmp_path, disk.place / "talker.log")
        child = Child(spec, lambda name, line: said.append(line) if "cannot be written" in line else None, lambda: None)
        child.start()
        try:
            wait_until(lambda: (disk.place / "talker.log.1").exists(), 60, "the log has turned over")
            disk.fill()
            wait_until(lambda: said, 30, "a line was lost")
            lost, at = len(said), int(progress.read_text())
            wait_until(lambda: read_number(progress) > at + 300, 60, "the process goes on, beyond another turn of its log")
            assert child.is_alive and len(said) > lost
            disk.free()
            size = (disk.place / "talker.log").stat().st_size if (disk.place / "talker.log").exists() else 0
            wait_until(lambda: (disk.place / "talker.log").exists() and size_of(disk) != size, 30, "lines are kept again")
            note("F19", f"application log: {len(said)} lines lost while there was no room, the process never waited")
        finally:
            child.send(signal.SIGKILL)
            wait_until(child.reap, 20, "its end")
            child.close()


def size_of(disk: Disk) -> int:
    return (disk.place / "talker.log").stat().st_size


def read_number(path: Path) -> int:
    text = path.read_text().strip()
    return int(text) if text else 0
