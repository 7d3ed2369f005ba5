"""What a notice says, in the page and in a mail: one title, one sentence. PURE."""

from decimal import Decimal
from typing import Any

from apps.alerts.kinds import BASIS_WORDS, Basis, Direction, Kind
from apps.commands.reasons import sentence_of
from apps.instruments.selectors import InstrumentView

_ABOVE = {Direction.ABOVE: "at or above", Direction.BELOW: "at or below"}
_TITLES = {
    Kind.FILLED: "{symbol}: order filled",
    Kind.PARTLY_FILLED: "{symbol}: order filled in part",
    Kind.CANCELED: "{symbol}: order canceled",
    Kind.REFUSED: "{symbol}: order refused",
    Kind.EXPIRED: "{symbol}: order expired",
    Kind.TRIGGERED: "{symbol}: stop triggered",
    Kind.PRICE: "{symbol}: {basis} reached {price}",
    Kind.MANY: "{count} more of your orders' events",
}


def number(text: str, decimals: int) -> str:
    """A price or quantity with thousands separators, in the instrument's precision, or finer where it is finer (a mid)."""
    value = Decimal(text)
    own = -int(value.normalize().as_tuple().exponent)
    return format(value, f",.{max(decimals, own)}f")


def condition(basis: str, direction: str, price: str) -> str:
    """``last at or above 65,000.00``"""
    return f"{BASIS_WORDS[Basis(basis)]} {_ABOVE[Direction(direction)]} {price}"


def title_of(kind: Kind, data: dict[str, Any], instrument: InstrumentView | None) -> str:
    symbol = instrument.symbol if instrument else ""
    price = number(data["price"], instrument.price_decimals) if kind is Kind.PRICE and instrument else ""
    basis = BASIS_WORDS[Basis(data["basis"])] if kind is Kind.PRICE else ""
    return _TITLES[kind].format(symbol=symbol, price=price, basis=basis, count=data.get("count", 0))


def text_of(kind: Kind, data: dict[str, Any], instrument: InstrumentView | None, order_id: int | None) -> str:
    if kind is Kind.MANY or instrument is None:
        return "There were too many within a minute to tell them one by one."
    prices, quantities = instrument.price_decimals, instrument.quantity_decimals
    if kind is Kind.PRICE:
        asked = condition(data["basis"], data["direction"], number(data["price"], prices))
        again = " It stays, and may fire again." if data["again"] else ""
        note = f" “{data['note']}”" if data["note"] else ""
        return f"It was {number(data['value'], prices)}; you asked for {asked}.{note}{again}"
    head = f"Order {order_id}: "
    if kind in (Kind.FILLED, Kind.PARTLY_FILLED):
        whole = "all" if kind is Kind.FILLED else number(data["filled"], quantities)
        side = "bought" if data["side"] == "BUY" else "sold"
        part = f"{number(data['quantity'], quantities)} {side} at {number(data['price'], prices)}"
        return f"{head}{part}; {whole} of {number(data['total'], quantities)} is filled."
    if kind is Kind.TRIGGERED:
        return f"{head}the market reached its trigger {number(data['trigger'], prices)}."
    filled = data.get("filled", "0")
    before = f" {number(filled, quantities)} of it was filled before." if Decimal(filled) else ""
    said = f" {data['explanation']}" if data.get("explanation") else ""
    return f"{head}{sentence_of(data['reason'])}{said}{before}"
