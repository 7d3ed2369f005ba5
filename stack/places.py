"""Where the servers' files are: in var/, or, when their unprivileged user cannot get there, in a stable place that it
can.

Only root meets the second case: the project may lie below a directory that lets nobody else in (``mktemp -d``, a root
home). Whether it does is found out by trying, as that user.
"""

import hashlib
import os
import pwd
import shutil
import stat
import threading
from pathlib import Path

from stack.context import Context
from stack.errors import StackError
from stack.identity import Identity

_ELSEWHERE = Path("/var/tmp")  # noqa: S108 - survives a reboot as the servers' data should; ownership is checked below


class Places:
    """Directories and programs that a server's user can reach."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._said = False
        self._lock = threading.Lock()

    def directory(self, name: str, identity: Identity | None) -> Path:
        """A server's own directory, made with mode 0700."""
        settings = self._context.settings
        wanted = settings.var / name
        _make_private(wanted, identity)
        if identity is None or identity.may("-w", wanted):
            return wanted
        _remove_if_empty(wanted)
        elsewhere = self.elsewhere() / wanted.relative_to(settings.home)
        _make_private(elsewhere, identity)
        if not identity.may("-w", elsewhere):
            raise StackError(
                f"the user {identity.name}, whom the servers run as, can write neither {wanted} nor {elsewhere}"
            )
        self._say_elsewhere(identity)
        return elsewhere

    def elsewhere(self) -> Path:
        """The stable place outside the project, one for each project directory."""
        place = self._elsewhere_path()
        place.mkdir(mode=0o711, exist_ok=True)
        found = place.lstat()
        # Anybody can write to /var/tmp: somebody else's directory, or a link, must not become ours.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise StackError(f"{place} is not a directory that only this user can write", "Remove it and try again.")
        place.chmod(0o711)
        return place

    def elsewhere_if_any(self) -> Path | None:
        return self.elsewhere() if self._elsewhere_path().is_dir() else None

    def _elsewhere_path(self) -> Path:
        digest = hashlib.sha256(str(self._context.settings.home).encode()).hexdigest()[:12]
        return _ELSEWHERE / f"tredye-{digest}"

    def reachable_tree(
        self, tree: Path, program: str, identity: Identity | None, *, libraries: Path | None = None
    ) -> Path:
        """`tree`, or a copy of it, such that the user can execute `tree`/`program`.

        `libraries` is a directory that the program finds by its place relative to its own (a wheel's bundled libraries): its
        copy lies likewise.
        """
        if identity is None or identity.may("-x", tree / program):
            return tree
        whole = self.elsewhere() / f"{tree.name}-{hashlib.sha256(str(tree).encode()).hexdigest()[:8]}"
        copies = {tree: whole}
        if libraries is not None:
            copies = {libraries: whole / libraries.name, tree: whole / tree.relative_to(libraries.parent)}
        copy = copies[tree]
        with self._lock:
            if _newest_change(copy / program) < _newest_change(tree / program):
                for original, place in copies.items():
                    _copy_readable(original, place)
                make_readable(whole)
        if not identity.may("-x", copy / program):
            raise StackError(
                f"the user {identity.name} can execute neither {tree / program} nor a copy of it in {copy}"
            )
        return copy

    def check_program(self, program: str, identity: Identity | None) -> None:
        """Raises StackError when the servers' user may not execute a program of the machine."""
        if identity and not identity.may("-x", Path(program)):
            raise StackError(
                f"the user {identity.name}, whom the servers run as, may not execute {program}",
                "Install it where every user can reach it (the system's package does).",
            )

    def remove_all(self) -> None:
        """Remove a throw-away stack's data, in both places; its logs stay, and those of stacks within it."""
        settings = self._context.settings
        if settings.var == settings.home:
            raise StackError("only the data of a throw-away stack may be removed")
        for entry in settings.var.iterdir():
            if entry.is_dir() and entry != settings.logs and not entry.name.startswith("test-"):
                shutil.rmtree(entry)
        if self._said:
            shutil.rmtree(self.elsewhere() / settings.var.relative_to(settings.home))

    def _say_elsewhere(self, identity: Identity) -> None:
        with self._lock:
            if self._said:
                return
            self._said = True
        self._context.progress.say(
            f"The user {identity.name}, whom a server runs as, cannot reach {self._context.settings.home}; "
            f"the servers' files are in {self.elsewhere()}"
        )


def _make_private(directory: Path, identity: Identity | None) -> None:
    for parent in (directory.parent.parent, directory.parent):
        if not parent.exists():
            parent.mkdir(parents=True)
            # Passable whatever the umask: the directories below have modes of their own.
            parent.chmod(0o755)
    directory.mkdir(exist_ok=True)
    owner = identity.uid if identity else os.geteuid()
    if directory.stat().st_uid != owner:
        _hand_over(directory, identity)
    directory.chmod(0o700)


def _hand_over(directory: Path, identity: Identity | None) -> None:
    """Give what another user made (a run as root after one as a normal user, say) to the one whom the server runs as."""
    if identity is None:
        raise StackError(
            f"{directory} belongs to {_name_of(directory.stat().st_uid)}, not to this user",
            f"Run it as before, or start with an empty market: sudo rm -r {directory}",
        )
    for path in (directory, *directory.rglob("*")):
        os.chown(path, identity.uid, identity.gid, follow_symlinks=False)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _remove_if_empty(directory: Path) -> None:
    try:
        directory.rmdir()
    except OSError:
        # Data from a time when it could be reached stays; it is not ours to throw away.
        pass


def _newest_change(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _copy_readable(source: Path, target: Path) -> None:
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, partial, symlinks=True)
    os.replace(partial, target)


def make_readable(tree: Path) -> None:
    """Let everybody read a tree of downloaded files, whatever the umask was; nothing in it is secret."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
