"""The same inputs make the same changes and answers: again, in another process, and with only the quotes that were read."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import msgspec

from tests.engine.matching.driver import drive
from tests.engine.matching.pair import a_few_at_a_time
from tests.engine.matching.pair_whole import WholePair
from tests.engine.matching.recorder import do_again, pictures, reloaded

ROOT = Path(__file__).resolve().parents[3]
STEPS = 600


def record(seed: int) -> WholePair:
    pair = WholePair()
    drive(pair, seed, STEPS)
    return pair


def digest(seed: int) -> str:
    venue = record(seed).venue
    return sha256(repr((pictures(venue), [msgspec.json.encode(a) for a in venue.answers])).encode()).hexdigest()


def test_same_inputs_twice_make_the_same_changes_and_answers() -> None:
    first, second = record(11), record(11)
    assert first.venue.answers == second.venue.answers
    assert pictures(first.venue) == pictures(second.venue)
    assert first.program == second.program and first.trades == second.trades
    assert len(first.trades) > 25


def test_journal_replayed_with_the_quotes_that_were_read_makes_the_same_changes() -> None:
    """From where the present engine began: in the middle of a kill switch's sweep another one may have taken over."""
    for seed in (1, 2, 3):
        pair = record(seed)
        again = reloaded(pair.start, pair.start.epoch)
        with a_few_at_a_time():
            do_again(again, pair.venue.batches)
        assert again.answers == pair.venue.answers
        assert pictures(again) == pictures(pair.venue)


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
