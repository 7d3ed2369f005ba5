"""Programs that the machine itself must have. As root they are installed from Debian's archive; else the error says
how."""

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Sequence

from stack.context import Context
from stack.errors import StackError

# apt's lock is machine-wide, and two of our own installations must not fight over it.
_apt = threading.Lock()


def ensure_program(
    context: Context, what: str, find: Callable[[], str | None], packages: Sequence[str], *, otherwise: str = ""
) -> str:
    """Return what `find` finds, after installing `packages` if that is needed and possible.

    Raises StackError that says what is missing and how to get it.
    """
    if found := find():
        return found
    by_hand = f"Install it: sudo apt-get install {' '.join(packages)}"
    way_out = f"{by_hand}{f', or {otherwise}' if otherwise else ''}"
    prefix = _root_prefix()
    if prefix is None or not shutil.which("apt-get"):
        raise StackError(f"{what} is missing on this machine", way_out)
    with _apt, context.progress.step(f"Installing {what} ({' '.join(packages)}) with apt-get") as step:
        env = {**context.settings.tool_env(), "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
        for argv in (["apt-get", "update"], install):
            context.run(
                [*prefix, *argv],
                failure=f"{what} is missing and apt-get could not install it",
                way_out=way_out,
                log="setup-apt",
                env=env,
                step=step,
                timeout_s=900,
            )
    if found := find():
        return found
    raise StackError(f"{what} is still missing after apt-get installed {' '.join(packages)}", way_out)


def apt_update(context: Context) -> bool:
    """Fetch the list of packages; False where this user may not. Raises StackError when apt-get cannot."""
    prefix = _root_prefix()
    if prefix is None:
        return False
    with _apt:
        context.run([*prefix, "apt-get", "update"], failure="apt-get could not update its list", log="setup-apt", timeout_s=300)
    return True


def _root_prefix() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if not sudo:
        return None
    allowed = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False, timeout=10)
    return [sudo, "-n"] if allowed.returncode == 0 else None
