"""Front-end libraries from npm, by lockfile, with no install scripts: they are files to serve, not programs to run."""

import hashlib
import shutil

from stack.context import Context
from stack.packages import ensure_program


def ensure(context: Context) -> None:
    """Install node_modules unless its stamp matches the lockfile."""
    settings = context.settings
    fingerprint = hashlib.sha256((settings.root / "package-lock.json").read_bytes()).hexdigest()
    stamp = settings.root / "node_modules" / ".tredye-stamp"
    with context.progress.step("Front-end assets") as step:
        if stamp.exists() and stamp.read_text() == fingerprint:
            step.result = "up to date"
            return
        npm = ensure_program(context, "npm", lambda: shutil.which("npm"), ["npm"])
        context.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            failure="npm could not install the front-end assets",
            way_out="Is the npm registry reachable? (npm's own configuration is honoured.)",
            log="setup-npm",
            step=step,
            timeout_s=600,
        )
        stamp.write_text(fingerprint)
        step.result = "installed"
