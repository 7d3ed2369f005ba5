"""Columns of a settlement as the text of Postgres arrays.

Joined here rather than by the driver: one array literal costs half of what a list of Python objects does. An empty column
is NULL, so that a batch pays only for what it has.
"""

from collections.abc import Iterable


def integers(values: Iterable[int]) -> bytes:
    return ("{" + ",".join(map(str, values)) + "}").encode()


def integers_or_null(values: Iterable[int | None]) -> bytes:
    return ("{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}").encode()


def amounts(units: Iterable[int]) -> bytes:
    """Units of 10**-8 as NUMERIC, exactly: Postgres itself reads ``123e-8``."""
    return ("{" + "e-8,".join(map(str, units)) + "e-8}").encode()


def amounts_or_null(units: Iterable[int | None]) -> bytes:
    return ("{" + ",".join(["NULL" if value is None else f"{value}e-8" for value in units]) + "}").encode()


def codes(values: Iterable[str]) -> bytes:
    """Words that need no quotes: upper-case codes, never empty."""
    return ("{" + ",".join(values) + "}").encode()


def texts(values: Iterable[str]) -> bytes:
    """Any text without NUL. The separator cannot occur in it, so one pass escapes all of them."""
    joined = "\0".join(values).replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","')
    return ('{"' + joined + '"}').encode()


def documents(values: Iterable[bytes]) -> bytes:
    """JSON texts, for an array of jsonb."""
    joined = b"\0".join(values).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\0", b'","')
    return b'{"' + joined + b'"}'


def binaries(values: Iterable[bytes]) -> bytes:
    """Bytes, for an array of bytea."""
    return ('{"' + '","'.join(["\\\\x" + value.hex() for value in values]) + '"}').encode()
