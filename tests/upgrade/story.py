"""A day on the venue in small, told to a real engine: what an upgrade must carry over.

Run by ``make_dump`` inside ``manage.py shell`` of the version that is dumped, so it speaks in commands, whose types are frozen,
and stays away from everything else that versions may name otherwise.
"""

import os
import time
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.test import Client

from apps.accounts.services import ensure_funded, open_paper_account
from apps.commands.answers import OrderAnswer
from apps.commands.client import get_client
from apps.commands.types import (
    Actor,
    AmendOrder,
    Bracket,
    CancelOrder,
    Deposit,
    HaltInstrument,
    KillVenue,
    Leg,
    RestoreVenue,
    Session,
    SetAccountLimits,
    SetDeadMansSwitch,
    SetSelfTradePrevention,
    SetSessions,
    SubmitOrder,
    SubmitPair,
    SuspendAccount,
    Withdraw,
)
from apps.core.enums import OrderStatus, OrderType, Role, SelfTradePrevention, Side, TimeInForce
from apps.instruments.selectors import get_instrument
from apps.marketdata.selectors import get_latest

SYSTEM = Actor(user_id=None, role=Role.SYSTEM)
DEADLINE_S = 10.0


class Trader:
    def __init__(self, email):
        user = get_user_model().objects.filter(email=email).first()
        if user is None:
            user = get_user_model().objects.create_user(email, os.environ["DEMO_CUSTOMER_PASSWORD"])
            open_paper_account(user)
        self.actor = Actor(user_id=user.pk, role=Role.CUSTOMER)
        self.account_id = user.account.pk
        self.count = 0
        if not ensure_funded(self.account_id, deadline_s=DEADLINE_S):
            raise SystemExit(f"{email} was not funded")

    def send(self, kind, **fields):
        self.count += 1
        command_id = f"story-{self.account_id}-{self.count}"
        command = kind(command_id=command_id, actor=self.actor, account_id=self.account_id, **fields)
        return get_client().send(command, deadline_s=DEADLINE_S)

    def order(
        self,
        symbol,
        side,
        quantity,
        price=None,
        time_in_force=TimeInForce.GTC,
        expected=OrderStatus.FILLED,
        order_type=None,
        **more,
    ):
        if order_type is None:
            order_type = OrderType.MARKET if price is None else OrderType.LIMIT
            time_in_force = TimeInForce.IOC if price is None else time_in_force
        terms = {"symbol": symbol, "side": side, "order_type": order_type, "quantity": quantity, "price": price, **more}
        answer = self.send(SubmitOrder, **terms, time_in_force=time_in_force)
        if not isinstance(answer, OrderAnswer) or answer.status is not expected:
            raise SystemExit(f"{expected} was expected of {terms}, the engine said {answer}")
        return answer.order_id


def newest(symbol):
    """The newest quote; waits until there is one."""
    deadline_s = time.monotonic() + 60
    instrument = get_instrument(symbol)
    while (price := get_latest(instrument.id)).bid is None:
        if time.monotonic() > deadline_s:
            raise SystemExit(f"no price of {symbol}")
        time.sleep(0.1)
    return instrument, price


def price_at(symbol, share):
    """A part of the newest bid as a price of the instrument's grid."""
    instrument, price = newest(symbol)
    return str((price.bid * Decimal(share) / instrument.tick_size).to_integral_value() * instrument.tick_size)


def price_before_the_house(symbol):
    """A tick better than the house asks, so that a buyer meets the customer who sells there."""
    instrument, price = newest(symbol)
    return str(price.ask - instrument.tick_size)


def staff(kind, number, **fields):
    """A command of the venue itself; twice with one number is once."""
    command = kind(command_id=f"story-{kind.__name__}-{number}", actor=SYSTEM, reason="the story", **fields)
    answer = get_client().send(command, deadline_s=DEADLINE_S)
    if getattr(answer, "reason", ""):
        raise SystemExit(f"{command} was answered by {answer}")


def before_anybody_trades():
    """The kill switch of the venue, there and back; sessions for DAY orders, which end with the next day."""
    staff(KillVenue, 1)
    staff(RestoreVenue, 1)
    now_us = time.time_ns() // 1000
    hour_ns = 3600 * 10**9
    session = Session(now_us * 1000 - hour_ns, now_us * 1000 - hour_ns, now_us * 1000 + 20 * hour_ns)
    command = SetSessions(command_id="story-sessions", actor=SYSTEM, symbol="BTC-USD", sessions=[session], around_the_clock=True)
    get_client().send(command, deadline_s=DEADLINE_S)


def orders_with_terms():
    """All that waits, is linked, keeps its place or loses it; far from the market, so that it is still so after the upgrade."""
    gina = Trader("gina@tredye.example")
    gina.order("BTC-USD", Side.BUY, "1")
    waits = {"expected": OrderStatus.WAITING}
    low, lower = price_at("BTC-USD", "0.5"), price_at("BTC-USD", "0.49")
    gina.order("BTC-USD", Side.SELL, "0.05", order_type=OrderType.STOP, trigger_price=low, **waits)
    gina.order("BTC-USD", Side.SELL, "0.05", lower, order_type=OrderType.STOP_LIMIT, trigger_price=low, **waits)
    gina.order("BTC-USD", Side.SELL, "0.05", order_type=OrderType.TRAILING_STOP, trail_bps=5000, **waits)
    gina.order("BTC-USD", Side.SELL, "0.05", order_type=OrderType.TAKE_PROFIT, trigger_price=price_at("BTC-USD", "2"), **waits)
    high = price_at("BTC-USD", "1.05")
    target, stop = Leg(order_type=OrderType.LIMIT, price=high), Leg(order_type=OrderType.STOP, trigger_price=low)
    pair = gina.send(SubmitPair, symbol="BTC-USD", side=Side.SELL, quantity="0.06", first=target, second=stop)
    if pair.reason:
        raise SystemExit(f"the pair was answered by {pair}")
    gina.order("BTC-USD", Side.BUY, "0.07", bracket=Bracket(target=target, stop=stop))
    rests = {"expected": OrderStatus.ACCEPTED}
    amended = gina.order("BTC-USD", Side.BUY, "0.08", price_at("BTC-USD", "0.93"), post_only=True, **rests)
    gina.send(AmendOrder, order_id=amended, quantity="0.06")
    gina.send(AmendOrder, order_id=amended, price=price_at("BTC-USD", "0.92"))
    gina.send(SetSelfTradePrevention, mode=SelfTradePrevention.DECREMENT)
    staff(SetAccountLimits, 1, account_id=gina.account_id, max_open_orders=40, max_order_notional="250000")


def orders_that_end_by_themselves():
    """Before anybody upgrades the time of these will have come."""
    dave, frank = Trader("dave@tredye.example"), Trader("frank@tredye.example")
    rests = {"expected": OrderStatus.ACCEPTED, "price": price_at("BTC-USD", "0.93")}
    until = {"time_in_force": TimeInForce.GTD, "expires_at_ns": time.time_ns() // 1000 * 1000 + 86_400 * 10**9}
    frank.order("BTC-USD", Side.BUY, "0.01", **until, **rests)
    frank.order("BTC-USD", Side.BUY, "0.02", time_in_force=TimeInForce.DAY, **rests)
    dave.order("BTC-USD", Side.BUY, "0.03", **until, **rests)
    dave.send(SetDeadMansSwitch, seconds=3600)


def morning():
    """With the house's quotes: market orders, one that rests, one canceled, refusals, money in and out, a log-in."""
    ada, bob, carol = Trader("customer@tredye.example"), Trader("bob@tredye.example"), Trader("carol@tredye.example")
    before_anybody_trades()
    for symbol in ("BTC-USD", "ALDR"):
        price_at(symbol, "1")
    ada.order("BTC-USD", Side.BUY, "0.5")
    bob.order("BTC-USD", Side.BUY, "0.2")
    ada.order("BTC-USD", Side.SELL, "0.1")
    bob.order("ALDR", Side.BUY, "20")
    ada.order("BTC-USD", Side.BUY, "0.25", price_at("BTC-USD", "0.95"), expected=OrderStatus.ACCEPTED)
    canceled = bob.order("BTC-USD", Side.BUY, "0.1", price_at("BTC-USD", "0.94"), expected=OrderStatus.ACCEPTED)
    bob.send(CancelOrder, order_id=canceled)
    fok = {"time_in_force": TimeInForce.FOK, "expected": OrderStatus.REJECTED}
    carol.order("BTC-USD", Side.BUY, "0.01", price_at("BTC-USD", "0.96"), **fok)
    carol.order("BTC-USD", Side.BUY, "90", price_at("BTC-USD", "0.99"), expected=OrderStatus.DENIED)
    bob.send(Withdraw, asset="USD", amount="1234.56", memo="Rent")
    bob.send(Deposit, asset="USD", amount="10.01", memo="Found in a coat")
    orders_with_terms()
    orders_that_end_by_themselves()
    carol.order("ETH-USD", Side.BUY, "0.1", price_at("ETH-USD", "0.95"), expected=OrderStatus.ACCEPTED)
    carol.order("BTC-USD", Side.BUY, "0.01", price_at("BTC-USD", "0.95"), expected=OrderStatus.ACCEPTED)
    staff(HaltInstrument, 1, symbol="ETH-USD", cancel_orders=True)
    staff(SuspendAccount, 1, account_id=carol.account_id, cancel_orders=True)
    form = {"login": "customer@tredye.example", "password": os.environ["DEMO_CUSTOMER_PASSWORD"]}
    logged_in = Client(headers={"host": "localhost"}).post("/login/", form)
    if logged_in.status_code != 302:
        raise SystemExit(f"the log-in answered {logged_in.status_code}")


def evening():
    """With nobody who publishes or reads: customers meet, and an order is filled in part and waits."""
    ada, bob = Trader("customer@tredye.example"), Trader("bob@tredye.example")
    ada.count = bob.count = 100
    price = price_before_the_house("BTC-USD")
    bob.order("BTC-USD", Side.SELL, "0.15", price, expected=OrderStatus.ACCEPTED)
    ada.order("BTC-USD", Side.BUY, "0.05", price)


{"morning": morning, "evening": evening}[os.environ["STORY_PART"]]()
