"""Compute cost and P&L of every position again, from the fills of record."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.portfolio.services import rebuild


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        count = rebuild()
        self.stdout.write(f"{count} positions computed from their fills.")
