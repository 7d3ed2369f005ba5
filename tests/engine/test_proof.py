"""A proof of the books is right when the books are, and names the row that was changed, in the file or in the database."""

import hashlib
import importlib.util
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from apps.engine.models import Journal
from apps.engine.proof import DOMAIN, NoCommitError, Range, find_range, write_proof
from apps.engine.proof_key import KeyFileError, load_key, publish
from apps.engine.status import list_proof_keys
from apps.eventlog.models import LostRange
from tests.engine.day import Day, plant
from tests.engine.test_chain import settle_as_before
from tests.engine.world import World

TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_proof.py"
KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw().hex()
#: What a proof is changed by: given its lines, it changes them.
Change = Callable[[list[Any]], None]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_proof", TOOL)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[Day]:
    """One day for all tests of the module, gone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Day()
        transaction.set_rollback(True)


@pytest.fixture
def day(lived: Day) -> Iterator[Day]:
    """The day as it was, whatever the test before planted."""
    with transaction.atomic():
        yield lived
        transaction.set_rollback(True)


def proof_of(world: World, wanted: Range | None = None) -> bytes:
    file = io.BytesIO()
    write_proof(world.raw, file, KEY, wanted or find_range(world.raw))
    return file.getvalue()


def said(tool: ModuleType, monkeypatch: pytest.MonkeyPatch, path: Path, capsys: Any, *more: str) -> str:
    """What the tool says of the file; that it exits with 0 for what is right, and only then, is asked every time."""
    monkeypatch.setattr(sys, "argv", ["verify_proof.py", str(path), *more])
    code = tool.main()
    told = str(capsys.readouterr().out)
    assert told.startswith("RIGHT:" if code == 0 else "WRONG:") and code in (0, 1)
    return told


@pytest.fixture
def ask(tool: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> Callable[..., str]:
    def asked(proof: bytes, *more: str) -> str:
        path = tmp_path / "proof.jsonl"
        path.write_bytes(proof)
        return said(tool, monkeypatch, path, capsys, *more)

    return asked


def signed(documents: list[Any]) -> bytes:
    """The venue's own signature, under whatever the lines say now."""
    text = b"".join(json.dumps(each, separators=(",", ":")).encode() + b"\n" for each in documents)
    signature = KEY.sign(DOMAIN + hashlib.sha256(text).digest()).hex()
    return text + json.dumps({"signature": signature, "key": PUBLIC}).encode() + b"\n"


def test_books_that_are_right_are_told_to_be_with_the_standard_library_alone(day: Day, tmp_path: Path) -> None:
    """Without site-packages, and without the directory that the product is in."""
    (tmp_path / "proof.jsonl").write_bytes(proof_of(day))
    command = [sys.executable, "-I", "-S", str(TOOL), "proof.jsonl", "--key", PUBLIC]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    newest = Journal.objects.order_by("-last_sequence")[0]
    assert f"{Journal.objects.count()} commits, sequences 0 to {newest.last_sequence}: the chain is unbroken" in done.stdout
    assert bytes(newest.hash or b"").hex() in done.stdout and f"Signed with the key {PUBLIC}.\n" in done.stdout


def test_a_proof_says_nothing_of_people_but_the_numbers_of_their_accounts(day: Day) -> None:
    text = proof_of(day).decode()
    assert "@" not in text and "alice" not in text and "as agreed" not in text


def test_ranges_that_follow_each_other_are_as_right_as_the_whole(day: Day, ask: Callable[..., str]) -> None:
    ends = list(Journal.objects.order_by("last_sequence").values_list("last_sequence", flat=True))
    middle = ends[len(ends) // 2]
    first, second = find_range(day.raw, 0, middle + 1), find_range(day.raw, middle)
    assert (first, second) == (Range(0, ends[ends.index(middle) + (middle + 1 in ends)]), Range(middle, ends[-1]))
    for wanted in (Range(0, middle), second):
        assert ask(proof_of(day, wanted)).startswith("RIGHT:")
    for after, last in ((ends[-1], None), (ends[-1] + 1, None), (0, ends[0] - 1), (ends[1], ends[1])):
        with pytest.raises(NoCommitError):
            find_range(day.raw, after, last)


def test_what_was_published_is_held_against_it(day: Day, ask: Callable[..., str], tmp_path: Path) -> None:
    newest = Journal.objects.order_by("-last_sequence")[0]
    listed = tmp_path / "hashes.txt"
    right = f"# key {PUBLIC} since 2026-11-22\n2026-11-22 {newest.last_sequence} {bytes(newest.hash or b'').hex()}\n"
    listed.write_text(right)
    assert "1 published day hashes" in ask(proof_of(day), "--published", str(listed))
    listed.write_text(right.replace(bytes(newest.hash or b"").hex(), "ab" * 32))
    assert f"commit to {newest.last_sequence}: the list of days has another hash" in ask(
        proof_of(day), "--published", str(listed)
    )
    listed.write_text(right.replace(f" {newest.last_sequence} ", f" {newest.last_sequence - 1} "))
    assert f"commit to {newest.last_sequence - 1}: " in ask(proof_of(day), "--published", str(listed))
    listed.write_text(right.replace(PUBLIC, "cd" * 32))
    assert "which is not the published one" in ask(proof_of(day), "--published", str(listed))


# --- the file is changed ------------------------------------------------------------------------------------------------------


def traded(documents: list[Any]) -> dict[str, Any]:
    """The commit with the first trade between two customers."""
    return next(
        each for each in documents if any(fill[2] is None for fill in each.get("fills", ())) is False and "trades" in each
    )


def moved(documents: list[Any]) -> dict[str, Any]:
    """The first commit that moved money without a trade: a deposit."""
    return next(each for each in documents if "transfers" in each and "trades" not in each)


def without_a_commit(documents: list[Any]) -> None:
    documents.remove(moved(documents))


def exchanged(documents: list[Any]) -> None:
    number = documents.index(moved(documents))
    documents[number], documents[number + 1] = documents[number + 1], documents[number]


def another_owner(documents: list[Any]) -> None:
    """Somebody else's from its beginning: everything adds up."""
    accounts = next(each for each in documents if "accounts" in each)["accounts"]
    accounts[0][1] += 1


def a_deposit_of_more(documents: list[Any]) -> None:
    """With everything that follows from it: only the hash tells."""
    commit = moved(documents)
    touched = {posting[1]: (1 if posting[3] > 0 else -1) for posting in commit["transfers"][0][3]}
    for posting in commit["transfers"][0][3]:
        posting[3] += touched[posting[1]]
    for each in documents[documents.index(commit) :]:
        for transfer in each.get("transfers", ()):
            for posting in transfer[3]:
                posting[4] += touched.get(posting[1], 0)
        if "closing" in each:
            each["closing"][1] += touched.get(each["closing"][0], 0)


def change(find: Callable[[list[Any]], dict[str, Any]], *path: Any) -> Change:
    """Add one to a number, or make a text another, or a list's beginning its end, at ``path`` of the row that ``find`` finds."""

    def changed(documents: list[Any]) -> None:
        found: Any = find(documents)
        for step in path[:-1]:
            found = found[step]
        now = found[path[-1]]
        if isinstance(now, list):
            now.reverse()
        else:
            found[path[-1]] = now + 1 if isinstance(now, int) else {"BUY": "SELL", "DEPOSIT": "WITHDRAWAL"}.get(now, "00" * 32)

    return changed


def commit_of_trade(documents: list[Any]) -> str:
    return f"commit to {traded(documents)['commit'][3]}: "


CHANGES: dict[str, tuple[Change, Callable[[list[Any]], str]]] = {
    "a fill's price": (
        change(traded, "fills", 0, 7),
        lambda d: f"fill {traded(d)['fills'][0][0]}: it is not of its trade's price",
    ),
    "a fill's account": (change(traded, "fills", 0, 3), lambda d: f"transfer {traded(d)['transfers'][0][0]}: it gives account"),
    "a fill's fee": (change(traded, "fills", 1, 9), lambda d: f"transfer {traded(d)['transfers'][0][0]}: it gives account"),
    "a fill's order": (change(traded, "fills", 0, 2), commit_of_trade),
    "a fill's side": (change(traded, "fills", 0, 5), lambda d: f"fill {traded(d)['fills'][0][0]}: "),
    "the order of fills": (change(traded, "fills"), lambda d: f"fills of the {commit_of_trade(d)}"),
    "a trade's quantity": (change(traded, "trades", 0, 4), lambda d: f"fill {traded(d)['fills'][0][0]}: "),
    "a trade's number": (change(traded, "trades", 0, 2), lambda d: f"trade {traded(d)['trades'][0][0]}: it is number"),
    "a transfer's kind": (change(moved, "transfers", 0, 1), lambda d: f"commit to {moved(d)['commit'][3]}: its hash"),
    "a posting's amount": (
        change(moved, "transfers", 0, 3, 1, 3),
        lambda d: f"posting 1 of transfer {moved(d)['transfers'][0][0]}",
    ),
    "a posting's balance": (
        change(moved, "transfers", 0, 3, 0, 4),
        lambda d: f"posting 0 of transfer {moved(d)['transfers'][0][0]}",
    ),
    "the order of postings": (change(moved, "transfers", 0, 3), lambda d: f"posting 1 of transfer {moved(d)['transfers'][0][0]}"),
    "a deposit of more": (a_deposit_of_more, lambda d: f"commit to {moved(d)['commit'][3]}: its hash"),
    "another owner": (another_owner, lambda d: "commit to "),
    "a commit's time": (change(moved, "commit", 1), lambda d: f"commit to {moved(d)['commit'][3]}: its hash"),
    "a commit's hash": (change(moved, "commit", 4), lambda d: f"commit to {moved(d)['commit'][3]}: its hash"),
    "a commit that is missing": (without_a_commit, lambda d: "commit to "),
    "the order of commits": (exchanged, lambda d: "commit to "),
    "a balance at the end": (
        change(lambda d: d[-2], "closing", 1),
        lambda d: f"ledger account {d[-2]['closing'][0]}: its balance is",
    ),
    "how many commits": (change(lambda d: d[-1], "end", "commits"), lambda d: "end: "),
    "where it ends": (change(lambda d: d[0], "last"), lambda d: "end: the last commit is to"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_changed_in_the_file_is_named(day: Day, ask: Callable[..., str], what: str) -> None:
    """Also when the venue itself has changed it, and signs it."""
    right = [json.loads(line) for line in proof_of(day).splitlines()][:-1]
    assert ask(signed(right)).startswith("RIGHT:")
    changed = [json.loads(json.dumps(each)) for each in right]
    alter, named = CHANGES[what]
    alter(changed)
    told = ask(signed(changed))
    assert told.startswith(f"WRONG: {named(right)}"), told


def test_a_signature_is_of_this_file_and_of_the_key_that_was_named(day: Day, ask: Callable[..., str]) -> None:
    proof = proof_of(day)
    assert "whether that is the venue's" in ask(proof)
    assert "signature: it is not of this file" in ask(proof.replace(b'"made_at":"2', b'"made_at":"3'))
    assert "which is not the published one" in ask(proof, "--key", "ab" * 32)
    assert "something behind the signature" in ask(proof + b"{}\n")
    assert "the file ends before its signature" in ask(proof[: proof.rindex(b'{"signature"')])
    assert "it is no JSON" in ask(proof[: len(proof) // 2])
    assert ask(b"").startswith("WRONG: the file ends")
    assert ask(b'{"proof":2}\n').startswith("WRONG: line 1: a proof of form 1")


# --- the database is changed --------------------------------------------------------------------------------------------------

IN_THE_BOOKS = {
    "a fill": (
        "UPDATE orders_fill SET fee = fee + 0.01 WHERE trade_id = {newest_trade} AND side = 'BUY'",
        "transfer {transfer}: it gives account",
    ),
    "a fill that is gone": (
        "DELETE FROM orders_fill WHERE trade_id = {newest_trade} AND side = 'BUY'",
        "trade {trade}: it has 1",
    ),
    "a trade": ("UPDATE orders_trade SET price = price + 1 WHERE id = {newest_trade}", "fill {fill}: "),
    "a transfer": ("UPDATE ledger_transfer SET kind = 'DEPOSIT' WHERE id = {newest_transfer}", "transfer {transfer}: a DEPOSIT"),
    "a posting": (
        "UPDATE ledger_posting SET amount = amount + 1 WHERE leg = 1 AND transfer_id = {newest_transfer}",
        "posting 1 of transfer {transfer}: ",
    ),
    "postings of a transfer that is gone": (
        "DELETE FROM ledger_transfer WHERE id = {newest_transfer}",
        "transfer {transfer}: there",
    ),
    "a balance": ("UPDATE ledger_ledgeraccount SET total = total + 1 WHERE account_id = {account}", "ledger account "),
    "who may be below zero": (
        "UPDATE ledger_ledgeraccount SET may_be_negative = true WHERE account_id = {account}",
        "commit to ",
    ),
    "a hash": (
        "UPDATE engine_journal SET hash = sha256(hash) WHERE last_sequence = (SELECT max(last_sequence) FROM engine_journal)",
        "commit to {newest}: its hash is not",
    ),
    "a hash that is gone": (
        "UPDATE engine_journal SET hash = NULL WHERE last_sequence = (SELECT max(last_sequence) FROM engine_journal)",
        "commit to {newest}: it carries no hash",
    ),
    "a commit that is gone": (
        "DELETE FROM engine_journal WHERE last_sequence = (SELECT max(last_sequence) FROM engine_journal)",
        "{stray}",
    ),
    "an order of rows": (
        "UPDATE ledger_posting SET leg = 90 WHERE leg = 0 AND transfer_id = {newest_transfer}; UPDATE ledger_posting SET leg = 0 "
        "WHERE leg = 1 AND transfer_id = {newest_transfer}; UPDATE ledger_posting SET leg = 1 WHERE leg = 90",
        "commit to {newest}: its hash is not",
    ),
}


@pytest.mark.parametrize("what", IN_THE_BOOKS)
def test_what_was_changed_in_the_database_is_named(day: Day, ask: Callable[..., str], what: str) -> None:
    statement, named = IN_THE_BOOKS[what]
    newest = Journal.objects.order_by("-last_sequence")[0].last_sequence
    plant(statement, day.names)
    told = ask(proof_of(day))
    trade = day.names["newest_trade"]
    names = {"trade": trade, "fill": 2 * trade, "transfer": day.names["newest_transfer"], "newest": newest, "stray": ""}
    assert told.startswith(f"WRONG: {named.format(**names)}"), told


# --- other lives --------------------------------------------------------------------------------------------------------------


def test_commits_of_the_version_before_are_told_to_have_no_hash(world: World, ask: Callable[..., str]) -> None:
    settle_as_before(world, 3)
    world.restart()
    world.submit(world.bob, "BUY", "1", "90.00")
    told = ask(proof_of(world))
    assert told.startswith("RIGHT:") and "3 of the commits carry no hash" in told
    settle_as_before(world)
    assert ": it carries no hash, and the chain has begun" in ask(proof_of(world))


def test_a_range_before_which_there_was_no_chain_says_so(world: World, ask: Callable[..., str]) -> None:
    settle_as_before(world, 3)
    world.restart()
    world.submit(world.bob, "BUY", "1", "90.00")
    newest = Journal.objects.order_by("-last_sequence")[0]
    told = ask(proof_of(world, Range(newest.first_sequence, newest.last_sequence)))
    assert told.startswith("RIGHT:") and "The chain begins within this file" in told


def test_numbers_that_a_restoration_passed_over_are_no_gap(world: World, ask: Callable[..., str]) -> None:
    last = Journal.objects.order_by("-last_sequence")[0].last_sequence
    LostRange.objects.create(lane="engine", after_sequence=last, up_to_sequence=last + 10**6)
    world.restart()
    world.submit(world.bob, "BUY", "1", "90.00")
    assert ask(proof_of(world)).startswith("RIGHT:") and world.violations() == []
    LostRange.objects.all().delete()
    assert f"it begins at {last + 10**6}, and the one before it ended at {last}" in ask(proof_of(world))


# --- keys and signatures ------------------------------------------------------------------------------------------------------

#: RFC 8032, section 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_tool_s_signatures_are_those_of_the_standard(tool: ModuleType, public: str, message: str, signature: str) -> None:
    key, text, right = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert tool.is_signed(key, text, right)
    assert not tool.is_signed(key, text + b"x", right)
    assert not tool.is_signed(key, text, right[:32] + (int.from_bytes(right[32:], "little") + tool.ORDER).to_bytes(32, "little"))
    assert not tool.is_signed(bytes(31) + b"\xff", text, right) and not tool.is_signed(b"", text, b"")


def test_the_tool_takes_what_the_venue_signs_and_nothing_else(tool: ModuleType) -> None:
    for number in range(10):
        key, message = Ed25519PrivateKey.generate(), bytes([number]) * number
        public, signature = key.public_key().public_bytes_raw(), key.sign(message)
        assert tool.is_signed(public, message, signature)
        wrong = bytearray(signature)
        wrong[number * 6] ^= 1
        assert not tool.is_signed(public, message, bytes(wrong))


def test_the_key_is_made_once_and_nobody_else_may_read_it(db: None, tmp_path: Path) -> None:
    path = tmp_path / "keys" / "proof.pem"
    made = publish(load_key(path))
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert publish(load_key(path)) == made and [key for key, _ in list_proof_keys()] == [made]
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("text", ["", "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_is_no_key_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "proof.pem"
    path.write_text(text)
    with pytest.raises(KeyFileError, match="is no private key"):
        load_key(path)
    assert path.read_text() == text
