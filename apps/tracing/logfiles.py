"""What the processes' logs say of a story: lines of JSON, or of text, that carry its id. Read from the end, and bounded."""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from apps.tracing.entries import Entry, Told

#: Whose lines make a whole story.
SPEAKERS = ("web", "stream", "engine", "relay", "realtime", "portfolio")
FILES_MAX = 100
#: Of each file; the stack's own are half of it at most.
BYTES_MAX = 16 * 1024 * 1024
LINES_MAX = 1_000
WHAT_CHARACTERS_MAX = 400
_FORMER = ".1"
_INSTANT = re.compile(r"(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z) ?(?P<rest>.*)", re.DOTALL)
_WORD = re.compile(r"(?P<name>[a-z_]+)=(?P<value>\S+)")
#: What a line of JSON says anyway, or the story does.
_PLAIN = frozenset({"event", "logger", "level", "timestamp", "correlation_id"})
#: A caller may give one trace id to many requests: lines that name one of these name it for an order of their own.
_OF_ONE = ("command_id", "event_id")


@dataclass(frozen=True, slots=True)
class Wanted:
    """``since`` is when the story began. Without ``own`` every line of the story is taken, whatever it is about."""

    trace_ids: Collection[str]
    since: datetime | None = None
    own: frozenset[str] | None = None


@dataclass(slots=True)
class _Search:
    wanted: Wanted
    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    of_others: int = 0

    def take(self, source: str, line: str) -> None:
        if not any(trace_id in line for trace_id in self.wanted.trace_ids):
            return
        entry = read_line(source, line)
        if entry is None:
            return
        if not self._is_about_it(entry.facts):
            self.of_others += 1
        elif len(self.entries) < LINES_MAX:
            self.entries.append(entry)
        elif len(self.entries) == LINES_MAX and f"more than {LINES_MAX} lines" not in "".join(self.notes):
            self.notes.append(f"more than {LINES_MAX} lines of the logs name the story: only so many are told")

    def _is_about_it(self, facts: dict[str, Any]) -> bool:
        own = self.wanted.own
        named = [str(facts[name]) for name in _OF_ONE if name in facts]
        return own is None or not named or any(name in own for name in named)

    def told(self) -> Told:
        if self.of_others:
            self.notes.append(f"{self.of_others} line(s) of the same trace are about other orders, and are left out")
        return Told(tuple(self.entries), tuple(self.notes))


def tell(directory: Path, wanted: Wanted) -> Told:
    """The lines of the story in ``directory``, where each process has NAME.log and perhaps a former NAME.log.1."""
    search = _Search(wanted)
    try:
        paths = sorted(path for path in directory.iterdir() if path.name.endswith((".log", f".log{_FORMER}")) and path.is_file())
    except OSError as error:
        note = f"no logs are in {directory} ({error.strerror}): say with --logs where they are, or --logs - and pipe them in"
        return Told(notes=(note,))
    if len(paths) > FILES_MAX:
        search.notes.append(f"{directory} has {len(paths)} logs: only the first {FILES_MAX} are looked through")
    begins: dict[str, datetime | None] = {}
    # The former file of a process comes first, so that its begin is the older one.
    for path in sorted(paths[:FILES_MAX], key=lambda path: (_process(path), not path.name.endswith(_FORMER))):
        name = _process(path)
        try:
            begun = _read(path, name, search)
        except OSError as error:
            search.notes.append(f"{path} cannot be read: {error.strerror}")
            continue
        if begins.get(name) is None:
            begins[name] = begun
    search.notes += _holes(directory, begins, wanted.since)
    return search.told()


def tell_lines(lines: Iterable[str], wanted: Wanted) -> Told:
    """The lines of the story among ``lines``, whoever's they are."""
    search = _Search(wanted)
    for line in lines:
        search.take("log", line)
    return search.told()


def _holes(directory: Path, begins: dict[str, datetime | None], since: datetime | None) -> Iterator[str]:
    for name in SPEAKERS:
        if name not in begins:
            yield f"{directory} has no log of {name}"
    for name, begun in sorted(begins.items()):
        if name in SPEAKERS and begun is not None and since is not None and begun > since:
            yield f"the log of {name} begins at {begun:%Y-%m-%d %H:%M:%S} UTC, after the story: what was before was rotated away"


def _process(path: Path) -> str:
    return path.name.removesuffix(_FORMER).removesuffix(".log")


def _read(path: Path, name: str, search: _Search) -> datetime | None:
    """Look through the end of a file; return when its first line was written, as far as it was read."""
    begun: datetime | None = None
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - BYTES_MAX))
        if size > BYTES_MAX:
            file.readline()  # the rest of one
            search.notes.append(f"{path} is longer than {BYTES_MAX // 2**20} MB: only its end is looked through")
        for raw in file:
            line = raw.decode("utf-8", "replace")
            if begun is None:
                begun = _instant_of(line)
            search.take(f"log:{name}", line)
    return begun


def _instant_of(line: str) -> datetime | None:
    found = _INSTANT.match(line)
    return None if found is None else datetime.fromisoformat(found["at"])


def read_line(source: str, line: str) -> Entry | None:
    """One line of a log, with or without the instant that a supervisor put before it; None for one that has none at all."""
    found = _INSTANT.match(line.strip())
    at, rest = (None, line.strip()) if found is None else (datetime.fromisoformat(found["at"]), found["rest"])
    if rest.startswith("{"):
        try:
            facts = json.loads(rest)
        except ValueError:
            facts = {}
        if isinstance(facts, dict) and "event" in facts:
            stamp = _INSTANT.match(str(facts.get("timestamp", "")))
            at = datetime.fromisoformat(stamp["at"]) if stamp else at
            return None if at is None else Entry(at, source, _words(facts), facts)
    own = _INSTANT.match(rest)  # the line's own, behind the supervisor's
    if own is not None:
        at, rest = datetime.fromisoformat(own["at"]), own["rest"]
    if at is None:
        return None
    return Entry(at.astimezone(UTC), source, rest[:WHAT_CHARACTERS_MAX], {m["name"]: m["value"] for m in _WORD.finditer(rest)})


def _words(facts: dict[str, Any]) -> str:
    told = " ".join(f"{name}={value}" for name, value in facts.items() if name not in _PLAIN and value is not None)
    return f"{facts['event']} {told}".strip()[:WHAT_CHARACTERS_MAX]
