"""Every message of the stream, everybody who may be on a socket: what the matrix says is what happens."""

from typing import Any, get_args

import msgspec
import pytest

from apps.realtime import protocol
from apps.realtime.tickets import issue_ticket
from tests.authorization.matrix import Expect
from tests.authorization.matrix_commands import STREAM, Visitor
from tests.realtime.conftest import Browser, Market, Server, open_browser
from tests.realtime.owner import Owner


def unlisted(kinds: set[type]) -> tuple[set[type], set[type]]:
    return kinds - STREAM.keys(), STREAM.keys() - kinds


def test_every_message_is_in_the_matrix_and_the_matrix_invents_none() -> None:
    assert unlisted(set(get_args(protocol.Inbound))) == (set(), set())


def test_a_new_message_that_nobody_listed_fails() -> None:
    planted = msgspec.defstruct("Follow", [("account_id", int)], tag_field="op", tag="follow")
    assert unlisted({*get_args(protocol.Inbound), planted}) == ({planted}, set())


@pytest.mark.parametrize("kind", STREAM, ids=lambda kind: kind.__struct_config__.tag)
def test_no_message_names_an_account_or_a_person(kind: type[Any]) -> None:
    assert not {"account_id", "user_id", "account", "user"} & set(kind.__struct_fields__)


def ticket_of(visitor: Visitor, owner: Owner, other: Owner) -> dict[str, str]:
    """What the visitor adds to its hello."""
    if visitor is Visitor.STRANGER:
        return {}
    if visitor is Visitor.STAFF:
        staff = other.user
        return {"ticket": issue_ticket(user_id=staff.pk, account_id=None, session_key=other.session_key, password=staff.password)}
    ticket = (other if visitor is Visitor.OTHER else owner).ticket()
    if visitor is Visitor.ENDED:
        owner.end_log_in_elsewhere()
    return {"ticket": ticket[:-3] + ("AAA" if not ticket.endswith("AAA") else "BBB") if visitor is Visitor.FORGED else ticket}


async def heard(server: Server, kind: type[Any], fields: dict[str, Any], ticket: dict[str, str]) -> tuple[Expect | int, Browser]:
    """What becomes of a message of this ``kind``; and the browser, closed, with all that it was told."""
    async with open_browser(server.url) as browser:
        await browser.say(op="hello", v=1, **ticket)
        is_open = await browser.first_or_closed("h" if kind is protocol.Ack else "welcome")
        if is_open and kind is not protocol.Hello:
            await browser.say(op=kind.__struct_config__.tag, **fields)
            await browser.say(op="watch", symbols=[])  # answered in any case, and after what was said before it
            await browser.first_or_closed("q")
        if browser.close_code is not None:
            return (Expect.LOGIN if browser.close_code == protocol.LOGGED_OUT else browser.close_code), browser
        return (Expect.FORBIDDEN if any(message["t"] == "err" for message in browser.messages) else Expect.ALLOWED), browser


@pytest.mark.processes
@pytest.mark.asyncio
@pytest.mark.parametrize("kind", STREAM, ids=lambda kind: kind.__struct_config__.tag)
async def test_everyone_hears_what_the_matrix_says(uvicorn: Server, market: Market, make_owner: Any, kind: type[Any]) -> None:
    row, fields = STREAM[kind]
    got = {}
    for visitor in Visitor:
        owner, other = make_owner(), make_owner()
        owner.commit()
        ticket = ticket_of(visitor, owner, other)
        got[visitor], browser = await heard(uvicorn, kind, fields, ticket)
        own = {Visitor.OWNER: owner.account_id, Visitor.OTHER: other.account_id}.get(visitor)
        told = {message["account_id"] for message in browser.messages if message.get("account_id") is not None}
        told |= {event["account_id"] for event in browser.of("a")}
        assert told <= {own}, f"{visitor} was told of accounts {told}"
    assert got == row
