"""Planting a bug: one line of the core becomes another, wherever it is called."""

import inspect
from types import ModuleType

import pytest

from apps.engine.matching import ending, entering, orders, trading, venue


def rewrite(patch: pytest.MonkeyPatch, function: str, right: str, wrong: str, module: ModuleType = trading) -> None:
    """Replace one line of a function, wherever the venue calls it."""
    before = getattr(module, function)
    source = inspect.getsource(before)
    assert source.count(right) == 1, f"{function} changed: plant this bug anew"
    namespace = vars(module).copy()
    exec(source.replace(right, wrong), vars(module), namespace)
    patch.setattr(module, function, namespace[function])
    for user in (ending, entering, orders):
        if getattr(user, function, None) is before:
            patch.setattr(user, function, namespace[function])
    for command, handler in venue._HANDLERS.items():
        if handler is before:
            patch.setitem(venue._HANDLERS, command, namespace[function])
