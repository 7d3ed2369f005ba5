"""The import contracts hold, and each of them bites: a violation is planted in a copy and must be found."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Contract -> (file in the copy, a line that breaks it).
PLANTED: dict[str, tuple[str, str]] = {
    "layers": ("apps/ledger/selectors.py", "from apps.orders import selectors as planted"),
    "wiring": ("apps/accounts/access.py", "import tredye.urls as planted"),
    "inside": ("apps/ledger/selectors.py", "from apps.ledger import views as planted"),
    "core": ("apps/core/clock.py", "import django"),
    "degraded": ("apps/degraded/evidence.py", "import redis"),
    "matching": ("apps/engine/matching/book.py", "import random"),
    "kafka": ("apps/eventlog/consumer.py", "import kafka"),
    "logs": ("apps/marketdata/logline.py", "from apps.eventlog.kafka import adapter as planted"),
    "channels": ("apps/orders/forms.py", "import channels"),
    "metrics": ("apps/ledger/forms.py", "import prometheus_client"),
    "models-accounts": ("apps/orders/forms.py", "from apps.accounts import models as planted"),
    "models-instruments": ("apps/orders/forms.py", "from apps.instruments import models as planted"),
    "models-ledger": ("apps/portfolio/views/portfolio.py", "from apps.ledger import models as planted"),
    "models-receipts": ("apps/orders/forms.py", "from apps.receipts import models as planted"),
    "models-orders": ("apps/portfolio/views/portfolio.py", "from apps.orders import models as planted"),
    "models-marketdata": ("apps/portfolio/views/portfolio.py", "from apps.marketdata import models as planted"),
    "models-alerts": ("apps/web/context.py", "from apps.alerts import models as planted"),
    "models-jobs": ("apps/engine/reconciliation_job.py", "from apps.jobs import models as planted"),
    "models-operations": ("apps/web/context.py", "from apps.operations import models as planted"),
    "models-privacy": ("apps/web/context.py", "from apps.privacy import models as planted"),
    "celery": ("apps/portfolio/equity_job.py", "import celery"),
    "spans": ("apps/web/context.py", "import opentelemetry"),
    "calendars": ("apps/instruments/selectors.py", "import holidays"),
    "models-portfolio": ("apps/web/context.py", "from apps.portfolio import models as planted"),
    "models-watchlists": ("apps/web/context.py", "from apps.watchlists import models as planted"),
    "support": ("apps/support/finding.py", "from apps.orders import services as planted"),
    "models-backoffice": ("apps/web/context.py", "from apps.backoffice import models as planted"),
}


@cache
def contracts() -> dict[str, str]:
    """Id -> name of every contract in ``.importlinter``."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    prefix = "importlinter:contract:"
    return {section.removeprefix(prefix): parser[section]["name"] for section in parser.sections() if section.startswith(prefix)}


def lint(root: Path) -> dict[str, str]:
    """Name of each contract -> KEPT or BROKEN."""
    program = str(Path(sys.executable).with_name("lint-imports"))
    environment = os.environ | {"PYTHONPATH": str(root), "COLUMNS": "300"}
    done = subprocess.run(
        [program, "--no-cache"], cwd=root, env=environment, capture_output=True, text=True, timeout=100, check=False
    )
    found = dict(re.findall(r"^(.+?) (KEPT|BROKEN)(?: .*)?$", done.stdout, re.MULTILINE))
    assert len(found) == len(contracts()), done.stdout + done.stderr
    return found


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    for name in ("apps", "tredye"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", root)
    return root


def test_every_contract_is_kept() -> None:
    assert {name: state for name, state in lint(ROOT).items() if state != "KEPT"} == {}


def test_every_contract_has_a_planted_violation() -> None:
    assert set(PLANTED) == set(contracts())


def test_planted_violations_are_found(copied: Path) -> None:
    """All are planted at once, because one run reads the whole tree; each contract must name its own."""
    for path, line in PLANTED.values():
        file = copied / path
        file.write_text(f"{file.read_text()}\n{line}  # planted\n")
    assert lint(copied) == dict.fromkeys(contracts().values(), "BROKEN")
