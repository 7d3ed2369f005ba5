"""The public status page. It must be there when nothing else is: without the database it stands alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.web.status import get_status


@require_safe
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    found = get_status(timezone.now())
    template = "web/status.html" if found.engine is not None or found.prices is not None else "web/status_alone.html"
    return render(request, template, {"status": found})
