"""Asking every process for its metrics, all at once, within a bound of time and size.

``METRICS_TARGETS`` says where they are. A host may have several addresses (``docker compose up --scale web=2``): each is asked. A
name with a question mark is of a process that is started by choice: while its host is unknown it is left out.
"""

import http.client
import socket
import time
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from django.conf import settings

from apps.operations.exposition import Exposition, UnreadableError, read_exposition

TIMEOUT_S = 2.0
BYTES_MAX = 8 * 1024 * 1024
INSTANCES_MAX = 64
#: How many are asked at once: they answer within milliseconds, and one that hangs holds up nobody else.
THREADS = 32

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="scrape")


@dataclass(frozen=True, slots=True)
class Scraped:
    """One process at one address. ``shown`` is None, and ``reason`` says why, when it did not answer."""

    process: str
    address: str
    shown: Exposition | None
    reason: str = ""


def scrape(wanted: Collection[str]) -> list[Scraped]:
    """Ask all of them; twice ``TIMEOUT_S`` at most, and a little. In the order of the setting, then of the address."""
    found: list[Scraped] = []
    asked: list[tuple[str, str, Future[Exposition]]] = []
    names = [
        (told, host, port, _threads.submit(_addresses, host, port)) for told, (host, port) in settings.METRICS_TARGETS.items()
    ]
    wait([addresses for *_, addresses in names], timeout=TIMEOUT_S)
    for told, host, port, addresses in names:
        name = told.removesuffix("?")
        if addresses.done() and not addresses.exception():
            for address in addresses.result()[: INSTANCES_MAX - len(asked)]:
                asked.append((name, address, _threads.submit(_ask, address, port, frozenset(wanted))))
        elif name == told:
            why = addresses.exception() if addresses.done() else "no answer in time"
            found.append(Scraped(name, host, None, f"{host} is not known: {why}"[:200]))
    wait([future for _, _, future in asked], timeout=TIMEOUT_S + 0.5)
    found += [_scraped(name, address, future) for name, address, future in asked]
    order = [told.removesuffix("?") for told in settings.METRICS_TARGETS]
    return sorted(found, key=lambda each: (order.index(each.process), each.address))


def _addresses(host: str, port: int) -> list[str]:
    return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})


def _scraped(name: str, address: str, future: "Future[Exposition]") -> Scraped:
    if not future.done():
        future.cancel()
        return Scraped(name, address, None, "no answer in time")
    try:
        return Scraped(name, address, future.result())
    except (OSError, http.client.HTTPException, UnreadableError, UnicodeDecodeError) as error:
        return Scraped(name, address, None, f"{type(error).__name__}: {error}"[:200])


def _ask(address: str, port: int, wanted: frozenset[str]) -> Exposition:
    deadline_s = time.monotonic() + TIMEOUT_S
    connection = http.client.HTTPConnection(address, port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/metrics", headers={"Accept": "text/plain"})
        response = connection.getresponse()
        if response.status != 200:
            raise http.client.HTTPException(f"it answered {response.status}")
        body = b""
        while block := response.read(65_536):
            body += block
            if len(body) > BYTES_MAX or time.monotonic() > deadline_s:
                raise http.client.HTTPException("its answer is too long or too slow")
        return read_exposition(body.decode(), wanted)
    finally:
        connection.close()
