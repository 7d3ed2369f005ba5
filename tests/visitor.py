"""A person without scripts: sends forms, keeps cookies, and reads what comes back."""

import http.client
import re
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

TIMEOUT_S = 10.0
QUESTIONS_MAX = 20


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
        return self._send(path, form_on, fields)[0]

    def order(self, symbol: str, **fields: str) -> int:
        """Send the ticket of an instrument, and say yes as often as it is asked for again with another price."""
        fields = {"symbol": symbol} | fields
        status, page = self._send("/orders/submit/", f"/markets/{symbol}/", fields)
        for _ in range(QUESTIONS_MAX):
            if status != 422:
                break
            shown = re.search(r'name="confirms" value="([^"]+)"', page)
            answer = {"confirms": shown[1]} if shown else {}
            status, page = self._send("/orders/submit/", f"/markets/{symbol}/", fields | answer)
        return status

    def _send(self, path: str, form_on: str, fields: dict[str, str]) -> tuple[int, str]:
        _, page = self._ask("GET", form_on, "")
        hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|seen)" value="([^"]+)"', page))
        assert "csrfmiddlewaretoken" in hidden, f"{form_on} has no form"
        return self._ask("POST", path, urlencode(hidden | fields))

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
