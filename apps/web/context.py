"""What the base page needs to know, for every template: ``{{ shell }}``. Attributes are read when a template asks for them."""

from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from apps.accounts.access import find_account
from apps.accounts.selectors import AccountView
from apps.engine.status import find_kill_reason
from apps.orders.sequences import get_last_account_sequence

THEMES = ("dark", "light")
THEME_COOKIE = "theme"
_CONSOLE = "django.core.mail.backends.console.EmailBackend"
_FILES = "django.core.mail.backends.filebased.EmailBackend"

#: In this order: what stands later may refine what stands before.
STYLESHEETS = (
    *(f"web/{name}.css" for name in ("tokens", "base", "layout", "controls", "tables", "feedback")),
    "realtime/realtime.css",
    *(f"web/{name}.css" for name in ("market", "ticket", "pages")),
)


class Shell:
    """Plain values for ``templates/base.html``; a fragment that does not use them costs no query."""

    stylesheets = STYLESHEETS
    ticket_url = "/stream/ticket"

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def theme(self) -> str:
        theme = self._request.COOKIES.get(THEME_COOKIE, "")
        return theme if theme in THEMES else ""

    @cached_property
    def account(self) -> AccountView | None:
        return find_account(self._request)

    @cached_property
    def account_sequence(self) -> int:
        """Of the last account event that this page shows: the stream goes on from there."""
        return get_last_account_sequence(self.account.id) if self.account else 0

    @cached_property
    def kill_reason(self) -> str | None:
        """Why all trading is stopped; None when it is not."""
        return find_kill_reason()

    @property
    def funding_waits(self) -> bool:
        return self.account is not None and not self.account.funded

    @property
    def stream_url(self) -> str:
        return settings.STREAM_URL

    @property
    def mail_place(self) -> str:
        """Where an installation that sends no mail writes it to, for whoever tries it out; empty where mail is sent."""
        if settings.EMAIL_BACKEND == _CONSOLE:
            return _shown(settings.VAR_DIR / "log" / f"{settings.PROCESS_NAME}.log")
        if settings.EMAIL_BACKEND == _FILES:
            return _shown(Path(getattr(settings, "EMAIL_FILE_PATH", "")))
        return ""

    @property
    def stream_scripts(self) -> tuple[str, ...]:
        return ("realtime/paint.js", "realtime/stream.js")


def _shown(path: Path) -> str:
    """The path as it stands in the documents; a visitor is not told where on the machine that is."""
    inside = path.is_relative_to(settings.BASE_DIR)
    return str(path.relative_to(settings.BASE_DIR) if inside else Path(*path.parts[-2:]))


def shell(request: HttpRequest) -> dict[str, object]:
    return {"shell": Shell(request)}
