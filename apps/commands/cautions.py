"""What a preview warns of: stable codes, each with one plain sentence that a customer can read."""

from enum import StrEnum


class Caution(StrEnum):
    PARTLY_FILLED = "PARTLY_FILLED"
    FAR_FROM_REFERENCE = "FAR_FROM_REFERENCE"
    MOST_OF_FUNDS = "MOST_OF_FUNDS"
    PRICE_IS_OLD = "PRICE_IS_OLD"
    MEETS_OWN_ORDER = "MEETS_OWN_ORDER"
    BOOK_IS_DEEPER = "BOOK_IS_DEEPER"


SENTENCES: dict[Caution, str] = {
    Caution.PARTLY_FILLED: "Only a part would be filled at once.",
    Caution.FAR_FROM_REFERENCE: "The worst price would be more than 1 % away from the market.",
    Caution.MOST_OF_FUNDS: "The order would take more than nine tenths of the money that is available.",
    Caution.PRICE_IS_OLD: "The last price is more than three seconds old.",
    Caution.MEETS_OWN_ORDER: "It would meet another order of the same account; self-trade prevention would act.",
    Caution.BOOK_IS_DEEPER: "More orders would be met than a preview looks at; more could be filled than is shown.",
}


def sentence_of(code: str) -> str:
    """The plain sentence of a code; the code itself for one that this version does not know."""
    return SENTENCES[Caution(code)] if code in Caution.__members__ else code
