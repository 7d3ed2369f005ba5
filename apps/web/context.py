"""What the base page needs to know, for every template: ``{{ shell }}``. Attributes are read when a template asks for them."""

import secrets
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.functional import cached_property

from apps.accounts.access import find_account
from apps.accounts.login_digest import login_digest
from apps.accounts.selectors import AccountView
from apps.alerts.selectors import Bell, get_bell
from apps.engine.status import find_kill_reason
from apps.observability.beacon import Page
from apps.orders.sequences import get_last_account_sequence
from apps.privacy.asked import asked_deletion
from apps.privacy.selectors import DeletionView

THEMES = ("dark", "light")
THEME_COOKIE = "theme"
_CONSOLE = "django.core.mail.backends.console.EmailBackend"
_FILES = "django.core.mail.backends.filebased.EmailBackend"

#: In this order: what stands later may refine what stands before.
STYLESHEETS = (
    *(f"web/{name}.css" for name in ("tokens", "base", "layout", "controls", "tables", "hint", "feedback", "palette")),
    "realtime/realtime.css",
    "alerts/bell.css",
    *(f"web/{name}.css" for name in ("market", "ticket", "pages")),
)

#: The page's end of the stream, in the order in which they need each other.
STREAM_SCRIPTS = tuple(
    f"realtime/{name}.js" for name in ("numbers", "buffer", "screen", "paint", "modes", "chip", "account", "stream")
)
#: The shared worker, and what it is made of: the hub of the tabs.
STREAM_WORKER = tuple(f"realtime/{name}.js" for name in ("worker", "rules", "buffer", "book", "tabs", "line", "poll", "hub"))


#: The kinds of pages that measurements are told apart by; whatever is not here is "other".
_KINDS: dict[str, Page] = {
    "web:landing": "landing",
    "web:markets": "markets",
    "web:instrument": "instrument",
    "orders:history": "orders",
    "orders:order": "order",
    "portfolio:portfolio": "portfolio",
    "ledger:statement": "ledger",
}


class Shell:
    """Plain values for ``templates/base.html``; a fragment that does not use them costs no query."""

    stylesheets = STYLESHEETS
    ticket_url = "/stream/ticket"
    poll_url = "/markets/quotes"

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        #: The account sequence as it was before anything else was read; None where nobody asked for it in time.
        self.sequence_before: int | None = None

    def note_sequence(self) -> None:
        """To be called before the data of a page is read, so that no event falls between the two."""
        if self.account is not None:
            self.sequence_before = get_last_account_sequence(self.account.id)

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
        if self.sequence_before is None:
            self.note_sequence()
        return self.sequence_before or 0

    @cached_property
    def bell(self) -> Bell:
        """How many notices the account has not read."""
        return get_bell(self.account.id) if self.account is not None else Bell(0, 0)

    @cached_property
    def kill_reason(self) -> str | None:
        """Why all trading is stopped; None when it is not."""
        return find_kill_reason()

    @cached_property
    def deletion(self) -> DeletionView | None:
        """The deletion of all data that the reader has asked for and may still take back; pages of the settings say so."""
        return asked_deletion(self._request, self.account.user_id) if self.account is not None else None

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

    @cached_property
    def beacon(self) -> str:
        """The kind of page that this is, where this view of it is one of those that measure; empty otherwise."""
        if secrets.randbelow(100) >= settings.BEACON_SHARE:
            return ""
        match = self._request.resolver_match
        return _KINDS.get(match.view_name, "other") if match else ""

    @property
    def stream_scripts(self) -> tuple[str, ...]:
        return STREAM_SCRIPTS

    @property
    def stream_worker(self) -> str:
        """The addresses of the worker's scripts. They name their versions, so a new one of any of them is a new worker."""
        return " ".join(static(name) for name in STREAM_WORKER)

    @property
    def login(self) -> str:
        """Which log-in this page is of: tabs of one share a socket, and no others."""
        return login_digest(self._request)


def _shown(path: Path) -> str:
    """The path as it stands in the documents; a visitor is not told where on the machine that is."""
    inside = path.is_relative_to(settings.BASE_DIR)
    return str(path.relative_to(settings.BASE_DIR) if inside else Path(*path.parts[-2:]))


def shell_of(request: HttpRequest) -> Shell:
    """The one of this request: what was read for the page is not read again for its frame."""
    known: Shell | None = getattr(request, "_tredye_shell", None)
    if known is None:
        known = request._tredye_shell = Shell(request)  # type: ignore[attr-defined]
    return known


def shell(request: HttpRequest) -> dict[str, object]:
    return {"shell": shell_of(request)}
