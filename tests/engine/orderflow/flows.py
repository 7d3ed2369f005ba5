"""Flows to replay: files made by hand, and an exchange of a dozen lines that writes what LOBSTER would write of it."""

from io import StringIO
from pathlib import Path
from random import Random

from django.core.management import call_command

EMPTY_ASK, EMPTY_BID = "9999999999", "-9999999999"


class Run:
    """One run of the command in a directory: what it wrote and what it said."""

    def __init__(self, folder: Path, messages: list[str], *arguments: object, seed: str = "", depth: int = 2) -> None:
        self.folder = folder
        self.messages = folder / "messages.csv"
        self.messages.write_text("".join(f"{line}\n" for line in messages))
        self.out = folder / "book.csv"
        said, progress = StringIO(), StringIO()
        options = [str(self.messages), "--out", str(self.out), "--depth", str(depth), *map(str, arguments)]
        if seed:
            (folder / "seed.csv").write_text(f"{seed}\n")
            options += ["--seed-book", str(folder / "seed.csv")]
        try:
            call_command("replay_orderflow", *options, stdout=said, stderr=progress)
        finally:
            self.said = said.getvalue().splitlines()

    @property
    def rows(self) -> list[str]:
        return self.out.read_text().splitlines()

    def says(self, start: str) -> str:
        """What follows ``start`` in the one line that begins so; empty when there is none."""
        found = [line.removeprefix(start) for line in self.said if line.startswith(start)]
        assert len(found) <= 1, self.said
        return found[0].strip() if found else ""

    @property
    def matched(self) -> str:
        return self.says("matched by priority:")


def row(*levels: tuple[int | None, int, int | None, int]) -> str:
    """A row of the book: (ask, size, bid, size) a level; None is an empty one."""
    parts = []
    for ask, ask_size, bid, bid_size in levels:
        parts += [EMPTY_ASK if ask is None else ask, ask_size, EMPTY_BID if bid is None else bid, bid_size]
    return ",".join(map(str, parts))


class Exchange:
    """Price-time priority in lists: ``queues[side][price]`` holds [id, size], oldest first. Directions are LOBSTER's."""

    def __init__(self, seed: int, depth: int, view: int | None = None) -> None:
        self.random = Random(seed)
        self.depth = depth
        self.view = view  # messages beyond so many levels are not written
        self.queues: dict[int, dict[int, list[list[int]]]] = {1: {}, -1: {}}
        self.messages: list[str] = []
        self.books: list[str] = []
        self.clock_ns = 34_200 * 10**9
        self.last_id = 0

    def book(self) -> str:
        asks, bids = sorted(self.queues[-1]), sorted(self.queues[1], reverse=True)
        levels = []
        for i in range(self.depth):
            ask, bid = (side[i] if i < len(side) else None for side in (asks, bids))
            ask_size = sum(size for _, size in self.queues[-1][ask]) if ask else 0
            bid_size = sum(size for _, size in self.queues[1][bid]) if bid else 0
            levels.append((ask, ask_size, bid, bid_size))
        return row(*levels)

    def write(self, kind: int, order_id: int, size: int, price: int, side: int) -> None:
        self.clock_ns += self.random.randrange(10**7)
        seconds, rest = divmod(self.clock_ns, 10**9)
        message = f"{seconds}.{rest:09d}".rstrip("0") + f",{kind},{order_id},{size},{price},{side}"
        book = self.book()
        if self.view is None or kind > 4 or not self.books or book != self.books[-1]:
            self.messages.append(message)
            self.books.append(book)

    def take(self, side: int, price: int, at: int, size: int) -> None:
        queue = self.queues[side][price]
        queue[at][1] -= size
        if not queue[at][1]:
            del queue[at]
        if not queue:
            del self.queues[side][price]

    def step(self) -> None:
        dice, side = self.random.random(), self.random.choice((1, -1))
        own, other = self.queues[side], self.queues[-side]
        if dice < 0.5 or not own:
            best_other = min(other) if side == 1 and other else max(other) if other else 5_850_000 + 300 * side
            price = best_other - side * 100 * self.random.randrange(1, 25)
            self.last_id += 1
            size = self.random.choice((1, 18, 100, 100, 250))
            own.setdefault(price, []).append([self.last_id, size])
            self.write(1, self.last_id, size, price, side)
        elif dice < 0.8:
            price = self.random.choice(sorted(own))
            at = self.random.randrange(len(own[price]))
            order_id, left = own[price][at]
            size = left if self.random.random() < 0.7 else self.random.randint(1, left)
            self.take(side, price, at, size)
            self.write(3 if size == left else 2, order_id, size, price, side)
        elif dice < 0.95:
            self.execute(side, self.random.choice((50, 100, 300)))
        else:
            self.write(
                *self.random.choice(
                    ((5, 0, 10, 5_850_000, -1), (6, -1, 1000, 5_850_000, -1), (7, 0, 0, -1, -1), (7, 0, 0, 1, -1))
                )
            )

    def execute(self, side: int, size: int) -> None:
        """A marketable order against ``side``: one row for each order that it meets."""
        while size and self.queues[side]:
            price = min(self.queues[side]) if side == -1 else max(self.queues[side])
            order_id, left = self.queues[side][price][0]
            taken = min(size, left)
            self.take(side, price, 0, taken)
            self.write(4, order_id, taken, price, side)
            size -= taken

    def run(self, steps: int) -> None:
        for _ in range(steps):
            self.step()

    def forget(self) -> None:
        """Begin the files here: what rests now was there before."""
        self.messages.clear()
        self.books.clear()
