"""What every page is asked by people who mean harm, and what no answer may do.

Nobody lists the fields of a route: while it answers, whatever it reads of its query and its form is noted, until it asks for
nothing new. So a field that a route gains is tried from then on.
"""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.utils.datastructures import MultiValueDict

from tests.authorization.matrix import Route
from tests.web.corpus import EVALUATED

#: What every answer says to the browser that takes it.
GUARDS = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")
#: Where an answer may send a browser.
LEADS = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url", "Refresh")
_ADDRESSES = re.compile(r"^(?:href|src|action|formaction|data|srcdoc|poster|(?:data-)?hx-(?:get|post|put|delete|patch))$")
_OUTSIDE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|//|/\\|\\)", re.I)
#: The one site of others that pages link to; pictures that a page carries in itself; the way to an app that makes codes.
_KNOWN = ("https://www.tradingview.com/", "data:image/svg+xml;base64,", "otpauth://totp/")
#: Django's own, which are no field of ours.
_NO_FIELDS = frozenset({"csrfmiddlewaretoken"})
_FORMULA = re.compile(r"^[=+@\t\r\n\x00]|^-(?![0-9.]+$)")


@contextmanager
def fields_asked_for(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The names that views look up in queries and forms meanwhile."""
    names: set[str] = set()

    def noted(method: str) -> Any:
        original = getattr(MultiValueDict, method)

        def look(self: QueryDict, key: Any, *rest: Any, **more: Any) -> Any:
            if isinstance(key, str) and key not in _NO_FIELDS:
                names.add(key)
            return original(self, key, *rest, **more)

        return look

    class Plain(dict[str, Any]):
        """What a view makes of a whole form."""

        def __getitem__(self, key: str) -> Any:
            names.add(key)
            return super().__getitem__(key)

        def get(self, key: str, default: Any = None) -> Any:
            names.add(key)
            return super().get(key, default)

        def __contains__(self, key: object) -> bool:
            names.add(str(key))
            return super().__contains__(key)

    with monkeypatch.context() as patch:
        for method in ("__getitem__", "_getlist", "__contains__"):
            patch.setattr(QueryDict, method, noted(method), raising=False)
        patch.setattr(QueryDict, "dict", lambda self: Plain((key, MultiValueDict.__getitem__(self, key)) for key in self))
        yield names


class _Page(HTMLParser):
    """What of a page could act: handlers, addresses that lead away, and scripts that name the evil."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith(("on", "hx-on", "data-hx-on")):
                self.found.append(f"<{tag} {name}>")
            if _ADDRESSES.match(name) and _OUTSIDE.match(value or "") and not (value or "").startswith(_KNOWN):
                self.found.append(f"<{tag} {name}={value!r}>")


def harm_in(response: HttpResponse, sent: str) -> list[str]:
    """What an answer does that none may do, whatever was ``sent``: empty for a good one."""
    found = [f"status {response.status_code}"] if response.status_code >= 500 and response.status_code != 503 else []
    for name in LEADS:
        if _OUTSIDE.match(response.get(name, "")):
            found.append(f"{name}: {response[name]!r}")
    found += [f"no {name}" for name in GUARDS if name not in response]
    found += [f"header {name}" for name, value in response.items() if name.lower() == "x-evil" or re.search(r"[\r\n]", value)]
    if "evil" in str(response.cookies):
        found.append("a cookie of somebody else's")
    kind = response.get("Content-Type", "")
    body = b"".join(response) if response.streaming else response.content
    text = body.decode("utf-8", "replace")
    if EVALUATED in text and "81829" in sent:
        found.append("a template was evaluated")
    if kind.startswith("text/html"):
        found += _harm_in_page(text, sent)
    elif kind.startswith("text/csv"):
        found += [f"cell {cell!r}" for row in csv.reader(io.StringIO(text)) for cell in row if _FORMULA.match(cell)]
    return found


def _harm_in_page(text: str, sent: str) -> list[str]:
    found = []
    if len(sent) > 6 and re.search(r"[<>\"']", sent) and sent in text:
        found.append("the text as it was sent, not escaped")
    page = _Page()
    page.feed(text)
    return found + page.found


def doors_of(route: Route, fields: set[str]) -> list[str]:
    """The doors of a route: each name in its address, and each of its ``fields``."""
    return [*(f"<{name}>" for name in re.findall(r"\{(\w+)\}", template_of(route))), *sorted(fields)]


def template_of(route: Route) -> str:
    """The route's address with its names in braces."""
    return route.address or re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)


def knock(client: Client, route: Route, method: str, sent: dict[str, str], values: dict[str, str]) -> HttpResponse:
    """One request with texts at some doors, by their names, and what is right at all others."""
    filled = values | {door[1:-1]: quote(text, safe="") for door, text in sent.items() if door.startswith("<")}
    body = {name: text.format(**values) for name, text in route.body.items()}
    body |= {door: text for door, text in sent.items() if not door.startswith("<")}
    address, _, query = template_of(route).format(**filled).partition("?")
    if method == "GET":
        body = dict(pair.partition("=")[::2] for pair in query.split("&") if pair) | body
    ask = client.post if method == "POST" else client.get
    return ask(f"/{address}", body, **route.environ)  # type: ignore[return-value, arg-type]
