"""``manage.py export_proof FILE``: the books of a range as a signed file that anyone can check without the product."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.engine.proof import NoCommitError, find_range, write_proof
from apps.engine.proof_key import KeyFileError, key_path, load_key, publish
from apps.eventlog.database import own_connection
from apps.ledger.day_hashes import get_day_hash

#: As long as it takes, in one snapshot.
PATIENT = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0"


class Command(BaseCommand):
    help = (
        "Write the commits of a range, with their fills and transfers and the balances before and after, into FILE, signed. "
        "tools/verify_proof.py checks it, with the standard library alone. Trading goes on meanwhile."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="must not be there yet")
        parser.add_argument("--from-day", type=_day, metavar="DAY", help="begin with this UTC day, as in 2026-11-22")
        parser.add_argument("--to-day", type=_day, metavar="DAY", help="end with this day, whose hash is published")
        parser.add_argument("--after", type=int, default=0, metavar="SEQUENCE", help="only commits above this sequence")
        parser.add_argument("--to", type=int, metavar="SEQUENCE", help="only commits up to this sequence")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        after, last = options["after"], options["to"]
        if options["from_day"]:
            after = _end_of(options["from_day"] - timedelta(days=1))
        if options["to_day"]:
            last = _end_of(options["to_day"])
        try:
            key = load_key(key_path())
            with own_connection("tredye export_proof", options=PATIENT) as database, database.transaction():
                database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                wanted = find_range(database, after, last)
                with path.open("xb") as file:
                    write_proof(database, file, key, wanted)
                public = publish(key)
        except (KeyFileError, NoCommitError) as error:
            raise CommandError(str(error)) from None
        except psycopg.Error as error:
            raise CommandError(f"Postgres: {str(error).strip()}") from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        self.stdout.write(f"{path}: {path.stat().st_size / 1_000_000:.1f} MB, sequences {wanted.after} to {wanted.last}")
        self.stdout.write(f"signed with the key {public}")
        self.stdout.write(f"check it: python3 tools/verify_proof.py {path} --key {public}")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _end_of(day: date) -> int:
    """The sequence with which ``day`` ended. Raises CommandError for a day that has no hash."""
    found = get_day_hash(day)
    if found is None:
        raise CommandError(f"{day} has no hash: it is not over, or before the chain began; --after and --to take sequences")
    return found.last_sequence
