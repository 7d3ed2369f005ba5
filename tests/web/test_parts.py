"""Icons and helps, as a template asks for them."""

import pytest
from django.template import Context, Template, TemplateSyntaxError


def render(text: str) -> str:
    return Template("{% load parts %}" + text).render(Context({"sly": "<b>"}))


def test_an_icon_is_drawn_in_the_page_and_says_nothing() -> None:
    drawn = render('{% icon "star" %}')
    assert drawn.startswith('<svg class="icon"') and 'aria-hidden="true"' in drawn
    assert "<path" in drawn and drawn.count("<svg") == 1
    assert 'fill="currentColor"' in render('{% icon "star" "solid" %}')


@pytest.mark.parametrize("words", ['"no-such-icon"', '"../../package"', '"Star"', '""', '"star" "dotted"'])
def test_an_icon_that_is_not_there_is_an_error_of_the_template(words: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        render(f"{{% icon {words} %}}")


def test_a_help_is_a_button_with_a_name_that_opens_its_words() -> None:
    drawn = render('{% hint "the spread" "Ask minus bid." %}')
    assert '<summary aria-label="What is the spread?">' in drawn and "<p>Ask minus bid.</p>" in drawn


def test_the_words_of_a_help_are_text() -> None:
    assert "&lt;b&gt;" in render('{% hint "it" sly %}')
