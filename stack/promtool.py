"""Prometheus' own checker of rules, which the tests of the alerts ask: the machine's, or Debian's unpacked beside our downloads.

Installing the package would start a server of it; a program that is only unpacked starts nothing, and needs no root.
"""

import shutil
import tempfile
from pathlib import Path

from stack.context import Context
from stack.errors import StackError
from stack.packages import apt_update

PACKAGE = "prometheus"


def ensure(context: Context) -> str:
    """Path of promtool; empty where it cannot be had, and then the tests say so. PROMTOOL in the environment comes first."""
    downloads = context.settings.downloads
    unpacked = downloads / PACKAGE / "usr" / "bin" / "promtool"
    chosen = context.settings.environ.get("PROMTOOL") or shutil.which("promtool")
    with context.progress.step("promtool") as step:
        if not chosen and not unpacked.exists() and shutil.which("apt-get") and shutil.which("dpkg-deb"):
            step.note = f"fetching Debian's package {PACKAGE}"
            try:
                _fetch(context, downloads)
            except StackError as error:
                step.note = str(error)
        step.result = chosen or (str(unpacked) if unpacked.exists() else "not to be had here")
        return chosen or (str(unpacked) if unpacked.exists() else "")


def _fetch(context: Context, downloads: Path) -> None:
    """Unpack the package into its place, all of it or nothing."""
    downloads.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=downloads, prefix=f"{PACKAGE}-") as place:
        try:
            _download(context, place)
        except StackError:
            # A fresh machine has no list of packages.
            if not apt_update(context):
                raise
            _download(context, place)
        deb = next(Path(place).glob("*.deb"))
        context.run(
            ["dpkg-deb", "-x", str(deb), f"{place}/unpacked"], failure="promtool could not be unpacked", log="setup-promtool"
        )
        Path(place, "unpacked").rename(downloads / PACKAGE)


def _download(context: Context, place: str) -> None:
    argv = ["apt-get", "-o", "APT::Sandbox::User=root", "download", PACKAGE]
    context.run(argv, failure="promtool could not be fetched", log="setup-promtool", cwd=Path(place), timeout_s=300)
