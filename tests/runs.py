"""The runs of a page: its script runs for each thing that is done, and it is settled when the last run has ended."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_FIELDS: Final = f"""
  const RERUN_SCRIPT = {BackMsg.DESCRIPTOR.fields_by_name["rerun_script"].number};
  const SCRIPT_FINISHED = {ForwardMsg.DESCRIPTOR.fields_by_name["script_finished"].number};
  const EARLY_FOR_RERUN = {ForwardMsg.FINISHED_EARLY_FOR_RERUN};
"""

HEAR_RUNS: Final = (
    _FIELDS
    + """
  // when a run of the page was asked for last, and when one ended last: the page itself shows neither at once
  const runs = (globalThis.runs = { now: 0, asked: 0, ended: 0 });
  const fields = (data) => {
    const bytes = new Uint8Array(data), found = new Map();
    let at = 0;
    const number = () => {
      let value = 0, place = 1, byte;
      do { byte = bytes[at++]; value += (byte & 127) * place; place *= 128; } while (byte & 128);
      return value;
    };
    while (at < bytes.length) {
      const tag = number(), value = number(); // none of the two has another kind of field
      found.set(Math.floor(tag / 8), value);
      if (tag % 8 === 2) at += value;
    }
    return found;
  };
  globalThis.WebSocket = class extends WebSocket {
    constructor(...all) {
      super(...all);
      this.isOfPages = this.url.includes("/_stcore/stream");
      if (this.isOfPages) this.addEventListener("message", ({ data }) => {
        if (!(data instanceof ArrayBuffer)) return;
        const how = fields(data).get(SCRIPT_FINISHED);
        if (how !== undefined && how !== EARLY_FOR_RERUN) runs.ended = ++runs.now;
      });
    }
    send(data) {
      if (this.isOfPages && ArrayBuffer.isView(data) && fields(data).has(RERUN_SCRIPT)) runs.asked = ++runs.now;
      super.send(data);
    }
  };
"""
)
"""Run before a page's own scripts. Streamlit tells nobody when a run was asked for, so its messages are looked at, and
of each only which fields it has."""


def settled(page: Page) -> None:
    """Wait until the page has been run to its end, and every part of it is there and painted."""
    page.wait_for_function("() => !globalThis.runs || runs.ended >= runs.asked")
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
