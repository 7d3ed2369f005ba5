"""What a browser tells of the orders that it placed: when they were clicked, and when their result was on the screen."""

from typing import Annotated

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from msgspec import Meta

from apps.accounts.access import access_account
from apps.commands.rate import RateLimit, TooFastError
from apps.receipts.services import Seen, note_seen

#: A page tells at most once a second, and the limit counts by a sliding second, not by the distance of two.
RECEIPT_RATE = RateLimit("receipts", per_second=2)
BODY_BYTES_MAX = 4 * 1024
ORDERS_MAX = 20
#: Until the year 2100.
_Microseconds = Annotated[int, Meta(gt=0, lt=4_102_444_800_000_000)] | None
_OrderId = Annotated[int, Meta(gt=0, le=2**63 - 1)]


class _Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: Annotated[int, Meta(ge=1, le=1)]
    d: Annotated[list[tuple[_OrderId, _Microseconds, _Microseconds]], Meta(min_length=1, max_length=ORDERS_MAX)]


_read = msgspec.json.Decoder(_Told).decode


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """``{"v":1,"d":[[order id, clicked, painted],…]}``, microseconds by the server's clock, null where one is not known.

    It is noted and written later, so the answer says nothing of whose orders they are.
    """
    account = access_account(request)
    try:
        RECEIPT_RATE.check(account.id)
    except TooFastError:
        return HttpResponse(status=429, headers={"Retry-After": "1"})
    if len(request.body) > BODY_BYTES_MAX:
        return HttpResponse(status=413)
    try:
        told = _read(request.body)
    except (msgspec.DecodeError, RecursionError):
        return HttpResponse(status=400)
    note_seen(account.id, [Seen(*each) for each in told.d])
    return HttpResponse(status=204)
