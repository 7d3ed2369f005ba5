"""The benchmark's own C programs, compiled when it starts: a client or a floor in Python would itself be the limit."""

import os
import shutil
import subprocess
from pathlib import Path

from bench.database import ROOT

HERE = Path(__file__).parent


class NoCompilerError(RuntimeError):
    """There is no C compiler, so no client that is faster than what it measures."""


def build(*programs: str) -> dict[str, Path]:
    """Compile ``programs`` into VAR_DIR and return where each is; what is newer than its sources is left as it is."""
    directory = Path(os.environ.get("VAR_DIR") or ROOT / "var") / "bench"
    directory.mkdir(parents=True, exist_ok=True)
    newest = max(source.stat().st_mtime for source in HERE.glob("*.[ch]"))
    built = {program: directory / program for program in programs}
    for program, binary in built.items():
        if not binary.exists() or binary.stat().st_mtime < newest:
            _compile(sorted(HERE.glob(f"{program}*.c")), binary)
    return built


def _compile(sources: list[Path], binary: Path) -> None:
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        raise NoCompilerError("no C compiler was found; install one (Debian: apt-get install gcc libc6-dev) or name it in CC")
    command = [compiler, "-O2", "-Wall", "-Wextra", "-o", str(binary), *map(str, sources)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise NoCompilerError(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
