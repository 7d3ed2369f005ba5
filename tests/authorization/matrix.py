"""The authorization matrix: who gets what from every route. docs/authorization.md says how to add one.

A route that the URL map has and this table has not fails the build, and so does one that this table invents.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from apps.alerts.links import mail_off_token


class Principal(StrEnum):
    ANONYMOUS = "anonymous"
    OWNER = "owner"  # a customer; the objects in the addresses are this one's
    OTHER = "other"  # another customer
    SUPPORT = "support"
    ADMIN = "admin"
    BARE_SUPPORT = "support without a second factor"
    BARE_ADMIN = "admin without a second factor"
    INACTIVE = "inactive"  # was logged in, then deactivated


class Expect(StrEnum):
    ALLOWED = "allowed"  # the view does its work; what the answer is, is for the view's own tests
    LOGIN = "login"  # to the log-in page, or 401
    MISSING = "missing"  # 404, as if it did not exist
    FORBIDDEN = "forbidden"  # 403
    SECOND_FACTOR = "second factor"  # to the page that sets one up


Row = dict[Principal, Expect]


def everyone(expect: Expect, **others: Expect) -> Row:
    """The same for all, but for ``others``, by the principal's name."""
    row = dict.fromkeys(Principal, expect)
    return row | {Principal[name.upper()]: value for name, value in others.items()}


A, L, M, SF = Expect.ALLOWED, Expect.LOGIN, Expect.MISSING, Expect.SECOND_FACTOR

#: Prices, instruments, log-in and sign-up.
PUBLIC = everyone(A)
#: Whoever is logged in, staff too.
LOGGED_IN = everyone(A, anonymous=L, inactive=L)
#: The reader's own account. Staff have none: to them the page does not exist.
OWN_ACCOUNT = everyone(M, anonymous=L, inactive=L, owner=A, other=A)
#: An object of the owner's account: somebody else's is as missing as one that never was.
OWN_OBJECT = everyone(M, anonymous=L, inactive=L, owner=A)
#: The owner's recovery codes; nobody else here has any.
OWN_CODES = everyone(M, anonymous=L, inactive=L, owner=A)
#: The app that makes codes: the owner and the staff have one.
HAS_APP = everyone(M, anonymous=L, inactive=L, owner=A, support=A, admin=A)
#: A step of a log-in that nobody has begun: back to its start. Who is logged in is past it.
SECOND_STEP = everyone(A, anonymous=L, inactive=L)
#: Missing, whoever asks.
NOBODY = everyone(M)
#: The Django admin: to everybody else of the house and outside it does not exist.
ADMIN_ONLY = everyone(M, anonymous=L, inactive=L, admin=A, bare_admin=SF)
#: The admin's own fallbacks: 404 for an admin.
ADMIN_MISSING = everyone(M, anonymous=L, inactive=L, bare_admin=SF)
#: The support console, which admins may use as well.
SUPPORT_ONLY = everyone(M, anonymous=L, inactive=L, support=A, admin=A, bare_support=SF, bare_admin=SF)


@dataclass(frozen=True)
class Route:
    """``path`` exactly as in the URL map. ``address`` says how to fill in a regular expression, ``{name}`` from ``values_of``.

    ``body`` is a POST's form; ``{name}`` in its values is filled in likewise. ``environ`` is where the request comes from.
    ``strict_methods`` is off for views of other packages: Django's form views take a PUT for a POST (CSRF and all), the admin
    answers any method. ``csrf`` is off where a POST needs no token, because its address is signed and no log-in counts.
    """

    path: str
    get: Row | None = None
    post: Row | None = None
    address: str = ""
    body: dict[str, str] = field(default_factory=dict)
    strict_methods: bool = True
    environ: dict[str, str] = field(default_factory=dict)
    csrf: bool = True

    @property
    def is_object(self) -> bool:
        return OWN_OBJECT in (self.get, self.post)


def admin_model(path: str, *buttons: str) -> tuple[Route, ...]:
    """The routes of a model in the Django admin: its list, a row's page, and a form for each of ``buttons``.

    The row in these addresses never was, which is a 404 for an admin as well; ``tests/backoffice`` asks for those that are.
    """
    base = f"admin/{path}/"
    row = base + "<path:object_id>/"
    pages = [
        Route(base, get=ADMIN_ONLY, strict_methods=False),
        Route(row + "change/", get=ADMIN_MISSING, address=base + "999999999/change/", strict_methods=False),
    ]
    forms = [
        Route(f"{row}{name}/", get=ADMIN_MISSING, post=ADMIN_MISSING, address=f"{base}999999999/{name}/", strict_methods=False)
        for name in buttons
    ]
    return (*pages, *forms)


ROUTES: tuple[Route, ...] = (
    # --- public ---------------------------------------------------------------------------------------------------------
    Route("", get=PUBLIC),
    Route("markets/", get=PUBLIC),
    Route("markets/search/", get=PUBLIC),
    Route(r"^markets/(?P<symbol>[A-Z0-9][A-Z0-9.-]{0,15})/$", get=PUBLIC, address="markets/{symbol}/"),
    Route(r"^markets/(?P<symbol>[A-Z0-9][A-Z0-9.-]{0,15})/state/$", get=PUBLIC, address="markets/{symbol}/state/"),
    Route(r"^markets/(?P<symbol>[A-Z0-9][A-Z0-9.-]{0,15})/bars$", get=PUBLIC, address="markets/{symbol}/bars"),
    Route("markets/quotes", get=PUBLIC, address="markets/quotes?symbols={symbol}"),
    Route("status/", get=PUBLIC),
    Route("status/hashes.txt", get=PUBLIC),
    Route("settings/theme/", post=PUBLIC, body={"theme": "dark", "next": "/"}),
    # --- log-in -----------------------------------------------------------------------------------------------------------
    Route("login/", get=PUBLIC, post=PUBLIC, strict_methods=False),
    Route("login/inactive/", get=PUBLIC),
    # Without a log-in that waits for its second step: back to the log-in page. Who is logged in is led past it.
    Route("login/second-factor/", get=SECOND_STEP, post=SECOND_STEP, strict_methods=False),
    Route("login/passkey/", get=SECOND_STEP, post=SECOND_STEP, strict_methods=False),
    Route("signup/confirm/", get=PUBLIC, post=PUBLIC, strict_methods=False),
    Route("signup/start-again/", post=PUBLIC),
    Route("signup/", get=PUBLIC, post=PUBLIC, strict_methods=False),
    Route("logout/", get=PUBLIC, post=PUBLIC, strict_methods=False),
    Route("password/change/", get=LOGGED_IN, post=LOGGED_IN, strict_methods=False),
    Route("password/reset/", get=PUBLIC, post=PUBLIC, strict_methods=False),
    Route("password/reset/done/", get=PUBLIC),
    Route(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]{1,16})-(?P<key>[0-9A-Za-z:_-]{1,128})/$",
        get=PUBLIC,
        post=PUBLIC,
        address="password/reset/key/1-abc/",
        strict_methods=False,
    ),
    Route("password/reset/key/done/", get=PUBLIC),
    # --- the reader's log-in ----------------------------------------------------------------------------------------------
    Route("settings/security/", get=LOGGED_IN),
    Route("settings/security/confirm/", get=LOGGED_IN, post=LOGGED_IN, strict_methods=False),
    Route("settings/security/confirm/code/", get=LOGGED_IN, post=LOGGED_IN, strict_methods=False),
    Route("settings/security/confirm/passkey/", get=LOGGED_IN, post=LOGGED_IN, strict_methods=False),
    Route("settings/security/app/on/", get=LOGGED_IN, post=LOGGED_IN, strict_methods=False),
    Route("settings/security/app/off/", get=HAS_APP, post=HAS_APP, strict_methods=False),
    Route("settings/security/recovery-codes/", get=OWN_CODES, strict_methods=False),
    Route("settings/security/recovery-codes/new/", get=LOGGED_IN, post=LOGGED_IN, strict_methods=False),
    Route("settings/security/recovery-codes/file/", get=OWN_CODES, strict_methods=False),
    Route("settings/security/passkeys/add/", get=LOGGED_IN, post=LOGGED_IN, strict_methods=False),
    Route(
        "settings/security/passkeys/<int:pk>/rename/",
        get=OWN_OBJECT,
        post=OWN_OBJECT,
        address="settings/security/passkeys/{passkey_id}/rename/",
        strict_methods=False,
    ),
    Route(
        "settings/security/passkeys/<int:pk>/remove/",
        get=OWN_OBJECT,
        post=OWN_OBJECT,
        address="settings/security/passkeys/{passkey_id}/remove/",
        strict_methods=False,
    ),
    Route("settings/security/log-ins/<int:log_in_id>/end/", post=OWN_OBJECT),
    Route("settings/security/log-ins/end-others/", post=LOGGED_IN),
    # --- the reader's account ---------------------------------------------------------------------------------------------
    Route("account/value/", get=OWN_ACCOUNT),
    Route("start/", get=OWN_ACCOUNT),
    Route("start/put-away/", post=OWN_ACCOUNT),
    Route(r"^markets/(?P<symbol>[A-Z0-9][A-Z0-9.-]{0,15})/funds/$", get=OWN_ACCOUNT, address="markets/{symbol}/funds/"),
    Route("orders/", get=OWN_ACCOUNT),
    Route("orders/rows/", get=OWN_ACCOUNT),
    Route("orders/csv/", get=OWN_ACCOUNT),
    Route("orders/open/", get=OWN_ACCOUNT),
    Route("orders/chart/", get=OWN_ACCOUNT, address="orders/chart/?symbol={symbol}"),
    Route("orders/prints/", get=OWN_ACCOUNT, address="orders/prints/?symbol={symbol}"),
    Route("orders/held/", get=OWN_ACCOUNT),
    Route("orders/submit/", post=OWN_ACCOUNT),
    Route("orders/preview/", post=OWN_ACCOUNT),
    Route("orders/cancel-all/", get=OWN_ACCOUNT, post=OWN_ACCOUNT),
    Route("orders/dead-mans-switch/", get=OWN_ACCOUNT, post=OWN_ACCOUNT, body={"do": "off"}),
    Route(
        r"orders/^by-client-id/(?P<client_order_id>[A-Za-z0-9_-]{1,48})/$",
        get=OWN_ACCOUNT,
        address="orders/by-client-id/{client_order_id}/",
    ),
    Route(
        r"orders/^by-client-id/(?P<client_order_id>[A-Za-z0-9_-]{1,48})/settle/$",
        post=OWN_ACCOUNT,
        address="orders/by-client-id/{client_order_id}/settle/",
    ),
    Route(
        r"orders/^asked/(?P<command_id>[A-Za-z0-9_-]{1,48})/$",
        get=OWN_ACCOUNT,
        address="orders/asked/{client_order_id}/",
    ),
    Route(
        r"orders/^asked/(?P<command_id>[A-Za-z0-9_-]{1,48})/settle/$",
        post=OWN_ACCOUNT,
        address="orders/asked/{client_order_id}/settle/",
    ),
    Route(
        r"orders/^close/(?P<symbol>[A-Z0-9][A-Z0-9.-]{0,15})/$",
        get=OWN_ACCOUNT,
        post=OWN_ACCOUNT,
        address="orders/close/{symbol}/",
    ),
    Route("orders/<int:order_id>/", get=OWN_OBJECT),
    Route("orders/<int:order_id>/amend/", get=OWN_OBJECT, post=OWN_OBJECT),
    Route("orders/<int:order_id>/cancel/", post=OWN_OBJECT),
    Route("ledger/", get=OWN_ACCOUNT),
    Route("ledger/transfers.csv", get=OWN_ACCOUNT),
    Route("ledger/statements/", get=OWN_ACCOUNT),
    Route("ledger/statements/months/", get=OWN_ACCOUNT),
    Route(
        r"ledger/^statements/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/$", get=OWN_OBJECT, address="ledger/statements/{statement_day}/"
    ),
    Route(
        r"ledger/^statements/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\.csv$",
        get=OWN_OBJECT,
        address="ledger/statements/{statement_day}.csv",
    ),
    Route(r"ledger/^statements/(?P<month>[0-9]{4}-[0-9]{2})/$", get=OWN_OBJECT, address="ledger/statements/{statement_month}/"),
    Route(
        r"ledger/^statements/(?P<month>[0-9]{4}-[0-9]{2})\.csv$",
        get=OWN_OBJECT,
        address="ledger/statements/{statement_month}.csv",
    ),
    Route("ledger/deposit/", get=OWN_ACCOUNT, post=OWN_ACCOUNT),
    Route("ledger/withdraw/", get=OWN_ACCOUNT, post=OWN_ACCOUNT),
    Route("watchlists/", get=OWN_ACCOUNT),
    Route("watchlists/new/", post=OWN_ACCOUNT, body={"name": "Banks"}),
    Route(
        r"watchlists/^star/(?P<symbol>[A-Z0-9][A-Z0-9.-]{0,15})/$",
        get=OWN_ACCOUNT,
        post=OWN_ACCOUNT,
        address="watchlists/star/{symbol}/",
        body={"add": ""},
    ),
    Route("watchlists/<int:watchlist_id>/", get=OWN_OBJECT),
    Route("watchlists/<int:watchlist_id>/rename/", post=OWN_OBJECT, body={"name": "Banks"}),
    Route("watchlists/<int:watchlist_id>/delete/", post=OWN_OBJECT),
    Route("watchlists/<int:watchlist_id>/restore/", post=OWN_OBJECT),
    Route("watchlists/<int:watchlist_id>/place/", post=OWN_OBJECT, body={"to": "up"}),
    Route("watchlists/<int:watchlist_id>/move/", post=OWN_OBJECT, body={"symbol": "{symbol}", "to": "up"}),
    Route("portfolio/", get=OWN_ACCOUNT),
    Route(
        r"portfolio/^position/(?P<symbol>[A-Z0-9][A-Z0-9.-]{0,15})/$",
        get=OWN_ACCOUNT,
        address="portfolio/position/{symbol}/",
    ),
    Route("portfolio/close-all/", get=OWN_ACCOUNT, post=OWN_ACCOUNT),
    Route(
        r"portfolio/^close-all/(?P<base_id>[A-Za-z0-9_-]{1,48})/$",
        get=OWN_ACCOUNT,
        address="portfolio/close-all/{client_order_id}/",
    ),
    Route(
        r"portfolio/^close-all/(?P<base_id>[A-Za-z0-9_-]{1,48})/settle/$",
        post=OWN_ACCOUNT,
        address="portfolio/close-all/{client_order_id}/settle/",
    ),
    Route("alerts/", get=OWN_ACCOUNT),
    Route("alerts/new/", get=OWN_ACCOUNT, post=OWN_ACCOUNT),
    Route("alerts/<int:alert_id>/", get=OWN_OBJECT, post=OWN_OBJECT),
    Route("alerts/<int:alert_id>/turn/", post=OWN_OBJECT, body={"on": "0"}),
    Route("alerts/<int:alert_id>/delete/", post=OWN_OBJECT),
    Route("alerts/<int:alert_id>/restore/", post=OWN_OBJECT, address="alerts/{deleted_alert_id}/restore/"),
    Route("alerts/orders/<int:order_id>/", get=OWN_OBJECT, post=OWN_OBJECT, body={"in_app": "on"}),
    Route("alerts/notices/", get=OWN_ACCOUNT),
    Route("alerts/notices/read/", post=OWN_ACCOUNT),
    Route("alerts/unseen/", get=OWN_ACCOUNT),
    Route("alerts/settings/", get=OWN_ACCOUNT, post=OWN_ACCOUNT),
    # Out of a mail, signed for one account: whoever has the link may turn that one's mails off, and nothing else.
    Route(
        r"alerts/^mail-off/(?P<token>[A-Za-z0-9_:-]{8,128})/$",
        get=PUBLIC,
        post=PUBLIC,
        address="alerts/mail-off/{mail_off_token}/",
        csrf=False,
    ),
    Route("stream/ticket", post=LOGGED_IN),
    Route("receipts/", post=OWN_ACCOUNT),
    Route("settings/profile/", get=OWN_ACCOUNT, post=OWN_ACCOUNT, body={"name": "", "time_zone": "UTC"}),
    Route("settings/looks/", get=OWN_ACCOUNT),
    Route("settings/data/", get=OWN_ACCOUNT),
    Route("settings/data/file/", get=OWN_ACCOUNT, post=OWN_ACCOUNT),
    Route("settings/data/delete/", get=OWN_ACCOUNT, post=OWN_ACCOUNT),
    Route("settings/data/keep/", post=OWN_ACCOUNT),
    Route("settings/api-keys/", get=OWN_ACCOUNT),
    Route(
        "settings/api-keys/new/", get=OWN_ACCOUNT, post=OWN_ACCOUNT, body={"name": "bot", "scope": "READ", "form_id": "0" * 32}
    ),
    Route("settings/api-keys/<int:key_id>/revoke/", get=OWN_OBJECT, post=OWN_OBJECT),
    Route("settings/trading/", get=OWN_ACCOUNT, post=OWN_ACCOUNT),
    Route("settings/trading/tolerance/", post=OWN_ACCOUNT, body={"tolerance_bps": "20"}),
    Route("settings/trading/sizes/", post=OWN_ACCOUNT, body={"symbol": "AAPL-USD", "quantity": "1"}),
    Route("settings/trading/sizes/remove/", post=OWN_ACCOUNT, body={"symbol": "AAPL-USD"}),
    # --- the staff's console ----------------------------------------------------------------------------------------------
    Route("operators/", get=ADMIN_ONLY),
    Route("support/", get=SUPPORT_ONLY, post=SUPPORT_ONLY, body={"q": "owner@example.com"}),
    Route("support/case/", get=SUPPORT_ONLY, post=SUPPORT_ONLY, body={"reason": "asked by phone"}),
    Route("support/case/close/", post=SUPPORT_ONLY),
    *(
        Route(f"support/customers/<int:account_id>/{part}", get=SUPPORT_ONLY)
        for part in ("", "orders/", "ledger/", "statements/", "trail/")
    ),
    Route("support/orders/<int:order_id>/", get=SUPPORT_ONLY),
    Route("support/customers/<int:account_id>/request/", get=SUPPORT_ONLY, post=SUPPORT_ONLY),
    Route("support/orders/<int:order_id>/request/", get=SUPPORT_ONLY, post=SUPPORT_ONLY),
    Route("support/requests/", get=SUPPORT_ONLY),
    # --- machines -----------------------------------------------------------------------------------------------------------
    Route("livez", get=PUBLIC),
    Route("readyz", get=PUBLIC),
    Route("metrics", get=NOBODY, environ={"REMOTE_ADDR": "203.0.113.9"}),  # from another machine, without the token
    # --- the Django admin -------------------------------------------------------------------------------------------------
    Route("admin/", get=ADMIN_ONLY, strict_methods=False),
    *admin_model("accounts/account", "suspend", "suspend-cancel", "reinstate", "limits"),
    *admin_model("accounts/user", "role", "reset-factor", "deactivate", "reactivate"),
    *admin_model("accounts/apikey", "revoke"),
    *admin_model("account/emailaddress"),
    *admin_model("instruments/asset"),
    *admin_model("instruments/instrument", "halt", "halt-cancel", "resume", "pre-open", "open", "close", "limits", "grid"),
    *admin_model("orders/order", "force-cancel"),
    *admin_model("orders/trade"),
    *admin_model("orders/accountevent"),
    *admin_model("ledger/ledgeraccount", "adjust"),
    *admin_model("ledger/transfer"),
    *admin_model("ledger/businessday"),
    *admin_model("ledger/dailystatement"),
    *admin_model("ledger/reconciliationdifference"),
    *admin_model("portfolio/accountprogress"),
    *admin_model("alerts/pricealert"),
    *admin_model("alerts/firing"),
    *admin_model("alerts/notice"),
    *admin_model("alerts/noticehead"),
    *admin_model("alerts/mail"),
    *admin_model("marketdata/latestprice"),
    *admin_model("marketdata/feedstate"),
    *admin_model("marketdata/quarantinedtick"),
    *admin_model("backoffice/trailentry"),
    *admin_model("backoffice/staffrequest", "done", "refuse"),
    *admin_model("backoffice/proposal", "approve", "refuse", "withdraw"),
    *admin_model("jobs/jobrun"),
    *admin_model("privacy/deletion"),
    *admin_model("eventlog/relaycursor"),
    *admin_model("eventlog/parkedmessage"),
    *admin_model("engine/lease", "kill", "restore"),
    *admin_model("engine/journal"),
    Route(r"admin/(?P<url>.*)$", get=ADMIN_MISSING, address="admin/no-such-page/", strict_methods=False),
)


def find_route(path: str) -> Route:
    return next(route for route in ROUTES if route.path == path)


def values_of(world: Any) -> dict[str, str]:
    """What the names in addresses stand for: the owner's objects."""
    return {
        "symbol": "AAPL-USD",
        "order_id": str(world.order_id),
        "client_order_id": world.client_order_id,
        "passkey_id": str(world.passkey_id),
        "key_id": str(world.key_id),
        "log_in_id": str(world.log_in_id),
        "watchlist_id": str(world.watchlist_id),
        "statement_day": str(world.statement_day),
        "statement_month": f"{world.statement_day:%Y-%m}",
        "account_id": str(world.account_id),
        "alert_id": str(world.alert_ids[0]),
        "deleted_alert_id": str(world.alert_ids[1]),
        "mail_off_token": mail_off_token(world.account_id),
    }


#: The same names for objects that never were.
NEVER_WERE = {
    "order_id": "999999999",
    "account_id": "999999999",
    "client_order_id": "never-was",
    "symbol": "AAPL-USD",
    "statement_day": "2020-02-02",
    "statement_month": "2020-02",
    "passkey_id": "999999999",
    "key_id": "999999999",
    "log_in_id": "999999999",
    "watchlist_id": "999999999",
    "alert_id": "999999999",
    "deleted_alert_id": "999999999",
    "mail_off_token": "no:token-of-ours",
}
