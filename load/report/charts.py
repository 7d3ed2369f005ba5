"""Lines over time as SVG in the page itself: no script, no network, colours from the page's style."""

import math
from collections.abc import Mapping, Sequence
from html import escape

Points = Sequence[tuple[float, float]]
_WIDTH, _HEIGHT = 560.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 8.0, 8.0, 20.0
#: Kinds of lines that the style knows: colour and dashes both, since not everybody sees the colours.
KINDS = 10


def line_chart(title: str, unit: str, series: Mapping[str, Points], note: str = "", x_unit: str = "s") -> str:
    """A figure with one line for each series that has points; a sentence in its place when none has."""
    shown = {name: points for name, points in series.items() if points}
    if not shown:
        return f'<figure class="chart"><figcaption>{escape(title)}</figcaption><p class="none">Nothing was measured.</p></figure>'
    x_max = max(x for points in shown.values() for x, _ in points) or 1.0
    y_ticks = ticks(max(y for points in shown.values() for _, y in points))
    y_max = y_ticks[-1]
    parts = [_grid(y_ticks, ticks(x_max), x_max, y_max, x_unit)]
    legend = []
    for number, (name, points) in enumerate(shown.items()):
        kind = number % KINDS
        path = " ".join(f"{_x(x, x_max):.1f},{_y(y, y_max):.1f}" for x, y in points)
        mark = f'<circle class="k{kind} dot" cx="{_x(points[0][0], x_max):.1f}" cy="{_y(points[0][1], y_max):.1f}" r="2.5"/>'
        parts.append(f'<polyline class="k{kind}" points="{path}"/>' if len(points) > 1 else mark)
        highest = max(y for _, y in points)
        legend.append(
            '<li><svg class="key" viewBox="0 0 22 6" aria-hidden="true">'
            f'<line class="k{kind}" x1="0" y1="3" x2="22" y2="3"/></svg>'
            f"{escape(name)} <b>{number_text(highest)}</b></li>"
        )
    described = f"{title}, {unit}: " + ", ".join(f"{name} up to {number_text(max(y for _, y in p))}" for name, p in shown.items())
    lead = f"{unit}; " if unit else ""
    return (
        f'<figure class="chart"><figcaption>{escape(title)} <span>{escape(lead)}in bold the highest</span></figcaption>'
        f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="{escape(described)}">{"".join(parts)}</svg>'
        f'<ul class="legend">{"".join(legend)}</ul>{f"<p>{escape(note)}</p>" if note else ""}</figure>'
    )


def ticks(highest: float) -> list[float]:
    """Round numbers from 0 to at least ``highest``, four to six of them."""
    if highest <= 0:
        return [0.0, 1.0]
    raw = highest / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    count = math.ceil(highest / step - 1e-9)
    return [number * step for number in range(count + 1)]


def number_text(value: float | None) -> str:
    """Three digits or so, thousands apart."""
    if value is None:
        return "–"
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def _grid(y_ticks: list[float], x_ticks: list[float], x_max: float, y_max: float, x_unit: str) -> str:
    parts = []
    for tick in y_ticks:
        y = _y(tick, y_max)
        parts.append(f'<line class="grid" x1="{_LEFT:g}" x2="{_WIDTH - _RIGHT:g}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="y" x="{_LEFT - 5:g}" y="{y + 3.5:.1f}">{number_text(tick)}</text>')
    for tick in x_ticks:
        if tick <= x_max:
            text = f"{number_text(tick)} {x_unit if tick else ''}"
            parts.append(f'<text class="x" x="{_x(tick, x_max):.1f}" y="{_HEIGHT - 5:g}">{text}</text>')
    return "".join(parts)


def _x(value: float, highest: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * max(value, 0.0) / highest


def _y(value: float, highest: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - value / highest)
