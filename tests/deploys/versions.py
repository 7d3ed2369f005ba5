"""Two versions of the product beside each other on one database: processes of a tree of its own, by the table of today."""

import http.client
import signal
import subprocess
import tarfile
import time
from io import BytesIO
from pathlib import Path

from stack.cluster import Cluster
from stack.environment import process_environment
from stack.processes import TREDYE, Ready
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
#: On a machine that is busy; no promise, only the end of waiting.
START_S = 300.0


def former_tree(commit: str, directory: Path) -> Path | None:
    """The project as it was at ``commit``; None where its history is not at hand."""
    command = ["git", "archive", commit]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if found.returncode:
        return None
    with tarfile.open(fileobj=BytesIO(found.stdout)) as archive:
        archive.extractall(directory, filter="data")
    (directory / "node_modules").symlink_to(ROOT / "node_modules")
    return directory


class Version:
    """Starts processes of one tree on the servers of ``cluster``, ends them, and knows how they ended."""

    def __init__(self, cluster: Cluster, tree: Path, name: str, logs: Path) -> None:
        self._cluster = cluster
        self._tree = tree
        self._name = name
        self._logs = logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def manage(self, *arguments: str) -> str:
        command = [str(self._cluster.settings.venv_python), "manage.py", *arguments]
        done = subprocess.run(command, cwd=self._tree, env=self._cluster.env, capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *names: str) -> None:
        """Start processes of the table and return when they are ready."""
        for name in names:
            process = next(each for each in TREDYE.processes if each.name == name)
            env = process_environment(self._cluster.settings, self._cluster.env, process)
            program = str(self._cluster.settings.venv_python)
            argv = [program, *(part.format_map(env) for part in process.arguments[1:])]
            with self.log(name).open("wb") as log:
                self.running[name] = subprocess.Popen(argv, cwd=self._tree, env=env, stdout=log, stderr=log)
        for name in names:
            wait_until(lambda name=name: self._is_ready(name), START_S, f"{self._name}'s {name}")

    def end(self, name: str) -> tuple[int, float]:
        """As a deploy does: SIGTERM. The exit code, and how many seconds it took."""
        process, began = self.running.pop(name), time.monotonic()
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(90), time.monotonic() - began
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(30)
            raise AssertionError(f"{self._name}'s {name} does not end: {self.log(name).read_text()[-2000:]}") from None

    def end_all(self) -> None:
        for process in self.running.values():
            process.kill()
        for process in self.running.values():
            process.wait(30)
        self.running.clear()

    def log(self, name: str) -> Path:
        return self._logs / f"{self._name}-{name}.log"

    def _is_ready(self, name: str) -> bool:
        text = self.log(name).read_text(errors="replace")
        assert self.running[name].poll() is None, f"{self._name}'s {name} has ended: {text[-2000:]}"
        ready = next(each.ready for each in TREDYE.processes if each.name == name)
        if ready is Ready.ENGINE or name == "standby":
            return " serves " in text or "waiting for the lease" in text
        paths = {Ready.WEB: "/readyz", Ready.STREAM: "/livez"}
        if ready in paths:
            return status_of(self._cluster.settings.ports[name], paths[ready]) == http.client.OK
        return status_of(self._cluster.settings.ports[f"metrics-{name}"], "/metrics") == http.client.OK


def status_of(port: int, path: str) -> int:
    """0 when nobody answers."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("GET", path, headers={"Host": f"localhost:{port}"})
        return link.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        link.close()
