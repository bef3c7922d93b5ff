"""Prints how long it takes from a server that is just up to a first page that can be used, in a real browser.

python benchmarks/first_page.py                 about a minute; needs Chromium
python benchmarks/first_page.py --times 10

Each time the server is begun anew, nobody is known to it, and the browser has nothing of it yet.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser
from running_app import chromium, running

from checker.folders import PEOPLE_SETTING

MOST_S: Final = 1.5
"""Bar: so long until a name can be typed."""

PAINTED: Final = """() => new Promise((told) => new PerformanceObserver((list) => {
  for (const one of list.getEntriesByName("first-contentful-paint")) told(one.startTime / 1000);
}).observe({ type: "paint", buffered: true }))"""


def opened_s(started: Browser, url: str) -> tuple[float, float]:
    """Open the first page; seconds until something is painted, and until a name stands in its field."""
    page = started.new_context(viewport={"width": 1366, "height": 768}).new_page()
    begun = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.get_by_label("What may I call you?").fill("Anna")
    usable = time.perf_counter() - begun
    return float(page.evaluate(PAINTED)), usable


def main() -> int:
    """Measure it; 1 where it is over the bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    first, again = [], []
    with chromium() as started:
        for _ in range(times):
            with tempfile.TemporaryDirectory() as folder:
                os.environ[PEOPLE_SETTING] = folder
                with running(ready_s=0.0) as server:
                    first.append(opened_s(started, server.url))
                    again.append(opened_s(started, server.url))
    for what, measured in (("just up", first), ("the same server, another browser", again)):
        painted, usable = (statistics.median(column) for column in zip(*measured, strict=True))
        print(f"{what}: {painted:.2f} s to the first paint, {usable:.2f} s until it can be used (median of {times})")
    print(f"The bar is {MOST_S:g} s.")
    return int(statistics.median(usable for _, usable in first) > MOST_S)


if __name__ == "__main__":
    sys.exit(main())
