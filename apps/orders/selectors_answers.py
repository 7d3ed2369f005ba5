"""What the engine answered to a command that is no order, once its answer was lost on the way."""

from collections.abc import Collection

import msgspec
from django.db import connection

from apps.commands.answers import AnyAnswer

_answers: msgspec.msgpack.Decoder[AnyAnswer] = msgspec.msgpack.Decoder(AnyAnswer)


def find_answer(account_id: int, command_id: str) -> AnyAnswer | None:
    """The answer to the account's own command; None while nothing is stored, which is no proof that nothing will be.

    The engine writes it in the same transaction as what it tells of, in a table of an app above this one: hence plain SQL.
    """
    return find_answers(account_id, [command_id]).get(command_id)


def find_answers(account_id: int, command_ids: Collection[str]) -> dict[str, AnyAnswer]:
    """The answers that are stored to those of the account's own commands, by command id; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT command_id, answer FROM engine_commandrecord WHERE scope = %s AND command_id = ANY(%s)",
            [account_id, list(command_ids)],
        )
        return {command_id: _answers.decode(bytes(answer)) for command_id, answer in cursor.fetchall()}
