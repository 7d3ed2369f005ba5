"""The table of faults: what may fail, what the product then does, and what is promised about it.

Data alone. Which tests show a row says their mark, ``@pytest.mark.fault("F13")``; what they saw is in docs/faults.md.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """One fault. ``fault`` says how it is made, ``holds`` names the laws that must hold afterwards (apps/engine/laws.py, and
    CLIENTS below), ``cannot`` what one machine cannot show of it."""

    fault: str
    behaviour: str
    user: str
    holds: str
    promise: str
    cannot: str = ""


#: Laws that the books alone cannot be asked: what clients were told and shown is held against them.
CLIENTS: dict[str, str] = {
    "acknowledged": "What was acknowledged is in the books",
    "one answer": "One id is one order, and every answer to it the same",
    "replay": "The engine's journal leads to the same books again",
    "same book": "A page's book is the server's",
    "true": "Nothing is shown that did not happen",
    "never back": "Nothing older is shown after something newer",
    "bounded": "Memory, threads, files and queues have an end",
}
#: Every law of the books, and what goes with them wherever orders were sent.
BOOKS = "I1–I14, I19–I25, acknowledged, one answer"

ROWS: dict[str, Row] = {
    "F1": Row(
        "Kafka is away: its broker is killed and stays down under load",
        "Orders, matching and balances go on; what happened waits in the outbox; prices go directly; the relay tries again",
        "A banner: history and alerts are late. Trading is normal",
        BOOKS,
        "0 of 500 orders fail in 60 s; p99 at most twice that without; the backlog is published within 60 s",
    ),
    "F2": Row(
        "Kafka is restarted again and again; a consumer's offsets are reset; a topic is deleted and made anew",
        "Relay and consumers go on by themselves: where a consumer stands is kept in PostgreSQL beside its effects",
        "Nothing",
        "I19",
        "20 restarts; nothing waits 30 s after each; no process ends",
        cannot="one broker has no other leader to move to",
    ),
    "F3": Row(
        "Kafka is slow (2 s each way by the proxy) or frozen (SIGSTOP, 30 s)",
        "No page and no engine waits for it; the relay gives a message up after its own deadline and sends it again",
        "Nothing",
        "I19, bounded",
        "p99 of orders as without it, give or take a tenth",
    ),
    "F4": Row(
        "PostgreSQL crashes: kill -9 of the server, an immediate stop, kill -9 of one of its processes",
        "What was under way is unknown; the engine ends, the next one takes epoch + 1 and loads; pages answer 503; prices go on",
        "Trading is paused, the last order is being looked for, then a definite answer",
        BOOKS,
        "50 crashes at random moments of 20 orders/s: answering within 5 s of its listening, nothing acknowledged lost, no hand",
    ),
    "F5": Row(
        "PostgreSQL is restarted cleanly: its clients are sent away",
        "As F4",
        "As F4, shorter",
        BOOKS,
        "10 restarts, as F4",
    ),
    "F6": Row(
        "The primary is lost and its standby promoted",
        "Seen three times in a row, then: the old one is fenced, the standby promoted, epoch + 1, everything goes on",
        "Trading is paused",
        "I21, acknowledged",
        "20 failovers under load within 15 s each, nothing acknowledged lost; with asynchronous replication the loss is found",
    ),
    "F7": Row(
        "PostgreSQL is frozen (SIGSTOP), or takes packets and sends none (proxy)",
        "The engine's own watchdog ends it after 8 s, longer than any statement may take; the pages' breaker opens",
        "Trading is paused; no page hangs",
        "I13, acknowledged, one answer",
        "p99 of pages at most 2.2 s while frozen, 50 ms once the breaker is open; threads stay as many",
    ),
    "F8": Row(
        "The old primary wakes after the failover",
        "It is fenced; nobody takes a server whose timeline is behind the one last seen",
        "Nothing",
        "I21, acknowledged",
        "nothing is committed on the old port",
    ),
    "F9": Row(
        "Redis is away",
        "No order needs it; prices come by polling; logging in and resetting a password are closed, reading is open",
        "A mark: live updates are reduced",
        BOOKS,
        "0 of 300 orders fail in 60 s",
    ),
    "F10": Row(
        "Redis is emptied, or killed and started empty",
        "Every process subscribes again and sends what is newest; jobs come from tables",
        "Prices stand for a moment",
        "same book, never back",
        "200 sockets have a new price within 3 s",
    ),
    "F11": Row(
        "Redis is frozen, slow or full",
        "Clients give it up after their own deadline; what may go from the cache goes, a queue never",
        "As F9",
        "bounded",
        "as F9",
    ),
    "F12": Row(
        "The engine dies at every place where it can (fail points), in the middle of a batch among them",
        "A batch is written whole or not at all; the next engine takes epoch + 1 and loads; the same id has one answer",
        "The order is being looked for, then a definite answer",
        BOOKS,
        "each fail point at 20 moments: the books of a life without a death; answering within 5 s with 10,000 open orders",
    ),
    "F13": Row(
        "The engine is frozen, another takes over, and it wakes",
        "Its epoch is over: it writes nothing, and ends",
        "Nothing",
        "I7, I21",
        "no row of the old epoch after the new one",
    ),
    "F14": Row(
        "Three engines are started at once",
        "One has the lease; the others wait and never trade",
        "Nothing",
        "I7, I12, I21",
        "50 times: one holder of the lock, one epoch each time",
    ),
    "F15": Row(
        "The feed, or a consumer of market data, is killed",
        "It is started again, or a standby takes over; what it had not stored is read again",
        "Prices are marked as old, then live",
        "same book, never back",
        "20 kills: prices and bars are whole",
    ),
    "F16": Row(
        "A server of pages or sockets is killed",
        "The supervisor starts it; pages come back by themselves, spread out, and resume where they were",
        "Reconnecting; the last prices greyed",
        "I13, same book, true, never back",
        "95 % of 1,000 pages are live within 15 s, all within 40 s",
    ),
    "F17": Row(
        "A deploy: every process is told to stop (SIGTERM) under load",
        "It takes nothing new, ends what it has, and tells its clients when to come back",
        "A moment of reconnecting",
        "I13, same book",
        "no order is answered 5xx; the old and the new version run side by side",
    ),
    "F18": Row(
        "The network between two of them: dropped, slow, or deaf in one direction (proxy)",
        "Web–PostgreSQL and engine–PostgreSQL as F7, relay–Kafka as F1, web–Redis as F9; a client that is half there is closed",
        "As there",
        BOOKS,
        "each pair, each way of failing, 5 seeds: the books are right and everything goes on by itself",
        cannot="packets are dropped by the proxy: this kernel has no netem",
    ),
    "F19": Row(
        "A disk is full: PostgreSQL's data, its WAL, Kafka's log, our own logs",
        "Writes fail and heal when there is room; before it is full new orders are refused, cancels never; logging never blocks",
        "New orders are paused",
        "I1–I8",
        "no restart by hand",
    ),
    "F20": Row(
        "The clock jumps, by a second, a minute, an hour",
        "Order, sequence, expiry, ages and limits of rate go by what has elapsed; a clock that was set alarms",
        "The right times",
        "I9, I12, never back",
        "jumps in the steps of every program of the oracle",
    ),
    "F21": Row(
        "A client reads slowly or nothing, and says things to look alive",
        "Prices are merged, private events never dropped: who is behind is closed and loads anew",
        "Slow connection",
        "same book, bounded",
        "20 of 1,000: the others' p99 at most a tenth more, 20 MiB of memory",
    ),
    "F22": Row(
        "A socket says 1,000 things a second",
        "It is closed and kept out for a minute",
        "Too many requests",
        "bounded",
        "cut within 2 s, 5 MiB of memory",
    ),
    "F23": Row(
        "Everybody comes at once",
        "The door lets 100 a second in, the others are told when; a handshake asks no database",
        "Everybody live soon",
        "bounded",
        "1,000 pages as F16, no query by a handshake",
        cannot="10,000 sockets and their clients do not fit this machine's limit of open files",
    ),
    "F24": Row(
        "A double click, three tabs, the same request three times at once",
        "One order; every answer is the first one's",
        "One order",
        "I13, one answer",
        "10,000 orders three times each: no duplicate",
    ),
    "F25": Row(
        "The answer is cut: before the request arrives, before the commit, after it, in the middle of the answer",
        "The same id again has the stored answer",
        "Confirmed, with the order's number",
        "I13, acknowledged, one answer",
        "each of the four 500 times: one order, one answer",
    ),
    "F26": Row(
        "Malformed messages: broken JSON, binary, too large, too deep, doubled keys, bad UTF-8, unknown kinds",
        "Refused by a typed schema; who goes on is closed; never an exception",
        "A plain message",
        "bounded",
        "a corpus of 300 and generated ones: no traceback, nobody else notices",
    ),
    "F27": Row(
        "Impossible numbers and symbols: NaN, infinities, zero, negative, off the grid, too large, too long",
        "Refused before anything is locked, by one parser at every door and by the database behind it",
        "The field's error",
        "I20",
        "every door refuses the whole table",
    ),
    "F28": Row(
        "The log is replayed from the beginning; every message comes three times",
        "What was applied is skipped, in the transaction of the effect",
        "Nothing",
        "I7, I19, same book",
        "100,000 events: the same state, no mail again",
    ),
    "F29": Row(
        "A message that cannot be read or applied",
        "Streams of money stop at it and say so; those that are only shown put it aside and go on",
        "Nothing, or a banner",
        "I19",
        "at every position; the others go on",
    ),
    "F30": Row(
        "Ticks out of order, doubled, missing; a source begins anew",
        "Old ones are dropped, a gap waits for a snapshot, a new beginning is a new epoch",
        "Prices marked as old",
        "same book, never back",
        "any permutation with 5 % lost ends at the right book",
    ),
    "F31": Row(
        "A feed that is silent, stuck, jumps, is zero or crossed",
        "Old prices stop orders step by step; what makes no sense is put aside; a jump pauses the instrument",
        "A mark, or paused",
        "I11",
        "market orders refused after 3 s, all but cancels after 30 s",
    ),
    "F32": Row(
        "A worker is killed; the timetable runs twice; a task is delivered twice",
        "Jobs are claimed in PostgreSQL and end with the same rows",
        "One mail at most",
        "I19",
        "killed at every step: the same rows",
    ),
    "F33": Row(
        "The relay is killed between the log's confirmation and its own mark",
        "The message is published twice and applied once",
        "Nothing",
        "I19",
        "the fail point at 100 moments",
    ),
    "F34": Row(
        "Deadlocks, failed serializations and lock timeouts in PostgreSQL",
        "The engine ends, and the next one decides again what was not written; a page that was given up says busy",
        "Rarely: busy, try again",
        "I1–I8",
        "nothing is lost or done twice",
    ),
    "F35": Row(
        "Every connection is taken: the pages' pool, and PostgreSQL's own limit",
        "A page waits for its pool's patience, then 503; staff and programs have connections of their own, the engine keeps its",
        "Busy",
        "acknowledged",
        "30 s: pages answer within the wait, orders by program and staff go on",
        cannot="an engine that starts while PostgreSQL lets nobody in waits: version 15 keeps no connections for one role",
    ),
    "F36": Row(
        "Old and new versions read each other's messages; a version from the future comes",
        "N and N−1 are read; what is unknown is put aside and said",
        "Nothing",
        "I19",
        "an old consumer on a new stream",
    ),
    "F37": Row(
        "The kill switch is thrown under load: all, one instrument, one account",
        "New orders are refused at once, open ones canceled in pieces, holds released, all of it in the trail",
        "Trading is halted by Tredye",
        "I3–I6, I22",
        "10,000 open orders canceled within 10 s, new ones refused within 100 ms",
    ),
    "F38": Row(
        "Out of memory, out of open files, starved of CPU (SIGSTOP in pulses)",
        "As a kill",
        "As a kill",
        "acknowledged, bounded",
        "limits set for real processes; nothing acknowledged lost",
    ),
}
