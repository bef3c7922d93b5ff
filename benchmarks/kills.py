"""Prints what is left of a session when the program is killed at random moments of it, or the power would go.

    python benchmarks/kills.py                  20 kills, about a minute
    python benchmarks/kills.py --kills 3        fewer

A child writes a session every 100 ms, with a mark of pain and an event beside it and with poses now and then, and says
what it has committed. After `kill -9` the database must be whole, and everything that was committed must be there.
Ends with status 1 where anything is missing. A power cut is not played: see docs/store.md for what is done about it.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from checker.care.records import Event, PainMark, Person, Session
from checker.store import open_store
from checker.track import PoseTrack, missing_pose

PERIOD_S: Final = 0.1
LONGEST_S: Final = 3.0
POSES_EVERY: Final = 7
FRAMES: Final = 900
"""Of the poses that are kept: half a minute."""


@dataclass(frozen=True)
class Kill:
    """What one kill left.

    Attributes:
        written: how often the session was written, as far as the child has said.
        kept: how much of it was there afterwards.
        lost_s: time before the kill of which nothing was kept.
    """

    written: int
    kept: int
    lost_s: float


def write(url: str, person_id: uuid.UUID, session_id: uuid.UUID) -> None:
    """Write a session until somebody kills this process; print after each commit."""
    begun = Session(id=session_id, person_id=person_id, at=datetime.now(UTC), exercise="standing_side_bend", how="live")
    poses = PoseTrack.stack([missing_pose(i / 30) for i in range(FRAMES)], 640, 480)
    noise = np.random.default_rng(1).normal(size=poses.image.shape).astype(np.float32)
    poses.image[:] = noise  # what is noise cannot be packed
    with open_store(url) as store:
        store.write_session(begun)
        for n in range(1, 1_000_000):
            started = time.monotonic()
            values = [float(i) for i in range(n)]
            store.write_session(begun.model_copy(update={"per_repetition": {"side_bend/left": values}}))
            about = {"person_id": person_id, "at": datetime.now(UTC)}
            mark = PainMark.model_validate({"id": uuid.uuid4(), "session_id": session_id, "t_s": n / 10, **about})
            note = Event.model_validate({"id": uuid.uuid4(), "kind": "note", "who": "rule", "data": {"n": n}, **about})
            store.add(mark, note)
            if n % POSES_EVERY == 0:
                store.keep_track(session_id, poses)
            print(n, flush=True)
            time.sleep(max(0.0, PERIOD_S - (time.monotonic() - started)))


def kill_once(url: str, person_id: uuid.UUID, after_s: float) -> Kill:
    """Have a session written, kill who writes it, and look at what is left."""
    session_id = uuid.uuid4()
    command = [sys.executable, __file__, "--write", url, str(person_id), str(session_id)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(after_s)
        child.send_signal(signal.SIGKILL)
        killed = datetime.now(UTC)
        said = [int(line) for line in (first + child.stdout.read()).split()]
    with open_store(url) as store:  # which looks the whole file through
        history = store.history(person_id)
    [session] = [s for s in history.sessions if s.id == session_id]
    marks = [mark for mark in history.pain_marks if mark.session_id == session_id]
    kept = len(session.per_repetition.get("side_bend/left", ()))
    last = max(mark.at for mark in marks)
    return Kill(written=said[-1], kept=min(kept, len(marks)), lost_s=(killed - last).total_seconds())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=None, help="of the moments; without it others each time")
    parser.add_argument("--write", nargs=3, metavar=("URL", "PERSON", "SESSION"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.write:
        url, person, session = chosen.write
        write(url, uuid.UUID(person), uuid.UUID(session))
    moments = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/backcheck.db"
        person_id = uuid.uuid4()
        with open_store(url) as store:
            store.add_person(Person(id=person_id, name="Ann", created_at=datetime.now(UTC)))
        kills = []
        for n in range(chosen.kills):
            kill = kill_once(url, person_id, moments.uniform(0.0, LONGEST_S))
            kills.append(kill)
            print(
                f"{n + 1:3}  said {kill.written:3}, kept {kill.kept:3}; the last {kill.lost_s * 1000:3.0f} ms missing"
            )
        with open_store(url) as store:
            total = sum(len(s.per_repetition.get("side_bend/left", ())) for s in store.history(person_id).sessions)
    missing = sum(kill.kept < kill.written for kill in kills)
    print(
        f"{len(kills)} kills: the database was whole each time; of what was committed something was missing {missing} "
        f"times; at most the last {max(kill.lost_s for kill in kills):.2f} s of a session were missing"
    )
    gone = total < sum(kill.kept for kill in kills)
    sys.exit(1 if missing or gone else 0)


if __name__ == "__main__":
    main()
