"""What the database has of an order: the moments of its receipt, its events with fills and ledger rows, the engine's batches."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from apps.core.numbers import plain
from apps.engine.batches import BatchView, find_batch
from apps.orders import selectors_staff as staff
from apps.orders.selectors import OrderView
from apps.orders.story import Story, tell_story
from apps.orders.timeline import Step
from apps.receipts.selectors import StoredReceipt, find_receipt
from apps.tracing.entries import Entry, Told

#: An order of years may have thousands of events: the first so many are told, and that there are more.
STEPS_MAX = 300


@dataclass(frozen=True, slots=True)
class StoredStory:
    """What the other sources are asked about: the ids in the order's events, and what those say."""

    order: OrderView
    steps: tuple[Step, ...]
    told: Told

    @property
    def trace_ids(self) -> tuple[str, ...]:
        return _once(step.correlation_id for step in self.steps)

    @property
    def command_ids(self) -> tuple[str, ...]:
        return _once(step.command_id for step in self.steps)

    @property
    def event_ids(self) -> frozenset[str]:
        return frozenset(f"{step.event.epoch}-{step.event.sequence}" for step in self.steps)


def tell(order: OrderView) -> StoredStory:
    """Everything that the database has of ``order``."""
    steps, is_cut = _steps(order)
    entries = [
        *_moments(find_receipt(order.account_id, order.id)),
        *_batches(order, steps),
        *(entry for step in steps for entry in _of_step(order, step)),
    ]
    notes = [f"the order has more than {STEPS_MAX} events: only the first of them are told"] if is_cut else []
    return StoredStory(order, steps, Told(tuple(entries), tuple(notes)))


def _steps(order: OrderView) -> tuple[tuple[Step, ...], bool]:
    steps: list[Step] = []
    after: int | None = 0
    while after is not None and len(steps) < STEPS_MAX:
        story: Story = tell_story(order, after)
        steps += story.steps
        after = story.next_after
    return tuple(steps[:STEPS_MAX]), after is not None or len(steps) > STEPS_MAX


def _moments(receipt: StoredReceipt | None) -> Iterator[Entry]:
    """The receipt's; the browser's own are claims."""
    if receipt is None:
        return
    door = "the API" if receipt.door == "PROGRAM" else "the page"
    told: tuple[tuple[datetime | None, str, str], ...] = (
        (receipt.clicked_at, "browser", "the ticket was clicked, as the browser says"),
        (receipt.received_at, "web", f"the request began to come in by {door}"),
        (receipt.pushed_at, "stream", "the decision was handed to a socket of the account"),
        (receipt.painted_at, "browser", "the answer was on the screen, as the browser says"),
    )
    yield from (Entry(at, source, what) for at, source, what in told if at is not None)


def _batches(order: OrderView, steps: tuple[Step, ...]) -> Iterator[Entry]:
    """Each batch of the engine that decided something of the order."""
    seen: set[int] = set()
    for step in steps:
        if step.event.sequence in seen:
            continue
        batch = find_batch(step.event.sequence)
        if batch is None:
            continue
        seen.update(each.event.sequence for each in steps if batch.first < each.event.sequence <= batch.last)
        yield Entry(
            batch.decided_at, "engine", _batch_words(batch), {"epoch": batch.epoch, "first": batch.first, "last": batch.last}
        )


def _batch_words(batch: BatchView) -> str:
    quotes = ", ".join(f"{quote.source} {quote.epoch}-{quote.sequence}" for quote in batch.quotes)
    read = f", reading {quotes}" if quotes else ""
    return (
        f"epoch {batch.epoch} decided a batch of {len(batch.command_ids)} command(s), sequences {batch.first + 1} to {batch.last}"
        f"{read}, and wrote it in one transaction"
    )


def _of_step(order: OrderView, step: Step) -> Iterator[Entry]:
    event = step.event
    facts = {
        "sequence": event.sequence,
        "type": event.type,
        "account_sequence": event.account_sequence,
        "correlation_id": step.correlation_id,
        "command_id": step.command_id,
    }
    words = [f"{event.type} {event.epoch}-{event.sequence}, {event.account_sequence} of the account", *_details(order, step)]
    if step.sentence:
        words.append(step.sentence.removesuffix("."))
    words.append(f"command {step.command_id}" if step.command_id else "no command of this account")
    if step.correlation_id:
        words.append(f"trace {step.correlation_id}")
    yield Entry(event.at, "database", "; ".join(words), facts)
    if step.transfer is not None:
        for posting, label in step.transfer.legs:
            what = (
                f"transfer {step.transfer.id}, {label.lower()}: {plain(posting.amount)} {posting.asset.code}, "
                f"{plain(posting.balance_after)} after it"
            )
            yield Entry(step.transfer.at, "ledger", what, {"transfer_id": step.transfer.id, "leg": posting.leg})


def _details(order: OrderView, step: Step) -> Iterator[str]:
    if step.fill is not None:
        fill, quote = step.fill, order.instrument.quote.code
        fee = f"fee {plain(fill.fee)} {quote}"
        yield f"{plain(fill.quantity)} at {plain(fill.price)} {quote} as {fill.liquidity_side.value.lower()}, {fee}"
        yield f"trade {fill.trade_id} with {_other_side(order, fill.trade_id)}"
    for change in step.changes:
        yield f"{change.label.lower()} {'' if change.old is None else f'{plain(change.old)} '}-> {plain(change.new)}"
    held = step.event.data.get("held")
    if held is not None:
        yield f"{held} held"


def _other_side(order: OrderView, trade_id: int) -> str:
    others = [f"order {other.id}" for other in staff.list_orders_of_trade(trade_id) if other.id != order.id]
    return others[0] if others else "the house"


def _once(words: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
