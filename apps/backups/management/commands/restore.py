"""``manage.py restore``: a backup brought into a fresh database, checked, and made ready to go on from."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError

from apps.backups.manifest import BrokenBackupError, Manifest
from apps.backups.republishing import RebuildRefusedError, rebuild_log
from apps.backups.restoring import Restored, RestoreRefusedError, check_backup, restore
from apps.backups.tools import ToolError
from apps.backups.undone import find_undone
from apps.backups.words import age_of, instant_of, megabytes
from apps.engine.retelling import JournalDiffersError
from apps.eventlog.adoption import adopt_log
from apps.eventlog.port import LogError
from apps.eventlog.provision import ensure_topics
from apps.portfolio.services import rebuild
from apps.privacy.deletion_job import carry_out_again
from apps.privacy.kept_list import NAME as DELETIONS

_MANAGE = (sys.executable, "manage.py")


class Command(BaseCommand):
    help = (
        "Bring a backup into the empty database of DATABASE_URL: checksums, versions and every row first, then the copy in one "
        "transaction, missing migrations, and numbers that were never given out. Asks the invariants and replays the journal."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, help="the directory that manage.py backup made")
        parser.add_argument("--check", action="store_true", help="only read the backup and say whether it could be restored")
        parser.add_argument(
            "--replace", action="store_true", help="the database holds books: put them aside, in a schema of their own, and go on"
        )
        parser.add_argument("--skip-questions", action="store_true", help="do not ask the invariants and the journal at the end")

    def handle(self, *_args: Any, **options: Any) -> None:
        directory: Path = options["backup"].absolute()
        try:
            if options["check"]:
                self._tell(check_backup(directory, self._say))
                self.stdout.write("every file is as it was written, and every row can be read")
                return
            restored = restore(directory, replace=options["replace"], say=self._say)
        except (BrokenBackupError, RestoreRefusedError, ToolError) as error:
            raise CommandError(str(error)) from None
        except (psycopg.Error, DatabaseError) as error:
            raise CommandError(f"Postgres: {str(error).strip()}") from None
        self._tell(restored.manifest)
        self._tell_what_is_lost(restored)
        self._delete_again(directory.parent)
        is_told = self._bring_log_along(restored.manifest)
        is_right = options["skip_questions"] or self._ask()
        self._tell_what_comes_next(restored, log_is_there=is_told)
        if not is_right:
            raise CommandError("the books that came back are not right: do not trade on them. Try an older backup")

    def _tell(self, manifest: Manifest) -> None:
        self.stdout.write(
            f"backup of {manifest.database}, made at {manifest.made_at}, {megabytes(manifest.bytes)}: the books to sequence "
            f"{manifest.last_sequence} of epoch {manifest.epoch}, {manifest.customers} customers, "
            f"{manifest.open_orders} open orders"
        )

    def _tell_what_is_lost(self, restored: Restored) -> None:
        at_ns = restored.manifest.last_at_ns
        if at_ns:
            self.stdout.write(f"the books end at {instant_of(at_ns)}, {age_of(at_ns)}: what was decided since is lost")
        self.stdout.write(f"the engine goes on behind sequence {restored.sequence}, in epoch {restored.epoch + 1}")
        if settings.EVENT_LOG == "embedded":
            return  # it was in the database that is gone
        try:
            for line in find_undone(restored.manifest.last_sequence).lines():
                self.stdout.write(line)
        except LogError as error:
            self.stderr.write(f"the event log cannot say what is lost: {error}")

    def _delete_again(self, shelf: Path) -> None:
        """Whoever was deleted after the backup was made is in it again."""
        lists = dict.fromkeys([shelf, *([Path(settings.BACKUP_DIR)] if settings.BACKUP_DIR else [])])
        if not any((each / DELETIONS).exists() for each in lists):
            self.stdout.write(f"no {DELETIONS} beside the backup: nobody was deleted since, or it was kept elsewhere")
            return
        deleted = carry_out_again(lists, self._say)
        self.stdout.write(f"deleted since and in the backup again: {deleted} customers, who were deleted again")

    def _bring_log_along(self, manifest: Manifest) -> bool:
        """Take the log into use. What was in the database that is gone is published anew; Kafka has it still."""
        try:
            adopted = adopt_log(ensure_topics())
            if adopted.is_new:
                self.stdout.write(f"the event log is not the backup's: {rebuild()} positions were computed from their fills")
            if settings.EVENT_LOG == "embedded":
                rebuilt = rebuild_log(replace=False, say=self._say)
                self.stdout.write(f"{sum(rebuilt.counts.values())} events were published anew on the embedded log")
        except (LogError, RebuildRefusedError, JournalDiffersError) as error:
            self.stderr.write(f"the event log is not brought along yet: {error}")
            return False
        return True

    def _ask(self) -> bool:
        """In processes of their own: they print for people, and end with what they found."""
        codes = []
        for name in ("check_invariants", "replay_engine"):
            self._say(f"{name} …")
            codes.append(subprocess.run([*_MANAGE, name], cwd=settings.BASE_DIR, check=False).returncode)  # noqa: S603 - ours
        return not any(codes)

    def _tell_what_comes_next(self, restored: Restored, *, log_is_there: bool) -> None:
        self.stdout.write("What comes next:")
        steps = [
            "no process of the former database may run: its relay would publish, its engine answer",
            *([] if log_is_there else ["bring the event log back, then manage.py prepare; manage.py rebuild_log on a new one"]),
            "start everything (make run, or docker compose up); everybody logs in anew",
            "tell customers from which instant on orders and deposits are lost; the log names them: manage.py trace ORDER_ID",
            "revoke again what was revoked since: API keys, people's access, second factors, suspensions",
            "tell customers that a request to delete their data which they made since is lost with the rest",
            "make a backup of the restored books",
        ]
        if restored.set_aside:
            steps.append(f"the former books are in the schema {restored.set_aside}: DROP SCHEMA … CASCADE when nobody needs them")
        for number, step in enumerate(steps, 1):
            self.stdout.write(f"  {number}. {step}")

    def _say(self, text: str) -> None:
        if text:
            self.stderr.write(text)
