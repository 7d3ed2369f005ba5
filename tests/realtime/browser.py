"""The fixtures of the tests in a real browser. One browser serves them all, each with a profile of its own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page

from tests.realtime.pages import LOGIN, Opening, Profile, Proxy, chromium, profile

if TYPE_CHECKING:
    from tests.realtime.conftest import Server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def open_page(browser: Browser) -> Callable[..., Any]:
    """One page in a profile of its own; ``ticket`` is the status and the ticket that a page without a worker is answered with."""

    @contextmanager
    def opened(
        server: "Server",
        opening: Opening | None = None,
        cookies: dict[str, str] | None = None,
        *,
        ticket: tuple[int, str] | None = None,
    ) -> Iterator[Page]:
        with profile(browser, server, cookies) as made:
            if ticket is not None:
                answer = {"ticket": ticket[1], "login": LOGIN}
                made.context.route("**/stream/ticket", lambda route: route.fulfill(status=ticket[0], json=answer))
            yield made.open(opening)

    return opened


@pytest.fixture(scope="module")
def open_profile(browser: Browser) -> Callable[..., AbstractContextManager[Profile]]:
    def opened(server: "Server", cookies: dict[str, str] | None = None) -> AbstractContextManager[Profile]:
        return profile(browser, server, cookies)

    return opened


@pytest.fixture
def proxy(uvicorn: "Server") -> Iterator[Proxy]:
    made = Proxy(uvicorn)
    yield made
    made.close()
