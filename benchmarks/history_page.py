"""Prints how long it takes from "My progress" to the chart, for a person with 200 sessions, in a real browser.

python benchmarks/history_page.py                  about a minute; needs Chromium
python benchmarks/history_page.py --sessions 1000
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Page
from running_app import browser, running
from somebody import Somebody

from checker.folders import PEOPLE_SETTING
from checker.store import open_store

MOST_S: Final = 1.0
"""Bar: so long from the click to the chart."""

TIMES: Final = 7
READ_S: Final = 5.0
"""So long somebody is on the page before."""


def opened_s(page: Page) -> float:
    """Go to the page from the one that is open, and wait until the chart is drawn and all of the page is there."""
    started = time.perf_counter()
    page.get_by_role("link", name="My progress").click()
    page.locator(".js-plotly-plot .scatterlayer .trace").first.wait_for()
    return time.perf_counter() - started


def main() -> int:
    """Measure it; 1 where it is over the bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=200)
    sessions = parser.parse_args().sessions
    times = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ[PEOPLE_SETTING] = folder
        with open_store() as store:
            Somebody(sessions, date.today()).keep(store)
        with running() as server, browser(server) as open_page:
            page = open_page("")
            for _ in range(TIMES):
                page.get_by_role("heading", level=1, name="How is your back?").wait_for()
                time.sleep(READ_S)
                times.append(opened_s(page))
                page.get_by_role("link", name="Today").click()
    first, later = times[0], statistics.median(times[1:])
    print(
        f"{sessions} sessions: {first:.2f} s to the chart the first time, {later:.2f} s later (median of {TIMES - 1})"
    )
    print(f"The bar is {MOST_S:g} s.")
    return int(max(first, later) > MOST_S)


if __name__ == "__main__":
    sys.exit(main())
