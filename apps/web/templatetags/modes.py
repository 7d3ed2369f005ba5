"""What may not be done now, on a page: the banner, and the buttons that would be refused.

A button names what it does, ``<button {% asks "cancel" %}>``: where that may not be done it comes disabled, and ``modes.js``
turns it off and on as the stream tells, without a reload. Beside it, ``{% refusal "cancel" %}`` is the sentence, hidden while it
may. Names are those of :class:`apps.degraded.Action`; several are separated by a blank. Inside a ``{% stamp %}``, which is drawn
once for all readers and times, write ``data-asks="cancel"`` instead.
"""

import json

from django import template
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from apps.degraded import CODES, Action, Verdict, may, modes

register = template.Library()


def _refused(actions: str) -> Verdict | None:
    """The first refusal of ``actions``; a name that there is not is a mistake of the template's and raises ValueError."""
    verdicts = [may(Action(name)) for name in actions.split()]
    return next((verdict for verdict in verdicts if not verdict.allowed), None)


@register.simple_tag
def asks(actions: str, blocked: bool = False) -> SafeString:
    """The attributes of a button that does ``actions``. ``blocked``: it is off for a reason of its own, whatever may be done."""
    found = _refused(actions)
    off = mark_safe(" disabled") if blocked or found else ""
    own = mark_safe(" data-blocked") if blocked else ""
    refused = format_html(' data-refused title="{}"', found.sentence) if found else ""
    return format_html('data-asks="{}"{}{}{}', actions, off, own, refused)


@register.simple_tag
def refusal(actions: str) -> SafeString:
    """The sentence beside the button: why ``actions`` may not be done, and since when."""
    found = _refused(actions)
    if found is None or found.since is None:
        return format_html('<p class="refusal" data-asks-note="{}" hidden></p>', actions)
    since = timezone.localtime(found.since).strftime("%H:%M:%S")
    text = f"{found.sentence} Since {since}; the button is back by itself."  # as modes.js writes it
    return format_html('<p class="refusal" data-asks-note="{}">{}</p>', actions, text)


@register.simple_tag
def sentence(code: str) -> str:
    """What a code of a refusal says, for a script that finds out by itself that it would come."""
    return CODES[code]


@register.inclusion_tag("web/_modes.html", takes_context=True)
def modes_banner(context: RequestContext) -> dict[str, object]:
    """The one banner of a page. Asks nobody: it is there when the database is not."""
    found = modes()
    shell = context.get("shell")
    return {
        "modes": found,
        "wire": json.dumps(found.wire()) if found else "",
        "zone": timezone.get_current_timezone_name(),
        "funding_waits": bool(shell and shell.funding_waits),
    }
