"""After a deletion the books are what they were: chain, proof, every law, the replay, and what is made again from them."""

import importlib.util
import io
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from apps.commands.types import Actor, Withdraw
from apps.core.enums import Role
from apps.engine.proof import find_range, write_proof
from apps.grants.roles import Role as Login
from apps.portfolio.models import Position, PositionFill
from apps.portfolio.services import rebuild
from apps.privacy.deletion_job import carry_out
from tests.engine.world import World
from tests.logins import as_login
from tests.privacy.canaries import ask, person_of

TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_proof.py"
KEY = Ed25519PrivateKey.generate()


def proof_of(world: World) -> bytes:
    file = io.BytesIO()
    write_proof(world.raw, file, KEY, find_range(world.raw))
    return file.getvalue()


def without_instant(proof: bytes) -> list[Any]:
    """Every line but the signature, which is over the instant of making it."""
    lines = [json.loads(line) for line in proof.splitlines()][:-1]
    return [{name: value for name, value in line.items() if name != "made_at"} for line in lines]


def verified(path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> str:
    spec = importlib.util.spec_from_file_location("verify_proof", TOOL)
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    monkeypatch.setattr(sys, "argv", ["verify_proof.py", str(path)])
    assert tool.main() == 0
    return str(capsys.readouterr().out)


def take_out(world: World, account: Any, asset: str, amount: str) -> None:
    actor = Actor(account.user_id, Role.CUSTOMER)
    answer = world.do(Withdraw(command_id=world.new_id(), actor=actor, account_id=account.pk, asset=asset, amount=amount))
    assert not answer.reason, answer


def projected() -> tuple[list[Any], list[Any]]:
    positions = Position.objects.order_by("account_id", "instrument_id").values_list(
        "account_id", "instrument_id", "quantity", "cost", "realized_pnl", "fees", "last_sequence"
    )
    fills = PositionFill.objects.order_by("pk").values_list("pk", flat=True)
    return list(positions), list(fills)


def test_the_same_proof_laws_replay_and_projections_before_and_after(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    world = World()
    world.submit(world.alice, "SELL", "2", "100.00")
    world.submit(world.bob, "BUY", "2", "100.00")
    world.submit(world.bob, "BUY", "1", "98.00")
    held = dict(
        world.raw.execute(
            "SELECT a.code, l.total FROM ledger_ledgeraccount l JOIN instruments_asset a ON a.id = l.asset_id"
            " WHERE l.account_id = %s", [world.alice.pk],
        ).fetchall()
    )  # fmt: skip
    for asset, total in held.items():
        take_out(world, world.alice, asset, f"{total:f}")
    rebuild()
    before, shown = proof_of(world), projected()
    assert world.violations() == [] and world.replay() == []

    ask(world.alice)
    with as_login(Login.JOBS):
        assert carry_out(date(2026, 11, 21), lambda text: None) == {"done": 1, "put_off": 0, "again": 0}

    after = proof_of(world)
    assert "tredye.example" not in after.decode()
    assert without_instant(after) == without_instant(before)
    (tmp_path / "proof.jsonl").write_bytes(after)
    assert verified(tmp_path / "proof.jsonl", monkeypatch, capsys).startswith("RIGHT:")
    assert world.violations() == [] and world.replay() == []
    rebuild()
    assert projected() == shown
    assert person_of(world.alice).email.endswith("@deleted.invalid")
    world.restart()
    assert world.replay() == [], "and a new engine goes on from there"
    world.quote("99.00", "101.00")
    world.submit(world.bob, "BUY", "1", "101.00")
    assert world.violations() == [] and world.replay() == []
