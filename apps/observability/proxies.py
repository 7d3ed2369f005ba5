"""Whose request is it, when a proxy brings it? Limits and log-in throttles count addresses, so the proxy's own will not do."""

import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def behind_proxies(application: Application, count: int) -> Application:
    """Return ``application`` as it must be asked behind ``count`` proxies: the scope's client is the first one's caller.

    Each proxy adds the address of its own caller at the end of ``X-Forwarded-For``, so the entry that the first of ours wrote is
    the ``count``-th from the end; whatever stands before it is what a browser claims, and is not looked at.
    """
    if not count:
        return application

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        address = forwarded_address(scope.get("headers", ()), count)
        if address:
            scope = {**scope, "client": [address, 0]}
        await application(scope, receive, send)

    return asked


def forwarded_address(headers: Any, count: int) -> str:
    """The ``count``-th address from the end of all ``X-Forwarded-For`` lines; empty when there is none, or it is no address."""
    entries = b",".join(value for name, value in headers if name.lower() == b"x-forwarded-for").split(b",")
    if len(entries) < count:
        return ""
    try:
        return str(ipaddress.ip_address(entries[-count].decode("latin-1").strip()))
    except ValueError:
        return ""
