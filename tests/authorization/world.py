"""Who and what the matrix is tried on, and the walk over the URL map."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from apps.accounts.api_keys import create_key
from apps.accounts.models import Account, KeyScope, User
from apps.alerts.kinds import Basis, Direction
from apps.alerts.services import delete_price_alert, make_price_alert
from apps.alerts.wishes import PriceWish
from apps.backoffice.proposals import Draft, propose
from apps.backoffice.requests import RequestKind, raise_request
from apps.core.enums import Role, Side
from apps.ledger.models import DailyStatement
from apps.orders.models import Order
from apps.watchlists.services import watch
from tests.authorization.matrix import Principal, Route
from tests.builders import START, Venue
from tests.pages import client_of
from tests.staff import make_passkey, make_staff

_NAME = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass
class World:
    """Made once for all cases: nothing in the matrix changes what another case sees, for the engine is away."""

    users: dict[Principal, User | None]
    order_id: int
    client_order_id: str
    passkey_id: int
    key_id: int
    log_in_id: int
    statement_day: date
    account_id: int
    watchlist_id: int
    alert_ids: tuple[int, int]  # one that is watched, one that was deleted
    request_id: int  # which support raised about the owner
    proposal_id: int  # which an admin made about the owner
    log_ins: dict[Principal, str] = field(default_factory=dict)  # by their keys: they cost more than most pages

    def client(self, principal: Principal, *, csrf: bool = False) -> Client:
        user = self.users[principal]
        client = Client(enforce_csrf_checks=csrf)
        if user is not None:
            client.cookies["sessionid"] = self.log_ins[principal]
        if principal is Principal.INACTIVE:
            User.objects.filter(pk=user.pk).update(is_active=False)  # type: ignore[union-attr] - after the log-in
        return client


def make_world() -> World:
    venue = Venue()
    owner = venue.customer("owner@example.com", funded="1000")
    other = venue.customer("other@example.com", funded="1000")
    inactive = venue.customer("inactive@example.com", funded="1000")
    order = venue.order(owner, "AAPL-USD", Side.BUY, "1", "100")
    return furnished(owner, other, inactive, order)


def furnished(owner: Account, other: Account, inactive: Account, order: Order) -> World:
    """All who are tried, and one of each thing that a customer may have, of the owner's."""
    statement = DailyStatement.objects.create(
        account=owner, day=date(2026, 11, 19), after_transfer_id=0, last_transfer_id=0, transfers=0, made_at=START
    )
    support = make_staff("support@example.com", Role.SUPPORT)
    bare_admin = make_staff("new-admin@example.com", Role.ADMIN, second_factor=False)
    world = World(
        users={
            Principal.ANONYMOUS: None,
            Principal.OWNER: owner.user,
            Principal.OTHER: other.user,
            Principal.SUPPORT: support,
            Principal.ADMIN: make_staff("admin@example.com", Role.ADMIN),
            Principal.BARE_SUPPORT: make_staff("new-support@example.com", Role.SUPPORT, second_factor=False),
            Principal.BARE_ADMIN: bare_admin,
            Principal.INACTIVE: inactive.user,
        },
        order_id=order.pk,
        client_order_id=order.client_order_id,
        passkey_id=_protect(owner.user),
        key_id=create_key(
            account_id=owner.pk, name="bot", scope=KeyScope.READ, networks=(), expires_at=None, form_id="f" * 32
        ).view.id,
        log_in_id=UserSession.objects.create(user=owner.user, ip="192.0.2.1", session_key="a" * 32, user_agent="").pk,
        statement_day=statement.day,
        account_id=owner.pk,
        watchlist_id=watch(account_id=owner.pk, instrument_id=order.instrument_id),
        alert_ids=_set_alerts(owner, order.instrument_id),
        request_id=raise_request(
            actor_id=support.pk,
            kind=RequestKind.OTHER,
            account_id=owner.pk,
            order_id=None,
            reason="asks by phone",
            form_id="r" * 32,
        ),
        proposal_id=propose(
            Draft(
                action="SET_ACCOUNT_LIMITS", page="accounts.account", row=str(owner.pk), button="limits",
                subject=f"account {owner.pk}", account_id=owner.pk, reason="asks by phone", proposed_by=bare_admin.pk,
                command_id="p" * 32, texts={"max_open_orders": "3"},
                before=dict.fromkeys(("Open orders at once", "Value of one order", "Orders a second"), "the venue's"),
                after={"Open orders at once": "3", "Value of one order": "the venue's", "Orders a second": "the venue's"},
            )
        ),
    )  # fmt: skip
    for principal, user in world.users.items():
        if user is not None:
            # As in an hour: a log-in of five minutes ago has to be shown again, and a file's tests may take longer than that.
            world.log_ins[principal] = client_of(user, seconds_ago=-3_600).cookies["sessionid"].value
    return world


def _set_alerts(owner: Account, instrument_id: int) -> tuple[int, int]:
    prices = (Decimal(200), Decimal(300))
    wishes = [PriceWish(instrument_id, Basis.LAST, Direction.ABOVE, price) for price in prices]
    (kept, _), (deleted, _) = (make_price_alert(account_id=owner.pk, wish=wish) for wish in wishes)
    delete_price_alert(account_id=owner.pk, alert_id=deleted)
    return kept, deleted


def _protect(user: User | None) -> int:
    """Give the user every kind of second factor; return the passkey's id."""
    assert user is not None
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return make_passkey(user).pk


def walk(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every route of the URL map, by its full pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path
        else:
            yield from walk(entry, path)


def unlisted(paths: list[str], routes: tuple[Route, ...]) -> tuple[list[str], list[str]]:
    """Routes that the table lacks, and routes that only the table has."""
    listed = [route.path for route in routes]
    return sorted(set(paths) - set(listed)), sorted(set(listed) - set(paths))


def address_of(route: Route, values: dict[str, str]) -> str:
    return "/" + (route.address.format(**values) if route.address else _NAME.sub(lambda match: values[match[1]], route.path))
