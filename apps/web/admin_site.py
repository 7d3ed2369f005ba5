"""The Django admin, behind the same log-in and the same second factor as everything else of the staff."""

from typing import Any, cast

from django.contrib.admin import AdminSite
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path, re_path, reverse

from apps.accounts.access import LoginRequiredError, SecondFactorRequiredError, access_staff
from apps.adminlists.pages import ReadOnlyAdmin
from apps.core.enums import Role
from apps.web.overview import read_overview

#: How the tables are listed: from people and money to the machinery. What is not named comes last.
APP_ORDER = (
    "accounts",
    "instruments",
    "orders",
    "ledger",
    "portfolio",
    "alerts",
    "marketdata",
    "backoffice",
    "privacy",
    "jobs",
    "eventlog",
    "engine",
    "account",
)
APP_NAMES = {"backoffice": "Trail of staff", "marketdata": "Market data", "eventlog": "Event log", "account": "E-mail"}


class StaffSite(AdminSite):
    """The front page, and two pages a table. A visitor goes to the product's log-in, anybody else but an admin finds nothing.

    There is no log-in, no password page and no autocompletion of the admin's own.
    """

    site_header = "Tredye"
    site_title = "Tredye"
    index_title = "Administration"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only lists of our own are shown: those that packages bring along write, and show secrets."""
        if admin_class is None or not admin_class.__module__.startswith("apps."):
            return
        if not issubclass(admin_class, ReadOnlyAdmin):
            raise ImproperlyConfigured(f"{admin_class.__name__} must be a ReadOnlyAdmin: the admin writes nothing itself")
        super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        models: list[URLPattern | URLResolver] = [
            path(f"{model._meta.app_label}/{model._meta.model_name}/", include(model_admin.urls))
            for model, model_admin in self._registry.items()
        ]
        front: list[URLPattern | URLResolver] = [path("", self.admin_view(self.index), name="index")]
        return [*front, *models, re_path(r"(?P<url>.*)$", self.admin_view(self.catch_all_view))]

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

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Apps in their order, tables by name. Everybody who comes here sees all of them."""
        apps: dict[str, list[dict[str, str]]] = {}
        for model, model_admin in self._registry.items():
            shown = cast(ReadOnlyAdmin, model_admin)  # register takes nothing else
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            apps.setdefault(model._meta.app_label, []).append({"name": shown.list_name, "admin_url": address})
        place = {label: number for number, label in enumerate(APP_ORDER)}
        return [
            {"name": APP_NAMES.get(label) or label.capitalize(), "models": sorted(models, key=lambda model: model["name"])}
            for label, models in sorted(apps.items(), key=lambda item: place.get(item[0], len(place)))
        ]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        context = {**self.each_context(request), "title": self.index_title, "overview": read_overview(request.user.pk or 0)}
        request.current_app = self.name
        return TemplateResponse(request, "admin/index.html", context)
