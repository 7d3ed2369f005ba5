"""What programs ask for beyond single orders: pairs, all open orders at once, a position's end, and the dead man's switch."""

from typing import Any

import msgspec

from apps.api import reading
from apps.api.items import Asked, looked_up, or_problem, read_items, send
from apps.api.problems import Problem
from apps.api.writing import encode, stored_switch, told_pair
from apps.commands.answers import AnyAnswer, PairAnswer
from apps.commands.client import new_command_id
from apps.commands.types import AnyCommand

_answers: msgspec.msgpack.Decoder[AnyAnswer] = msgspec.msgpack.Decoder(AnyAnswer)


async def place_pair(asked: Asked) -> bytes:
    def read(document: Any) -> AnyCommand:
        return reading.read_pair(document, asked.account_id, asked.principal.actor, asked.correlation_id)

    documents, several = read_items(asked, "pairs")
    return await send(asked, "pair", [or_problem(read, document) for document in documents], several)


async def look_up_pair(asked: Asked) -> bytes:
    """What was answered to the pair of that id. Its orders have names of their own, so nothing else leads to them."""
    asked.process.count_lookup(asked.account_id)
    stored = await looked_up(asked.process.reader.answer(asked.account_id, asked.name))
    answer = None if stored is None else _answers.decode(stored)
    if not isinstance(answer, PairAnswer):
        raise Problem("UNKNOWN_ORDER")
    return encode(told_pair(answer))


async def close_position(asked: Asked) -> bytes:
    def read(document: Any) -> AnyCommand:
        return reading.read_close(document, asked.account_id, asked.principal.actor, asked.correlation_id)

    documents, several = read_items(asked, "closes")
    return await send(asked, "close", [or_problem(read, document) for document in documents], several)


async def cancel_all(asked: Asked) -> bytes:
    asked.process.count_orders(asked.account_id, 1)
    document = reading.read_json(asked.body)
    command = reading.read_cancel_all(document, asked.account_id, asked.principal.actor, asked.correlation_id)
    return await send(asked, "cancel_all", [command], several=False)


async def set_dead_mans_switch(asked: Asked) -> bytes:
    """Set, renew or switch off. Each time is a command of its own: doing it again is what it is for."""
    asked.process.count_switch(asked.account_id)
    document = reading.read_json(asked.body)
    command = reading.read_dead_mans_switch(
        document, asked.account_id, asked.principal.actor, asked.correlation_id, new_command_id()
    )
    return await send(asked, "switch", [command], several=False)


async def look_up_dead_mans_switch(asked: Asked) -> bytes:
    asked.process.count_lookup(asked.account_id)
    return encode(stored_switch(await looked_up(asked.process.reader.dead_mans_switch(asked.account_id))))
