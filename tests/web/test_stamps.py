"""Parts of a page that are drawn once and stamped into every row."""

from decimal import Decimal

import pytest
from django.template import Context, Template, TemplateSyntaxError


def render(text: str, **values: object) -> str:
    return Template(f"{{% load stamps numbers parts %}}{text}").render(Context(values))


def test_each_row_has_its_own_values_in_the_same_drawing() -> None:
    stamp = '{% stamp id=row.id price=row.price|price:2 %}<a href="{{ id }}">{{ price }}</a> {{ id }}.{% endstamp %}'
    text = f"{{% for row in rows %}}{stamp}{{% endfor %}}"
    rows = [{"id": 1234, "price": Decimal("1234.5")}, {"id": 2, "price": None}]
    assert render(text, rows=rows) == '<a href="1234">1,234.50</a> 1234.<a href="2">–</a> 2.'


def test_what_a_stamp_is_filled_with_is_escaped_as_anywhere() -> None:
    assert render("{% stamp name=name %}<i>{{ name }}</i>{% endstamp %}", name='<b>&"') == "<i>&lt;b&gt;&amp;&quot;</i>"


def test_a_stamp_without_holes_and_with_a_part_of_its_own() -> None:
    text = '{% stamp id=id %}{% include "orders/_cancel.html" %}{% endstamp %}'
    assert 'formaction="/orders/7/cancel/"' in render(text, id=7)
    assert render("{% stamp id=id %}same{% endstamp %}", id=7) == "same"


@pytest.mark.parametrize(
    "inside",
    [
        "{{ row.price }}",
        "{{ request.user }}",
        "{% if id %}x{% endif %}",
        "{% if id == 5 %}x{% endif %}",
        "{% if other %}x{% endif %}",
    ],
)
def test_the_inside_sees_nothing_of_one_row(inside: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="stamp"):
        render(f"{{% stamp id=row.id %}}{inside}{{% endstamp %}}", row={"id": 5, "price": 1}, request=None, other=True)


@pytest.mark.parametrize("words", ["", "row.id", "row.id as id"])
def test_a_stamp_is_filled_by_name(words: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="stamp"):
        render(f"{{% stamp {words} %}}{{% endstamp %}}")
