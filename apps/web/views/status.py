"""The public status page. It must be there when nothing else is: without the database it stands alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from apps.accounts.fragments import is_partial
from apps.engine.status import list_proof_keys
from apps.ledger.day_hashes import list_day_hashes
from apps.web.status import get_status


@require_safe
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    found = get_status(timezone.now())
    knows_more = found.engine is not None or found.prices is not None
    if knows_more and is_partial(request):
        return render(request, "web/_status.html", {"status": found})
    return render(request, "web/status.html" if knows_more else "web/status_alone.html", {"status": found})


@require_safe
@cache_control(public=True, max_age=300)
def hashes(request: HttpRequest) -> HttpResponse:
    """Every day's hash, newest first, and the keys, for programs and for keeping: ``tools/verify_proof.py`` reads it."""
    lines = ["# Tredye. Of each UTC day: the day, the engine's sequence after its last commit, the hash of that commit."]
    lines += [f"# key {key} since {at:%Y-%m-%d}" for key, at in list_proof_keys()]
    lines += [f"{view.day} {view.last_sequence} {view.hash}" for view in list_day_hashes()]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=us-ascii")
