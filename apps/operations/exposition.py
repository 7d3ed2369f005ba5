"""Reading what a process shows of itself, as Prometheus would: only the metrics that are wanted, for most are not.

Strict where it looks: a line that is no sample of the text format raises. Pure.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

#: The labels of a sample, in the order of their names.
Labels = tuple[tuple[str, str], ...]

_SAMPLE = re.compile(r"(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?P<labels>.*)\})? (?P<value>[^ ]+)(?: [0-9]+)?")
_LABEL = re.compile(r'(?P<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?P<value>(?:[^"\\]|\\.)*)"(?:,|$)')
_NAME_ENDS = re.compile(r"[ {]")


class UnreadableError(ValueError):
    """It is not the text format of Prometheus."""


@dataclass(frozen=True, slots=True)
class Exposition:
    """Samples by metric's name, as it stands in the text (``…_bucket``, ``…_total``), and then by labels."""

    samples: Mapping[str, Mapping[Labels, float]]

    def value(self, name: str, **labels: str) -> float | None:
        """The one sample with exactly these labels; None without it."""
        return self.samples.get(name, {}).get(tuple(sorted(labels.items())))


def read_exposition(text: str, wanted: Collection[str]) -> Exposition:
    """Read the samples of the ``wanted`` names. Raises :class:`UnreadableError`."""
    found: dict[str, dict[Labels, float]] = {}
    for line in text.splitlines():
        if not line or line[0] == "#" or _NAME_ENDS.split(line, 1)[0] not in wanted:
            continue
        sample = _SAMPLE.fullmatch(line)
        if sample is None:
            raise UnreadableError(f"no sample: {line[:120]!r}")
        found.setdefault(sample["name"], {})[_labels(sample["labels"] or "")] = _number(sample["value"])
    return Exposition(found)


def _labels(text: str) -> Labels:
    labels, at = [], 0
    while at < len(text):
        label = _LABEL.match(text, at)
        if label is None:
            raise UnreadableError(f"no labels: {text[:120]!r}")
        labels.append((label["name"], re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], label["value"])))
        at = label.end()
    return tuple(sorted(labels))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UnreadableError(f"no number: {text[:40]!r}") from None
