"""Sign-up and the code from the mail make a person with a funded paper account, and never pay twice."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from apps.accounts.models import Account, AccountKind, User
from apps.accounts.selectors import get_account_of_user
from apps.accounts.services import ensure_funded, open_paper_account
from apps.commands.client import get_client
from apps.core.enums import AccountStatus
from apps.ledger.models import Transfer, TransferKind
from apps.ledger.selectors import get_balance
from apps.orders.models import Order
from apps.web.middleware import ACCOUNTS_MAX, BACK_OFF_MAX_S, BackOff
from tests.accounts.mails import code_mailed
from tests.cached import clear_cache
from tests.engine.world import World
from tests.inprocess import CALLERS, InProcessEngine, connect
from tests.pages import client_of

PASSWORD = "correct horse battery"


@pytest.fixture
def world(db: None) -> World:
    clear_cache()
    return World()


def sign_up(**changes: str) -> tuple[Client, Any]:
    client = Client()
    data = {"email": "Carol@Tredye.Example", "password1": PASSWORD, "time_zone": "Asia/Kolkata"} | changes
    return client, client.post("/signup/", data)


def confirm(client: Client, code: str = "") -> Any:
    return client.post("/signup/confirm/", {"action": "verify", "code": code or code_mailed()})


def disconnect(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    settings.ENGINE_URL = f"unix://{tmp_path}/nobody.sock"
    for caller in CALLERS:
        monkeypatch.setattr(f"{caller}.get_client", get_client)


def paid(account_id: int) -> int:
    return Transfer.objects.filter(kind=TransferKind.DEPOSIT, command_id=f"paper-{account_id}").count()


def test_a_visitor_signs_up_types_the_code_and_can_trade_at_once(engine: InProcessEngine) -> None:
    client, response = sign_up()
    assert response["Location"] == "/signup/confirm/"
    user = User.objects.get(email="carol@tredye.example")
    account = Account.objects.get(user=user)
    assert account.status == AccountStatus.PENDING_FUNDING
    assert engine.sent == []
    assert client.get("/portfolio/")["Location"].startswith("/login/")
    assert confirm(client)["Location"] == "/markets/"
    account.refresh_from_db()
    assert account.status == AccountStatus.ACTIVE
    assert account.paper_deposit_at is not None
    assert user.time_zone == "Asia/Kolkata"
    balance = get_balance(account.pk, "USD")
    assert balance is not None
    assert balance.available == 100_000
    assert "Your paper account is funded" in client.get("/markets/").content.decode()


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "x" * 5000])
def test_a_time_zone_that_is_none_is_ignored(zone: str, engine: InProcessEngine) -> None:
    sign_up(time_zone=zone)
    assert User.objects.get(email="carol@tredye.example").time_zone == "UTC"


@pytest.mark.parametrize(
    "changes", [{"email": "nobody"}, {"password1": "short"}, {"password1": "password"}, {"email": "x" * 250 + "@tredye.example"}]
)
def test_a_sign_up_that_is_refused_makes_nobody_and_no_account(changes: dict[str, str], engine: InProcessEngine) -> None:
    before = User.objects.count(), Account.objects.count()
    _, response = sign_up(**changes)
    assert response.status_code == 200
    assert 'class="field-error"' in response.content.decode()
    assert (User.objects.count(), Account.objects.count()) == before
    assert engine.sent == []


def test_user_and_account_are_made_together_or_not_at_all(
    world: World, engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(user: User) -> int:
        raise IntegrityError("no account")

    monkeypatch.setattr("apps.web.adapters.open_paper_account", fail)
    with pytest.raises(IntegrityError), transaction.atomic():
        sign_up()
    assert not User.objects.filter(email="carol@tredye.example").exists()


def test_asking_again_never_pays_twice(world: World, engine: InProcessEngine) -> None:
    account_id = open_paper_account(User.objects.create_user("carol@tredye.example", PASSWORD))
    assert ensure_funded(account_id)
    Account.objects.filter(pk=account_id).update(paper_deposit_at=None)
    assert ensure_funded(account_id)
    assert paid(account_id) == 1


def test_while_the_engine_is_away_the_account_waits_and_the_next_page_funds_it(
    world: World, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    disconnect(monkeypatch, settings, tmp_path)
    client, _ = sign_up()
    assert confirm(client)["Location"] == "/markets/"
    account = Account.objects.get(user__email="carol@tredye.example")
    assert account.status == AccountStatus.PENDING_FUNDING
    page = client.get("/markets/", headers={"Accept": "text/html"})
    assert "Your paper account is being opened" in page.content.decode()
    connect(world, monkeypatch)
    monkeypatch.setattr(BackOff, "may_try", lambda *_: True)
    page = client.get("/markets/", headers={"Accept": "text/html"})
    assert "being opened" not in page.content.decode()
    account.refresh_from_db()
    assert account.status == AccountStatus.ACTIVE
    assert paid(account.pk) == 1


def test_an_account_that_was_opened_but_not_paid_is_paid_later(
    world: World, engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    account_id = open_paper_account(User.objects.create_user("carol@tredye.example", PASSWORD))
    original = engine.send
    monkeypatch.setattr(
        engine, "send", lambda command, **_: original(command) if command.command_id.startswith("open") else _away(command)
    )
    assert not ensure_funded(account_id)
    assert Account.objects.get(pk=account_id).status == AccountStatus.ACTIVE
    assert paid(account_id) == 0
    monkeypatch.setattr(engine, "send", original)
    assert ensure_funded(account_id)
    assert paid(account_id) == 1


def _away(command: Any) -> Any:
    from apps.commands.client import EngineUnavailableError

    raise EngineUnavailableError(command.command_id, 0.1)


def test_the_back_off_doubles_to_a_minute_ends_with_success_and_is_bounded() -> None:
    back_off = BackOff()
    now = 100.0
    for expected in (1, 2, 4, 8, 16, 32, 60, 60):
        assert back_off.may_try(7, now)
        back_off.failed(7, now)
        assert not back_off.may_try(7, now + expected - 0.001)
        now += expected
    back_off.succeeded(7)
    assert back_off.may_try(7, now)
    for account_id in range(ACCOUNTS_MAX + 10):
        back_off.failed(account_id, now)
    assert len(back_off._waits) == ACCOUNTS_MAX
    assert BACK_OFF_MAX_S == 60


def test_staff_have_no_account_and_nobody_has_two(world: World) -> None:
    admin = User.objects.create_superuser("admin@tredye.example", PASSWORD)
    assert get_account_of_user(admin.pk) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(user=world.alice.user, kind=AccountKind.CUSTOMER)


def test_someone_who_was_deactivated_is_out_at_the_next_request(world: World) -> None:
    client = client_of(world.alice)
    assert client.get("/account/value/").status_code == 200
    User.objects.filter(pk=world.alice.user_id).update(is_active=False)
    assert client.get("/account/value/").status_code == 302
    refused = Client().post("/login/", {"login": "alice@tredye.example", "password": "x"})
    assert refused.status_code in (200, 302)
    assert "_auth_user_id" not in refused.wsgi_request.session


def test_the_log_in_cycles_the_session_and_the_log_out_ends_it(world: World) -> None:
    client = Client()
    client.get("/login/")
    client.session["before"] = "1"
    before = client.session.session_key
    client.post("/login/", {"login": "ALICE@tredye.example", "password": "x"})
    assert client.session.session_key != before
    assert client.get("/account/value/").status_code == 200
    stolen = client.cookies["sessionid"].value
    assert client.post("/logout/")["Location"] == "/"
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert thief.get("/account/value/").status_code == 302


def test_times_are_shown_in_the_zone_of_the_reader(world: World) -> None:
    User.objects.filter(pk=world.alice.user_id).update(time_zone="Asia/Kolkata")
    order_id = world.submit(world.alice, "BUY", "0.5", "95.00").order_id
    placed = Order.objects.get(pk=order_id).created_at
    text = client_of(world.alice).get(f"/orders/{order_id}/").content.decode()
    assert f">{placed.astimezone(ZoneInfo('Asia/Kolkata')):%Y-%m-%d %H:%M:%S}<" in text
    assert f">{placed:%Y-%m-%d %H:%M:%S}<" not in text


def test_the_forms_ask_in_the_product_s_own_words(client: Client) -> None:
    for path in ("/login/", "/signup/", "/password/reset/"):
        page = client.get(path).content.decode()
        assert "E-mail address" in page
        assert "placeholder" not in page[page.index("<main") : page.index("</main>")]
