"""What the text of a setting may be. Each function returns the value, or raises ValueError for anything else."""

import ipaddress
import re
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

DATABASE_URL = (
    "postgres://user:password@host:port/name, with %-escapes, and ?sslmode=… or sslrootcert=… at most; "
    "or host:port,host:port, where one follows the other"
)
MAIL_URL = "console:// or smtp://user:password@host:port, with smtp+tls (STARTTLS) or smtps for encryption"
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
#: A primary and what follows it.
_SERVERS_MAX = 2
_HOST = r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*"
_AUTHORITY = rf"(?:{_HOST}|\[[0-9a-fA-F:.]+\])"


class Secret(str):
    """Text that ``repr`` hides, and so do settings' dumps, Django's debug page and whoever formats a container of it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'" if self else "''"


def secrets_in(text: str) -> set[Secret]:
    """What of a secret setting's text must not be seen: a URL's password, as it is written and as it is meant, or all of it."""
    if "://" not in text:
        return {Secret(text)} if text else set()
    try:
        password = urlsplit(text).password or ""
    except ValueError:
        return {Secret(text)}
    return {Secret(form) for form in (password, unquote(password)) if form}


def matching(pattern: str, text: str) -> str:
    if not re.fullmatch(pattern, text):
        raise ValueError
    return text


def whole(text: str, least: int, most: int) -> int:
    number = int(matching(r"-?[0-9]{1,19}", text))
    if not least <= number <= most:
        raise ValueError
    return number


def seconds(text: str, least: float, most: float) -> float:
    number = float(matching(r"[0-9]{1,9}(\.[0-9]{1,9})?", text))
    if not least <= number <= most:
        raise ValueError
    return number


def switch(text: str) -> bool:
    word = text.lower()
    if word in ("on", "true", "yes", "1"):
        return True
    if word in ("off", "false", "no", "0"):
        return False
    raise ValueError


def host_pattern(text: str) -> str:
    """An entry of ALLOWED_HOSTS: a host, ``.domain`` for all below it, or ``*``."""
    return matching(rf"\*|\.?{_HOST}|\[[0-9a-fA-F:.]+\]", text)


def host_and_port(text: str) -> str:
    matching(rf"{_AUTHORITY}:[0-9]{{1,5}}", text)
    whole(text.rpartition(":")[2], 1, 65_535)
    return text


def named_host_and_port(text: str) -> str:
    """``name=host:port``; ``name?=host:port`` of one that may not be there."""
    name, _, address = text.partition("=")
    matching(r"[a-zA-Z0-9_-]{1,40}\??", name)
    host_and_port(address)
    return text


def origin(text: str, schemes: str = "https?") -> str:
    """``scheme://host`` or ``scheme://host:port`` as a browser sends it: lower case, no path, no slash."""
    matching(rf"{schemes}://{_AUTHORITY}(:[0-9]{{1,5}})?", text)
    if text != text.lower() or urlsplit(text).port == 0:
        raise ValueError
    return text


def websocket_origin(text: str) -> str:
    return origin(text, "wss?")


def engine_url(text: str) -> str:
    """``unix:///path`` or ``tcp://host:port``."""
    if text.startswith("unix:"):
        return matching(r"unix:///[^?#\s]+", text)
    host_and_port(matching(r"tcp://\S+", text).removeprefix("tcp://"))
    return text


def ip_address(text: str) -> str:
    return str(ipaddress.ip_address(text))


def module(text: str) -> str:
    """A module that can be imported; its parents are imported to know that."""
    try:
        found = find_spec(matching(r"[A-Za-z_][\w.]*", text))
    except ImportError:
        found = None
    if found is None:
        raise ValueError
    return text


def server_url(text: str, schemes: Sequence[str]) -> Secret:
    """A URL with one of ``schemes`` and a host, or ``unix:`` with a path where that is among them."""
    parts = urlsplit(text)
    _ = parts.port  # raises for one that is none
    if parts.scheme not in schemes or re.search(r"\s", text) or not (parts.path if parts.scheme == "unix" else parts.hostname):
        raise ValueError
    return Secret(text)


def database(text: str) -> dict[str, Any]:
    """An entry of Django's DATABASES, without its engine."""
    hosts, first = _hosts(text)
    parts = urlsplit(server_url(first, ("postgres", "postgresql")))
    name = unquote(matching(r"/[^/\s]+", parts.path)[1:])
    options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    # Of several servers the one is meant that takes writes, whether or not the URL says so for other programs.
    wanted = options.pop("target_session_attrs", "read-write")
    if parts.fragment or not options.keys() <= {"sslmode", "sslrootcert"} or options.get("sslmode", "require") not in _SSL_MODES:
        raise ValueError
    if wanted != "read-write":
        raise ValueError
    return {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": Secret(unquote(parts.password or "")),
        "HOST": ",".join(host for host, _ in hosts) if hosts else unquote(parts.hostname or ""),
        "PORT": ",".join(port for _, port in hosts) if hosts else str(parts.port or ""),
        "OPTIONS": {**options, "target_session_attrs": wanted} if hosts else options,
    }


def _hosts(text: str) -> tuple[list[tuple[str, str]], str]:
    """Of a URL that names several servers, each one's host and port, the URL with the first alone; else none, and ``text``."""
    scheme, _, rest = text.partition("://")
    authority, slash, path = rest.partition("/")
    user, at, places = authority.rpartition("@")
    if "," not in places:
        return [], text
    named = [host_and_port(place) for place in places.split(",")]
    if len(set(named)) != len(named) or len(named) > _SERVERS_MAX:
        raise ValueError
    hosts = [(host.strip("[]").lower(), port) for host, _, port in (place.rpartition(":") for place in named)]
    return hosts, f"{scheme}://{user}{at}{named[0]}{slash}{path}"


class Mail(NamedTuple):
    """How e-mail leaves: the names are Django's ``EMAIL_…`` settings."""

    backend: str
    host: str = ""
    port: int = 25
    user: str = ""
    password: Secret = Secret("")
    use_tls: bool = False
    use_ssl: bool = False

    @property
    def leaves(self) -> bool:
        """Whether it reaches anybody: the console's does not."""
        return bool(self.host)


def mail(text: str) -> Mail:
    if text in ("", "console://"):
        return Mail("django.core.mail.backends.console.EmailBackend")
    parts = urlsplit(server_url(text, ("smtp", "smtp+tls", "smtps")))
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError
    return Mail(
        "django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname or "",
        port=parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
        user=unquote(parts.username or ""),
        password=Secret(unquote(parts.password or "")),
        use_tls=parts.scheme == "smtp+tls",
        use_ssl=parts.scheme == "smtps",
    )
