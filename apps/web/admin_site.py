"""The Django admin, behind the same log-in and the same second factor as everything else of the staff."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse

from apps.accounts.access import LoginRequiredError, SecondFactorRequiredError, access_staff
from apps.core.enums import Role


class StaffSite(AdminSite):
    """No log-in page of its own: a visitor goes to the product's, anybody else but an admin finds nothing."""

    site_header = "Tredye"
    site_title = "Tredye"
    index_title = "Administration"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only lists of our own are shown: those that packages bring along write, and show secrets."""
        if admin_class is not None and admin_class.__module__.startswith("apps."):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        try:
            access_staff(request, Role.ADMIN)
        except (LoginRequiredError, SecondFactorRequiredError, Http404):
            return False
        return True

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            access_staff(request, Role.ADMIN)
            return inner(request, *args, **kwargs)

        return guarded

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        raise Http404("one log-in for all")
