import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from apps.core.clock import SystemClock
from apps.web import seeding


class Command(BaseCommand):
    help = "Make the demo market, its past and the demo users. Needs a running engine; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--deadline", type=float, default=30.0, help="seconds to wait for the engine's first answer")

    def handle(self, *_args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            self._seed(options["deadline"])
        except seeding.SeedingError as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            raise CommandError(f"Postgres: {str(error).strip().splitlines()[0]}") from None
        self._say(f"demo ready after {time.monotonic() - began:.1f} s")

    def _seed(self, deadline_s: float) -> None:
        asked = seeding.configure_instruments(deadline_s=deadline_s)
        self._say(f"{asked} instruments configured" if asked else "instruments are as defined")
        told = seeding.set_sessions(SystemClock())
        self._say(f"sessions set for {told} instruments" if told else "sessions are set")
        made = seeding.write_histories(SystemClock(), self._say)
        self._say(f"history written for {made} instruments" if made else "history is there")
        path = settings.VAR_DIR / "run" / "demo-users.json"
        seeding.make_users(path, self._say)
        if not seeding.fund_customer(deadline_s=deadline_s):
            raise seeding.SeedingError("the engine did not fund the demo customer's account; run this again")
        self._say(f"demo users are in {path}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
