"""Pages are written side by side: what one of them waits for holds up no other."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from apps.web import context
from apps.web.context import Shell


def test_a_page_that_waits_for_its_account_holds_up_no_other(monkeypatch: pytest.MonkeyPatch, rf: RequestFactory) -> None:
    """As the first one does when every connection to Postgres is in use: with one lock for all pages, those that have a
    connection would wait for one that has none."""
    waits, goes_on = threading.Event(), threading.Event()

    def find_account(request: HttpRequest) -> None:
        if request.path == "/first/":
            waits.set()
            assert goes_on.wait(20)

    monkeypatch.setattr(context, "find_account", find_account)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(lambda: Shell(rf.get("/first/")).account)
        assert waits.wait(20)
        second = threads.submit(lambda: Shell(rf.get("/second/")).account)
        try:
            assert second.result(20) is None
            assert not first.done()
        finally:
            goes_on.set()
        assert first.result(20) is None
