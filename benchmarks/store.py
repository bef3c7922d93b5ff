"""Prints how long the store takes with 200 sessions of one person: a result and the poses of a minute with each.

python benchmarks/store.py                  about a minute, and half a gigabyte of disk for as long
python benchmarks/store.py --sessions 20
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from checker.care.records import CheckIn, Event, PainMark, Person, PlanItem, Session, SideRange, Value
from checker.store import InForce, Store, open_store
from checker.track import PoseTrack, missing_pose

FRAMES: Final = 1800
"""A minute at 30 a second."""

RESULT: Final = '{"a": "%s"}' % ("x" * 60_000)
"""As large as a usual one."""

PERSON: Final = uuid.uuid4()


def sessions(n: int) -> list[Session]:
    """Sessions with all that a chart needs."""
    value = Value(value=31.2345678, unit="degrees", uncertainty=3.1234567, n=10)
    side = SideRange(side="left", first=value, furthest=value, start=value, end=value, limited_by="pull")
    return [
        Session(
            id=uuid.uuid4(),
            person_id=PERSON,
            at=datetime(2026, 1, 1, 8, tzinfo=UTC) + timedelta(hours=12 * i),
            exercise="standing_side_bend",
            how="live",
            measured=True,
            measures={f"measure_{m}/{s}": value for m in range(4) for s in ("left", "right")},
            per_repetition={f"measure_{m}/{s}": [31.2345678] * 10 for m in range(4) for s in ("left", "right")},
            ranges=[side, side],
        )
        for i in range(n)
    ]


def fill(store: Store, made: list[Session]) -> list[float]:
    """Keep everything; the time of each write of a session, seconds."""
    poses = PoseTrack.stack([missing_pose(i / 30) for i in range(FRAMES)], 640, 480)
    random = np.random.default_rng(1)
    for array in (poses.image, poses.world, poses.visibility):
        array[:] = random.normal(size=array.shape).astype(np.float32)  # noise, which cannot be packed
    took = []
    for session in made:
        about = {"person_id": PERSON, "at": session.at}
        started = time.perf_counter()
        store.write_session(session)
        took.append(time.perf_counter() - started)
        few = [PainMark.model_validate({"id": uuid.uuid4(), "session_id": session.id, "t_s": 1.0, **about})]
        checks = [CheckIn.model_validate({"id": uuid.uuid4(), "kind": "after", "pain": 3, **about}) for _ in range(3)]
        items = [
            PlanItem.model_validate(
                {"id": uuid.uuid4(), "for_day": session.day, "exercise": "x", "amount": {}, "rule": "r", "reason": "r"}
                | about
            )
            for _ in range(5)
        ]
        notes = [Event.model_validate({"id": uuid.uuid4(), "kind": "note", "who": "rule", **about}) for _ in range(5)]
        store.add(*few, *checks, *items, *notes)
        in_force = InForce(at=session.at, exercise=session.exercise)
        store.keep_assessment(uuid.uuid4(), session.id, RESULT, in_force)
        store.keep_track(session.id, poses)
    return took


def timed(what: str, work: Callable[[], object]) -> None:
    """Print how long something takes."""
    started = time.perf_counter()
    work()
    print(f"{what:<44} {time.perf_counter() - started:7.3f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=200)
    made = sessions(parser.parse_args().sessions)
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        url = f"sqlite:///{folder}/backcheck.db"
        timed("open, where there is nothing", lambda: open_store(url).close())
        with open_store(url) as store:
            store.add_person(Person(id=PERSON, name="Ann", created_at=datetime.now(UTC)))
            took = fill(store, made)
            p95 = statistics.quantiles(took, n=20)[-1]
            print(f"write a session: median {statistics.median(took) * 1000:.1f} ms, 95 in 100 {p95 * 1000:.1f} ms")
            print(f"{len(made)} sessions: {(folder / 'backcheck.db').stat().st_size / 1024**2:.0f} MB")
            timed("a history", lambda: store.history(PERSON))
            timed("one track", lambda: store.track(made[0].id))
            timed("open and look through once more", lambda: open_store(url).close())
            timed("backup", lambda: store.backup(folder / "backup.db"))
            timed("export", lambda: store.export_person(PERSON, folder / "ann.zip"))
            with open_store(f"sqlite:///{folder}/other/backcheck.db") as other:
                timed("import", lambda: other.import_person(folder / "ann.zip"))
            timed("delete", lambda: store.delete_person(PERSON))


if __name__ == "__main__":
    main()
