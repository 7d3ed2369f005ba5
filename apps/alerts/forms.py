"""The forms, read with the one strict parser of numbers: what was typed, what it means, and what is wrong with it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from django.http import QueryDict

from apps.alerts.kinds import LIVES, NOTE_LENGTH_MAX, ORDER_KINDS, PAUSES, Basis, Direction
from apps.alerts.selectors import AlertView
from apps.alerts.wishes import PriceWish
from apps.core.numbers import NumberFormatError, parse_positive, plain, shown
from apps.instruments.selectors import InstrumentView

#: As it was, for an alert that has an end already.
KEEP = "keep"


@dataclass(slots=True)
class PriceForm:
    """``direction`` empty: from wherever the price is now. ``life`` is in seconds, ``pause`` too, empty for once."""

    symbol: str = ""
    basis: str = Basis.LAST
    direction: str = ""
    price: str = ""
    note: str = ""
    in_app: bool = True
    by_mail: bool = False
    pause: str = ""
    life: str = "0"
    #: The price is a proposal of ours, which nobody asked for.
    is_proposed: bool = False
    errors: dict[str, str] = field(default_factory=dict)


def blank_form(query: QueryDict) -> PriceForm:
    """As an address fills it in, ``?symbol=&price=&basis=``; what makes no sense is left out."""
    basis = query.get("basis", "")
    price = query.get("price", "").strip()
    try:
        price = plain(parse_positive(price, "price"))
    except NumberFormatError:
        price = ""
    return PriceForm(query.get("symbol", "")[:16], basis if basis in Basis.__members__ else Basis.LAST, price=price)


def propose_price(form: PriceForm, now: Decimal | None, tick_size: Decimal) -> None:
    """Fill an empty price in: a percent above what it is now, so that the form can be sent as it stands and is easily changed."""
    if form.price or now is None:
        return
    form.price = plain((now * Decimal("1.01") / tick_size).to_integral_value(ROUND_CEILING) * tick_size)
    form.is_proposed = True


def form_of(alert: AlertView) -> PriceForm:
    """As it stands, to be changed."""
    return PriceForm(
        alert.instrument.symbol, alert.basis, alert.direction, plain(alert.price), alert.note, alert.in_app, alert.by_mail,
        str(alert.pause_s or ""), KEEP if alert.expires_at else "0",
    )  # fmt: skip


def posted_form(data: QueryDict) -> PriceForm:
    return PriceForm(
        data.get("symbol", "")[:16], data.get("basis", ""), data.get("direction", ""), data.get("price", "").strip(),
        " ".join(data.get("note", "").split()), "in_app" in data, "by_mail" in data, data.get("pause", ""), data.get("life", ""),
    )  # fmt: skip


def read_wish(
    form: PriceForm, instrument: InstrumentView | None, prices: dict[Basis, Decimal | None], now: datetime,
    kept: datetime | None = None,
) -> PriceWish | None:
    """What ``form`` asks for; None, and ``errors``, when that is nothing that could be watched.

    ``prices`` are the newest ones: what is reached already would fire at once, which nobody wants. ``kept`` is when it ends now.
    """
    _check_choices(form, instrument, kept)
    price = _price(form, instrument)
    if form.errors or instrument is None or price is None:
        return None
    basis = Basis(form.basis)
    direction = _direction(form, prices[basis], price)
    if direction is None:
        return None
    wish = PriceWish(
        instrument.id, basis, direction, price, form.note, form.in_app, form.by_mail, int(form.pause) if form.pause else None
    )
    if form.life == KEEP:
        return replace(wish, expires_at=kept)
    return replace(wish, expires_at=now + timedelta(seconds=int(form.life)) if form.life != "0" else None)


def _check_choices(form: PriceForm, instrument: InstrumentView | None, kept: datetime | None) -> None:
    if instrument is None:
        form.errors["symbol"] = "Choose an instrument."
    if form.basis not in Basis.__members__:
        form.errors["basis"] = f"must be one of {', '.join(Basis)}, was {shown(form.basis)}"
    if form.direction and form.direction not in Direction.__members__:
        form.errors["direction"] = f"must be one of {', '.join(Direction)}, was {shown(form.direction)}"
    if len(form.note) > NOTE_LENGTH_MAX or not form.note.isprintable():
        form.errors["note"] = f"A note has at most {NOTE_LENGTH_MAX} characters that can be seen."
    if form.pause and form.pause not in map(str, PAUSES):
        form.errors["pause"] = "Choose one of the pauses."
    if form.life not in map(str, LIVES) and not (form.life == KEEP and kept):
        form.errors["life"] = "Choose how long it is watched."
    if not form.in_app and not form.by_mail:
        form.errors["tells"] = "Choose at least one way to be told."


def _price(form: PriceForm, instrument: InstrumentView | None) -> Decimal | None:
    try:
        price = parse_positive(form.price, "price")
    except NumberFormatError as error:
        form.errors["price"] = str(error)
        return None
    if instrument is not None and price % instrument.tick_size and form.basis != Basis.MID:
        form.errors["price"] = f"price must be a multiple of {plain(instrument.tick_size)}, was {shown(form.price)}"
    return price


def _direction(form: PriceForm, now: Decimal | None, price: Decimal) -> Direction | None:
    """Refuses what is reached already."""
    if now is None:
        if not form.direction:
            form.errors["direction"] = "No price is known now, so say from which side it is to come."
            return None
        return Direction(form.direction)
    if price == now:
        form.errors["price"] = f"The price is {plain(now)} now: choose one that it has to reach."
        return None
    direction = Direction.ABOVE if price > now else Direction.BELOW
    if form.direction and form.direction != direction:
        form.errors["direction"] = f"It is {plain(now)} now, so this is reached already and would fire at once."
        return None
    return direction


@dataclass(frozen=True, slots=True)
class SettingsForm:
    in_app: frozenset[str]
    by_mail: frozenset[str]
    tells_at_once: bool
    mail_off: bool


def read_settings(data: QueryDict) -> SettingsForm:
    """Unknown kinds are left out: an old page is no mistake of the reader's."""
    known = {kind.value for kind in ORDER_KINDS}
    return SettingsForm(
        frozenset(data.getlist("in_app")) & known, frozenset(data.getlist("by_mail")) & known,
        "tells_at_once" in data, "mail" not in data,
    )  # fmt: skip
