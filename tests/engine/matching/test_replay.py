"""The same inputs make the same changes and answers: again, in another process, and with only the quotes that were read."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import msgspec

from tests.engine.matching.driver import drive
from tests.engine.matching.pair_waiting import WaitingPair
from tests.engine.matching.recorder import Recorder, do_again, empty, pictures

ROOT = Path(__file__).resolve().parents[3]
STEPS = 600


def record(seed: int) -> Recorder:
    pair = WaitingPair()
    drive(pair, seed, STEPS)
    return pair.venue


def digest(seed: int) -> str:
    venue = record(seed)
    return sha256(repr((pictures(venue), [msgspec.json.encode(a) for a in venue.answers])).encode()).hexdigest()


def test_same_inputs_twice_make_the_same_changes_and_answers() -> None:
    first, second = record(11), record(11)
    assert first.answers == second.answers
    assert pictures(first) == pictures(second)
    assert sum(msgspec.msgpack.decode(picture)["trades"] != [] for picture in pictures(first)) > 25


def test_journal_replayed_with_the_quotes_that_were_read_makes_the_same_changes() -> None:
    for seed in (1, 2, 3):
        journal = record(seed)
        again = empty()
        do_again(again, journal.batches)
        assert again.answers == journal.answers
        assert pictures(again) == pictures(journal)


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
