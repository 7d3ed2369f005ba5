"""The virtual environment and what is in it, by lockfile: nothing that is not pinned with its hash is installed."""

import hashlib
import shutil
import sys
from pathlib import Path

from stack.context import Context
from stack.errors import StackError
from stack.packages import ensure_program

INSTALL_TIMEOUT_S = 1_200


def ensure(context: Context, *lockfiles: str) -> None:
    """Make the environment and install these lockfiles, unless stamps say that it was done."""
    settings = context.settings
    with context.progress.step("Python packages") as step:
        if not _is_sound(settings.venv_python):
            _create(context)
        missing = [name for name in lockfiles if not _is_stamped(context, name)]
        step.result = f"installed {', '.join(missing)}" if missing else "up to date"
        for name in missing:
            step.note = name
            context.run(
                [str(settings.venv_python), "-m", "pip", "install", *_PIP_OPTIONS, "-r", name],
                failure=f"pip could not install {name}",
                way_out="Is a package index reachable? (PIP_INDEX_URL and PIP_CERT are honoured.)",
                log="setup-pip",
                step=step,
                timeout_s=INSTALL_TIMEOUT_S,
            )
            _stamp(context, name).write_text(_fingerprint(context, name))


_PIP_OPTIONS = ["--require-hashes", "--no-input", "--progress-bar=off", "--disable-pip-version-check"]


def _is_sound(python: Path) -> bool:
    """An environment breaks when the interpreter that made it goes away or the project is moved."""
    return python.exists() and (python.parents[1] / "pyvenv.cfg").exists()


def _create(context: Context) -> None:
    settings = context.settings
    if settings.venv.exists() and any(settings.venv.iterdir()):
        if settings.venv != settings.root / ".venv":
            raise StackError(
                f"TREDYE_VENV={settings.venv} is not a virtual environment and not empty", "Name another place."
            )
        shutil.rmtree(settings.venv)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    ensure_program(context, "Python's venv module", _find_ensurepip, [f"python{version}-venv"])
    context.run(
        [sys.executable, "-m", "venv", str(settings.venv)],
        failure=f"the virtual environment {settings.venv} could not be made",
        log="setup-pip",
        timeout_s=120,
    )


def _find_ensurepip() -> str | None:
    # Debian splits it off; the module's own directory tells without importing it.
    bundled = Path(shutil.__file__).with_name("ensurepip") / "__init__.py"
    return str(bundled) if bundled.exists() else None


def _stamp(context: Context, name: str) -> Path:
    return context.settings.venv / f".tredye-{name}.stamp"


def _fingerprint(context: Context, name: str) -> str:
    digest = hashlib.sha256((context.settings.root / name).read_bytes())
    # The same files in another place or under another interpreter are another installation.
    digest.update(f"{context.settings.venv}{context.settings.venv_python.resolve()}".encode())
    return digest.hexdigest()


def _is_stamped(context: Context, name: str) -> bool:
    stamp = _stamp(context, name)
    return stamp.exists() and stamp.read_text() == _fingerprint(context, name)


def site_packages(venv: Path) -> Path:
    """Where the environment's packages are. Raises StackError when it has none."""
    for found in sorted(venv.glob("lib/python3*/site-packages")):
        return found
    raise StackError(f"{venv} has no site-packages", f"Remove it and try again: rm -r {venv}")
