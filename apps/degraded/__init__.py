"""What may be done now: one contract for pages, stream, API and engine.

Three parts, and what others use of them is here:

- :mod:`apps.degraded.table` is the contract, pure data: for each dependency that is away, and each thing that a customer may want
  to do, whether it may be done, is reduced, or may not; with the sentence for the customer, a code for programs, and when to try
  again.
- :mod:`apps.degraded.evidence` is what this process itself really saw. Whoever uses a dependency reports, and asks nobody::

      saw(Dependency.POSTGRES)                        # a statement or a commit worked
      failed(Dependency.POSTGRES, "no connection")    # it did not, because the dependency is not there

  Both are safe from any thread, by a monotonic clock, and cost well below a microsecond while all is well. One failure is no
  outage: a dependency is away after two that lie half a second apart with nothing seen between them, and back a second after it
  was seen again. A caller that has waited says for how long (``waited_s``); that counts as the time in which nothing was seen.
  ``standing(Dependency.POSTGRES)`` tells what that comes to: whether it is away, since when, why, and how long ago it was seen.
- :mod:`apps.degraded.judging` joins the two: ``may(Action.CANCEL)`` is a verdict, ``modes()`` what a banner says.

Nothing here asks anything of a server, waits, or raises for what is away.
"""

from apps.degraded.evidence import Standing, Witness, failed, forget, saw, standing
from apps.degraded.judging import TEXTS, Mode, Modes, may, modes
from apps.degraded.table import CODES, TABLE, Action, Dependency, Effect, Fault, Rule, Verdict, judge

__all__ = [
    "CODES",
    "TABLE",
    "TEXTS",
    "Action",
    "Dependency",
    "Effect",
    "Fault",
    "Mode",
    "Modes",
    "Rule",
    "Standing",
    "Verdict",
    "Witness",
    "failed",
    "forget",
    "judge",
    "may",
    "modes",
    "saw",
    "standing",
]
