"""Small parts of pages: icons, and the short help beside a number that is not obvious."""

import re
from collections.abc import Container
from functools import cache

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_LOOKS = {
    "outline": mark_safe('fill="none" stroke="currentColor" stroke-width="1.75"'),
    "solid": mark_safe('fill="currentColor"'),
}


def _drawing(name: str, style: str) -> SafeString:
    """The inside of an icon of Heroicons. The file comes by lockfile, so it is trusted as code is."""
    if not _NAME.fullmatch(name) or style not in _LOOKS:
        raise template.TemplateSyntaxError(
            f"an icon has a name in small letters, and is outline or solid, was {name!r} {style!r}"
        )
    path = settings.NODE_MODULES / f"heroicons/24/{style}/{name}.svg"  # a path takes no SafeString, as a template's literal is
    try:
        found = _DRAWING.search(path.read_text())
    except FileNotFoundError as error:
        raise template.TemplateSyntaxError(f"Heroicons has no {name!r}; see node_modules/heroicons/24/{style}") from error
    if found is None:
        raise template.TemplateSyntaxError(f"the icon {name!r} is no drawing")
    return mark_safe(" ".join(found[1].split()))  # noqa: S308


@register.simple_tag
@cache
def icon(name: str, style: str = "outline") -> SafeString:
    """An icon of Heroicons by its name, in the colour and size of the text around it. Decoration: say in words what it means."""
    drawing = _drawing(name, style)
    return format_html('<svg class="icon" viewBox="0 0 24 24" {} aria-hidden="true">{}</svg>', _LOOKS[style], drawing)


@register.filter
def among(value: object, values: Container[object] | None) -> bool:
    """Whether ``value`` is one of ``values``."""
    return bool(values) and value in values  # type: ignore[operator]


@register.inclusion_tag("web/_hint.html")
def hint(of: str, words: str) -> dict[str, str]:
    """A question mark that opens ``words``, a sentence or two on what ``of`` is. Works without JavaScript and by touch."""
    return {"of": of, "words": words}
