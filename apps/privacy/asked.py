"""What the person of a request has asked for: read once, for the page and for its frame."""

from django.http import HttpRequest

from apps.privacy.selectors import DeletionView, find_open

_UNSET = object()


def asked_deletion(request: HttpRequest, user_id: int) -> DeletionView | None:
    """The deletion that the person has asked for and may still take back."""
    found = getattr(request, "_tredye_deletion", _UNSET)
    if found is _UNSET:
        found = request._tredye_deletion = find_open(user_id)  # type: ignore[attr-defined]
    return found  # type: ignore[return-value]
