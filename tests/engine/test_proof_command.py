"""``manage.py export_proof`` beside a trading engine, and after one that was killed: what it writes is right."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.callers import Feed, Load, accepted, finish
from tests.engine.processes import ROOT, Cluster, cluster

pytestmark = pytest.mark.processes


@pytest.fixture
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    name = f"tredye_proof_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"
    with cluster(tmp_path_factory.mktemp("proof"), name) as made:
        made.start()
        made.fund()
        yield made


def export(engines: Cluster, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = engines.environment | {"PROOF_KEY_FILE": str(engines.directory / "keys" / "proof.pem")}
    return subprocess.run(
        [sys.executable, "manage.py", "export_proof", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=110,
    )  # fmt: skip


def right(path: Path, key: str) -> str:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "tools" / "verify_proof.py"), str(path), "--key", key],
        capture_output=True, text=True, timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_a_proof_is_written_while_people_trade_and_goes_on_over_a_death(engines: Cluster, tmp_path: Path) -> None:
    caller = Load(engines, "proof", deadline_s=20)
    with Feed(engines.url):
        accepted(engines, "warm")
        caller.start()
        engines.until(lambda: len(caller.answers) >= 30, "30 answers")
        meanwhile = export(engines, str(tmp_path / "meanwhile.jsonl"))
        assert meanwhile.returncode == 0, meanwhile.stderr
        engines.kill(engines.engines[-1])
        engines.start()
        engines.until(lambda: len(caller.answers) >= 60, "60 answers", 60)
        finish(engines, [caller])
    with engines.connection() as connection:
        keys = connection.execute("SELECT public_key FROM engine_proofkey").fetchall()
        epochs = connection.execute("SELECT count(DISTINCT epoch), count(*) FILTER (WHERE hash IS NULL) FROM engine_journal")
        assert epochs.fetchone() == (2, 0)
    [(key,)] = keys
    assert f"signed with the key {key}" in meanwhile.stdout
    right(tmp_path / "meanwhile.jsonl", key)

    whole = export(engines, str(tmp_path / "whole.jsonl"))
    assert whole.returncode == 0, whole.stderr
    assert "the chain is unbroken" in right(tmp_path / "whole.jsonl", key), "one key, however often it is used"

    again = export(engines, str(tmp_path / "whole.jsonl"))
    assert again.returncode == 1 and "File exists" in again.stderr
    none = export(engines, str(tmp_path / "none.jsonl"), "--after", str(2**61))
    assert none.returncode == 1 and f"there is no commit above sequence {2**61}" in none.stderr
    early = export(engines, str(tmp_path / "none.jsonl"), "--to-day", "2020-01-01")
    assert early.returncode == 1 and "2020-01-01 has no hash" in early.stderr
    assert not (tmp_path / "none.jsonl").exists()
