"""Pieces of the page that need to know where the reader is."""

from datetime import UTC, datetime, timedelta

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from apps.marketdata.selectors import PriceView

register = template.Library()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@register.inclusion_tag("web/_nav_link.html", takes_context=True)
def nav_link(context: RequestContext, path: str, label: str, icon: str) -> dict[str, object]:
    """A link of the main navigation, marked as the current page on ``path`` and below it. A phone shows ``icon`` too."""
    here: str = context["request"].path if "request" in context else ""
    return {"path": path, "label": label, "icon": icon, "current": here.startswith(path)}


@register.simple_tag(takes_context=True)
def settings_link(context: RequestContext, name: str, label: str) -> SafeString:
    """A tab of the settings; marked as the current page on that route and below it."""
    path = reverse(name)
    here: str = context["request"].path if "request" in context else ""
    current = mark_safe(' aria-current="page"') if here.startswith(path) else ""
    return format_html('<a href="{}"{}>{}</a>', path, current, label)


@register.simple_tag(takes_context=True)
def account_sequence(context: RequestContext) -> SafeString | str:
    """The account event up to which what follows surely shows everything, for the element that shows it.

    Nothing where that was not read before the data: the page then fetches anew at every event.
    """
    shell = context.get("shell")
    sequence = shell.sequence_before if shell is not None else None
    return "" if sequence is None else format_html('data-account-sequence="{}"', sequence)


@register.simple_tag
def quoted(price: PriceView | None) -> SafeString | str:
    """Which quote and print the prices in an element are of: the stream paints over them only what is newer."""
    if not isinstance(price, PriceView):
        return ""
    shown = format_html('data-epoch="{}" data-sequence="{}" data-at="{}"', price.epoch, price.sequence, _ms(price.quoted_at))
    return shown if price.last_at is None else format_html('{} data-last-at="{}"', shown, _ms(price.last_at))


def _ms(instant: datetime) -> int:
    """Rounded down, as the stream's are."""
    return (instant - _EPOCH) // _MILLISECOND
