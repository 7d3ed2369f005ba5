"""PostgreSQL's own programs: found, checked against the server, and run under a watching eye."""

import os
import re
import selectors
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.eventlog.database import Connection

#: How much of what a program said is told when it fails.
_LINES_TOLD = 6
_LOOK_S = 1.0
_END_S = 10.0


class ToolError(RuntimeError):
    """A program of PostgreSQL's is missing, too old, or failed; the text says which and why."""


def find_tool(name: str, server_major: int) -> Path:
    """The newest ``name`` of this machine that is not older than the server: an older one does not know its catalogue.

    ``POSTGRES_BIN`` names a directory, else PATH and Debian's places are looked through. Raises :class:`ToolError`.
    """
    found = {path: _major(path) for path in _candidates(name)}
    fit = {path: major for path, major in found.items() if major >= server_major}
    if not fit:
        seen = ", ".join(f"{major} in {path.parent}" for path, major in found.items()) or "none"
        raise ToolError(
            f"{name} of PostgreSQL {server_major} or newer is needed, found: {seen}. "
            f"Install it (apt-get install postgresql-client), or name its directory in POSTGRES_BIN"
        )
    return min(fit, key=lambda path: fit[path])


def _candidates(name: str) -> list[Path]:
    if settings.POSTGRES_BIN:
        return [path for path in [Path(settings.POSTGRES_BIN) / name] if path.exists()]
    on_path = shutil.which(name)
    # Debian's own on PATH is a wrapper that chooses by the clusters of this machine: the packaged ones are asked first.
    packaged = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return [*packaged, *([Path(on_path)] if on_path else [])]


def _major(path: Path) -> int:
    """0 for one that does not run."""
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=True, timeout=10).stdout  # noqa: S603 - found above
    except (OSError, subprocess.SubprocessError):
        return 0
    match = re.search(r"\(PostgreSQL\) (\d+)", told)
    return int(match[1]) if match else 0


def tool_environment(database: dict[str, Any]) -> dict[str, str]:
    """The environment by which PostgreSQL's programs reach ``database``, an entry of DATABASES: no password on a command line."""
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    ours = {theirs: str(database[name]) for theirs, name in names.items() if database.get(name)}
    options = database.get("OPTIONS", {})
    ssl = {f"PG{key.upper()}": str(value) for key, value in options.items() if key.startswith("ssl")}
    if "target_session_attrs" in options:  # of several hosts, the one that writes
        ssl["PGTARGETSESSIONATTRS"] = str(options["target_session_attrs"])
    # Nothing of our own surroundings: a PGOPTIONS or PGSERVICE of somebody's shell would be heard.
    return {"PATH": os.defpath, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10", "PGAPPNAME": "tredye backup", **ours, **ssl}


def run_tool(arguments: Sequence[str | Path], environment: dict[str, str], heard: Callable[[str], None]) -> None:
    """Run a program to its end. ``heard`` gets each line that it says, and an empty one a second; what it raises ends it.

    Raises :class:`ToolError` with its last words when it fails.
    """
    name = Path(arguments[0]).name
    try:
        process = subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603
    except OSError as error:
        raise ToolError(f"{name} cannot be started: {error}") from None
    lines: list[str] = []
    try:
        _listen(process, lines, heard)
        code = process.wait(_END_S)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(_END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stderr is not None:
            process.stderr.close()
    if code != 0:
        told = [line for line in lines if "error" in line or "fatal" in line.lower()] or lines
        raise ToolError(f"{name} failed with code {code}: {' | '.join(told[-_LINES_TOLD:])}")


def _listen(process: "subprocess.Popen[bytes]", lines: list[str], heard: Callable[[str], None]) -> None:
    if process.stderr is None:
        raise ToolError("the program has nothing to be heard by")
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stderr, selectors.EVENT_READ)
        while True:
            if not selector.select(_LOOK_S):
                heard("")
                continue
            chunk = os.read(process.stderr.fileno(), 65_536)
            if not chunk:
                return
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                text = line.decode("utf-8", "replace")
                lines[:] = [*lines[-_LINES_TOLD * 4 :], text]
                heard(text)


def read_every_row(pg_restore: Path, dump: Path) -> None:
    """Have pg_restore read a dump from end to end, to nowhere. Raises :class:`ToolError`."""
    run_tool([pg_restore, "--file=/dev/null", dump], tool_environment({}), lambda line: None)


def one_row(database: Connection, query: str) -> tuple[Any, ...]:
    row = database.execute(query.encode()).fetchone()
    if row is None:
        raise RuntimeError(f"the database gave no answer to {query}")
    return row


def count_tables(database: Connection) -> int:
    (count,) = one_row(
        database, "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
    )
    return int(count)
