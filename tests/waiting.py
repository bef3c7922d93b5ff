"""What tests in a real browser wait for, and how long: no state is read that was not waited for.

A page's script that is waited for is written as a function, `() => ...`: a mere expression would be looked at again and
again with `eval`, which the app's pages forbid.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

WAIT_MS = 60_000
"""However slow the machine is, what is to come has come by then; where it comes sooner, nobody waits."""

RESULT_MS = 300_000
"""The same of a result, for which every frame goes through the pose model."""

FILM_MS = 180_000
"""The same of what somebody in a film does: it goes round and round, and what a slow machine missed comes once more."""

expect.set_options(timeout=WAIT_MS)

RECORD = """
  // whatever the camera page shows is kept, also what has gone again before a test can look
  const shown = (globalThis.shown = []);
  const text = (root, of) => root.querySelector(of)?.textContent.trim() ?? "";
  // the camera stands in a shadow tree of its own, into which neither a search nor an observer of the page looks
  const trees = [document], all = { subtree: true, childList: true, attributes: true, characterData: true };
  const found = () => trees.flatMap((tree) => [...tree.querySelectorAll(".bcl")]).filter((root) => root.isConnected);
  globalThis.camera = () => found().at(-1);  // while one goes, the next one may be there already
  let last;
  const observer = new MutationObserver(() => {
    const root = globalThis.camera();
    if (!root) return;
    const sides = [...root.querySelectorAll(".bcl-counts [data-side]")];
    const now = {
      stage: root.dataset.stage,
      words: text(root, ".bcl-words"),
      kind: root.querySelector(".bcl-words")?.dataset.kind,
      told: text(root, ".bcl-told"),
      hand: Boolean(root.querySelector(".bcl-hand")?.checkVisibility()),
      countdown: text(root, ".bcl-countdown"),
      good: root.querySelectorAll('.bcl-ticks [data-ok="true"]').length,
      bad: [...root.querySelectorAll('.bcl-ticks [data-ok="false"]')].map((tick) => tick.dataset.tick),
      card: Boolean(root.querySelector(".bcl-card")?.checkVisibility()),
      counts: Object.fromEntries(sides.map((side) => [side.dataset.side, Number(text(side, "b"))])),
    };
    const key = JSON.stringify(now);
    if (key !== last) shown.push(now);
    last = key;
  });
  observer.observe(document, all);
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const tree = attach.call(this, options);
    trees.push(tree);
    observer.observe(tree, all);
    return tree;
  };
"""


def was_shown(page: Page, condition: str, argument: object = None) -> dict[str, Any]:
    """Wait until the camera page has shown something since it was loaded; what it showed first of that kind.

    Args:
        page: whose context runs `RECORD`.
        condition: a script's function of (now, argument): see `RECORD` for what `now` has.
        argument: given to it.
    """
    look = f"argument => globalThis.shown.find(now => ({condition})(now, argument))"
    return dict(page.wait_for_function(look, arg=argument, timeout=FILM_MS).json_value())
