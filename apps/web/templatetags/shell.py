"""Pieces of the page that need to know where the reader is."""

from django import template
from django.template.context import RequestContext

register = template.Library()


@register.inclusion_tag("web/_nav_link.html", takes_context=True)
def nav_link(context: RequestContext, path: str, label: str) -> dict[str, object]:
    """A link of the main navigation; marked as the current page on ``path`` and everything below it."""
    here: str = context["request"].path if "request" in context else ""
    return {"path": path, "label": label, "current": here.startswith(path)}
