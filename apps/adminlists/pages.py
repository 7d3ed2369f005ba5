"""``ReadOnlyAdmin``: the list and the detail page of a model, and nothing else.

Django's own change list counts, skips by OFFSET, and takes lookups from the address; its forms can write. These pages replace
both: a model has two addresses, which answer GET only, and a list reads what its declarations say and no more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import ModelAdmin
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.adminlists.cells import Cell, Link, Table, aligned, cell_of_field, label_of_field, make_headings
from apps.adminlists.keyset import PAGE_SIZE, Order, Page, read_page
from apps.adminlists.narrowing import FOUND_MAX, BadInputError, Filter, Input, Narrowed, Search, read_text
from apps.adminlists.reading import TooMuchError, reading

#: Words of an address that every list knows: the search, and where a page starts or ends.
OWN_NAMES = ("q", "after", "before")
PAGE_METHODS = ("GET", "HEAD")
OBJECT_ID_LENGTH_MAX = 120


@dataclass(frozen=True, slots=True)
class ListView:
    """A list as its template has it."""

    table: Table | None
    addresses: Mapping[str, str]
    note: str = ""
    error: str = ""


class ReadOnlyAdmin(ModelAdmin):
    """Declare ``list_display``, ``fieldsets`` (what a detail page shows, and nothing else), ``order``, and what narrows.

    ``search`` are ways from the text to rows; ``search_help_text`` says what they find. ``filters`` stand beside it.
    """

    order = Order()
    search: tuple[Search, ...] = ()
    filters: tuple[Filter, ...] = ()
    page_size = PAGE_SIZE
    #: What the list is called, where the model's own plural is not what people say.
    name = ""
    #: One sentence above the list: what it is.
    description = ""
    actions = None

    # --- what Django asks ---------------------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    @property
    def list_name(self) -> str:
        plural = str(self.opts.verbose_name_plural)
        return self.name or plural[:1].upper() + plural[1:]

    def url_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def get_urls(self) -> list[URLPattern]:
        """Two pages. There is no address to add, to change, to delete, and no history: nothing writes one."""
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name=self.url_name("changelist")),
            path("<path:object_id>/change/", view(self.change_view), name=self.url_name("change")),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.rows()

    def rows(self) -> QuerySet[Any]:
        """What there is to show, whoever asks."""
        rows = self.model._default_manager.all()
        related = self.list_select_related
        return rows.select_related(*related) if isinstance(related, list | tuple) and related else rows

    # --- what an app declares -----------------------------------------------------------------------------------------

    def prepare(self, rows: list[Any]) -> None:
        """Read for all ``rows`` at once what their cells need from elsewhere."""

    def tables(self, row: Any) -> Iterable[Table]:
        """More tables on the page of ``row``. Each is bounded."""
        return ()

    def links(self, row: Any) -> Iterable[Link]:
        """Where else this row can be looked at."""
        return ()

    def buttons(self, request: HttpRequest, row: Any) -> Iterable[Any]:
        """What can be asked for from the page of ``row``: see ``backoffice.buttons``."""
        return ()

    def list_tables(self) -> Iterable[Table]:
        """Tables under the first page of the list, of models that have no page of their own. Each is bounded."""
        return ()

    # --- the list -----------------------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method not in PAGE_METHODS:
            return HttpResponseNotAllowed(PAGE_METHODS)
        query = self._read_query(request)
        tables: tuple[Table, ...] = ()
        try:
            with reading():
                shown = self._read_list(request, query)
                if not query:
                    tables = tuple(self.list_tables())
        except BadInputError as error:
            shown = ListView(None, {}, error=str(error))
        except TooMuchError:
            shown = ListView(None, {}, error="This search would read too much: narrow it, by an id, an account or a time.")
        context = {
            **self.admin_site.each_context(request),
            "title": self.list_name,
            "opts": self.opts,
            "list": shown,
            "tables": tables,
            "description": self.description,
            "search_text": query.get("q", ""),
            "search_help": self.search_help_text if self.search else "",
            "inputs": self._inputs(query),
            "narrowed": any(value for name, value in query.items() if name not in ("after", "before")),
            "paged": "after" in query or "before" in query,
            "list_address": reverse(f"admin:{self.url_name('changelist')}"),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/list.html", context, status=422 if shown.error else 200)

    def _read_query(self, request: HttpRequest) -> dict[str, str]:
        """What the address says, all of it known; anything else is a bad request."""
        known = {*OWN_NAMES, *(name for each in self.filters for name in each.names)}
        unknown = sorted(set(request.GET) - known)
        if unknown:
            raise BadRequest("this list is narrowed by what it offers, nothing else")
        return {name: value for name, value in request.GET.dict().items() if value}

    def _inputs(self, query: Mapping[str, str]) -> tuple[Input, ...]:
        return tuple(each for narrowing in self.filters for each in narrowing.inputs(query))

    def _read_list(self, request: HttpRequest, query: Mapping[str, str]) -> ListView:
        narrowed = Narrowed(self.get_queryset(request))
        note = self._search(narrowed, query.get("q", "").strip())
        for each in self.filters:
            each.apply(narrowed, query)
        after, before = self._read_key(query, "after"), self._read_key(query, "before")
        if after is not None and before is not None:
            raise BadInputError("A page starts behind a key or ends in front of one, not both.")
        page = read_page(narrowed.rows, self.order, loose=narrowed.loose, after=after, before=before, size=self.page_size)
        if page.looked_to is not None:
            note = f"Looked through rows up to {page.looked_to}. There may be more further on."
        self.prepare(page.rows)
        rows = aligned(self._row(row) for row in page.rows)
        labels = tuple(label_of_field(str(name), self.model, self) for name in self.list_display)
        table = Table("", make_headings(labels, rows), rows)
        return ListView(table, self._neighbours(query, page), note)

    def _row(self, row: Model) -> tuple[Cell, ...]:
        cells = [cell_of_field(str(name), row, self) for name in self.list_display]
        address = reverse(f"admin:{self.url_name('change')}", args=[row.pk])
        cells[0] = replace(cells[0], address=address)
        return tuple(cells)

    def _search(self, narrowed: Narrowed, text: str) -> str:
        """Keep the rows that ``text`` finds, at most :data:`FOUND_MAX`; returns what to say about it."""
        if not text or not self.search:
            return ""
        read_text(text, "The search")
        every = narrowed.rows.select_related(None)
        found = list(dict.fromkeys(key for search in self.search for key in search(every, text)))
        narrowed.rows = narrowed.rows.filter(pk__in=found[:FOUND_MAX])
        return f"More than {FOUND_MAX} match; type more to see the rest." if len(found) > FOUND_MAX else ""

    def _read_key(self, query: Mapping[str, str], name: str) -> Any:
        text = query.get(name, "")
        if not text:
            return None
        read_text(text, "The start of the page")
        field = self.opts.pk if self.order.key == "pk" else self.opts.get_field(self.order.key)
        try:
            return field.to_python(text)  # type: ignore[union-attr]
        except (ValidationError, ValueError, OverflowError):
            raise BadInputError("This is not where a page of the list can start.") from None

    def _neighbours(self, query: Mapping[str, str], page: Page) -> dict[str, str]:
        """The addresses of the pages beside this one."""
        kept = {name: value for name, value in query.items() if name not in ("after", "before")}
        addresses = {}
        if page.previous_key is not None:
            addresses["previous"] = f"?{urlencode({**kept, 'before': page.previous_key})}"
            addresses["first"] = f"?{urlencode(kept)}"
        elif "after" in query or "before" in query:
            addresses["first"] = f"?{urlencode(kept)}"
        if page.next_key is not None:
            addresses["next"] = f"?{urlencode({**kept, 'after': page.next_key})}"
        return addresses

    # --- the detail page ----------------------------------------------------------------------------------------------

    def find_row(self, request: HttpRequest, object_id: str) -> Any:
        """The row whose key is ``object_id``, as it stands in an address; raises Http404."""
        if len(object_id) > OBJECT_ID_LENGTH_MAX or not (object_id.isascii() and object_id.isprintable()):
            raise Http404("no such row")
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404("no such row")
        return row

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in PAGE_METHODS:
            return HttpResponseNotAllowed(PAGE_METHODS)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "list_address": reverse(f"admin:{self.url_name('changelist')}"),
            "list_name": self.list_name,
        }
        request.current_app = self.admin_site.name
        try:
            with reading():
                row = self.find_row(request, object_id)
                self.prepare([row])
                context |= {
                    "title": str(row)[:1].upper() + str(row)[1:],
                    "sections": [
                        (title, [cell_of_field(str(name), row, self) for name in options["fields"]])
                        for title, options in self.get_fieldsets(request, row)
                    ],
                    "tables": tuple(self.tables(row)),
                    "links": tuple(self.links(row)),
                    "buttons": tuple(self.buttons(request, row)),
                }
        except TooMuchError:
            error = "This page would read too much at the moment. Try again when the database is less busy."
            return TemplateResponse(request, "admin/list.html", {**context, "list": ListView(None, {}, error=error)}, status=503)
        return TemplateResponse(request, "admin/detail.html", context)
