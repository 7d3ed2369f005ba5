"""``manage.py failover``: how both PostgreSQL servers stand; and, when a person says so, the standby in the primary's place."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.primary import telling, witness
from apps.primary.guarding import Pair, TakenOver, fail_over, renew
from apps.primary.looking import Sight, look
from apps.primary.talk import UnansweredError


class Command(BaseCommand):
    help = "Tell how primary and standby stand; with an option, promote the standby or have it copied anew."
    requires_system_checks: list[str] = []  # it must run while the database is away

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--now", action="store_true", help="End the primary, answering or not, and promote the standby.")
        what.add_argument("--renew-standby", action="store_true", help="Have the standby's data copied from the primary anew.")
        parser.add_argument(
            "--accept-loss",
            action="store_true",
            help="With --now: even if the standby may lack orders that were confirmed.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pair = telling.pair_of_settings()
        except telling.NotAPairError as error:
            raise CommandError(str(error)) from error
        if not (options["now"] or options["renew_standby"]):
            self._tell(pair, look(pair.database, pair.places))
            return
        with witness.alone(pair.note):
            sights = look(pair.database, pair.places)
            self._tell(pair, sights)
            try:
                if options["renew_standby"]:
                    self._renew(pair, sights)
                else:
                    self._take_over(pair, sights, accept_loss=options["accept_loss"])
            except UnansweredError as error:
                raise CommandError(f"not done: {error}") from error

    def _tell(self, pair: Pair, sights: list[Sight]) -> None:
        for line in telling.lines(sights, witness.read(pair.note)):
            self.stdout.write(line)

    def _renew(self, pair: Pair, sights: list[Sight]) -> None:
        primary = _one(sights, recovering=False, otherwise="no primary answers, so there is nothing to copy")
        renew(pair, primary, _beside(sights, primary).place)
        self.stdout.write("The standby was ended and its data marked: whoever starts it again copies the primary's.")

    def _take_over(self, pair: Pair, sights: list[Sight], *, accept_loss: bool) -> None:
        standby = _one(sights, recovering=True, otherwise="no standby answers, so there is none to promote")
        note = witness.read(pair.note)
        has_all = note is not None and note.synchronous and note.primary != f"{standby.place.host}:{standby.place.port}"
        if not has_all and not accept_loss:
            raise CommandError(
                "the standby may lack orders that were confirmed, since commits did not wait for it. Bring the primary back, "
                "or say --accept-loss; docs/runbook.md says what is lost"
            )
        done = fail_over(pair, standby.place, _beside(sights, standby).place)
        self._report(done)

    def _report(self, done: TakenOver) -> None:
        self.stdout.write(f"The former primary: {done.fenced.value}.")
        self.stdout.write(
            f"{done.primary.host}:{done.primary.port} is the primary, on timeline {done.timeline}; its first commit came after "
            f"{done.seconds:.1f} s. The engine takes the lease there by itself."
        )


def _one(sights: list[Sight], *, recovering: bool, otherwise: str) -> Sight:
    found = [sight for sight in sights if sight.server and sight.server.recovering is recovering]
    if len(found) != 1:
        raise CommandError(otherwise if not found else "both servers say that they are the same; see docs/runbook.md")
    return found[0]


def _beside(sights: list[Sight], one: Sight) -> Sight:
    return next(sight for sight in sights if sight is not one)
