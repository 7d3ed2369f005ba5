"""The same inputs make the same changes and answers: again, in another process, and with only the quotes that were read."""

import subprocess
import sys
from dataclasses import fields, is_dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from apps.engine.matching.changes import Changes
from apps.engine.matching.state import HouseQuote, Instrument, Order
from apps.engine.matching.venue import Venue
from tests.engine.matching.driver import drive
from tests.engine.matching.pair import Pair

ROOT = Path(__file__).resolve().parents[3]
STEPS = 300


class Recorder(Venue):
    """Keeps every input, every answer, and a picture of every record of changes."""

    def __init__(self, **ids: int) -> None:
        super().__init__(**ids)
        self.inputs: list[tuple[Any, ...]] = []
        self.batches: list[list[tuple[Any, ...]]] = []
        self.answers: list[Any] = []
        self.pictures: list[Any] = []
        self.read: list[dict[int, HouseQuote]] = []

    def apply(self, command: Any, now_ns: int) -> Any:
        self.inputs.append(("command", command, now_ns))
        answer = super().apply(command, now_ns)
        self.answers.append(answer)
        return answer

    def match_quote(self, instrument_id: int, now_ns: int) -> None:
        self.inputs.append(("match", instrument_id, now_ns))
        super().match_quote(instrument_id, now_ns)

    def take_changes(self) -> Changes:
        changes = super().take_changes()
        self.pictures.append(picture(changes))
        self.batches.append(self.inputs)
        self.read.append(changes.quotes_read)
        self.inputs = []
        return changes


def names_of(value: Any) -> tuple[str, ...]:
    """The fields of a dataclass or a struct; none for anything else."""
    if is_dataclass(value) and not isinstance(value, type):
        return tuple(field.name for field in fields(value))
    return value.__struct_fields__ if isinstance(value, msgspec.Struct) else ()


def picture(value: Any) -> Any:
    """A value with nothing live in it."""
    names = names_of(value)
    if names:
        live = "instrument" if isinstance(value, Order | Instrument) else ""
        return (type(value).__name__, *(picture(getattr(value, name)) for name in names if name != live))
    if isinstance(value, dict):
        return [(picture(key), picture(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [picture(item) for item in value]
    return str(value)


def record(seed: int) -> Recorder:
    pair = Pair(venue_class=Recorder)
    drive(pair, seed, STEPS)
    assert isinstance(pair.market.venue, Recorder)
    return pair.market.venue


def replay(journal: Recorder) -> Recorder:
    """As recovery would: a fresh venue, the batches in order, and before each the quotes that its decisions read."""
    original = Pair(venue_class=Recorder).market.venue
    assert isinstance(original, Recorder)
    venue = Recorder(house_id=1, fees_id=2, external_id=3, epoch=7, sequence=1000)
    for account in [a for a in original.accounts.values() if a.account_id not in original.system_ids]:
        venue.load_account(type(account)(account.account_id, account.user_id, account.status))
    for inputs, quotes in zip(journal.batches, journal.read, strict=True):
        for instrument_id, quote in quotes.items():
            venue.on_quote(venue.instruments[instrument_id].symbol, quote, 0)
        for kind, what, now_ns in inputs:
            venue.apply(what, now_ns) if kind == "command" else venue.match_quote(what, now_ns)
        venue.take_changes()
    return venue


def digest(seed: int) -> str:
    venue = record(seed)
    return sha256(repr((venue.pictures, [msgspec.json.encode(a) for a in venue.answers])).encode()).hexdigest()


def test_same_inputs_twice_make_the_same_changes_and_answers() -> None:
    first, second = record(11), record(11)
    assert first.answers == second.answers
    assert first.pictures == second.pictures
    assert sum(len(p[3]) for p in first.pictures) > 50  # it did trade


def test_journal_replayed_with_the_quotes_that_were_read_makes_the_same_changes() -> None:
    for seed in (1, 2, 3):
        journal = record(seed)
        again = replay(journal)
        assert again.answers == journal.answers
        assert again.pictures == journal.pictures


def test_another_process_with_another_hash_seed_does_the_same() -> None:
    code = "from tests.engine.matching.test_replay import digest; print(digest(5))"
    for hash_seed in ("1", "4242"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT), "PATH": ""},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == digest(5)
