"""The pure parts of the page's scripts are tested in Node, where they run as they do in a browser."""

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent


def test_the_pages_rules_hold_in_node() -> None:
    node = shutil.which("node")
    assert node, "node is needed to test the page's scripts"
    run = subprocess.run([node, "--test", str(HERE / "rules.test.cjs")], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stdout[-4000:]
    assert "# pass 14" in run.stdout
