"""``python -m bench [family ...]``."""

import os
import sys

FAMILIES = ("orders", "http")


def main(arguments: list[str]) -> int:
    wanted = arguments or list(FAMILIES)
    unknown = [name for name in wanted if name not in FAMILIES]
    if unknown:
        print(f"bench: no family {', '.join(unknown)}; there is {', '.join(FAMILIES)}", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tredye.settings.dev")
    from bench import http, orders

    if "orders" in wanted:
        orders.run()
    if "orders" in wanted or "http" in wanted:
        http.run()  # the family's figures over HTTP, which may be asked for alone
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
