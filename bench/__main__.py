"""``python -m bench [family ...]``."""

import os
import signal
import sys

FAMILIES = ("orders", "http", "prices", "feed", "pages")


def main(arguments: list[str]) -> int:
    wanted = arguments or list(FAMILIES)
    unknown = [name for name in wanted if name.partition(".")[0] not in FAMILIES]
    if unknown:
        print(f"bench: no family {', '.join(unknown)}; there is {', '.join(FAMILIES)}", file=sys.stderr)
        return 2
    # Told to end, it ends as if interrupted: what it has started is ended with it.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tredye.settings.dev")
    from bench import chain, feed, http, orders, pages, prices

    if "orders" in wanted:
        orders.run()
    if "orders" in wanted or "orders.chain_cost" in wanted:
        chain.run()  # a figure of the family, which may be asked for alone
    if "orders" in wanted or "http" in wanted:
        http.run()  # the family's figures over HTTP, which may be asked for alone
    for name in wanted:
        family, _, part = name.partition(".")
        if family == "prices":
            prices.run(part)
        elif family == "pages":
            pages.run(part)
    if "feed" in wanted:
        feed.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
