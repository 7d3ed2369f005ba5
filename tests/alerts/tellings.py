"""Alerts that fired, made as the evaluator makes them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.accounts.models import Account
from apps.alerts.handlers import AlertsHandler
from apps.alerts.models import Notice
from apps.core.clock import ManualClock
from apps.instruments.models import Instrument
from tests.alerts.cast import T0, T0_NS, alert, prints, record


def tell(account: Account, instrument: Instrument, price: str, *, at: datetime = T0, **more: Any) -> Notice:
    """An alert at ``price`` is set, reached and told of."""
    alert(account, instrument, str(Decimal(price)), **more)
    handler = AlertsHandler(clock=ManualClock(T0_NS))
    with transaction.atomic():
        handler.handle([record(prints(((at - T0).total_seconds(), price), symbol=instrument.symbol))])
    return Notice.objects.filter(account=account).latest("sequence")
