"""Every list and every page of the admin opens, reads within bounds, and writes nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.adminlists.pages import ReadOnlyAdmin
from apps.backoffice.services import record_look
from apps.core.enums import Role
from apps.web.admin_site import StaffSite
from tests.backoffice.walk import Shown, list_of, page_of, registered
from tests.pages import client_of
from tests.rolledback import rolled_back
from tests.staff import make_staff

UNBOUNDED = re.compile(r"\bcount\s*\(|\boffset\s+\d", re.IGNORECASE)
#: Every table that a list reads from, in the statements that read it.
MODELS = [pytest.param(each, id=each.opts.label) for each in registered()]


@pytest.fixture
def shown(filled: Shown, django_db_blocker: Any, settings: Any, tmp_path: Any) -> Iterator[Shown]:
    settings.ENGINE_URL = f"unix://{tmp_path}/nobody.sock"
    with rolled_back(django_db_blocker):
        yield filled


@pytest.fixture
def client(shown: Shown) -> Client:
    return client_of(shown.staff)


def addresses_of(model_admin: Any) -> list[str]:
    """The list, each search, each option of each filter, and a page from every kind of start."""
    base = list_of(model_admin)
    found = [base]
    found += [f"{base}?q={text}" for text in ("1003", "customer", "trade+1004", "1+ticket-1", "halt-1", "%25", "zz")]
    for narrowing in model_admin.filters:
        for each in narrowing.inputs({}):
            values = [value for value, _ in each.options] or {
                "number": ["1", "9223372036854775807"],
                "date": ["2026-11-19"],
                "datetime-local": ["2026-11-20T14:30", "2026-11-20T14:30:01"],
            }[each.type]
            found += [f"{base}?{each.name}={value}" for value in values if value]
    return found


def statements_of(queries: CaptureQueriesContext, model_admin: Any) -> list[str]:
    table = f'"{model_admin.model._meta.db_table}"'
    return [each["sql"] for each in queries if f"FROM {table}" in each["sql"]]


@pytest.mark.parametrize("model_admin", MODELS)
def test_every_list_is_bounded_however_it_is_narrowed(client: Client, model_admin: Any) -> None:
    for address in addresses_of(model_admin):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == 200, (address, response.content[:300])
        statements = statements_of(queries, model_admin)
        # What cannot be an id, or lies before the first row, is known to find nothing.
        assert statements or "?q=" in address or "since=" in address or "until=" in address, address
        bad = [sql for sql in statements if UNBOUNDED.search(sql) or "LIMIT" not in sql]
        assert bad == [], address


@pytest.mark.parametrize("sql", ["SELECT COUNT(*) AS n FROM x LIMIT 5", "SELECT id FROM x LIMIT 5 OFFSET 10"])
def test_this_check_bites(sql: str) -> None:
    assert UNBOUNDED.search(sql)


@pytest.mark.parametrize("model_admin", MODELS)
def test_every_row_has_its_page(client: Client, model_admin: Any) -> None:
    keys = list(model_admin.model.objects.values_list("pk", flat=True)[:5])
    assert keys, f"no row of {model_admin.opts.label} to look at"
    for key in keys:
        response = client.get(page_of(model_admin, key))
        assert response.status_code == 200
        assert b"<h1>" in response.content


@pytest.mark.parametrize("model_admin", MODELS)
def test_nothing_can_be_added_changed_or_deleted(client: Client, model_admin: Any, rf: Any, shown: Shown) -> None:
    request = rf.get("/admin/")
    request.user = shown.staff
    assert writable(model_admin, request) == []
    before = list(model_admin.model.objects.order_by("pk").values())
    key = before[0][model_admin.model._meta.pk.attname]
    data = {"_save": "Save", "action": "delete_selected", "_selected_action": str(key), "index": "0", "post": "yes"}
    for address in (list_of(model_admin), page_of(model_admin, key)):
        assert client.post(address, data).status_code == 405
    for tail in ("add/", f"{key}/delete/", f"{key}/history/"):
        assert client.get(list_of(model_admin) + tail).status_code == 404
        assert client.post(list_of(model_admin) + tail, data).status_code == 404
    assert list(model_admin.model.objects.order_by("pk").values()) == before


def writable(model_admin: Any, request: Any) -> list[str]:
    return [
        what
        for what in ("add", "change", "delete")
        if getattr(model_admin, f"has_{what}_permission")(request)
    ] + list(model_admin.get_actions(request))


def test_an_admin_that_writes_is_found_out(rf: Any) -> None:
    class Writing(ReadOnlyAdmin):
        def has_change_permission(self, request: Any, obj: Any = None) -> bool:
            return True

    assert writable(Writing(User, admin.site), rf.get("/")) == ["change"]


def test_a_plain_model_admin_cannot_be_registered_and_a_package_s_own_is_left_out() -> None:
    ours = type("Ours", (admin.ModelAdmin,), {"__module__": "apps.orders.admin"})
    theirs = type("Theirs", (admin.ModelAdmin,), {"__module__": "somebody.admin"})
    site = StaffSite()
    site.register(User, theirs)
    assert site._registry == {}
    with pytest.raises(ImproperlyConfigured, match="must be a ReadOnlyAdmin"):
        site.register(User, ours)


def test_nobody_else_finds_any_of_it(shown: Shown) -> None:
    others = (shown.customer, make_staff("support@example.com", Role.SUPPORT))
    bare = make_staff("bare@example.com", Role.ADMIN, second_factor=False)
    for model_admin in registered():
        key = model_admin.model.objects.values_list("pk", flat=True).first()
        for address in (list_of(model_admin), page_of(model_admin, key)):
            assert [client_of(person).get(address).status_code for person in others] == [404, 404]
            assert client_of(bare).get(address)["Location"].partition("?")[0] == "/settings/security/"
            assert Client().get(address)["Location"].startswith("/login/")


def test_the_trail_says_in_words_what_was_done_and_leads_to_it(client: Client, shown: Shown) -> None:
    account, order = shown.customer.pk, shown.order.pk
    for action, subject, whose in (("ORDER_PAGE", f"order {order}", account), ("SEARCH", f"account {account}", None)):
        record_look(actor_id=shown.staff.pk, action=action, subject=subject, reason="asked by phone", account_id=whose)
    page = client.get("/admin/backoffice/trailentry/").content.decode()
    assert "Overview" in page
    assert "CUSTOMER_PAGE" not in page
    assert page.count(f'<a href="/admin/orders/order/{order}/change/">order {order}</a>') == 1
    assert page.count(f'<a href="/admin/accounts/account/{account}/change/">account {account}</a>') == 1
