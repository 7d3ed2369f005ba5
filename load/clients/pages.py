"""People who look at pages, by the paths that people take: Locust walks, the lane says when each visit begins.

Open loop here as well: visits begin when they are due. One that finds every walker busy waits, and its first page counts from
when it was due. Between two pages a person looks at what came, so the next page counts from then.
"""

import random
import signal
import sys
import time
from collections.abc import Callable
from heapq import merge
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import gevent
from gevent.queue import Queue
from locust import HttpUser, task
from locust.env import Environment
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException

from load.arrivals import arrivals
from load.clients.base import WINDOW_S, Tally, say_ready
from load.clients.flow import Zipf
from load.plan import Person, Plan, address, read_plan, wait_for_begin

TIMEOUT_S = 10.0
_LOOKS_S = 1.5  # at a page, on average
_ENDS_WITHIN_S = 12.0


class Visit(NamedTuple):
    """``due_s`` since the beginning. ``path``: the name of a method of :class:`Walker`."""

    due_s: float
    stretch: int
    path: str
    number: int


class Scene:
    """What all walkers share."""

    plan: Plan
    tally: Tally
    begin = 0.0
    visits: "Queue[Visit]" = Queue()
    is_over = False
    walking = 0


class _From(HTTPAdapter):
    """Connections that come from one address of this machine."""

    def __init__(self, source: str) -> None:
        self._source = source
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, source_address=(self._source, 0), **options)


class Walker(HttpUser):
    """Takes the next visit that is due and walks it, as a browser that has no cookies yet or one that is logged in."""

    abstract = False
    host = "http://127.0.0.1"  # each request names its own

    @task
    def walk(self) -> None:
        visit = Scene.visits.get()
        Scene.walking += 1
        try:
            self._walk(visit)
        finally:
            self.client.close()  # the next visitor is somebody else, at another address
            Scene.walking -= 1

    def _walk(self, visit: Visit) -> None:
        plan = Scene.plan
        chance = random.Random(plan.seed * 1_000_003 + visit.number)
        self.client.cookies.clear()
        if plan.spreads_addresses:
            self.client.mount("http://", _From(address(visit.number, 3)))
        self._due = Scene.begin + visit.due_s
        self._stretch = visit.stretch
        self._chance = chance
        self._person = chance.choice(plan.people)
        Scene.tally.time("late", max(time.monotonic() - self._due, 0.0) if Scene.walking < plan.visitors else 0.0)
        Scene.tally.count("visits", stretch=visit.stretch)
        paths: dict[str, Callable[[], None]] = {
            "visitor": self._visitor,
            "trader": self._trader,
            "reader": self._reader,
            "log_in": self._log_in,
        }
        paths[visit.path]()

    # --- paths

    def _visitor(self) -> None:
        """Somebody without an account: the front page, the markets, an instrument or two."""
        self._see("landing", "/")
        self._see("markets", "/markets/")
        self._see("instrument", f"/markets/{self._symbol()}/")
        self._see("search", f"/markets/search/?q={self._symbol()[:2]}")

    def _trader(self) -> None:
        """A customer who looks at the market and at what is theirs."""
        self._be(self._person)
        symbol = self._symbol()
        self._see("markets", "/markets/")
        self._see("instrument", f"/markets/{symbol}/")
        self._see("bars", f"/markets/{symbol}/bars?interval=1m", thinks=False)
        self._see("open orders", "/orders/open/")
        self._see("portfolio", "/portfolio/")

    def _reader(self) -> None:
        """A customer who checks what happened."""
        self._be(self._person)
        self._see("orders", "/orders/")
        self._see("ledger", "/ledger/")
        self._see("portfolio", "/portfolio/")
        self._see("status", "/status/")

    def _log_in(self) -> None:
        """With the password, as everybody comes in the morning."""
        if not self._see("log-in form", "/login/"):
            return  # there is nothing to fill in
        token = str(self.client.cookies.get("csrftoken", ""))
        fields = {"login": self._person.email, "password": self._person.password, "csrfmiddlewaretoken": token}
        self._see("log in", "/login/", fields)
        self._see("markets", "/markets/")

    # --- steps

    def _be(self, person: Person) -> None:
        self.client.cookies.set("sessionid", person.session_key)

    def _symbol(self) -> str:
        instruments = Scene.plan.instruments
        return instruments[Zipf(len(instruments), self._chance).one()].symbol

    def _see(self, name: str, path: str, fields: dict[str, str] | None = None, *, thinks: bool = True) -> bool:
        """One page; its time counts from when the person wanted it. Returns whether it came. Locust itself counts nothing."""
        plan = Scene.plan
        headers = (
            {"Host": urlsplit(plan.origin).netloc, "Origin": plan.origin} if fields else {"Host": urlsplit(plan.origin).netloc}
        )
        try:
            reply = self.client.request(
                "POST" if fields else "GET", plan.web_url + path, data=fields, headers=headers, name=name,
                allow_redirects=False, timeout=TIMEOUT_S,
            )  # fmt: skip
            status = int(reply.status_code)
        except RequestException as error:
            status, outcome = 0, type(error).__name__
        else:
            outcome = str(status) if status else type(reply.error).__name__
        took_s = time.monotonic() - self._due
        # A log-in that failed shows the form again, with 200: a redirect is what succeeds.
        # A search for a whole symbol leads to its page.
        is_good = status == 302 if fields else status == 200 or (status, name) == (302, "search")
        Scene.tally.outcome(f"page {name}", outcome)
        Scene.tally.count("good" if is_good else "bad", stretch=self._stretch)
        Scene.tally.time("log_in" if fields else "page", took_s, self._stretch)
        Scene.tally.time(f"page {name}", took_s)
        if thinks and not Scene.is_over:
            gevent.sleep(self._chance.expovariate(1 / _LOOKS_S))
        self._due = time.monotonic()
        return is_good


def _schedule(plan: Plan) -> list[Visit]:
    """All visits. A quarter are strangers, half trade, the others read."""
    chance = random.Random(plan.seed + 2)
    looking = ((due, stretch, "") for due, stretch in arrivals(plan.visits, plan.seed + 3))
    logging_in = ((due, stretch, "log_in") for due, stretch in arrivals(plan.log_ins, plan.seed + 4))
    paths = ("visitor", "trader", "trader", "reader")
    return [
        Visit(due, stretch, path or chance.choice(paths), number)
        for number, (due, stretch, path) in enumerate(merge(looking, logging_in))
    ]


def _offer(visits: list[Visit]) -> None:
    for visit in visits:
        gevent.sleep(max(Scene.begin + visit.due_s - time.monotonic(), 0))
        if Scene.is_over:
            return
        Scene.visits.put(visit)


def _tell_windows() -> None:
    while True:
        gevent.sleep(WINDOW_S)
        Scene.tally.gauges["walking"] = Scene.walking
        Scene.tally.gauges["waiting"] = Scene.visits.qsize()
        Scene.tally.window(Scene.begin)


def main(path: Path) -> None:
    plan = read_plan(path)
    Scene.plan, Scene.tally = plan, Tally("pages")
    visits = _schedule(plan)
    over = gevent.event.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, over.set)
    environment = Environment(user_classes=[Walker])
    runner = environment.create_local_runner()
    runner.start(plan.visitors, spawn_rate=100, wait=True)
    say_ready("pages")
    Scene.begin = wait_for_begin(Path(plan.directory), gevent.sleep)
    Scene.tally.forget()
    offering = gevent.spawn(_offer, visits)
    telling = gevent.spawn(_tell_windows)
    over.wait(max(Scene.begin + plan.seconds - time.monotonic(), 0))
    Scene.is_over = True
    offering.kill()
    with gevent.Timeout(_ENDS_WITHIN_S, False):
        while Scene.walking:
            gevent.sleep(0.02)
    telling.kill()
    Scene.tally.end(Scene.begin, cut_off=Scene.walking, never_begun=Scene.visits.qsize())
    runner.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
