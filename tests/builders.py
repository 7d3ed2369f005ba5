"""Rows as the engine would have written them, for tests of what reads them.

A :class:`Venue` keeps the engine's sequence and the ledger's totals while it writes: postings sum to zero, totals carry on,
events count without a gap, so a page built on it looks like a page of a real day.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from apps.accounts.models import Account, AccountKind, User
from apps.core.enums import AccountStatus, LiquiditySide, OrderStatus, OrderType, Side, TimeInForce, TradingState
from apps.core.numbers import plain
from apps.eventlog.schemas import accounts as schemas
from apps.instruments.models import Asset, Instrument
from apps.ledger.models import LedgerAccount, Posting, Transfer, TransferKind
from apps.orders.models import AccountEvent, Fill, Order, Trade

PASSWORD = "correct horse battery"
START = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
DECIMALS = {"USD": 2, "EUR": 2, "BTC": 8, "AAPL": 0}
FEE_RATE = Decimal("0.001")


def make_user(email: str, **fields: Any) -> User:
    return User.objects.create_user(email, PASSWORD, **fields)


@dataclass
class Venue:
    sequence: int = 1000
    at: datetime = START
    account_sequences: dict[int, int] = field(default_factory=dict)
    trade_counts: dict[int, int] = field(default_factory=dict)

    # --- who and what -----------------------------------------------------------------------------------------------

    def customer(self, email: str, *, funded: str = "", **fields: Any) -> Account:
        user = make_user(email, **fields)
        account, _ = Account.objects.update_or_create(user=user, defaults={"status": AccountStatus.ACTIVE})
        if funded:
            self.deposit(account, "USD", funded)
        return account

    def asset(self, code: str) -> Asset:
        highest = Asset.objects.order_by("-id").values_list("id", flat=True).first() or 0
        return Asset.objects.get_or_create(
            code=code,
            defaults={"id": highest + 1, "name": code, "asset_class": "CASH", "display_decimals": DECIMALS.get(code, 2)},
        )[0]

    def instrument(self, symbol: str, *, price_decimals: int = 2, quantity_decimals: int = 4, name: str = "") -> Instrument:
        base, quote = symbol.split("-")
        highest = Instrument.objects.order_by("-id").values_list("id", flat=True).first() or 0
        defaults = {
            "id": highest + 1,
            "name": name or f"{base} in {quote}",
            "asset_class": "CRYPTO" if base == "BTC" else "STOCK",
            "base": self.asset(base),
            "quote": self.asset(quote),
            "tick_size": Decimal(1).scaleb(-price_decimals),
            "lot_size": Decimal(1).scaleb(-quantity_decimals),
            "price_decimals": price_decimals,
            "quantity_decimals": quantity_decimals,
            "max_quantity": 1_000_000,
            "max_notional": 100_000_000,
            "collar_bps": 500,
            "maker_fee_ppm": 500,
            "taker_fee_ppm": 1000,
            "ladder_step_ticks": 5,
            "trading_state": TradingState.OPEN,
            "state_changed_at": START,
        }
        return Instrument.objects.get_or_create(symbol=symbol, defaults=defaults)[0]

    def system_account(self, kind: AccountKind) -> Account:
        return Account.objects.get_or_create(kind=kind, defaults={"status": AccountStatus.ACTIVE})[0]

    # --- money --------------------------------------------------------------------------------------------------------

    def ledger_account(self, account: Account, asset: Asset) -> LedgerAccount:
        highest = LedgerAccount.objects.order_by("-id").values_list("id", flat=True).first() or 0
        may_be_negative = account.kind in (AccountKind.HOUSE, AccountKind.EXTERNAL)
        return LedgerAccount.objects.get_or_create(
            account=account, asset=asset, defaults={"id": highest + 1, "may_be_negative": may_be_negative}
        )[0]

    def deposit(self, account: Account, asset: str, amount: str, memo: str = "Paper money") -> Transfer:
        self._later()
        command_id = f"deposit-{self.sequence}"
        legs = [(account, asset, Decimal(amount)), (self.system_account(AccountKind.EXTERNAL), asset, -Decimal(amount))]
        transfer = self._transfer(TransferKind.DEPOSIT, legs, command_id=command_id, memo=memo)
        self._event(account, schemas.FundsDeposited, command_id, transfer_id=transfer.pk, asset=asset, amount=amount)
        return transfer

    def adjust(self, account: Account, asset: str, amount: str, reason: str) -> Transfer:
        """A correction by staff; below zero it takes."""
        self._later()
        command_id = f"adjust-{self.sequence}"
        legs = [(self.system_account(AccountKind.EXTERNAL), asset, -Decimal(amount)), (account, asset, Decimal(amount))]
        transfer = self._transfer(TransferKind.ADJUSTMENT, legs, command_id=command_id, memo=reason)
        fields = {"transfer_id": transfer.pk, "asset": asset, "amount": amount, "reason": reason}
        self._event(account, schemas.FundsAdjusted, command_id, **fields)
        return transfer

    def _transfer(
        self, kind: TransferKind, legs: list[tuple[Account, str, Decimal]], *, trade_id: int | None = None,
        command_id: str = "", memo: str = "",
    ) -> Transfer:
        transfer = Transfer.objects.create(
            id=self._next(), kind=kind, trade_id=trade_id, command_id=command_id, memo=memo, at=self.at
        )
        postings = []
        for account, code, amount in (leg for leg in legs if leg[2]):
            bucket = self.ledger_account(account, self.asset(code))
            bucket.total = Decimal(bucket.total) + amount
            bucket.save(update_fields=["total"])
            postings.append(
                Posting(
                    transfer=transfer, leg=len(postings), ledger_account=bucket, asset_id=bucket.asset_id, amount=amount,
                    balance_after=bucket.total,
                )
            )
        Posting.objects.bulk_create(postings)  # one statement: the ledger's law is checked over all legs at once
        return transfer

    def _hold(self, order: Order, held: Decimal) -> None:
        code = order.instrument.quote if order.side == Side.BUY else order.instrument.base
        bucket = self.ledger_account(order.account, code)
        bucket.held = Decimal(bucket.held) + held - order.held
        bucket.save(update_fields=["held"])
        order.held = held

    # --- orders -------------------------------------------------------------------------------------------------------

    def order(
        self, account: Account, symbol: str, side: Side, quantity: str, price: str | None = None, *,
        client_order_id: str = "", refused: OrderStatus | None = None, reason: str = "",
    ) -> Order:
        """An accepted order, or one that was refused with ``reason``. Without ``price`` it is a market order."""
        self._later()
        order = Order(
            id=self._next(), account=account, instrument=self.instrument(symbol), side=side,
            client_order_id=client_order_id or f"ticket-{self.sequence}",
            order_type=OrderType.LIMIT if price else OrderType.MARKET,
            time_in_force=TimeInForce.GTC if price else TimeInForce.IOC,
            quantity=Decimal(quantity), price=Decimal(price) if price else None, status=refused or OrderStatus.ACCEPTED,
            reason=reason, filled_quantity=Decimal(0), filled_notional=Decimal(0), fee=Decimal(0), held=Decimal(0),
            created_at=self.at, updated_at=self.at,
        )
        if refused is None:
            self._hold(order, self._needed(order))
        order.save(force_insert=True)
        asked = {
            "side": side, "order_type": order.order_type, "time_in_force": order.time_in_force, "quantity": plain(order.quantity),
            "price": plain(order.price) if order.price is not None else None,
        }
        if refused is None:
            self._order_event(order, schemas.OrderAccepted, **asked, held=plain(order.held))
        else:
            type_ = schemas.OrderDenied if refused is OrderStatus.DENIED else schemas.OrderRejected
            self._order_event(order, type_, **asked, reason=reason)
        return order

    def _needed(self, order: Order) -> Decimal:
        leaves = order.quantity - order.filled_quantity
        if order.side == Side.SELL:
            return leaves
        return (leaves * (order.price or Decimal(1)) * (1 + FEE_RATE)).quantize(Decimal("0.00000001"))

    def fill(self, order: Order, quantity: str, price: str, *, against: Order | None = None) -> Fill:
        """Fill ``order`` against the house, or against another customer's order. Both sides of the trade are written."""
        self._later()
        size, at_price = Decimal(quantity), Decimal(price)
        quote = ("sim", 7, self.sequence) if against is None else ("", None, None)
        count = self.trade_counts[order.instrument_id] = self.trade_counts.get(order.instrument_id, 0) + 1
        trade = Trade.objects.create(
            id=self._next(), instrument=order.instrument, epoch=1, instrument_sequence=count, price=at_price, quantity=size,
            aggressor_side=order.side, quote_source=quote[0], quote_epoch=quote[1], quote_sequence=quote[2], at=self.at,
        )
        fee = (at_price * size * FEE_RATE).quantize(Decimal("0.00000001"))
        other_account = against.account if against else self.system_account(AccountKind.HOUSE)
        mine = self._fill_row(trade, order, order.account, Side(order.side), LiquiditySide.TAKER, fee)
        other_side = Side.SELL if order.side == Side.BUY else Side.BUY
        other_fee = fee if against else Decimal(0)
        theirs = self._fill_row(trade, against, other_account, other_side, LiquiditySide.MAKER, other_fee)
        for filled in (against, order):
            if filled is not None:
                self._advance(filled, size, at_price, fee)
        self._settle(trade, mine, theirs)
        for row in (theirs, mine):
            if row.order is not None:
                self._fill_event(row, trade)
        return mine

    def _fill_row(
        self, trade: Trade, order: Order | None, account: Account, side: Side, liquidity_side: LiquiditySide, fee: Decimal
    ) -> Fill:
        return Fill.objects.create(
            id=2 * trade.pk + (side is Side.SELL), trade=trade, order=order, account=account, instrument=trade.instrument,
            side=side, liquidity_side=liquidity_side, price=trade.price, quantity=trade.quantity, fee=fee, at=self.at,
        )

    def _advance(self, order: Order, size: Decimal, price: Decimal, fee: Decimal) -> None:
        order.filled_quantity += size
        order.filled_notional += size * price
        order.fee += fee
        order.status = OrderStatus.FILLED if order.filled_quantity == order.quantity else OrderStatus.PARTIALLY_FILLED
        order.updated_at = self.at
        self._hold(order, self._needed(order))
        order.save()

    def _settle(self, trade: Trade, *fills: Fill) -> None:
        instrument = trade.instrument
        legs: list[tuple[Account, str, Decimal]] = []
        for row in fills:
            sign = 1 if row.side == Side.BUY else -1
            legs.append((row.account, instrument.base.code, sign * row.quantity))
            legs.append((row.account, instrument.quote.code, -sign * row.quantity * row.price))
            legs.append((row.account, instrument.quote.code, -row.fee))
            legs.append((self.system_account(AccountKind.FEES), instrument.quote.code, row.fee))
        self._transfer(TransferKind.TRADE, legs, trade_id=trade.pk)

    def _fill_event(self, row: Fill, trade: Trade) -> None:
        order = row.order
        assert order is not None
        self._order_event(
            order, schemas.OrderFilled, trade_id=trade.pk, side=row.side, liquidity_side=row.liquidity_side,
            price=plain(row.price), quantity=plain(row.quantity), fee=plain(row.fee), status=order.status,
            filled_quantity=plain(order.filled_quantity), leaves_quantity=plain(order.quantity - order.filled_quantity),
            held=plain(order.held), quote_source=trade.quote_source, quote_epoch=trade.quote_epoch or 0,
            quote_sequence=trade.quote_sequence or 0,
        )

    def cancel(self, order: Order, reason: str = "CANCELED_BY_CUSTOMER", explanation: str = "") -> Order:
        """With an ``explanation`` it was staff who canceled, and that is why."""
        self._later()
        released = order.held
        self._hold(order, Decimal(0))
        order.status, order.reason, order.updated_at = OrderStatus.CANCELED, reason, self.at
        order.save()
        more = {"explanation": explanation} if explanation else {}
        self._order_event(
            order, schemas.OrderForceCanceled if explanation else schemas.OrderCanceled, reason=reason,
            filled_quantity=plain(order.filled_quantity), released=plain(released), **more,
        )
        return order

    def bought(self, account: Account, symbol: str, quantity: str, price: str) -> Order:
        """A market buy, filled by the house."""
        order = self.order(account, symbol, Side.BUY, quantity)
        self.fill(order, quantity, price)
        return order

    def sold(self, account: Account, symbol: str, quantity: str, price: str) -> Order:
        """A market sale, filled by the house."""
        order = self.order(account, symbol, Side.SELL, quantity)
        self.fill(order, quantity, price)
        return order

    # --- events -------------------------------------------------------------------------------------------------------

    def _next(self) -> int:
        self.sequence += 1
        return self.sequence

    def _later(self) -> None:
        """Each action has an instant of its own; all that it causes shares it."""
        self.at += timedelta(milliseconds=137)

    def _order_event(self, order: Order, type_: type[schemas.OrderEvent], **fields: Any) -> None:
        self._event(
            order.account, type_, order.client_order_id, order=order, order_id=order.pk, client_order_id=order.client_order_id,
            instrument_id=order.instrument_id, symbol=order.instrument.symbol, **fields,
        )

    def _event(
        self, account: Account, type_: type[schemas.AccountEvent], cause: str, *, order: Order | None = None, **fields: Any
    ) -> AccountEvent:
        account_sequence = self.account_sequences[account.pk] = self.account_sequences.get(account.pk, 0) + 1
        event = type_(
            epoch=1, sequence=self._next(), at_ns=int(self.at.timestamp() * 1_000_000) * 1000, correlation_id="click-1",
            causation_id=cause, account_id=account.pk, account_sequence=account_sequence, **fields,
        )
        return AccountEvent.objects.create(
            id=event.sequence, account=account, account_sequence=account_sequence, epoch=1, order_id=order.pk if order else None,
            type=str(type_.__struct_config__.tag), data=msgspec.to_builtins(event), at=self.at,
        )


def published(*, partition: int = 0) -> list[Any]:
    """Every order event so far as the records that a consumer would be given, in order."""
    from apps.eventlog.handler import Record

    records = []
    for offset, row in enumerate(AccountEvent.objects.filter(order_id__isnull=False).order_by("id")):
        message = msgspec.convert(row.data, schemas.AnyOrderEvent)
        value = msgspec.json.encode(message)
        records.append(Record("orders.events", partition, offset, str(row.account_id), value, 0, message))
    return records
