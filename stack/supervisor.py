"""Keeps processes running and stops them in order.

Not honcho or its like, which stop everything when one process ends: the engine is crash-only. On any database error it
exits, and the next one reloads its state and goes on, so an exit here is an event to answer, not the end. Restarts wait
0.2 s at first, twice as long each time up to 5 s, and begin anew after ten seconds of life.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterable

from stack.child import Child, Spec, exit_text
from stack.errors import StackError
from stack.progress import seconds_text

__all__ = ["Child", "Spec", "Supervisor"]

TICK_S = 0.1
APP_GRACE_S = 10.0
SERVER_GRACE_S = 20.0


class Supervisor:
    """Starts, watches, restarts and stops. All state is behind one lock; one thread does the watching."""

    def __init__(
        self, show: Callable[[str, str], None], *, changed: Callable[[list[Child]], None] | None = None
    ) -> None:
        self._show = show
        self._report = changed or (lambda children: None)
        self._children: dict[str, Child] = {}
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    def start(self, spec: Spec) -> Child:
        with self._lock:
            if self._ending:
                raise StackError(f"{spec.name} is not started any more: everything is being stopped")
            child = Child(spec, self._show, self._wake.set)
            child.start()
            self._children[spec.name] = child
            self._report(list(self._children.values()))
            return child

    def child(self, name: str) -> Child:
        """The child of that name. Raises StackError when there is none."""
        with self._lock:
            if name not in self._children:
                raise StackError(f"no process {name!r} here; there are {', '.join(self._children) or 'none'}")
            return self._children[name]

    def children(self) -> list[Child]:
        with self._lock:
            return list(self._children.values())

    def forget(self, name: str) -> None:
        """Stop one child and supervise it no longer."""
        self._stop_group([self.child(name)], SERVER_GRACE_S, threading.Event())
        with self._lock:
            self._children.pop(name).close()

    def signal(self, name: str, number: int) -> int:
        """Send a signal to one child's processes; returns the pid that got it. Raises StackError when it is not
        running."""
        with self._lock:
            child = self.child(name)
            if child.process is None:
                raise StackError(f"{name} {exit_text(child.exit_code)}")
            child.send(number)
            return child.process.pid

    def _watch(self) -> None:
        while not self._ending:
            self._wake.wait(TICK_S)
            self._wake.clear()
            with self._lock:
                if self._ending:
                    return
                for child in self._children.values():
                    self._tend(child)

    def _tend(self, child: Child) -> None:
        if child.reap():
            wait_s = child.plan_restart()
            self._show(child.name, f"{exit_text(child.exit_code)}; starts again in {seconds_text(wait_s)}")
        elif child.restart_at is not None and time.monotonic() >= child.restart_at:
            child.restarts += 1
            try:
                child.start()
            except StackError as error:
                self._show(child.name, str(error))
                child.plan_restart()
            self._report(list(self._children.values()))

    def stop(self, hurry: threading.Event) -> None:
        """Stop the doors, then the other processes, then each server in the reverse order of the table. `hurry` cuts every
        wait short."""
        with self._lock:
            self._ending = True
            children = list(self._children.values())
        self._wake.set()
        self._thread.join(timeout=5)
        processes = [child for child in children if not child.spec.is_server]
        # What the doors have taken in is still done: an order that is under way meets an engine.
        for group in ([c for c in processes if c.spec.is_door], [c for c in processes if not c.spec.is_door]):
            self._stop_group(group, APP_GRACE_S, hurry)
        order = {"kafka": 0, "redis": 1, "postgres": 2, "postgres-standby": 3}
        for server in sorted((c for c in children if c.spec.is_server), key=lambda c: order.get(c.name, 0)):
            self._stop_group([server], SERVER_GRACE_S, hurry)
        for child in children:
            child.close()
        self._report([])

    def _stop_group(self, children: Iterable[Child], grace_s: float, hurry: threading.Event) -> None:
        """Ask them to end, all at once; after `grace_s`, or when there is a hurry, tell them; at last make them."""
        waiting = [child for child in children if self._ask(child)]
        start = time.monotonic()
        hurried = killed = False
        while waiting:
            with self._lock:
                waiting = [child for child in waiting if child.is_alive and not child.reap()]
            seconds = time.monotonic() - start
            if waiting and not hurried and (hurry.is_set() or seconds > grace_s):
                hurried, start = True, time.monotonic()
                self._send_all(waiting, [child.spec.hurry_signal for child in waiting])
            elif waiting and hurried and not killed and seconds > 5:
                killed = True
                self._send_all(waiting, [signal.SIGKILL] * len(waiting))
            if waiting:
                self._wake.wait(0.02)
                self._wake.clear()

    def _ask(self, child: Child) -> bool:
        with self._lock:
            child.restart_at = None
            if child.process is None or child.reap():
                return False
            # A frozen process would not hear the wish to stop.
            child.send(signal.SIGCONT)
            process = child.process
            process.send_signal(child.spec.stop_signal)
            return True

    def _send_all(self, children: list[Child], numbers: list[int]) -> None:
        for child, number in zip(children, numbers, strict=True):
            self._show(child.name, f"does not stop; sending it {signal.Signals(number).name}")
            child.send(number)
