"""The pure parts of the scripts of lists and search are tested in Node, where they run as they do in a browser."""

import shutil
import subprocess
from pathlib import Path

RULES = Path(__file__).parent / "rules.test.cjs"


def test_the_rules_of_lists_and_search_hold_in_node() -> None:
    node = shutil.which("node")
    assert node, "node is needed to test the page's scripts"
    run = subprocess.run([node, "--test", str(RULES)], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stdout[-6000:]
    assert f"# pass {RULES.read_text().count(chr(10) + 'test(')}\n" in run.stdout
