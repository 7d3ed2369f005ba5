"""``manage.py replay_engine``: live through the journal again and compare; exit 1 on a difference."""

import re
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.engine.recorded import Line
from apps.engine.recovery import connect
from apps.engine.replay import Replay

PROGRESS_APART_S = 2.0


class Command(BaseCommand):
    help = (
        "Feed the recorded commands and quotes to an empty core, and compare every event, trade, fill, posting, balance and open "
        "order with what was committed. Prints a digest of each at the end of every epoch; exits 1 when one differs."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        words = "Compare these epochs alone; those before are lived through in silence."
        parser.add_argument("--epoch", default="", metavar="N or N-M", help=words)

    def handle(self, *args: Any, **options: Any) -> None:
        epochs = _epochs(options["epoch"])
        with connect(settings.DATABASES["default"]) as connection:
            # One snapshot for as long as it takes: what a running engine commits meanwhile is not looked at.
            connection.execute("SET statement_timeout = '10min'; SET idle_in_transaction_session_timeout = 0")
            connection.execute("SET application_name = 'replay_engine'")
            with connection.transaction():
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                row = connection.execute("SELECT coalesce(max(last_sequence), 0) FROM engine_journal").fetchone()
                self._last, self._said = (row[0] if row else 0), time.monotonic()
                replay = Replay(connection, epochs, self._print_epoch, self._print_progress)
                differences = replay.run()
        for difference in differences:
            self.stdout.write(str(difference))
        self.stdout.write(
            f"{replay.batches} batches, {replay.events} events, {replay.trades} trades, {len(differences)} differences"
        )
        if differences:
            sys.exit(1)

    def _print_epoch(self, title: str, lines: list[Line]) -> None:
        self.stdout.write(title)
        for what, count, stored, replayed in lines:
            verdict = f"{replayed} equal" if stored == replayed else f"stored {stored}, replayed {replayed}: DIFFERENT"
            self.stdout.write(f"  {what:<12} {count:>9}  {verdict}")

    def _print_progress(self, sequence: int) -> None:
        if time.monotonic() - self._said >= PROGRESS_APART_S:
            self._said = time.monotonic()
            self.stderr.write(f"sequence {sequence} of {self._last}")


def _epochs(text: str) -> tuple[int, int]:
    """Raises CommandError when ``text`` is neither empty, a number nor a range."""
    if not text:
        return 0, 2**31
    match = re.fullmatch(r"([1-9][0-9]{0,8})(?:-([1-9][0-9]{0,8}))?", text)
    if match is None:
        raise CommandError(f"--epoch must be a number or a range as in 3-7, was {text!r}")
    return int(match[1]), int(match[2] or match[1])
