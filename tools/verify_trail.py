#!/usr/bin/env python3
"""Check the files of Tredye's trail of staff with Python's standard library alone: no product, no database, no network.

    python3 verify_trail.py DIRECTORY [--head NUMBER:HASH]

It reads every trail-*.jsonl in order, makes each hash again and looks that no link is missing. It says how far the chain goes and
exits with 0; or it names the first link that is wrong and exits with 1. --head is a link that somebody has kept elsewhere.
docs/security.md has the form of the hashes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FORM = "tredye-trail-1"
GENESIS = "00" * 32
ENTRY = ("at_us", "kind", "actor", "account", "action", "command")


class WrongError(Exception):
    """What is wrong, beginning with where."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Check the exported chain over the trail of staff.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--head", metavar="NUMBER:HASH", help="a link that was kept elsewhere")
    options = parser.parse_args()
    try:
        number, head, kept = verify(options.directory, options.head)
    except WrongError as error:
        sys.stdout.write(f"WRONG: {error}\n")
        return 1
    sys.stdout.write(f"{number} links, unbroken from the first on; the last one's hash is {head}\n")
    if kept:
        sys.stdout.write(f"link {kept} is the one that was kept\n")
    return 0


def verify(directory: Path, wanted: str | None) -> tuple[int, str, str]:
    """The number and the hash of the last link, and the number of the one that was ``wanted``. Raises :class:`WrongError`."""
    number, before, kept = 0, GENESIS, ""
    for where, link in links_of(directory):
        number += 1
        if link.get("number") != number:
            raise WrongError(f"{where}: link {number} is missing, this is link {link.get('number')}")
        if hash_of(before, link) != link.get("hash"):
            raise WrongError(f"{where}: the hash of link {number} is not that of its entry and of the link before")
        before = link["hash"]
        if wanted and wanted.partition(":")[0] == str(number):
            kept = str(number)
            if wanted.partition(":")[2].lower() != before:
                raise WrongError(f"{where}: link {number} is not the one that was kept")
    if wanted and not kept:
        raise WrongError(f"{directory}: link {wanted.partition(':')[0]}, which was kept, is not there")
    if not number:
        raise WrongError(f"{directory} has no trail-*.jsonl with a link")
    return number, before, kept


def links_of(directory: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(directory.glob("trail-*.jsonl")):
        with path.open("rb") as file:
            for row, line in enumerate(file, 1):
                where = f"{path.name}, line {row}"
                try:
                    link = json.loads(line)
                except ValueError:
                    raise WrongError(f"{where} is not JSON") from None
                if not isinstance(link, dict):
                    raise WrongError(f"{where} is no link")
                yield where, link


def hash_of(before: str, link: dict[str, Any]) -> str:
    told = [link.get("number"), link.get("entry"), int(link.get("of_outcome") is True), *(link.get(name) for name in ENTRY)]
    line = ",".join("" if value is None else str(value) for value in told)
    return hashlib.sha256("\n".join([FORM, before, line, str(link.get("texts"))]).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
