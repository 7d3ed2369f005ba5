"""The reader of the environment: what passes, what stops the start, and that a message never shows a secret."""

from collections.abc import Callable
from typing import Any

import pytest

from tredye.settings import parsing
from tredye.settings.reader import Reader

CANARY = "c4n4ry-c4n4ry-c4n4ry-c4n4ry"


def complaint(read: Callable[[Reader], Any], text: str | None) -> str:
    """What the start says when X is ``text``; empty when it goes on."""
    reader = Reader({} if text is None else {"X": text})
    read(reader)
    try:
        reader.stop_if_wrong()
    except SystemExit as end:
        return str(end)
    return ""


KINDS: dict[str, Callable[[Reader], Any]] = {
    "whole": lambda reader: reader.whole("X", 8, "a count", least=1, most=500),
    "whole or none": lambda reader: reader.whole_or_none("X", "a seed", least=0, most=9),
    "seconds": lambda reader: reader.seconds("X", "2", "a wait", least=0.1, most=60),
    "switch": lambda reader: reader.switch("X", False, "a switch"),
    "choice": lambda reader: reader.choice("X", "", "a choice", ("json", "text")),
    "secret": lambda reader: reader.secret("X", None, "a secret", least=32),
    "hosts": lambda reader: reader.words("X", "a", "hosts", must_be="host names", each=parsing.host_pattern),
    "brokers": lambda reader: reader.words("X", None, "brokers", must_be="host:port", each=parsing.host_and_port),
    "origins": lambda reader: reader.words("X", "http://a", "origins", must_be="origins", each=parsing.origin),
    "socket": lambda reader: reader.text("X", "", "a socket", must_be="ws", check=parsing.websocket_origin),
    "engine": lambda reader: reader.text("X", "", "an engine", must_be="unix or tcp", check=parsing.engine_url),
    "address": lambda reader: reader.text("X", "127.0.0.1", "an address", must_be="an IP address", check=parsing.ip_address),
    "module": lambda reader: reader.text("X", "os", "settings", must_be="a module", check=parsing.module),
    "database": lambda reader: reader.database("X", "a database"),
    "redis": lambda reader: reader.server_url("X", "Redis", must_be="a URL", schemes=("redis", "rediss", "unix")),
    "mail": lambda reader: reader.mail("X", "a mail server"),
}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("whole", "12", 12),
        ("whole", "", 8),
        ("whole", "  ", 8),
        ("whole or none", None, None),
        ("whole or none", "0", 0),
        ("seconds", "0.5", 0.5),
        ("seconds", None, 2.0),
        ("switch", "TRUE", True),
        ("switch", "off", False),
        ("choice", None, ""),
        ("choice", "json", "json"),
        ("secret", CANARY * 2, CANARY * 2),
        ("hosts", "localhost, .example.com,[::1],*", ["localhost", ".example.com", "[::1]", "*"]),
        ("brokers", "a:9092,[::1]:9093", ["a:9092", "[::1]:9093"]),
        ("origins", "https://a.example,http://b:8000", ["https://a.example", "http://b:8000"]),
        ("socket", "wss://s.example:8443", "wss://s.example:8443"),
        ("engine", "unix:///run/e.sock", "unix:///run/e.sock"),
        ("engine", "tcp://engine:7000", "tcp://engine:7000"),
        ("address", "0.0.0.0", "0.0.0.0"),
        ("module", "tredye.settings.prod", "tredye.settings.prod"),
        ("redis", "rediss://:p@cache.example/1", "rediss://:p@cache.example/1"),
        ("redis", "unix:///run/redis.sock?db=2", "unix:///run/redis.sock?db=2"),
    ],
)
def test_what_is_right_is_read(kind: str, text: str | None, value: object) -> None:
    reader = Reader({} if text is None else {"X": text})
    assert KINDS[kind](reader) == value
    reader.stop_if_wrong()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *[("whole", text) for text in ("x", "0", "501", "1.0", "1_0", "١", "+1", "1e2", "9" * 30)],
        ("whole or none", "-1"),
        *[("seconds", text) for text in ("nan", "inf", "0", "61", "1e1", "-1")],
        *[("switch", text) for text in ("maybe", "2", "oui")],
        ("choice", "xml"),
        *[("secret", text) for text in (None, "", "   ", "short")],
        *[("hosts", text) for text in ("a b", "a,,b", "http://a", "a/b", "*.a", "a,")],
        *[("brokers", text) for text in (None, "kafka", "kafka:0", "kafka:x", "kafka:99999", "kafka://a:1")],
        *[
            ("origins", text)
            for text in ("a.example", "https://a/", "https://A", "ftp://a", "https://a:x", "https://u@a", "https://a:0")
        ],
        *[("socket", text) for text in ("https://a", "wss://a/stream", "wss:a")],
        *[("engine", text) for text in ("engine.sock", "unix://", "unix:relative", "tcp://engine", "tcp://:7000", "http://e:1")],
        *[("address", text) for text in ("localhost", "1.2.3", "1.2.3.4:5")],
        *[("module", text) for text in ("tredye.settings.nowhere", "nowhere.at.all", "a b", "../x")],
        *[
            ("database", text)
            for text in (None, "sqlite:///x", "postgres://h", "postgres://h/", "postgres://h:x/n", "postgres://h/n?a=b")
        ],
        *[("database", text) for text in ("postgres://h/n?sslmode=perhaps", "postgres://h/n/m", "postgres://u:p#w@h/n")],
        *[("redis", text) for text in (None, "localhost:6379", "redis://", "http://h", "unix://", "redis://h:x", "redis://a b")],
        *[("mail", text) for text in ("mail.example", "smtp://", "smtp://h:x", "smtp://h/path", "imap://h")],
    ],
)
def test_what_is_wrong_stops_the_start_with_its_name_on_one_line(kind: str, text: str | None) -> None:
    said = complaint(KINDS[kind], text)
    assert said.startswith("settings: X must be ")
    assert "\n" not in said


def test_the_value_is_told_on_one_line_and_not_for_ever() -> None:
    said = complaint(KINDS["whole"], "1\nlevel=info forged " + "x" * 1000)
    assert "\n" not in said
    assert r"was '1\nlevel=info forged xxx" in said
    assert len(said) < 250


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("secret", CANARY),
        ("database", f"postgres://tredye:{CANARY}"),
        ("database", f"mysql://tredye:{CANARY}@host/name"),
        ("redis", f"redis:/:{CANARY}@host"),
        ("mail", f"smtp://me:{CANARY}@"),
        ("engine", f"tcp://me:{CANARY}@host:1"),
        ("origins", f"https://me:{CANARY}@host"),
    ],
)
def test_a_secret_is_never_told(kind: str, text: str) -> None:
    said = complaint(KINDS[kind], text)
    assert said.endswith("(its value is not shown)")
    assert CANARY not in said


def test_a_secret_hides_itself_wherever_it_is_formatted_with_other_things() -> None:
    reader = Reader({"KEY": CANARY, "DB": f"postgres://u:{CANARY}@h/n", "MAIL": f"smtp://u:{CANARY}@h"})
    kept = [reader.secret("KEY", None, "", least=8), reader.database("DB", ""), reader.mail("MAIL", "")]
    assert CANARY not in f"{kept} {reader!r} {reader.declared}"
    assert kept[0] == CANARY
    assert str(kept[0]) is not kept[0]


def test_several_wrong_values_are_told_together() -> None:
    reader = Reader({"A": "x", "B": "y"}, ["WEBPORT in .env is read by nobody"])
    assert reader.whole("A", 8, "", least=1, most=9) == 8, "a default stands in, so that the rest can be read"
    reader.switch("B", True, "")
    reader.secret("C", None, "", least=8)
    reader.require(False, "A", "must be odd on Mondays")
    with pytest.raises(SystemExit) as end:
        reader.stop_if_wrong()
    assert [line.split()[1] for line in str(end.value).splitlines()] == ["WEBPORT", "A", "B", "C"]


def test_a_law_over_several_settings_stops_the_start() -> None:
    reader = Reader({})
    reader.switch("DEBUG", False, "")
    reader.require(True, "DEBUG", "must be off")
    reader.stop_if_wrong()
    reader.require(False, "DEBUG", "must be off")
    with pytest.raises(SystemExit, match="settings: DEBUG must be off"):
        reader.stop_if_wrong()


def test_a_setting_is_declared_once_and_before_laws_about_it() -> None:
    reader = Reader({})
    reader.switch("DEBUG", False, "one meaning")
    with pytest.raises(LookupError):
        reader.switch("DEBUG", False, "another meaning")
    with pytest.raises(LookupError):
        reader.require(True, "NOBODY", "must be")


def test_a_database_url_is_read_with_its_escapes_and_its_encryption() -> None:
    url = "postgresql://me%40here:p%40ss%2Fword@%2Frun%2Fpg:5433/na%20me?sslmode=verify-full&sslrootcert=/ca.pem"
    assert Reader({"X": url}).database("X", "") == {
        "NAME": "na me",
        "USER": "me@here",
        "PASSWORD": "p@ss/word",
        "HOST": "/run/pg",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "verify-full", "sslrootcert": "/ca.pem"},
    }


def test_a_database_url_may_name_a_primary_and_its_standby() -> None:
    for more in ("", "?target_session_attrs=read-write"):
        assert parsing.database(f"postgres://me:p%2Cw@DB-1:5432,[::1]:5433/tredye{more}") == {
            "NAME": "tredye",
            "USER": "me",
            "PASSWORD": "p,w",
            "HOST": "db-1,::1",
            "PORT": "5432,5433",
            "OPTIONS": {"target_session_attrs": "read-write"},
        }


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgres://u@a:1,b/n", id="a port is missing"),
        pytest.param("postgres://u@a:1,a:1/n", id="the same one twice"),
        pytest.param("postgres://u@a:1,b:2,c:3/n", id="three"),
        pytest.param("postgres://u@a:1,/n", id="an empty one"),
        pytest.param("postgres://u@a:1,b:99999/n", id="no port"),
        pytest.param("postgres://u@a:1,b:2/n?target_session_attrs=any", id="a standby is none to write to"),
    ],
)
def test_a_database_url_of_several_servers_is_read_strictly(url: str) -> None:
    with pytest.raises(ValueError):
        parsing.database(url)


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://h", 25, False, False),
        ("smtp+tls://h", 587, True, False),
        ("smtps://h", 465, False, True),
        ("smtp://h:26", 26, False, False),
    ],
)
def test_a_mail_url_is_read(url: str, port: int, tls: bool, ssl: bool) -> None:
    mail = parsing.mail(url)
    assert (mail.host, mail.port, mail.use_tls, mail.use_ssl, mail.leaves) == ("h", port, tls, ssl, True)
    assert not parsing.mail("console://").leaves
