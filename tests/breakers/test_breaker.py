"""A breaker opens for a server that is away and for no other, asks one question at a time, and closes with the first answer."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from prometheus_client import REGISTRY

from apps.breakers.breaker import Breaker, RefusedError, SilentError
from apps.degraded import Dependency
from tests.waiting import wait_until

SILENT_S = 0.05


class Server:
    """Answers, refuses or is silent; counts how many ask at once."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.asked = 0
        self.at_once = 0
        self._asking = threading.Semaphore(100)
        self._now = 0
        self.beside: Callable[[], None] = lambda: None

    def ask(self) -> None:
        self._now += 1
        self.at_once = max(self.at_once, self._now)
        try:
            time.sleep(0.01)  # an answer takes a moment, so that questions could overlap
            self.beside()
            if self.error is not None:
                raise self.error
        finally:
            self._now -= 1
            self.asked += 1


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def breaker(server: Server) -> Iterator[Breaker]:
    made = Breaker(Dependency.POSTGRES, server.ask, silent_s=SILENT_S)
    made.arm()
    yield made
    server.error = None
    wait_until(lambda: not made.is_open, what="the breaker closes with the first answer")


def test_a_server_that_refuses_opens_it_at_once_and_its_first_answer_closes_it(server: Server, breaker: Breaker) -> None:
    told: list[bool] = []
    breaker.on_open(lambda: told.append(breaker.is_open))
    server.error = RefusedError("connection refused")
    breaker.suspect()
    wait_until(lambda: told, what="whoever listens is told")
    assert told == [True] and breaker.reason == "connection refused" and breaker.away_since is not None
    assert REGISTRY.get_sample_value("tredye_breaker_open", {"server": "postgres"}) == 1
    server.error = None
    wait_until(lambda: not breaker.is_open, what="it closes")
    wait_until(lambda: breaker.away_since is None, what="and forgets since when")
    assert REGISTRY.get_sample_value("tredye_breaker_open", {"server": "postgres"}) == 0
    assert told == [True]


def test_who_does_not_listen_any_more_is_not_told(server: Server, breaker: Breaker) -> None:
    told: list[str] = []
    first, second = lambda: told.append("first"), lambda: told.append("second")
    breaker.on_open(first)
    breaker.on_open(second)
    breaker.forget(first)
    server.error = RefusedError("no")
    breaker.open("no")
    assert told == ["second"]


def test_a_server_that_is_silent_to_us_and_answers_others_opens_nothing(server: Server, breaker: Breaker) -> None:
    server.error, server.beside = SilentError("no answer"), breaker.answered
    breaker.suspect()
    wait_until(lambda: server.asked, what="it is asked")
    assert not breaker.is_open


def test_a_server_that_is_silent_to_everybody_opens_it(server: Server, breaker: Breaker) -> None:
    time.sleep(SILENT_S)  # the silence is what is judged
    server.error = SilentError("no answer")
    breaker.suspect()
    wait_until(lambda: breaker.is_open, what="it opens")


def test_a_suspicion_that_is_wrong_ends_with_the_answer(server: Server, breaker: Breaker) -> None:
    before = breaker.answered_s
    breaker.suspect()
    wait_until(lambda: breaker.answered_s > before, what="the answer is noted")
    assert not breaker.is_open and server.asked == 1


def test_one_question_at_a_time_however_many_suspect_it(server: Server, breaker: Breaker) -> None:
    server.error = RefusedError("no")
    threads = [threading.Thread(target=breaker.suspect) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_until(lambda: server.asked >= 3, what="it is asked again and again")
    assert server.at_once == 1
    assert sum(thread.name == "breaker-postgres" for thread in threading.enumerate()) == 1


def test_a_process_that_nobody_waits_for_is_not_armed(server: Server) -> None:
    breaker = Breaker(Dependency.REDIS, server.ask)
    server.error = RefusedError("no")
    breaker.suspect()
    breaker.open("no")
    assert not breaker.is_open and server.asked == 0
