"""What the console reads from people and addresses."""

import re
import secrets
import unicodedata
from dataclasses import dataclass

from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from apps.backoffice.services import ReasonError, read_reason
from apps.commands.types import COMMAND_ID_PATTERN

#: As long as the trail's subject, so that it says the whole of what was searched for.
QUERY_LENGTH_MAX = 80
TICKET_LENGTH_MAX = 20
PATH_LENGTH_MAX = 500
_TICKET = re.compile(rf"[A-Za-z0-9#_-]{{1,{TICKET_LENGTH_MAX}}}", re.ASCII)


class QueryError(ValueError):
    """This cannot be searched for; the message says why."""


@dataclass(slots=True)
class CaseForm:
    """``error`` is empty when ``full_reason`` may be written into the trail."""

    reason: str = ""
    ticket: str = ""
    full_reason: str = ""
    error: str = ""


def read_case(reason: str, ticket: str) -> CaseForm:
    """The reason of a case with its ticket, checked as the trail will check it."""
    form = CaseForm(reason=reason[:300], ticket=ticket.strip()[:60])
    if form.ticket and not _TICKET.fullmatch(form.ticket):
        form.error = f"A ticket is 1 to {TICKET_LENGTH_MAX} letters, digits, # - or _."
        return form
    try:
        alone = read_reason(reason)
        form.full_reason = read_reason(f"{alone} (ticket {form.ticket})") if form.ticket else alone
    except ReasonError as error:
        form.error = f"{error} The ticket counts." if form.ticket else str(error)
    return form


def read_query(text: str) -> str:
    """Return what to search for, trimmed; raises :class:`QueryError`."""
    query = unicodedata.normalize("NFC", " ".join(text.split()))
    if not query:
        raise QueryError("Type an e-mail address, a name, or an id.")
    if len(query) > QUERY_LENGTH_MAX:
        raise QueryError(f"Type at most {QUERY_LENGTH_MAX} characters; the beginning of an address or a name is enough.")
    if not query.isprintable():
        raise QueryError("Type characters that can be seen.")
    return query


def new_form_id() -> str:
    """What makes a form that is sent twice one request."""
    return secrets.token_urlsafe(18)


def read_form_id(text: str) -> str:
    """The id as it came; empty for what can be none."""
    return text if re.fullmatch(COMMAND_ID_PATTERN, text, re.ASCII) else ""


def is_own_path(path: str) -> bool:
    """Whether ``path`` is a page of the console that shows something: the only place to go back to from the case."""
    if not path.startswith(reverse("support:search")) or len(path) > PATH_LENGTH_MAX or not path.isprintable():
        return False
    if not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return False
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return False
    return match.namespace == "support" and match.url_name not in ("case", "close_case")
