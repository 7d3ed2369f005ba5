#!/usr/bin/env python3
"""Check a proof of Tredye's books with Python's standard library alone: no product, no database, no network.

    python3 verify_proof.py FILE [--key HEX] [--published hashes.txt]

It makes every hash again from the rows, adds up every balance from its postings, and looks for each fill's trade and money. It
says in words what it has checked and exits with 0; or it names the first row that is wrong and exits with 1. --key is the public
key that the venue's status page shows; --published the page's list of days, /status/hashes.txt, which has the key as well.
docs/proof.md has the form of the file and of the hashes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

UNITS = 10**8
GENESIS = "00" * 32
Row = list[Any]


class WrongError(Exception):
    """What is wrong, beginning with the row that it is wrong of."""


def check(holds: bool, what: str) -> None:
    if not holds:
        raise WrongError(what)


# --- Ed25519, verification only: RFC 8032, section 5.1.7 ----------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z


def _add(a: Point, b: Point) -> Point:
    minus, plus = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = plus - minus, d - c, d + c, plus + minus
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _add(found, point)
        point, number = _add(point, point), number >> 1
    return found


def _point(data: bytes) -> Point | None:
    """The point that 32 bytes stand for; None when there is no such point."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_M1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


_BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    if len(public) != 32 or len(signature) != 64 or _BASE is None:
        return False
    key, point, scalar = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or point is None or scalar >= ORDER:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = _times(scalar, _BASE), _add(point, _times(digest, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- The hash of a commit -----------------------------------------------------------------------------------------------------


def _texts(values: list[Any]) -> str:
    words = {None: "null", True: "t", False: "f"}
    return "{" + ",".join(words[v] if v is None or isinstance(v, bool) else str(v) for v in values) + "}" if values else ""


def _columns(rows: list[Row], width: int, amounts: tuple[int, ...] = ()) -> list[str]:
    return [_texts([f"{row[n]}e-8" if n in amounts else row[n] for row in rows]) for n in range(width)]


def commit_hash(before: str, commit: dict[str, Any]) -> str:
    transfers = commit.get("transfers", [])
    postings = [[transfer[0], *posting] for transfer in transfers for posting in transfer[3]]
    lines = [
        "tredye-commit-1",
        before,
        ",".join(str(number) for number in commit["commit"][:4]),
        *_columns(commit.get("accounts", []), 4),
        *_columns(commit.get("trades", []), 6, (3, 4)),
        *_columns(commit.get("fills", []), 10, (7, 8, 9)),
        *_columns(transfers, 3),
        *_columns(postings, 6, (4, 5)),
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


# --- The books ----------------------------------------------------------------------------------------------------------------


class Books:
    """What the file has said so far. Every method raises :class:`WrongError` for the first row that does not fit."""

    def __init__(self, head: dict[str, Any]) -> None:
        check(head.get("proof") == 1, f"line 1: a proof of form 1 is what is checked here, not {head.get('proof')!r}")
        self.head = head
        self.last: int = head["after"]
        self.hash: str | None = head["hash_before"]  # the newest that a commit carries; None before the chain
        self.has_hash = self.hash is not None  # whether the newest commit carries one
        self.starts: dict[int, str] = dict(head["starts"])
        self.gaps: list[Row] = head["passed_over"]
        self.instruments: dict[int, Row] = {row[0]: row for row in head["instruments"]}
        self.assets: dict[int, str] = dict(head["assets"])
        self.owners: dict[int, Row] = {}  # ledger account -> account, asset, whether it may be below zero
        self.balances: dict[int, int] = {}
        self.trade_numbers: dict[int, int] = {}  # instrument -> the newest trade's
        self.hashes: dict[int, str] = {}  # of commits that a list of days may name; filled by whoever asks
        self.counts = dict.fromkeys(("commits", "without a hash", "trades", "fills", "transfers", "postings", "accounts"), 0)
        self.newest_hash: str | None = None
        self.epoch = 0

    def open(self, row: Row) -> None:
        ledger, account, asset, may_be_negative, total = row
        self._open([ledger, account, asset, may_be_negative], total, f"opening balance of ledger account {ledger}")
        check(ledger <= self.head["after"], f"opening balance of ledger account {ledger}: it was opened later")

    def _open(self, row: Row, total: int, what: str) -> None:
        check(row[0] not in self.owners, f"{what}: it is there twice")
        check(row[2] in self.assets, f"{what}: there is no asset {row[2]}")
        self.owners[row[0]], self.balances[row[0]] = row[1:], total
        self._not_below(row[0], what)

    def _not_below(self, ledger: int, what: str) -> None:
        check(
            self.balances[ledger] >= 0 or bool(self.owners[ledger][2]), f"{what}: it leaves {self.balances[ledger]}, below zero"
        )

    def commit(self, commit: dict[str, Any]) -> None:
        epoch, _, first, last, made = commit["commit"]
        name = f"commit to {last}"
        begins = first == self.last or any(self.last <= after and first == up_to for after, up_to in self.gaps)
        check(begins and last > first, f"{name}: it begins at {first}, and the one before it ended at {self.last}")
        check(epoch >= self.epoch, f"{name}: of epoch {epoch} after one of epoch {self.epoch}")
        for row in commit.get("accounts", []):
            check(first < row[0] <= last, f"ledger account {row[0]}: it is not of the {name}")
            self._open(row, 0, f"ledger account {row[0]}")
        _in_order([row[0] for row in commit.get("accounts", [])], "ledger account")
        trades = self._trades(commit, first, last)
        self._transfers(commit, first, last, trades)
        self._link(commit, name, last, made)
        self.last, self.epoch = last, epoch
        self.counts["commits"] += 1
        for kind in ("trades", "fills", "transfers", "accounts"):
            self.counts[kind] += len(commit.get(kind, []))

    def _link(self, commit: dict[str, Any], name: str, last: int, made: str | None) -> None:
        start = self.starts.get(self.last) if not self.has_hash else None
        if made is None:
            begins_later = any(after >= last for after in self.starts)
            check(begins_later, f"{name}: it carries no hash, and the chain has begun")
            self.counts["without a hash"] += 1
        else:
            check(self.has_hash or start is not None, f"{name}: it carries a hash, and nothing says that the chain begins there")
            if start is not None:
                check(start == (self.hash or start), f"{name}: the chain goes on with another hash than the last one")
            before = self.hash if self.has_hash else start
            check(
                made == commit_hash(before or GENESIS, commit),
                f"{name}: its hash is not that of its rows and of the commit before",
            )
            self.hash = made
        self.has_hash, self.newest_hash = made is not None, made
        if last in self.hashes:
            check(self.hashes[last] == made, f"{name}: the list of days has another hash for it, {self.hashes[last]}")
            del self.hashes[last]

    def _trades(self, commit: dict[str, Any], first: int, last: int) -> dict[int, tuple[Row, dict[str, Row]]]:
        """Each trade with its two fills."""
        found: dict[int, tuple[Row, dict[str, Row]]] = {}
        _in_order([row[0] for row in commit.get("trades", [])], "trade")
        for row in commit.get("trades", []):
            trade, instrument, number, price, quantity, _ = row
            check(first < trade <= last, f"trade {trade}: it is not of the commit to {last}")
            check(instrument in self.instruments, f"trade {trade}: there is no instrument {instrument}")
            expected = self.trade_numbers.get(instrument, number - 1 if self.head["after"] else 0) + 1
            check(number == expected, f"trade {trade}: it is number {number} of its instrument, and {expected} would be next")
            check(price > 0 and quantity > 0, f"trade {trade}: price and quantity must be above zero")
            self.trade_numbers[instrument] = number
            found[trade] = (row, {})
        for row in commit.get("fills", []):
            self._fill(row, found)
        for trade, (_, fills) in found.items():
            check(len(fills) == 2, f"trade {trade}: it has {len(fills)} fills, not a buy and a sell")
        order = [(row[1], row[6] == "MAKER") for row in commit.get("fills", [])]
        check(order == sorted(order), f"fills of the commit to {last}: they are not in their order")
        return found

    def _fill(self, row: Row, trades: dict[int, tuple[Row, dict[str, Row]]]) -> None:
        fill, trade, _, _, instrument, side, liquidity, price, quantity, fee = row
        check(trade in trades, f"fill {fill}: its trade {trade} is not there")
        of, fills = trades[trade]
        check([instrument, price, quantity] == [of[1], of[3], of[4]], f"fill {fill}: it is not of its trade's price and quantity")
        check(side in ("BUY", "SELL") and side not in fills, f"fill {fill}: trade {trade} has another {side}")
        check(liquidity == ("TAKER" if side == of[5] else "MAKER"), f"fill {fill}: {side} is not {liquidity} in trade {trade}")
        check(fill == 2 * trade + (side == "SELL"), f"fill {fill}: it has not the number of a {side} of trade {trade}")
        check(fee >= 0, f"fill {fill}: its fee is below zero")
        fills[side] = row

    def _transfers(self, commit: dict[str, Any], first: int, last: int, trades: dict[int, tuple[Row, dict[str, Row]]]) -> None:
        unpaid = dict(trades)
        _in_order([row[0] for row in commit.get("transfers", [])], "transfer")
        for transfer, kind, trade, postings in commit.get("transfers", []):
            name = f"transfer {transfer}"
            check(first < transfer <= last, f"{name}: it is not of the commit to {last}")
            check(kind is not None, f"{name}: there are postings of it, and not it")
            check((kind == "TRADE") == (trade is not None), f"{name}: a {kind} of trade {trade}")
            moved = self._postings(transfer, postings)
            if trade is not None:
                check(trade in unpaid, f"{name}: trade {trade} is not there, or was paid before")
                self._paid(name, *unpaid.pop(trade), moved)
        check(not unpaid, f"trade {next(iter(unpaid), 0)}: its money did not move")

    def _postings(self, transfer: int, postings: list[Row]) -> dict[tuple[int, int], int]:
        """What each account got of each asset."""
        moved: dict[tuple[int, int], int] = {}
        sums: dict[int, int] = {}
        check(len(postings) >= 2, f"transfer {transfer}: it has {len(postings)} postings, at least 2")
        for number, (leg, ledger, asset, amount, after) in enumerate(postings):
            name = f"posting {leg} of transfer {transfer}"
            check(leg == number, f"{name}: posting {number} would be next")
            check(ledger in self.owners, f"{name}: there is no ledger account {ledger}")
            check(asset == self.owners[ledger][1], f"{name}: ledger account {ledger} is not of asset {asset}")
            self.balances[ledger] += amount
            held = self.balances[ledger]
            check(after == held, f"{name}: it leaves {after} units on ledger account {ledger}, which its postings make {held}")
            key = (self.owners[ledger][0], asset)
            moved[key] = moved.get(key, 0) + amount
            sums[asset] = sums.get(asset, 0) + amount
        for asset, rest in sums.items():
            check(rest == 0, f"transfer {transfer}: it is off balance by {rest} units of {self.assets[asset]}")
        for posting in postings:
            self._not_below(posting[1], f"posting {posting[0]} of transfer {transfer}")
        self.counts["postings"] += len(postings)
        return moved

    def _paid(self, name: str, trade: Row, fills: dict[str, Row], moved: dict[tuple[int, int], int]) -> None:
        """A trade's money is what its fills say: what was bought, what it cost, and the fees, to the venue."""
        _, _, base, quote = self.instruments[trade[1]]
        buy, sell = fills["BUY"], fills["SELL"]
        check(trade[3] * trade[4] % UNITS == 0, f"trade {trade[0]}: price times quantity is no whole number of units")
        value, quantity = trade[3] * trade[4] // UNITS, trade[4]
        due: dict[tuple[int, int], int] = {}
        for account, asset, amount in (
            (buy[3], base, quantity), (buy[3], quote, -value - buy[9]), (sell[3], base, -quantity),
            (sell[3], quote, value - sell[9]), (self.head["venue"]["FEES"], quote, buy[9] + sell[9]),
        ):  # fmt: skip
            due[account, asset] = due.get((account, asset), 0) + amount
        for key in sorted({*due, *moved}):
            got, owed = moved.get(key, 0), due.get(key, 0)
            what = f"account {key[0]} {got} units of {self.assets.get(key[1])}, and the fills of trade {trade[0]} say {owed}"
            check(got == owed, f"{name}: it gives {what}")

    def close(self, row: Row) -> None:
        ledger, total = row
        check(ledger in self.balances, f"ledger account {ledger}: it has a balance, and was never opened")
        made = self.balances.pop(ledger)
        check(total == made, f"ledger account {ledger}: its balance is {total}, and its postings make {made}")

    def end(self, row: dict[str, Any]) -> None:
        check(not self.balances, f"ledger account {next(iter(self.balances), 0)}: its balance at the end is missing")
        check(row["commits"] == self.counts["commits"], f"end: {row['commits']} commits, and {self.counts['commits']} are there")
        check(row["hash"] == self.newest_hash, "end: the last hash is not that of the last commit")
        check(self.last == self.head["last"], f"end: the last commit is to {self.last}, and {self.head['last']} was promised")


def _in_order(ids: list[int], kind: str) -> None:
    for before, after in pairwise(ids):
        check(before < after, f"{kind} {after}: it comes after {before}")


# --- The file -----------------------------------------------------------------------------------------------------------------


def read(lines: Iterator[bytes], days: dict[int, str]) -> tuple[Books, bytes, dict[str, str]]:
    """The books of the file, the digest of all before the signature, and the signature."""
    digest = hashlib.sha256()
    books: Books | None = None
    ended = False
    for number, line in enumerate(lines, 1):
        document = _document(line, number)
        kind = next(iter(document))
        if kind == "signature":
            check(books is not None and ended, f"line {number}: a signature before the end")
            check(next(lines, None) is None, f"line {number + 1}: something behind the signature")
            return books, digest.digest(), document  # type: ignore[return-value]
        digest.update(line)
        check(not ended, f"line {number}: something behind the end")
        try:
            if books is None:
                books = Books(document)
                books.hashes = {last: made for last, made in days.items() if document["after"] < last <= document["last"]}
            elif kind == "commit":
                books.commit(document)
            elif kind in ("opening", "closing"):
                (books.open if kind == "opening" else books.close)(document[kind])
            elif kind == "stray":
                raise WrongError(f"{document[kind][0]} {document[kind][1]}: it is behind the newest commit, and of none")
            elif kind == "end":
                books.end(document[kind])
                ended = True
            else:
                raise WrongError(f"line {number}: {kind!r} is no kind of row")
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise WrongError(f"line {number}: it is not of the form that it must have ({type(error).__name__} {error})") from None
    raise WrongError("the file ends before its signature")


def _document(line: bytes, number: int) -> dict[str, Any]:
    try:
        document = json.loads(line)
    except ValueError:
        raise WrongError(f"line {number}: it is no JSON") from None
    check(isinstance(document, dict) and bool(document), f"line {number}: it is no row")
    return dict(document)


def published(path: str) -> tuple[set[str], dict[int, str]]:
    """The keys, and the hashes by sequence, of a list of days."""
    keys: set[str] = set()
    days: dict[int, str] = {}
    with open(path, encoding="ascii") as file:
        for line in file:
            words = line.split()
            if words[:2] == ["#", "key"]:
                keys.add(words[2])
            elif words and words[0] != "#":
                days[int(words[1])] = words[2]
    return keys, days


def verify(arguments: argparse.Namespace) -> list[str]:
    """What was checked, in sentences. Raises :class:`WrongError`, and OSError for files that cannot be read."""
    keys, days = published(arguments.published) if arguments.published else (set(), {})
    if arguments.key:
        keys = {arguments.key.lower()}
    with open(arguments.file, "rb") as file:
        books, digest, signed = read(iter(file), days)
    try:
        public, signature = bytes.fromhex(signed["key"]), bytes.fromhex(signed["signature"])
    except (KeyError, ValueError):
        raise WrongError("signature: it is not of the form that it must have") from None
    check(is_signed(public, b"tredye-proof-1\n" + digest, signature), "signature: it is not of this file")
    check(not keys or public.hex() in keys, f"signature: of the key {public.hex()}, which is not the published one")
    missing = next(iter(books.hashes), None)
    check(missing is None, f"commit to {missing}: the list of days has a hash for it, and no commit ends there")
    return _sentences(books, public.hex(), bool(keys), sum(books.head["after"] < last <= books.last for last in days))


def _sentences(books: Books, key: str, key_known: bool, days: int) -> list[str]:
    count, head = books.counts, books.head
    said = [
        f"{count['commits']} commits, sequences {head['after']} to {books.last}: the chain is unbroken, and each hash is that of "
        f"its rows and of the commit before. The last one is {books.newest_hash}.",
        f"{count['transfers']} transfers with {count['postings']} postings: each balances in every asset.",
        f"{len(books.owners)} ledger accounts, {count['accounts']} of them opened here: each balance equals its postings, and "
        "none is below zero that may not be.",
        f"{count['trades']} trades with {count['fills']} fills: each fill has its trade, and each trade its money and fees.",
        f"Signed with the key {key}" + ("." if key_known else "; whether that is the venue's, its status page says (--key)."),
    ]
    if days:
        said.append(f"{days} published day hashes: each is that of its commit.")
    if count["without a hash"]:
        said.append(
            f"{count['without a hash']} of the commits carry no hash: their rows add up, and nothing holds them in place."
        )
    if head["after"] and head["hash_before"] is None:
        said.append("The chain begins within this file: the balances before it are the venue's word.")
    return said


def main() -> int:
    parser = argparse.ArgumentParser(description="Check a proof of Tredye's books. Exits 0 when all of it is right, 1 when not.")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--key", metavar="HEX", help="the public key that the status page shows")
    parser.add_argument("--published", metavar="HASHES", help="the status page's list of days, hashes.txt")
    try:
        said = ["RIGHT:", *verify(parser.parse_args())]
    except (WrongError, OSError, UnicodeDecodeError) as error:
        said = [f"WRONG: {error}"]
    sys.stdout.write("\n  ".join(said) + "\n")
    return 0 if len(said) > 1 else 1


if __name__ == "__main__":
    sys.exit(main())
