"""Checks that raise. ``assert`` disappears under ``-O``; money may not depend on an interpreter's flag."""


class ConditionFailedError(ValueError):
    """The caller passed something that the callee's contract excludes."""


class InvariantError(RuntimeError):
    """A law of the product does not hold: our own bug. Whoever sees it stops rather than goes on."""


def check(condition: bool, message: str) -> None:
    """Raise :class:`ConditionFailedError` unless ``condition`` holds: the caller's fault."""
    if not condition:
        raise ConditionFailedError(f"Condition failed: {message}")


def check_invariant(condition: bool, message: str) -> None:
    """Raise :class:`InvariantError` unless ``condition`` holds: our own fault."""
    if not condition:
        raise InvariantError(f"Invariant: {message}")
