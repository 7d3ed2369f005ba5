"""What an engine's start costs: the next one serves when this process has been made."""

import subprocess
import sys

from tests.engine.processes import ROOT

LOADED = """
import sys
from unittest import mock
from manage import main
sys.argv = ["manage.py", "run_engine"]
with mock.patch("apps.engine.management.commands.run_engine.Command.handle", return_value=None):
    main()
print(*sorted(sys.modules))
"""


def test_an_engine_starts_without_the_web_servers() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    loaded = set(done.stdout.split())
    assert "apps.engine.server" in loaded
    assert not loaded & {"daphne", "autobahn", "twisted.internet.reactor", "uvicorn", "celery", "kafka"}
