"""Real files beside the repository, which are not part of it: every pair of LOBSTER's that is there is replayed."""

from pathlib import Path

import pytest

from apps.engine.orderflow.replay import Plan, Replay

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data"
PAIRS = [
    (path, book)
    for path in sorted(DATA.rglob("*message*.csv"))
    if (book := path.with_name(path.name.replace("message", "orderbook"))).exists()
]


def levels(book: Path) -> int:
    with book.open() as file:
        return (file.readline(10_000).count(",") + 1) // 4


@pytest.mark.parametrize(("messages", "book"), PAIRS or [(None, None)], ids=lambda path: path.name if path else "none")
def test_priority_chooses_as_nasdaq_did_and_every_difference_is_explained(
    messages: Path | None, book: Path | None, tmp_path: Path
) -> None:
    if messages is None or book is None:
        pytest.skip(
            f"no LOBSTER pair (*message*.csv, *orderbook*.csv) in ../shared/data{'' if DATA.exists() else ', which is absent'}"
        )
    # More than this takes longer than a test may.
    run = Replay(Plan(messages, tmp_path / "book.csv", "lobster", levels(book), book, book, limit=100_000), print)
    report = "\n".join(run.run())
    assert run.comparison is not None
    assert run.comparison.began["unexplained"] == 0, report
    assert run.tally.matched * 100 >= run.tally.executions * 99 > 0, report
    assert run.comparison.equal_best * 2 > run.comparison.rows, report
