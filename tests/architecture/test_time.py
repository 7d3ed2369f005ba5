"""Who may read the machine's clock by itself, and what for. It may be set at any moment, so nothing that decides is among them:
who is before whom is a sequence, what takes long or waits is measured by monotonic time, and what expires or ages by the steady
clock of the process (``apps.core.clock``) or the database's."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READS = re.compile(r"\b(?:time\.time(?:_ns)?|timezone\.now|datetime\.(?:now|utcnow|today)|date\.today)\b|\blocaldate\(\)")

#: What may, by why. Paths below the project; the reason is what a jump of the clock does there.
ALLOWED = {
    "It is the clock.": ["apps/core/clock.py"],
    "Told beside a thing, as a log's instant or a span's or a metric's: the jump is seen there, and nothing follows from it.": [
        "apps/api/asgi.py", "apps/commands/sending.py",
        "apps/engine/telling.py", "apps/eventlog/consumer.py",
        "apps/eventlog/relay.py", "apps/eventlog/telling.py", "apps/marketdata/feeds/direct.py",
        "apps/observability/lines.py", "apps/observability/middleware.py",
        "apps/realtime/account_line.py", "apps/realtime/consumer.py", "apps/realtime/hub.py", "apps/realtime/publisher.py",
        "apps/realtime/pushes.py", "apps/receipts/services.py", "apps/web/handler.py", "stack/logs.py",
    ],
    "Stored with a row as when it was written; the order of rows is their id's or their sequence's.": [
        "apps/accounts/models.py", "apps/accounts/services.py", "apps/accounts/log_ins.py", "apps/alerts/telling.py",
        "apps/api/process.py", "apps/engine/invariant_reports.py", "apps/eventlog/adoption.py", "apps/eventlog/poison.py",
        "apps/ledger/differences.py", "apps/ledger/statements_job.py", "apps/portfolio/equity_job.py",
        "apps/backups/making.py", "apps/primary/guarding.py", "apps/watchlists/models.py", "apps/watchlists/services.py",
    ],
    "An age that a page shows, or a day that it begins with: the next page is right again.": [
        "apps/marketdata/admin.py", "apps/marketdata/views.py", "apps/operations/views.py", "apps/orders/views/chart.py",
        "apps/portfolio/selectors.py", "apps/portfolio/selectors_equity.py", "apps/portfolio/views/portfolio.py",
        "apps/portfolio/views/position.py", "apps/support/views/customer.py", "apps/watchlists/views.py",
        "apps/web/views/account.py", "apps/web/views/landing.py",
        "apps/web/views/market_list.py", "apps/web/views/markets.py",
        "apps/web/views/start.py", "apps/web/views/status.py", "apps/alerts/views/notices.py", "apps/alerts/notices.py",
        "apps/alerts/selectors.py", "apps/backups/words.py",
    ],
    "How old the price on a page is, to ask its reader again: asked once more, or not; the engine judges the order by its own.": [
        "apps/orders/views/close.py", "apps/orders/views/submit.py", "apps/portfolio/services_closing.py",
        "apps/portfolio/views/close_all.py",
    ],
    "Until when a lost answer is only looked for: its id is closed sooner or later, and the engine says for certain which.": [
        "apps/orders/views/asked.py", "apps/orders/views/lost.py",
    ],
    "A calendar's: days that a person names, and rows of all processes. Runs are claimed in Postgres, a day is closed by its last"
    " transfer's number, and neither is done twice.": [
        "apps/instruments/calendar_job.py", "apps/jobs/management/commands/run_job.py", "apps/jobs/runner.py",
        "apps/jobs/services.py", "apps/jobs/tasks.py", "apps/ledger/business_days.py", "apps/marketdata/partitions.py",
        "apps/operations/sampler.py",
    ],
    "Hours and days of a log-in, a key, an alert's own end or a mail's next try, compared with rows that any process may have"
    " written: they end that much sooner or later.": [
        "apps/accounts/access.py", "apps/accounts/api_keys.py", "apps/accounts/forms_keys.py", "apps/accounts/second_factor.py",
        "apps/alerts/mails.py", "apps/alerts/services.py", "apps/alerts/views/alerts.py",
        "apps/support/access.py", "apps/web/keptfiles.py",
    ],
    "Compared with instants of the log's own records, which are of the same clock.": [
        "apps/eventlog/kafka/reader.py", "apps/realtime/handlers.py",
    ],
    "A backup's name and instant; where a restored engine goes on: above all that a right clock may have seen given out, and"
    " never less than a billion further.": ["apps/backups/making.py", "apps/backups/restoring.py", "apps/backups/words.py"],
    "How far back the means of the gate begin at a start; the first numbers of a count, which Postgres raises above the last.": [
        "apps/marketdata/feeds/instruments.py", "apps/marketdata/feeds/lease.py",
        "apps/marketdata/management/commands/run_feed.py", "apps/backups/restoring.py",
    ],
}  # fmt: skip
_WHY = {path: why for why, paths in ALLOWED.items() for path in paths}


def readers() -> set[str]:
    found = set()
    for folder in ("apps", "stack", "tredye"):
        for path in (ROOT / folder).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if "/migrations/" not in name and READS.search(_code(path.read_text())):
                found.add(name)
    return found


def _code(text: str) -> str:
    """Without comments and texts."""
    text = re.sub(r'""".*?"""', '""', text, flags=re.S)
    return re.sub(r"#[^\n]*", "", text)


def test_nobody_reads_the_machine_s_clock_without_a_reason() -> None:
    unknown = sorted(readers() - _WHY.keys())
    assert unknown == [], "take process_clock() of apps.core.clock, monotonic time or the database's; or say here why not"


def test_every_reason_is_still_needed() -> None:
    assert sorted(_WHY.keys() - readers()) == []


@pytest.mark.parametrize("place", ["engine", "engine/matching", "commands", "marketdata/feeds", "orders"])
def test_what_decides_on_orders_and_prices_is_not_among_them(place: str) -> None:
    """But for what is told of them."""
    reads = {name for name in readers() if str(Path(name).parent) == f"apps/{place}"}
    told = {"telling.py", "invariant_reports.py", "sending.py", "instruments.py", "lease.py", "direct.py"}
    assert {Path(name).name for name in reads} <= told


@pytest.mark.parametrize(
    "line", ["now = time.time()", "x(timezone.now())", "default=timezone.now", "datetime.now(UTC)", "date.today()"]
)
def test_a_planted_reading_is_found(line: str) -> None:
    assert READS.search(_code(f"def f():\n    {line}\n"))
    assert not READS.search(_code(f'"""{line}"""\n# {line}\ntime.monotonic()\n'))
