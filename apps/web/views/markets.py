"""Every instrument, and one instrument."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.access import access_account, find_account
from apps.accounts.fragments import is_partial
from apps.commands.client import new_command_id
from apps.core.enums import AssetClass, Side
from apps.instruments.selectors import InstrumentNotFoundError, find_next_session, get_instrument
from apps.orders.tickets import TicketForm
from apps.web.board import Glance, get_glance, list_board
from apps.web.funds import get_funds

SEARCH_LENGTH_MAX = 40
CLASS_LABELS = {AssetClass.STOCK: "Stocks", AssetClass.FX: "Currencies", AssetClass.CRYPTO: "Crypto"}
INTERVALS = ("1s", "1m", "5m", "1h", "1d")

#: What the list may be sorted by. Names come from the address, so only these are known.
SORTS: dict[str, tuple[str, Callable[[Glance], Any], bool]] = {
    "symbol": ("Symbol", lambda glance: glance.instrument.symbol, False),
    "change": ("Change", lambda glance: glance.change_percent or Decimal(0), True),
    "volume": ("Volume", lambda glance: glance.turnover, True),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; anything unknown is as if it were not there."""

    text: str = ""
    asset_class: str = ""
    sort: str = "symbol"

    @classmethod
    def of(cls, request: HttpRequest) -> "Filters":
        asset_class = request.GET.get("class", "")
        sort = request.GET.get("sort", "")
        return cls(
            text=request.GET.get("q", "")[:SEARCH_LENGTH_MAX].replace("\x00", "").strip(),
            asset_class=asset_class if asset_class in AssetClass.__members__ else "",
            sort=sort if sort in SORTS else "symbol",
        )

    def apply(self, board: Sequence[Glance]) -> list[Glance]:
        wanted = self.text.casefold()
        kept = [
            glance
            for glance in board
            if (not self.asset_class or glance.instrument.asset_class == self.asset_class)
            and (wanted in glance.instrument.symbol.casefold() or wanted in glance.instrument.name.casefold())
        ]
        _, key, reverse = SORTS[self.sort]
        return sorted(kept, key=key, reverse=reverse)


@require_safe
def markets(request: HttpRequest) -> HttpResponse:
    """The list of instruments: one view for the page and for its table alone."""
    now = timezone.now()
    filters = Filters.of(request)
    context = {
        "filters": filters,
        "board": filters.apply(list_board(now)),
        "classes": [("", "All"), *((code.value, label) for code, label in CLASS_LABELS.items())],
        "sorts": [(name, label) for name, (label, _, _) in SORTS.items()],
        "now": now,
    }
    return render(request, "web/_markets_table.html" if is_partial(request) else "web/markets.html", context)


@require_safe
def instrument(request: HttpRequest, symbol: str) -> HttpResponse:
    """One instrument: chart, depth, tape, ticket, and what the reader holds of it."""
    now = timezone.now()
    try:
        glance = get_glance(symbol, now)
    except InstrumentNotFoundError as error:
        raise Http404(str(error)) from error
    account = find_account(request)
    side = request.GET.get("side", "")
    interval = request.GET.get("interval", "")
    context = {
        "glance": glance,
        "instrument": glance.instrument,
        "next_session": None if glance.instrument.is_open else find_next_session(glance.instrument.id, now),
        "intervals": INTERVALS,
        "interval": interval if interval in INTERVALS else "1m",
        "account": account,
        "funds": get_funds(account.id, glance.instrument) if account else None,
        "form": TicketForm(
            initial={
                "symbol": symbol,
                "side": side if side in Side.__members__ else Side.BUY.value,
                "client_order_id": new_command_id(),
            }
        ),
    }
    return render(request, "web/instrument.html", context)


@require_safe
def funds(request: HttpRequest, symbol: str) -> HttpResponse:
    """What the ticket can spend and sell: a fragment that is read again whenever a balance changes."""
    account = access_account(request)
    try:
        view = get_instrument(symbol)
    except InstrumentNotFoundError as error:
        raise Http404(str(error)) from error
    return render(request, "web/_funds.html", {"instrument": view, "funds": get_funds(account.id, view)})
