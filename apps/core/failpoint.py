"""Named places where a test may make the process die, raise or wait. Nothing is done, and next to nothing spent, unless
the setting asks: ``FAILPOINT=name:nth:action`` with the action ``exit`` (as kill -9 would), ``stop`` (frozen until SIGCONT),
``raise`` or ``sleep``.
"""

import os
import signal
import time

SLEEP_S = 30.0


class FailpointError(RuntimeError):
    """Raised by the action ``raise``."""


_wanted: tuple[str, int, str] | None = None
_passed = 0


def arm(text: str) -> None:
    """From now on do what the setting asks for, ``name:nth:action``, counted anew; nothing when it is empty."""
    global _wanted, _passed
    _wanted, _passed = None, 0
    if text:
        name, nth, action = text.split(":")
        _wanted = name, int(nth), action


def failpoint(name: str) -> None:
    """Do what FAILPOINT asks when ``name`` is passed for the nth time."""
    if _wanted is not None and _wanted[0] == name:
        _reach(_wanted[1], _wanted[2])


def _reach(nth: int, action: str) -> None:
    global _passed
    _passed += 1
    if _passed != nth:
        return
    if action == "exit":
        os._exit(137)
    if action == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
        return
    if action == "raise":
        raise FailpointError(_wanted[0] if _wanted else "")
    time.sleep(SLEEP_S)
