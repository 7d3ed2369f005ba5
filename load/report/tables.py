"""Tables and facts of the report."""

from collections.abc import Iterable, Sequence
from html import escape

from load.report.charts import number_text

Cell = str | float | int | None


class Marked(str):
    """A cell with a class of the style."""

    kind = ""

    @classmethod
    def of(cls, text: str, kind: str) -> "Marked":
        cell = cls(text)
        cell.kind = kind
        return cell


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], none: str = "Nothing was measured.") -> str:
    """Numbers stand right; a head that ends with ``>`` is of numbers."""
    body = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
    if not body:
        return f'<div class="table"><table><caption>{escape(caption)}</caption></table><p class="none">{escape(none)}</p></div>'
    head = "".join(f'<th class="n">{escape(h[:-1])}</th>' if h.endswith(">") else f"<th>{escape(h)}</th>" for h in heads)
    begin = f'<div class="table"><table><caption>{escape(caption)}</caption>'
    return f"{begin}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Marked):
        return f'<td class="{escape(cell.kind)}">{escape(cell)}</td>'
    if isinstance(cell, str):
        return f'<td class="long">{escape(cell)}</td>' if len(cell) > 60 else f"<td>{escape(cell)}</td>"
    return f'<td class="n">{number_text(cell)}</td>'


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    return f'<dl class="facts">{"".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in pairs)}</dl>'
