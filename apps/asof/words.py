"""Why it was so, in sentences that can be read to a customer. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.asof.book import BookThen, QuoteThen
from apps.asof.moments import Moment
from apps.core.enums import Side
from apps.orders.receipts import span
from apps.orders.selectors import FillView, OrderView
from apps.receipts.selectors import Door, ShownView, StoredReceipt

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to tell from: ``quote`` is the house's that the decision read, ``shown`` what the order's page carried."""

    order: OrderView
    moment: Moment
    quote: QuoteThen | None
    book: BookThen
    shown: ShownView | None
    receipt: StoredReceipt | None

    def price(self, value: Decimal) -> str:
        return f"{value:,.{self.order.instrument.price_decimals}f}"

    def quantity(self, value: Decimal) -> str:
        return f"{value:,.{self.order.instrument.quantity_decimals}f}"

    @property
    def buys(self) -> bool:
        return self.order.side is Side.BUY


def explain(known: Known) -> tuple[str, ...]:
    """Why the step came out as it did, as far as the books say."""
    fill = known.moment.fill
    if fill is not None:
        return (*(_taken(known, fill) if known.moment.was_taker else _reached(known, fill)),)
    return (*_decided(known),)


def _touch(known: Known) -> str:
    """"ask" for a buyer, "bid" for a seller: the side that the order meets."""
    return "ask" if known.buys else "bid"


def _taken(known: Known, fill: FillView) -> Iterator[str]:
    """The order came and was matched with what stood there."""
    price, touch, quote = known.price(fill.price), _touch(known), known.quote
    if not fill.quote_source:
        yield f"Filled at {price} because another customer's order stood there with the best {touch} of the book."
        if quote is not None and quote.offers:
            house = quote.ask if known.buys else quote.bid
            yield f"The house's own {touch} was {known.price(house)}; at one price customers come first."
        return
    if quote is None:
        yield f"Filled at {price}, which the house offered; its quote is not in the journal."
        return
    best = quote.ask if known.buys else quote.bid
    if fill.price == best:
        yield f"Filled at {price} because the best {touch} of the house was {price}, and no customer offered better."
        return
    gone = known.book.house_sold if known.buys else known.book.house_bought
    yield (
        f"Filled at {price}, behind the house's best {touch} of {known.price(best)}: "
        f"{known.quantity(gone)} of its quote had been taken before, so this was the best that was left."
    )


def _reached(known: Known, fill: FillView) -> Iterator[str]:
    """The order rested, and somebody came."""
    price = known.price(fill.price)
    yield f"Filled at {price} because that was its own limit: it rested in the book, and what rests is filled at its own price."
    if not fill.quote_source:
        yield "Another customer's order came and took it."
    elif known.quote is not None:
        reached = known.quote.ask if known.buys else known.quote.bid
        touch = _touch(known)
        yield f"The house's {touch} had moved to {known.price(reached)}, which reached it."


def _decided(known: Known) -> Iterator[str]:
    """What was no fill: what the decision looked at."""
    quote, order, event = known.quote, known.order, known.moment.step.event
    if quote is None:
        yield "No price was looked at for this."
        return
    best = quote.ask if known.buys else quote.bid
    sides = f"The house's {_touch(known)} was {known.price(best)}"
    if event.type == "ORDER_ACCEPTED" and order.price is not None and not order.waits_first:
        meets = order.price >= best if known.buys else order.price <= best
        became = "reached it" if meets else "did not reach it, so the order rested"
        yield f"{sides}: the limit of {known.price(order.price)} {became}."
    else:
        yield f"{sides}, {span(quote.age)} old."
    if not quote.offers:
        yield "The house had withdrawn: its quote was more than three seconds old."


def what_was_shown(known: Known) -> tuple[str, ...]:
    """What the customer's page showed when the order was sent, and how that compares with what became of it."""
    return (*_on_the_screen(known),)


def _on_the_screen(known: Known) -> Iterator[str]:
    shown, receipt = known.shown, known.receipt
    if shown is None:
        yield _why_nothing(known)
        return
    touch = shown.ask if known.buys else shown.bid
    to_do = f"to {'buy' if known.buys else 'sell'} at{', after it had asked again' if shown.was_asked else ''}"
    yield f"The page showed {known.price(touch)} {to_do}: quote {shown.epoch}-{shown.sequence}."
    sent_at = None if receipt is None else receipt.clicked_at or receipt.received_at
    if sent_at is not None:
        yield _age(shown, sent_at, clicked=receipt is not None and receipt.clicked_at is not None)
    if known.moment.fill is not None and known.moment.was_taker:
        yield _compared(known, touch, known.moment.fill.price)


def _age(shown: ShownView, sent_at: datetime, *, clicked: bool) -> str:
    return f"That quote was {span(sent_at - shown.quoted_at)} old when the order was {'clicked' if clicked else 'received'}."


def _compared(known: Known, seen: Decimal, got: Decimal) -> str:
    if seen == got:
        return "It was filled at exactly the price that was shown."
    is_better = got < seen if known.buys else got > seen
    points = (abs(got - seen) * 100 / seen).quantize(_HUNDREDTH)
    how = f"{known.price(abs(got - seen))} ({points} %) {'better' if is_better else 'worse'}"
    return f"It was filled {how} for the customer than was shown."


def _why_nothing(known: Known) -> str:
    if known.receipt is not None and known.receipt.door is Door.PROGRAM:
        return "A program sent the order: there was no screen."
    if known.order.terms is not None and known.order.terms.parent_id:
        return "The engine made this order when its entry was filled: there was no ticket."
    return "What the page showed is not known: it carried no price, or the order is older than this record, or than 90 days."
