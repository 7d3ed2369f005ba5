"""Nothing that is secret leaves the process in words: not in a log line, not on an error page, not in a probe's reason.

Secrets hide themselves (``repr`` shows none), but a library makes text of them: a connection string, a URL in a message. So what
goes out is looked through for them at the end.
"""

from functools import cache
from html import escape

from django.conf import settings
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

#: Shorter ones are words that occur by themselves; no setting takes a secret that short, only a URL's password can be one.
CHARACTERS_MIN = 5
SHOWN = "***"


@cache
def _forms(hidden: frozenset[str]) -> tuple[str, ...]:
    """Every way to write a secret, longest first, so that none is cut by another that it contains."""
    plain = {str(text) for text in hidden if len(text) >= CHARACTERS_MIN}
    forms = plain | {repr(text)[1:-1] for text in plain} | {escape(text) for text in plain}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def hide(text: str) -> str:
    """Return ``text`` with every secret of the settings left out."""
    for form in _forms(settings.HIDDEN_TEXTS):
        if form in text:
            text = text.replace(form, SHOWN)
    return text


class Reporter(ExceptionReporter):
    """Django's error pages and error mails, which print the variables of every frame."""

    def get_traceback_html(self) -> SafeString:
        return SafeString(hide(super().get_traceback_html()))

    def get_traceback_text(self) -> SafeString:
        return SafeString(hide(super().get_traceback_text()))
