"""docs/settings.md tells every setting, with its default, and none that does not exist."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from apps.marketdata.feeds.simfeed import RATE_MAX
from tests.settings import tables
from tredye.settings.env import env

ROOT = Path(__file__).resolve().parents[2]
HEADINGS: dict[str, Callable[[], list[str]]] = {
    "The product": tables.product,
    "Told by whoever starts a process": tables.internal,
    "Only `make`": tables.stack,
}


def rows_under(heading: str) -> list[str]:
    section = (ROOT / "docs" / "settings.md").read_text().split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [line for line in section.splitlines() if line.startswith("| `")]


@pytest.mark.parametrize("heading", HEADINGS)
def test_the_docs_have_a_row_for_each_setting(heading: str) -> None:
    """Copy the row that is missing from the message."""
    told, declared = rows_under(heading), HEADINGS[heading]()
    assert sorted(set(declared) - set(told)) == [], "declared, and not told like this in docs/settings.md"
    assert sorted(set(told) - set(declared)) == [], "told in docs/settings.md, and not declared like this"
    assert len(told) == len(set(told))


def test_nothing_but_the_reader_reads_the_environment() -> None:
    """``settings/test.py`` asks which xdist worker it is in, ``celery.py`` tells Celery something: neither reads a setting."""
    allowed = {"tredye/settings/env.py", "tredye/settings/test.py", "tredye/celery.py"}
    reading = re.compile(r"\b(os\.environ|os\.getenv|getenv\(|environb)")
    files = [*ROOT.glob("apps/**/*.py"), *ROOT.glob("tredye/**/*.py"), ROOT / "manage.py"]
    found = {str(file.relative_to(ROOT)) for file in files if reading.search(file.read_text())}
    assert found == allowed


def test_the_rate_that_may_be_set_is_the_one_that_the_feed_takes() -> None:
    assert env.declared["FEED_RATE"].must_be == f"a whole number from 1 to {RATE_MAX}"


def test_every_module_of_settings_stops_at_a_wrong_value() -> None:
    for name in ("dev", "test", "prod"):
        assert (ROOT / "tredye" / "settings" / f"{name}.py").read_text().endswith("\nenv.stop_if_wrong()\n")
