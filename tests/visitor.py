"""A person without scripts: sends forms, keeps cookies, and reads what comes back."""

import http.client
import re
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

TIMEOUT_S = 10.0


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data.split()


class Visitor:
    """``cookies`` may bring a log-in of before."""

    def __init__(self, address: str, **cookies: str) -> None:
        self._host = urlsplit(address).netloc
        self.cookies = dict(cookies)

    def get(self, path: str) -> tuple[int, str]:
        """Status of the page and its text; a redirect is not followed."""
        status, body = self._ask("GET", path, "")
        text = _Text()
        text.feed(body)
        return status, " ".join(text.words)

    def post(self, path: str, form_on: str, **fields: str) -> int:
        """Fill in the form of a page and send it; the status of the answer."""
        _, page = self._ask("GET", form_on, "")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, f"{form_on} has no form"
        return self._ask("POST", path, urlencode(fields | {"csrfmiddlewaretoken": token[1]}))[0]

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str]:
        link = http.client.HTTPConnection(self._host, timeout=TIMEOUT_S)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies} | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {})
        try:
            link.request(method, path, body, headers)
            answer = link.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            return answer.status, answer.read().decode()
        finally:
            link.close()
