"""How much is tried: little in ``make test``, the same every time; much in ``make prove``, and something new each time.

The long lane's budgets are those of a night. ``TREDYE_PROVE`` is the share of it that is tried, ``1/50`` unless it is set.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

SHARE = Fraction(os.environ.get("TREDYE_PROVE", "1/50"))


def try_ordinary(machine: type[RuleBasedStateMachine], programs: int, steps: int, part: int) -> None:
    """So many programs of at most so many steps, the same in every run, and others in each ``part``."""
    with whatever_is_imported():
        run_state_machine_as_test(seed(part)(_subclass(machine)), settings=_settings(programs, steps, derandomize=True))


def try_at_length(machine: type[RuleBasedStateMachine], programs: int, steps: int) -> None:
    """The share of a night's programs, others in every run; a failure prints what makes it come again."""
    most = max(1, int(programs * SHARE))
    run_state_machine_as_test(machine, settings=_settings(most, steps, derandomize=False))


def seeds(of_a_night: int) -> range:
    """The share of a night's seeds."""
    return range(max(1, int(of_a_night * SHARE)))


@contextmanager
def whatever_is_imported() -> Iterator[None]:
    """Hypothesis draws from the constants of whatever modules of ours are loaded: it would depend on the tests before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(providers, "_get_local_constants", Constants)
        providers.CONSTANTS_CACHE.cache.clear()
        try:
            yield
        finally:
            providers.CONSTANTS_CACHE.cache.clear()


def _subclass(machine: type[RuleBasedStateMachine]) -> type[Any]:
    """The seed is written to the class."""
    return type(machine.__name__, (machine,), {})


def _settings(programs: int, steps: int, *, derandomize: bool) -> settings:
    return settings(
        max_examples=programs,
        stateful_step_count=steps,
        derandomize=derandomize,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        # A failure carries its program. To make it short takes minutes, for which the ordinary lane has no time.
        phases=(Phase.explicit, Phase.generate) if derandomize else tuple(Phase),
    )
