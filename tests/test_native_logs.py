"""What native code writes to the terminal is kept away; what we write is not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

WRITES_BOTH = """
import os, sys
from checker.pose.native_logs import quiet_native_logs
quiet_native_logs()
os.write(2, b"native line\\n")
print("our line", file=sys.stderr)
"""


@pytest.mark.parametrize(("kept", "native"), [("", False), ("1", True)])
def test_only_our_own_lines_are_seen(kept: str, native: bool) -> None:
    env = {**os.environ, "BACKCHECK_NATIVE_LOGS": kept}
    done = subprocess.run([sys.executable, "-c", WRITES_BOTH], env=env, capture_output=True, text=True, check=True)
    assert "our line" in done.stderr
    assert ("native line" in done.stderr) == native


WORKS = """
import os, sys
from checker.service import worker_process
worker_process.HEAVY = ()

def work(desk):
    os.write(2, b"native line\\n")
    print("our line", file=sys.stderr)

worker_process._listen = lambda channel, inbox: inbox.put((work, ()))
worker_process.main()
"""


def test_a_worker_keeps_the_models_lines_to_itself() -> None:
    done = subprocess.run([sys.executable, "-c", WORKS], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert b"our line" in done.stderr
    assert b"native line" not in done.stderr
