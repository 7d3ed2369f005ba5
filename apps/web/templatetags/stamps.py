"""A part of a page that is drawn once and then stamped: what differs from one row to the next is put into its holes.

A row of a table has some thirty addresses, classes and labels, and Django asks for each again in every row. With

    {% stamp id=order.id %}<a href="{% url 'orders:history' %}{{ id }}/amend/">Amend {{ id }}</a>{% endstamp %}

the inside is rendered once for as long as the process runs, with a hole for ``id``; a row costs the look-up of ``order.id``.
The inside sees its holes and nothing else, neither the row nor the request, so nothing of one row or reader can be in another's.
Nor can it ask what is in a hole: an ``if`` about one belongs around the stamp.
"""

import re
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, render_value_in_context, token_kwargs
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

register = template.Library()

#: Around the number of a hole: two characters that no template has.
_OPEN, _CLOSE = "\ue000", "\ue001"
_HOLE = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")


class _Hole:
    """Stands for a value that is not there yet: it may be written, and nothing else."""

    def __init__(self, number: int) -> None:
        self._mark = f"{_OPEN}{number}{_CLOSE}"
        self.was_asked = False  # an ``if`` of two parts swallows what is raised while it is decided

    def __str__(self) -> str:
        return self._mark

    def __bool__(self) -> bool:
        self.was_asked = True
        return True

    def __eq__(self, other: object) -> bool:
        self.was_asked = True
        return self is other

    def __hash__(self) -> int:
        return id(self)


class _Holes(Context):
    """What the inside of a stamp knows; to ask for anything else is a mistake, where a template would show nothing."""

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)
        except KeyError:
            raise template.TemplateSyntaxError(f"{key!r} is not among what this stamp is filled with") from None


class StampNode(template.Node):
    """``_texts`` are the pieces between the holes, ``_order`` the numbers of the holes between them, once it has been drawn."""

    def __init__(self, nodelist: NodeList, filled_with: dict[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self._filled_with = filled_with
        self._drawn: tuple[list[str], list[int]] | None = None

    def render(self, context: Context) -> SafeString:
        texts, order = self._drawn = self._drawn or self._draw(context)
        values = [_text(expression.resolve(context), context) for expression in self._filled_with.values()]
        pieces = list(texts)
        for place, number in enumerate(order):
            pieces[2 * place + 1] = values[number]
        return SafeString("".join(pieces))

    def _draw(self, context: Context) -> tuple[list[str], list[int]]:
        if context.template is None:
            raise template.TemplateSyntaxError("a stamp is a part of a template that is being rendered")
        holes = {name: _Hole(number) for number, name in enumerate(self._filled_with)}
        inside = _Holes(holes)
        with inside.bind_template(context.template):
            found = _HOLE.split(self.nodelist.render(inside))
        if any(hole.was_asked for hole in holes.values()):
            raise template.TemplateSyntaxError("a stamp cannot ask what is in a hole: put the question around it")
        return found, [int(number) for number in found[1::2]]


def _text(value: Any, context: Context) -> str:
    """As ``{{ value }}`` would write it. Whole numbers and what is safe already are most of it, and take no more than this."""
    if type(value) is int:
        return str(value)
    if type(value) is SafeString:
        return value
    return str(conditional_escape(value)) if isinstance(value, str) else str(render_value_in_context(value, context))


@register.tag
def stamp(parser: Parser, token: Token) -> StampNode:
    """``{% stamp name=value … %}``: the inside, drawn once, with each ``{{ name }}`` in it replaced by this ``value``."""
    words = token.split_contents()[1:]
    filled_with = token_kwargs(words, parser)
    if words or not filled_with:
        raise template.TemplateSyntaxError("a stamp takes names and values: {% stamp id=order.id %}")
    nodelist = parser.parse(("endstamp",))
    parser.delete_first_token()
    return StampNode(nodelist, filled_with)
