"""What a process of the product costs and counts, seen from outside."""

import os
import re
import urllib.request
from pathlib import Path


def rss_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def counted(port: int, metric: str, **labels: str) -> int:
    """A counter of the server at ``port``, over all with these labels; 0 when none was ever raised."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        page = answer.read().decode()
    wanted = "".join(rf'(?=[^}}]*{name}="{value}")' for name, value in labels.items())
    found = re.findall(rf"^{metric}_total(?:\{{{wanted}[^}}]*\}})? ([0-9.e+]+)", page, re.MULTILINE)
    return round(sum(map(float, found)))
