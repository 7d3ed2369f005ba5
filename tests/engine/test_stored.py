"""The session and PostgreSQL do what the oracle does, through crashes, refusals, and engines that were replaced."""

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import rule

from tests.engine import bugs
from tests.engine.lanes import try_at_length, try_ordinary
from tests.engine.matching.test_oracle import accounts, prices, sides
from tests.engine.matching.test_oracle_brackets import BracketsSideBySide
from tests.engine.mutants import hunt_with_the_database, live_with_the_database
from tests.engine.stored import AFTER_COMMIT, BEFORE_COMMIT, WRITTEN, StoredPair, in_a_transaction

lots = st.integers(1, 30)
tifs = st.sampled_from(("GTC", "GTC", "IOC", "FOK"))


class Stored(BracketsSideBySide):
    def make_pair(self) -> StoredPair:
        self.transaction = in_a_transaction()
        self.transaction.__enter__()
        self.stored = StoredPair()
        return self.stored

    @rule(point=st.sampled_from(BEFORE_COMMIT + AFTER_COMMIT), account=accounts, side=sides, lots=lots, ticks=prices, tif=tifs)
    def crash_and_recover(self, point: str, account: int, side: str, lots: int, ticks: int, tif: str) -> None:
        self.stored.crash(point, account, "ACME", side, lots, ticks, tif)

    @rule(table=st.sampled_from(WRITTEN), account=accounts, side=sides, lots=lots, ticks=prices, tif=tifs)
    def refusal_of_the_database(self, table: str, account: int, side: str, lots: int, ticks: int, tif: str) -> None:
        self.stored.refuse(table, account, "ACME", side, lots, ticks, tif)

    @rule(account=accounts, side=sides, lots=lots, ticks=prices)
    def former_engine_wakes(self, account: int, side: str, lots: int, ticks: int) -> None:
        self.stored.zombie(account, "ACME", side, lots, ticks, "GTC")

    @rule(number=st.integers(0, 10**6))
    def duplicate_submit(self, number: int) -> None:
        self.stored.duplicate_submit(number)

    def teardown(self) -> None:
        if hasattr(self, "stored"):
            try:
                if not self.stored.is_broken:
                    self.stored.check_database()
                super().teardown()
            finally:
                self.transaction.__exit__(None, None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(2))
def test_stored_books_agree_with_the_oracle(part: int) -> None:
    try_ordinary(Stored, 20, 40, part)


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.timeout(0)
def test_stored_books_agree_with_the_oracle_at_length() -> None:
    try_at_length(Stored, 3_000, 100)


@pytest.mark.django_db
@pytest.mark.parametrize("name", bugs.STORED)
def test_planted_bug_is_found(name: str) -> None:
    assert hunt_with_the_database(name) is not None


@pytest.mark.django_db
def test_without_a_bug_the_driver_finds_nothing() -> None:
    for seed in range(3):
        live_with_the_database(seed)
