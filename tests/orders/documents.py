"""Writes the made parts of ``docs/orders.md`` anew: ``python -m tests.orders.documents`` after a status or a reason changed."""

import re
from pathlib import Path

from apps.orders.published import PARTS

FILE = Path(__file__).parents[2] / "docs" / "orders.md"
_PART = re.compile(r"<!-- made: (\w+) -->\n(.*?)\n<!-- end -->", re.S)


def written() -> dict[str, str]:
    return dict(_PART.findall(FILE.read_text()))


def write() -> None:
    text = _PART.sub(lambda found: f"<!-- made: {found[1]} -->\n{PARTS[found[1]]()}\n<!-- end -->", FILE.read_text())
    FILE.write_text(text)


if __name__ == "__main__":
    write()
