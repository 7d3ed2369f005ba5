"""The operators' page: for admins, where there is no Grafana."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.access import access_staff
from apps.accounts.fragments import is_partial
from apps.core.enums import Role
from apps.operations.board import get_board


@require_safe
@never_cache
def operators(request: HttpRequest) -> HttpResponse:
    access_staff(request, Role.ADMIN)
    board = get_board(timezone.now())
    return render(request, "operations/_board.html" if is_partial(request) else "operations/board.html", {"board": board})
