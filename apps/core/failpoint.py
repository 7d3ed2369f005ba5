"""Named places where a test may make the process die, raise or wait. Nothing is done, and next to nothing spent, unless
the environment asks: ``FAILPOINT=name:nth:action`` with the action ``exit`` (as kill -9 would), ``raise`` or ``sleep``.
"""

import os
import time

SLEEP_S = 30.0


class FailpointError(RuntimeError):
    """Raised by the action ``raise``."""


def _parse(text: str) -> tuple[str, int, str]:
    name, nth, action = text.split(":")
    if action not in ("exit", "raise", "sleep"):
        raise ValueError(f"FAILPOINT action must be exit, raise or sleep, was {action}")
    return name, int(nth), action


_wanted: tuple[str, int, str] | None = _parse(os.environ["FAILPOINT"]) if os.environ.get("FAILPOINT") else None
_passed = 0


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
    if action == "raise":
        raise FailpointError(_wanted[0] if _wanted else "")
    time.sleep(SLEEP_S)
