"""Fuzzing with Hypothesis: the same examples in every ``make test``, others in each ``make prove``; and what is said by people
who do not know the protocol, or know it well."""

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.engine.lanes import SHARE, whatever_is_imported
from tests.web.corpus import EVERYTHING

T = TypeVar("T")

_TEXTS = st.sampled_from([text for text in EVERYTHING if len(text) < 2_000]) | st.text(max_size=40)
_NUMBERS = st.integers() | st.sampled_from([0, -1, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63), 2**64 - 1]) | st.floats()
#: Whatever a format such as JSON can say, and more than a field should be given.
VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)
#: Numbers as an order would spell them, good and bad.
SPELLED = (
    st.sampled_from(
        ["0.001", "1", "95.00", "90.005", "-1", "0", "1e3", "NaN", "Infinity", "１２", "9" * 30, "0." + "0" * 30 + "1", " 1"]
    )
    | st.decimals(allow_nan=True).map(str)
    | st.integers().map(str)
)


def changed(document: dict[str, Any], *, numbers: tuple[str, ...] = ()) -> st.SearchStrategy[dict[str, Any]]:
    """``document`` with a few of its members lost, other than they were, or more; ``numbers`` are often spelled as such."""

    def apply(changes: list[tuple[str, str, Any, str]]) -> dict[str, Any]:
        made = dict(document)
        for name, kind, value, number in changes:
            if kind == "lose":
                made.pop(name, None)
            else:
                made[name] = number if kind == "spell" and name in numbers else value
        return made

    names = st.sampled_from([*document, *numbers, "extra", "account_id", "is_staff"])
    kinds = st.sampled_from(["lose", "value", "spell", "spell"])
    return st.lists(st.tuples(names, kinds, VALUES, SPELLED), max_size=4).map(apply)


def fuzz(strategy: st.SearchStrategy[T], attempt: Callable[[T], None], examples: int) -> None:
    """``attempt`` so many examples, the same in every run."""
    with whatever_is_imported():
        _run(strategy, attempt, examples, derandomize=True)


def fuzz_at_length(strategy: st.SearchStrategy[T], attempt: Callable[[T], None], of_a_night: int) -> None:
    """The share of a night's examples, others in every run; a failure is made short and prints what makes it come again."""
    _run(strategy, attempt, max(1, int(of_a_night * SHARE)), derandomize=False)


def _run(strategy: st.SearchStrategy[T], attempt: Callable[[T], None], examples: int, *, derandomize: bool) -> None:
    @settings(
        max_examples=examples,
        derandomize=derandomize,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,) if derandomize else (Phase.generate, Phase.shrink),
    )
    @given(strategy)
    def run(example: T) -> None:
        attempt(example)

    run()
