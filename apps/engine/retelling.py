"""Events of instruments, which are in no table, told again by the journal: the same inputs lead to the same events."""

from collections.abc import Iterator

from django.conf import settings

from apps.engine.events import encode_event, event_message
from apps.engine.matching.changes import Changes
from apps.engine.recovery import connect
from apps.engine.replay import Replay
from apps.eventlog.outbox import Message

#: An epoch that no engine reaches: nothing is compared, all is lived through.
_NEVER = 2**31


class JournalDiffersError(RuntimeError):
    """Lived through again, the journal says something else than the tables: nothing that it says may be published."""


def instrument_messages(up_to: int) -> Iterator[tuple[int, Message]]:
    """(sequence, message) of every event of an instrument up to the sequence ``up_to``, in order, in the words of this version.

    Raises :class:`JournalDiffersError`.
    """
    with connect(settings.DATABASES["default"]) as connection:
        connection.execute("SET statement_timeout = '10min'; SET idle_in_transaction_session_timeout = 0")
        connection.execute("SET application_name = 'rebuild_log'")
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            found: list[tuple[int, Message]] = []

            def hear(changes: Changes, epoch: int) -> None:
                for row in changes.events:
                    if row.account_id is None and row.sequence <= up_to:
                        message = event_message(row, epoch, encode_event(row, epoch))
                        found.append((row.sequence, Message(message.topic, message.key, message.event_id, message.value)))

            if differences := Replay(connection, epochs=(_NEVER, _NEVER), hear=hear).run():
                raise JournalDiffersError(f"the journal does not lead to what is stored ({differences[0]}): see replay_engine")
    yield from found
