"""Words of ours that several say, and words that people typed among them."""

from typing import Final

#: What the engine answers to an order without a fresh price, and what the pages say before it is sent.
STALE_PRICE: Final = "The price is too old to trade on; try again when it moves."

#: The same of new orders while the disk of the books, or the outbox, is full.
ORDERS_PAUSED: Final = "New orders are not taken for a moment: there is no room to record them. Open orders can be canceled."


def as_sentence(text: str) -> str:
    """``text`` with an end: a full stop, unless it has one. Empty stays empty."""
    text = text.strip()
    return f"{text}." if text and text[-1].isalnum() else text
