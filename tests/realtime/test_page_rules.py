"""The pure parts of the page's scripts are tested in Node, where they run as they do in a browser."""

import json
import os
import random
import shutil
import subprocess
import zlib
from pathlib import Path

HERE = Path(__file__).parent / "rules"


def _checksums() -> dict[str, int]:
    """Texts as a book's are, and what the server's checksum of them is."""
    generator = random.Random(7)
    levels = [f"{generator.randint(1, 99999)}.{generator.randint(0, 99):02}:{generator.random():.8f}:0" for _ in range(400)]
    texts = ["|".join(levels[first : first + first % 21]) for first in range(40)]
    return {text: zlib.crc32(text.encode("ascii")) for text in texts}


def test_the_pages_rules_hold_in_node() -> None:
    node = shutil.which("node")
    assert node, "node is needed to test the page's scripts"
    files = sorted(str(path) for path in HERE.glob("*.test.cjs"))
    environment = os.environ | {"CRC_VECTORS": json.dumps(_checksums())}
    run = subprocess.run([node, "--test", *files], capture_output=True, text=True, timeout=100, env=environment)
    assert run.returncode == 0, run.stdout[-6000:]
    assert f"# tests {sum(path.read_text().count(chr(10) + 'test(') for path in map(Path, files))}\n" in run.stdout
    assert "# skipped 0" in run.stdout
