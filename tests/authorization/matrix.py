"""The authorization matrix: who gets what from every route. docs/authorization.md says how to add one.

A route that the URL map has and this table has not fails the build, and so does one that this table invents.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


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
    answers any method.
    """

    path: str
    get: Row | None = None
    post: Row | None = None
    address: str = ""
    body: dict[str, str] = field(default_factory=dict)
    strict_methods: bool = True
    environ: dict[str, str] = field(default_factory=dict)

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
        Route(
            f"{row}{name}/", get=ADMIN_MISSING, post=ADMIN_MISSING, address=f"{base}999999999/{name}/", strict_methods=False
        )
        for name in buttons
    ]
    return (*pages, *forms)


ROUTES: tuple[Route, ...] = (
    # --- public ---------------------------------------------------------------------------------------------------------
    Route("", get=PUBLIC),
    Route("markets/", get=PUBLIC),
    Route(r"^markets/(?P<symbol>[A-Z0-9][A-Z0-9.-]{0,15})/$", get=PUBLIC, address="markets/{symbol}/"),
    Route(r"^markets/(?P<symbol>[A-Z0-9][A-Z0-9.-]{0,15})/bars$", get=PUBLIC, address="markets/{symbol}/bars"),
    Route("status/", get=PUBLIC),
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
        "settings/security/passkeys/<int:pk>/rename/", get=OWN_OBJECT, post=OWN_OBJECT,
        address="settings/security/passkeys/{passkey_id}/rename/", strict_methods=False,
    ),
    Route(
        "settings/security/passkeys/<int:pk>/remove/", get=OWN_OBJECT, post=OWN_OBJECT,
        address="settings/security/passkeys/{passkey_id}/remove/", strict_methods=False,
    ),
    Route("settings/security/log-ins/<int:log_in_id>/end/", post=OWN_OBJECT),
    Route("settings/security/log-ins/end-others/", post=LOGGED_IN),
    # --- the reader's account ---------------------------------------------------------------------------------------------
    Route("account/value/", get=OWN_ACCOUNT),
    Route(r"^markets/(?P<symbol>[A-Z0-9][A-Z0-9.-]{0,15})/funds/$", get=OWN_ACCOUNT, address="markets/{symbol}/funds/"),
    Route("orders/", get=OWN_ACCOUNT),
    Route("orders/open/", get=OWN_ACCOUNT),
    Route("orders/submit/", post=OWN_ACCOUNT),
    Route("orders/preview/", post=OWN_ACCOUNT),
    Route("orders/cancel-all/", get=OWN_ACCOUNT, post=OWN_ACCOUNT),
    Route(
        r"orders/^by-client-id/(?P<client_order_id>[A-Za-z0-9_-]{1,48})/$",
        get=OWN_ACCOUNT,
        address="orders/by-client-id/{client_order_id}/",
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
    Route("ledger/statements/", get=OWN_ACCOUNT),
    Route(
        r"ledger/^statements/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/$", get=OWN_OBJECT, address="ledger/statements/{statement_day}/"
    ),
    Route(
        r"ledger/^statements/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\.csv$",
        get=OWN_OBJECT,
        address="ledger/statements/{statement_day}.csv",
    ),
    Route("ledger/deposit/", get=OWN_ACCOUNT, post=OWN_ACCOUNT),
    Route("ledger/withdraw/", get=OWN_ACCOUNT, post=OWN_ACCOUNT),
    Route("portfolio/", get=OWN_ACCOUNT),
    Route(
        r"portfolio/^position/(?P<symbol>[A-Z0-9][A-Z0-9.-]{0,15})/$",
        get=OWN_ACCOUNT,
        address="portfolio/position/{symbol}/",
    ),
    Route("stream/ticket", post=LOGGED_IN),
    Route("settings/profile/", get=OWN_ACCOUNT, post=OWN_ACCOUNT, body={"name": "", "time_zone": "UTC"}),
    Route("settings/looks/", get=OWN_ACCOUNT),
    Route("settings/api-keys/", get=OWN_ACCOUNT),
    Route(
        "settings/api-keys/new/", get=OWN_ACCOUNT, post=OWN_ACCOUNT, body={"name": "bot", "scope": "READ", "form_id": "0" * 32}
    ),
    Route("settings/api-keys/<int:key_id>/revoke/", get=OWN_OBJECT, post=OWN_OBJECT),
    Route("settings/trading/", get=OWN_ACCOUNT, post=OWN_ACCOUNT),
    # --- the staff's console ----------------------------------------------------------------------------------------------
    Route("support/", get=SUPPORT_ONLY, post=SUPPORT_ONLY, body={"q": "owner@example.com"}),
    Route("support/case/", get=SUPPORT_ONLY, post=SUPPORT_ONLY, body={"reason": "asked by phone"}),
    Route("support/case/close/", post=SUPPORT_ONLY),
    *(
        Route(f"support/customers/<int:account_id>/{part}", get=SUPPORT_ONLY)
        for part in ("", "orders/", "ledger/", "statements/", "trail/")
    ),
    Route("support/orders/<int:order_id>/", get=SUPPORT_ONLY),
    # --- machines -----------------------------------------------------------------------------------------------------------
    Route("livez", get=PUBLIC),
    Route("readyz", get=PUBLIC),
    Route("metrics", get=NOBODY, environ={"REMOTE_ADDR": "203.0.113.9"}),  # from another machine, without the token
    # --- the Django admin -------------------------------------------------------------------------------------------------
    Route("admin/", get=ADMIN_ONLY, strict_methods=False),
    *admin_model("accounts/account", "suspend", "suspend-cancel", "reinstate", "limits"),
    *admin_model("accounts/user"),
    *admin_model("accounts/apikey", "revoke"),
    *admin_model("account/emailaddress"),
    *admin_model("instruments/asset"),
    *admin_model("instruments/instrument", "halt", "halt-cancel", "resume", "pre-open", "open", "close", "limits"),
    *admin_model("orders/order", "force-cancel"),
    *admin_model("orders/trade"),
    *admin_model("orders/accountevent"),
    *admin_model("ledger/ledgeraccount", "adjust"),
    *admin_model("ledger/transfer"),
    *admin_model("ledger/businessday"),
    *admin_model("ledger/dailystatement"),
    *admin_model("ledger/reconciliationdifference"),
    *admin_model("portfolio/accountprogress"),
    *admin_model("marketdata/latestprice"),
    *admin_model("backoffice/trailentry"),
    *admin_model("jobs/jobrun"),
    *admin_model("eventlog/relaycursor"),
    *admin_model("eventlog/parkedmessage"),
    *admin_model("engine/lease", "kill", "restore"),
    *admin_model("engine/journal"),
    Route(r"admin/(?P<url>.*)$", get=ADMIN_MISSING, address="admin/no-such-page/", strict_methods=False),
)


class Program(StrEnum):
    """Who asks below ``/api/``, which is not in Django's URL map."""

    NOBODY = "nobody"
    LOG_IN = "log-in of the owner"
    TRADE_KEY = "key of the owner that may trade"
    READ_KEY = "key of the owner that may read"
    OTHER_KEY = "key of somebody else that may trade"
    OTHER_LOG_IN = "log-in of somebody else"
    REVOKED_KEY = "revoked key of the owner"
    STAFF_LOG_IN = "log-in of the support"
    FORGED = "log-in of the owner, from a foreign page"


def programs(expect: Expect, **others: Expect) -> dict[Program, Expect]:
    """The same for all, but for ``others``, by the program's name. Who is not known is never let in."""
    known = dict.fromkeys(Program, expect) | {Program.NOBODY: L, Program.REVOKED_KEY: L, Program.STAFF_LOG_IN: M}
    return known | {Program[name.upper()]: value for name, value in others.items()}


F = Expect.FORBIDDEN

#: Acts on the own account, with what the request brings.
TRADES = programs(A, read_key=F, forged=F)
#: Acts on an order of the owner's.
TRADES_OWN_OBJECT = programs(M, log_in=A, trade_key=A, read_key=F, forged=F)
#: Tells of the own account. A foreign page may ask, and cannot read the answer.
READS = programs(A)
#: Tells of an order of the owner's.
READS_OWN_OBJECT = programs(M, log_in=A, trade_key=A, read_key=A, forged=A)


@dataclass(frozen=True)
class ApiRoute:
    """``route`` as in the table of ``apps.api.asgi``, with its method; ``body`` of a POST. ``{name}`` is filled in from the
    owner's order."""

    route: str
    row: dict[Program, Expect]
    body: dict[str, str | int] | None = None


API_ROUTES: tuple[ApiRoute, ...] = (
    ApiRoute("GET /api/v1/orders", READS),
    ApiRoute("GET /api/v1/orders/{order_id}", READS_OWN_OBJECT),
    ApiRoute("GET /api/v1/orders/by-client-id/{client_order_id}", READS_OWN_OBJECT),
    ApiRoute(
        "POST /api/v1/orders",
        TRADES,
        {"client_order_id": "m", "symbol": "BTC-USD", "side": "BUY", "order_type": "LIMIT", "quantity": "0.01", "price": "90.00"},
    ),
    ApiRoute("POST /api/v1/orders/cancel", TRADES_OWN_OBJECT, {"client_order_id": "{client_order_id}"}),
    ApiRoute(
        "POST /api/v1/orders/amend",
        TRADES_OWN_OBJECT,
        {"client_order_id": "{client_order_id}", "change_id": "m", "price": "89.00"},
    ),
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
        "statement_day": str(world.statement_day),
        "account_id": str(world.account_id),
    }


#: The same names for objects that never were.
NEVER_WERE = {
    "order_id": "999999999",
    "account_id": "999999999",
    "client_order_id": "never-was",
    "symbol": "AAPL-USD",
    "statement_day": "2020-02-02",
    "passkey_id": "999999999",
    "key_id": "999999999",
    "log_in_id": "999999999",
}
