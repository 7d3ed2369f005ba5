"""Redis is away: who is logged in goes on, and who wants to log in is told to wait."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from apps.orders.models import Order
from apps.orders.services import ORDER_RATE
from tests.engine.world import SYMBOL, World


@pytest.fixture(params=["away", "frozen"])
def redis_away(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The cache's address is a port where nobody listens, or one where nobody answers, for everybody who asks for the cache."""
    silent = socket.create_server(("127.0.0.1", 0), backlog=512)  # the kernel takes connections, as for a process that is stopped
    port = 1 if request.param == "away" else silent.getsockname()[1]
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": f"redis://127.0.0.1:{port}/0"}}
    saved = caches["default"]
    caches["default"] = caches.create_connection("default")
    monkeypatch.setattr(ORDER_RATE, "_redis_away_until_s", 0.0)
    yield
    caches["default"] = saved
    silent.close()
    ORDER_RATE._redis_away_until_s = 0.0


def ticket(client_order_id: str) -> dict[str, str]:
    return {
        "symbol": SYMBOL, "client_order_id": client_order_id, "side": "BUY", "order_type": "LIMIT", "quantity": "0.5",
        "price": "100.00", "time_in_force": "GTC",
    }  # fmt: skip


def test_pages_orders_and_the_log_out_work(alice: Client, redis_away: None) -> None:
    for path in ("/markets/", f"/markets/{SYMBOL}/", "/portfolio/", "/orders/", "/ledger/"):
        assert alice.get(path).status_code == 200, path
    answer = alice.post("/orders/submit/", ticket("no-redis"), follow=True)
    assert answer.redirect_chain == [(f"/orders/{Order.objects.get().pk}/", 302)]
    assert alice.post("/logout/").status_code == 302
    assert alice.get("/portfolio/")["Location"] == "/login/?next=%2Fportfolio%2F"


def test_a_log_in_is_refused_for_a_moment(world: World, redis_away: None) -> None:
    assert Client().get("/login/").status_code == 200
    for path in ("/login/", "/signup/"):
        form = {"login": "alice@tredye.example", "email": "new@tredye.example", "password": "x", "password1": "x-y-z-1-2-3"}
        answer = Client(raise_request_exception=False).post(path, form)
        assert answer.status_code == 503, path
        assert "try again in a few seconds" in answer.content.decode()
        assert answer["Retry-After"] == "5"
