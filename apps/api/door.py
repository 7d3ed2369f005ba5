"""Headers of a request, judged before its body is read: the host, who asks, and whether a page of ours sent it.

The rules about cookies are Django's own, by its own code: a request with the cookie of a log-in passes the middleware that the
pages' requests pass. A request with a key needs none of that, because no foreign page can make a browser send one.
"""

import functools
import ipaddress
from http.cookies import CookieError
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.middleware.csrf import CsrfViewMiddleware

from apps.accounts.api_keys import split_key
from apps.accounts.session_proof import is_session_key
from apps.api import limits
from apps.api.credentials import Credential, Key, Session
from apps.api.problems import Problem

#: What Django's middleware reads of a request.
_CSRF_HEADERS = {
    b"host": "HTTP_HOST",
    b"origin": "HTTP_ORIGIN",
    b"referer": "HTTP_REFERER",
    b"x-forwarded-proto": "HTTP_X_FORWARDED_PROTO",
    b"x-csrftoken": "HTTP_X_CSRFTOKEN",
}
_BEARER = "Bearer "


class Headers:
    """The headers of a request, by lower-case name. A name that is there twice is refused, where it matters which one holds."""

    def __init__(self, raw: Any) -> None:
        self._values: dict[bytes, bytes] = {}
        self._twice: set[bytes] = set()
        for name, value in raw:
            lowered = name.lower()
            if lowered in self._values:
                self._twice.add(lowered)
                # HTTP/2 may send a cookie in parts.
                self._values[lowered] += (b"; " if lowered == b"cookie" else b", ") + value
            else:
                self._values[lowered] = value

    def get(self, name: bytes) -> str:
        """The value as text, empty when there is none. Raises :class:`Problem` when there are two."""
        if name in self._twice and name != b"cookie":
            text = name.decode("ascii", "replace")
            raise Problem("INVALID_FIELD", f"The header {text} is there twice.", field=text)
        return self._values.get(name, b"").decode("latin-1")

    def has(self, name: bytes) -> bool:
        return name in self._values


def _no_page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """In place of a view, which the middleware is given and does not call."""
    return HttpResponse()


class _OwnPages(CsrfViewMiddleware):
    """Django's middleware, which answers with the reason and not with a page."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


_own_pages = _OwnPages(_no_page)


class _Asked(HttpRequest):
    """As much of a Django request as the middleware looks at."""

    def __init__(self, method: str, scheme: str, headers: Headers, cookies: dict[str, str], port: int) -> None:
        super().__init__()
        self.method = method
        self._scheme = scheme
        self.COOKIES = cookies
        self.META = {ours: headers.get(theirs) for theirs, ours in _CSRF_HEADERS.items() if headers.has(theirs)}
        self.META |= {"SERVER_NAME": "unknown", "SERVER_PORT": str(port)}

    def _get_scheme(self) -> str:
        return self._scheme


def check_host(headers: Headers) -> None:
    """As Django does for every page: a host that is not ours is somebody's trick with an address in an answer."""
    if not _is_own_host(headers.get(b"host"), tuple(settings.ALLOWED_HOSTS)):
        raise Problem("BAD_HOST")


@functools.lru_cache(maxsize=256)
def _is_own_host(host: str, allowed: tuple[str, ...]) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, list(allowed))


def is_secure(scheme: str, headers: Headers) -> bool:
    """Whether it came over https, to us or to the proxy that settings trust to say so."""
    if settings.SECURE_PROXY_SSL_HEADER and headers.has(b"x-forwarded-proto"):
        return headers.get(b"x-forwarded-proto").split(",")[0].strip() == settings.SECURE_PROXY_SSL_HEADER[1]
    return scheme == "https"


def read_key(headers: Headers) -> Key | None:
    """The key of an ``Authorization`` header; None without one. Raises :class:`Problem` at one that is no key's."""
    text = headers.get(b"authorization")
    if not text:
        return None
    parts = split_key(text.removeprefix(_BEARER)) if text.startswith(_BEARER) else None
    if parts is None:
        raise Problem("BAD_CREDENTIALS")
    return Key(*parts)


def read_cookies(headers: Headers) -> dict[str, str]:
    text = headers.get(b"cookie")
    if len(text) > limits.COOKIE_BYTES_MAX:
        raise Problem("BAD_CREDENTIALS")
    try:
        return parse_cookie(text)
    except CookieError:
        raise Problem("BAD_CREDENTIALS") from None


def read_session(cookies: dict[str, str]) -> Session | None:
    key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    if not key:
        return None
    if not is_session_key(key):
        raise Problem("BAD_CREDENTIALS")
    return Session(key)


def check_own_page(method: str, scheme: str, headers: Headers, cookies: dict[str, str], port: int) -> None:
    """Raises :class:`Problem` unless the request may be one of a page of ours."""
    asked = _Asked(method, scheme, headers, cookies, port)
    reason = _own_pages.process_view(asked, _no_page, (), {})
    if reason is not None:
        raise Problem("CSRF")


def read_credential(headers: Headers) -> tuple[Credential, dict[str, str]]:
    """The key if there is one, else the log-in, with its cookies. Raises :class:`Problem` when there is neither."""
    key = read_key(headers)
    if key is not None:
        return key, {}
    cookies = read_cookies(headers)
    session = read_session(cookies)
    if session is None:
        raise Problem("NOT_LOGGED_IN")
    return session, cookies


def network_of(address: str) -> str:
    """What limits count an address as: an IPv6 customer has a whole /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address
