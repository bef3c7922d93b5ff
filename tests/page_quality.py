"""What a page must keep: nothing that axe finds, nothing too wide, nothing that moves under the eyes."""

from __future__ import annotations

from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from runs import settled

STREAMLITS_OWN: Final = ("presentation-role-conflict",)
"""Its place to drop a file is marked as decoration, and has a name: no page of ours can change it (minor)."""

MOST_SHIFT: Final = 0.1
"""A cumulative layout shift over this is felt (web.dev, published)."""

WATCH_SHIFTS: Final = """
  // as CLS is defined: the largest sum of shifts that are less than 1 s apart, within 5 s
  globalThis.shifts = [];
  globalThis.shifted = 0;
  let sum = 0, first = -Infinity, last = -Infinity;
  const named = (node) => {
    const part = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement;
    const key = [...(part?.closest('[class*="st-key-"]')?.classList ?? [])].find((one) => one.startsWith("st-key-"));
    const kind = part?.dataset.testid ?? part?.className ?? "gone";
    return [kind, key, part?.innerText?.slice(0, 40)].filter(Boolean).join(" ");
  };
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      if (one.hadRecentInput) continue;
      const goes_on = one.startTime - last < 1000 && one.startTime - first < 5000;
      sum = goes_on ? sum + one.value : one.value;
      first = goes_on ? first : one.startTime;
      last = one.startTime;
      globalThis.shifted = Math.max(globalThis.shifted, sum);
      globalThis.shifts.push([one.value, one.sources.map((source) => named(source.node))]);
    }
  }).observe({ type: "layout-shift", buffered: true });
"""

ZOOMED: Final = {"width": 683, "height": 384}
"""What is left of 1366 x 768 for a page at twice its size (WCAG 2.2, 1.4.4)."""

TO_REACH: Final = """() => {
  // what has the focus must be in sight; in a group that arrows go through, one is enough
  const below = (one) => [one, ...(one.shadowRoot ? within(one.shadowRoot) : [])];
  const within = (root) => [...root.querySelectorAll("*")].flatMap(below);
  const kinds = "a[href], button, input, select, textarea, summary, [tabindex], video[controls]";
  const shows = { visibilityProperty: true, contentVisibilityAuto: true };
  const wanted = within(document).filter((one) => one.matches(kinds) && one.tabIndex >= 0 && !one.disabled
    && one.getClientRects().length && one.checkVisibility(shows));
  globalThis.reached = { wanted, seen: new Set(), hidden: [] };
  // within a shadow tree the focus moves unseen by the document
  const roots = [document, ...within(document).map((one) => one.shadowRoot).filter(Boolean)];
  for (const root of roots) root.addEventListener("focusin", (event) => reached.seen.add(event.composedPath()[0]));
  return wanted.length;
}"""

GROUP: Final = """const group = (one) => one.closest("[role=radiogroup], [role=toolbar]") ?? one;"""

LOOK: Final = f"""async () => {{
  // what has the focus is scrolled to; whether all has had it
  const inner = (one) => (one?.shadowRoot?.activeElement ? inner(one.shadowRoot.activeElement) : one);
  const one = inner(document.activeElement);
  const label = one.labels?.[0]; // what is small itself is seen by its label, unless that is hidden
  const box = () => (label?.getClientRects().length ? label : one).getBoundingClientRect();
  for (let last; last !== (last = box().top); ) await new Promise(requestAnimationFrame);
  const {{ bottom, right, top, left }} = box();
  const inside = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  const {{ wanted, seen, hidden }} = reached;
  if (!inside && wanted.includes(one)) hidden.push(one.outerHTML.slice(0, 160));
  {GROUP}
  const groups = new Set([...seen].map(group));
  return wanted.every((one) => !one.isConnected || groups.has(group(one)));
}}"""

NOT_REACHED: Final = f"""() => {{
  const {{ wanted, seen, hidden }} = reached;
  {GROUP}
  const groups = new Set([...seen].map(group));
  const is_missed = (one) => one.isConnected && !groups.has(group(one));
  const told = (how, ones) => ones.map((one) => `${{how}}: ${{one}}`);
  const missed = wanted.filter(is_missed).map((one) => one.outerHTML.slice(0, 160));
  return [...told("never reached", missed), ...told("out of sight", hidden)];
}}"""

STOPS_OF_ITS_OWN: Final = 10
"""A film has so many controls of the browser's own at the most, and a window's bars have some, too."""


def must_be_open_to_all(page: Page) -> None:
    """Nothing that axe finds, and nothing wider than the window."""
    found = Axe().run(page, options={"rules": {rule: {"enabled": False} for rule in STREAMLITS_OWN}})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= window.innerWidth")


def must_not_have_moved(page: Page) -> None:
    """Nothing moved under the eyes since the page was opened."""
    shifted = page.evaluate("globalThis.shifted")
    assert shifted <= MOST_SHIFT, f"the layout moved by {shifted:.3f}: {page.evaluate('globalThis.shifts')}"


def must_be_reached_by_keys(page: Page) -> None:
    """Every control of the page gets the focus by the Tab key alone, and is in sight then."""
    for _ in range(page.evaluate(TO_REACH) + STOPS_OF_ITS_OWN):
        page.keyboard.press("Tab")
        if page.evaluate(LOOK):
            break
    missed = page.evaluate(NOT_REACHED)
    assert missed == [], missed


def must_hold_at_twice_the_size(page: Page) -> None:
    """At 200 % of its size a laptop's page is no wider than the window, and all of it is reached by keys."""
    page.set_viewport_size(ZOOMED)
    settled(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= window.innerWidth")
    must_be_reached_by_keys(page)
