"""Behind a proxy the caller is whom the proxy names, and nobody else's word counts."""

import asyncio
from typing import Any

import pytest

from apps.observability.proxies import behind_proxies, forwarded_address

PEER = ["172.18.0.1", 4711]


def client_seen(count: int, *forwarded: str) -> Any:
    """Whom an application behind ``count`` proxies takes for the caller."""
    seen: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"])

    async def nothing(*_: Any) -> Any:
        return None

    headers = [(b"host", b"a"), *((b"x-forwarded-for", line.encode()) for line in forwarded)]
    scope = {"type": "http", "client": PEER, "headers": headers}
    asyncio.run(behind_proxies(application, count)(scope, nothing, nothing))
    assert scope["client"] == PEER, "the server's own scope stays as it is"
    return seen[0]


def test_without_a_proxy_the_header_is_nobodys_word() -> None:
    assert client_seen(0, "203.0.113.9") == PEER


@pytest.mark.parametrize(
    ("count", "forwarded", "client"),
    [
        (1, ["203.0.113.9"], "203.0.113.9"),
        (1, ["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
        (1, ["6.6.6.6", "203.0.113.9"], "203.0.113.9"),
        (2, ["6.6.6.6, 203.0.113.9, 10.0.0.1"], "203.0.113.9"),
        (1, ["2001:DB8::1"], "2001:db8::1"),
    ],
)
def test_the_first_proxys_caller_is_the_client_whatever_a_browser_claims(count: int, forwarded: list[str], client: str) -> None:
    assert client_seen(count, *forwarded) == [client, 0]


@pytest.mark.parametrize("forwarded", [[], [""], ["unknown"], ["203.0.113.9, "], ["203.0.113.9:1234"], ["é"]])
def test_what_is_no_address_leaves_the_peer(forwarded: list[str]) -> None:
    assert client_seen(1, *forwarded) == PEER


def test_fewer_entries_than_proxies_are_no_address() -> None:
    assert forwarded_address([(b"x-forwarded-for", b"203.0.113.9")], 2) == ""
