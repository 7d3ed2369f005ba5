"""How far the stream of an account's events has come."""

from apps.orders.models import AccountEvent


def get_last_account_sequence(account_id: int) -> int:
    """The account sequence of the account's newest event; 0 when nothing has happened yet. One step down an index."""
    newest = AccountEvent.objects.filter(account_id=account_id).order_by("-account_sequence").values_list("account_sequence")
    row = newest.first()
    return row[0] if row else 0
