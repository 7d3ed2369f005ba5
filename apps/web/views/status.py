"""The public status page. It must be there when nothing else is: without the database it stands alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.fragments import is_partial
from apps.web.status import get_status


@require_safe
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    found = get_status(timezone.now())
    knows_more = found.engine is not None or found.prices is not None
    if knows_more and is_partial(request):
        return render(request, "web/_status.html", {"status": found})
    return render(request, "web/status.html" if knows_more else "web/status_alone.html", {"status": found})
