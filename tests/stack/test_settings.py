"""The settings as a process of its own reads them."""

import os
import subprocess
import sys
from pathlib import Path


def test_a_relative_var_dir_becomes_an_address_of_the_engine(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    read = "from tredye.settings.env import VAR_DIR; print(VAR_DIR)"
    environment = os.environ | {"VAR_DIR": "var", "PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", read], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=30)
    assert done.stdout.strip() == str(tmp_path / "var")
