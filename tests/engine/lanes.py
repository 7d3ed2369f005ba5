"""How much is tried: little in ``make test``, the same every time; much in ``make prove``, and something new each time.

The long lane's budgets are those of a night. ``TREDYE_PROVE`` is the share of it that is tried, ``1/50`` unless it is set.
"""

import os
from fractions import Fraction

from hypothesis import HealthCheck, Phase, settings

SHARE = Fraction(os.environ.get("TREDYE_PROVE", "1/50"))


def ordinary(programs: int, steps: int) -> settings:
    """So many programs of at most so many steps, the same in every run."""
    return _settings(programs, steps, derandomize=True)


def at_length(programs: int, steps: int) -> settings:
    """The share of a night's programs, others in every run; a failure prints what makes it come again."""
    return _settings(max(1, int(programs * SHARE)), steps, derandomize=False)


def seeds(of_a_night: int) -> range:
    """The share of a night's seeds."""
    return range(max(1, int(of_a_night * SHARE)))


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
