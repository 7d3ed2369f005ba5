"""Browsers and programs that ask a server again and again, each on a line of its own, and note how long each answer took."""

import http.client
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import NamedTuple

#: What no answer may take, or the test says so: far more than anything that is promised.
WITHIN_S = 30.0


class Answer(NamedTuple):
    """``began_s`` by the monotonic clock; ``status`` 0 where the connection broke."""

    began_s: float
    took_s: float
    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def ended_s(self) -> float:
        return self.began_s + self.took_s


def ask(port: int, path: str, method: str = "GET", body: str = "", **headers: str) -> Answer:
    """Underscores in the names of headers are dashes."""
    began_s = time.monotonic()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=WITHIN_S)
    named = {"Accept": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        line.request(method, path, body or None, named)
        response = line.getresponse()
        text = response.read().decode(errors="replace")
        return Answer(began_s, time.monotonic() - began_s, response.status, dict(response.getheaders()), text)
    except (ConnectionError, http.client.HTTPException):
        return Answer(began_s, time.monotonic() - began_s, 0, {}, "")
    finally:
        line.close()


class Asking:
    """``with Asking([lambda: ask(port, "/")], every_s=0.1) as asking:`` each of them is asked over and over, until the end.

    Never all at once: each keeps its own place within ``every_s``, also after all of them had to wait.
    """

    def __init__(self, asks: Sequence[Callable[[], Answer]], *, every_s: float) -> None:
        self._every_s = every_s
        self._ended = threading.Event()
        phases = [number * every_s / len(asks) for number in range(len(asks))]
        self._threads = [threading.Thread(target=self._ask, args=each) for each in zip(asks, phases, strict=True)]
        self.answers: list[Answer] = []

    def __enter__(self) -> "Asking":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(WITHIN_S + 5)

    def _ask(self, ask_once: Callable[[], Answer], phase_s: float) -> None:
        while not self._ended.wait(self._every_s - (time.monotonic() - phase_s) % self._every_s):
            self.answers.append(ask_once())

    def begun(self, since_s: float, until_s: float = float("inf")) -> list[Answer]:
        """Those that were asked within that time, as far as they are answered."""
        return [answer for answer in tuple(self.answers) if since_s <= answer.began_s < until_s]
