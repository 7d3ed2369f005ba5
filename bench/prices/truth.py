"""``python -m bench.prices.truth FILE``: the newest sequence of every symbol's quotes on the event log, as JSON into the file.

Read from the log itself, from its beginning, by a reader that stores nothing: what the sockets should have come to.
"""

import json
import sys
from pathlib import Path

import django


def newest() -> dict[str, int]:
    from apps.eventlog.codec import decode
    from apps.eventlog.log import event_log
    from apps.eventlog.schemas.marketdata import QuoteTicks

    log, topic = event_log(), "marketdata.quotes"
    ends = {partition: end for partition, end in log.ends().items() if partition[0] == topic and end}
    found: dict[str, tuple[int, int]] = {}
    reader = log.reader(
        "bench-truth", [topic], member="1", load=lambda parts: dict.fromkeys(parts, 0), lost=lambda *_: None, records_max=1000
    )
    try:
        at = dict.fromkeys(ends, 0)
        while any(at[partition] < end for partition, end in ends.items()):
            for partition, batch in reader.poll()[0].items():
                for record in batch:
                    message = decode(topic, record.value)
                    if isinstance(message, QuoteTicks):
                        for tick in message.ticks:
                            found[tick.symbol] = max(found.get(tick.symbol, (0, 0)), (message.epoch, tick.sequence))
                if batch:
                    at[partition] = batch[-1].offset + 1
                    reader.moved(partition, at[partition])
    finally:
        reader.close()
    return {symbol: sequence for symbol, (_, sequence) in found.items()}


if __name__ == "__main__":
    django.setup()
    Path(sys.argv[1]).write_text(json.dumps(newest()))
