"""How often a change is told of people who have not changed, and how often a real one is found.

    python benchmarks/change.py [--series 20000] [--people 300] [--seed 1]

Two figures. One simulates values and holds them against the rule of `checker/care/change.py`; the other moves a stick
person in front of a camera and goes the whole way: poses, `assess`, sessions, series, the rule. The bar: of people who
have not changed, at most 5 % hear of a change within 12 sessions; a change of twice the smallest detectable one is
found within them in at least 95 %.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import numpy as np
from analytic_body import Camera, body_track, noisy, repeated, times  # type: ignore[import-not-found]

from checker.assessing import assess
from checker.assessment import Assessment
from checker.care.change import change_of
from checker.care.change_rules import load_change_rules
from checker.care.followed import Followed, main_followed
from checker.care.records import History, Person, Session, Setting, SideRange, Value
from checker.care.sem import NO_PAIRS, Evidence, smallest_change
from checker.care.series import Point, Series, series_of
from checker.care.steadiness import steadiness
from checker.library import find_exercise
from checker.skeleton import Array

SESSIONS: Final = 12
FULL_AT: Final = 6
"""The session at which a change is complete; it grows evenly from the third one on, the first after the baseline."""

SEM_DEG: Final = 4.3
"""Standard deviation of one session's value: where nothing is known, the rules take it as this for a side bend."""

DAYS_DEG: Final = 4.0
"""How much the stick person scatters from day to day: with the instrument, which reads a bend of it 6 % too large and
adds half a degree of its own, about `SEM_DEG` is measured."""

CHANGE_DEG: Final = 2.0 * smallest_change(SEM_DEG)
U90_DEG: Final = 3.2
"""The error that a side bend states; the error itself is constant for a person, so it is no scatter."""

FIRST_DAY: Final = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
RULES: Final = load_change_rules()
EXERCISE: Final = find_exercise("standing_side_bend")
LEFT, RIGHT = main_followed(EXERCISE, "left"), main_followed(EXERCISE, "right")


@dataclass
class Rates:
    """Of how many series something was told.

    Attributes:
        told: where nothing had changed.
        found: a real growth, within the sessions.
        wrong: a loss where there was a growth.
    """

    unchanged: int = 0
    told: int = 0
    changed: int = 0
    found: int = 0
    wrong: int = 0

    def add(self, series: Series, growing: bool, evidence: Evidence = NO_PAIRS) -> None:
        """Count one series."""
        directions = {n.direction for n in change_of(series, RULES, evidence).news}
        if growing:
            self.changed += 1
            self.found += "grew" in directions
            self.wrong += "fell" in directions
        else:
            self.unchanged += 1
            self.told += bool(directions)

    def __str__(self) -> str:
        """Return both rates in per cent."""
        parts = []
        if self.unchanged:
            parts.append(f"told though unchanged {100 * self.told / self.unchanged:5.1f} % of {self.unchanged}")
        if self.changed:
            parts.append(f"found {100 * self.found / self.changed:5.1f} % of {self.changed}, wrong way {self.wrong}")
        return "; ".join(parts)


def growth(size: float) -> Array:
    """(SESSIONS,) how far a change has come at each session."""
    return size * np.clip((np.arange(1, SESSIONS + 1) - 2) / (FULL_AT - 2), 0.0, 1.0)


# --- values --------------------------------------------------------------------------------------


def simulate(
    n: int,
    rng: np.random.Generator,
    sem: float = SEM_DEG,
    size: float = 0.0,
    alike: float = 0.0,
    own_pairs: int = 0,
) -> Rates:
    """Simulate values of n people, one a day.

    Args:
        n: how many.
        rng: where chance comes from.
        sem: standard deviation of one session's value.
        size: by how much they change, degrees.
        alike: correlation of neighbouring days.
        own_pairs: repeat pairs that each has made before.
    """
    rates = Rates()
    for _ in range(n):
        scatter = rng.normal(0.0, sem, SESSIONS)
        for i in range(1, SESSIONS):
            scatter[i] = alike * scatter[i - 1] + np.sqrt(1.0 - alike**2) * scatter[i]
        pairs = rng.normal(0.0, sem * np.sqrt(2.0), own_pairs)
        evidence = Evidence(own=steadiness(list(pairs), RULES))
        rates.add(_series(30.0 + growth(size) + scatter, LEFT), size > 0, evidence)
    return rates


def _series(values: Sequence[float] | Array, followed: Followed) -> Series:
    """A series of one session a day, all under the same conditions."""
    return Series(followed, "first", tuple(_point(day, float(x)) for day, x in enumerate(values)))


def _point(day: int, value: float) -> Point:
    at = FIRST_DAY + timedelta(days=day)
    return Point(UUID(int=day + 1), at, at.date(), 8.0, Value(value=value, unit="deg", uncertainty=U90_DEG))


# --- the whole way -------------------------------------------------------------------------------


def moved_people(n: int, rng: np.random.Generator) -> tuple[Rates, list[float], float]:
    """Move n people before a camera; their left side does not change, their right one grows.

    Returns:
        The rates; how far each value measured lay from the angle that was moved; and the standard deviation of the
        values measured of one left side.
    """
    rates, errors, variances = Rates(), [], []
    for number in range(n):
        sessions = []
        for session, missed in _sessions_of(UUID(int=number + 1), rng):
            sessions.append(session)
            errors += missed
        who = Person(id=UUID(int=number + 1), name="Somebody", created_at=FIRST_DAY)
        history = History(person=who, sessions=tuple(sessions))
        left = series_of(history, LEFT, RULES)
        variances.append(np.var([p.value.value for p in left.points if p.value], ddof=1))
        rates.add(left, growing=False)
        rates.add(series_of(history, RIGHT, RULES), growing=True)
    return rates, errors, float(np.sqrt(np.mean(variances)))


def _sessions_of(person: UUID, rng: np.random.Generator) -> Iterator[tuple[Session, list[float]]]:
    """The sessions of one person, one a day, with how far each value lay from what was moved."""
    own_error = rng.normal(0.0, U90_DEG / 1.645, 2)
    left = rng.normal(30.0, 4.0) + np.zeros(SESSIONS)
    right = rng.normal(22.0, 2.0) + growth(CHANGE_DEG)
    for day in range(SESSIONS):
        moved = np.array([left[day], right[day]]) + own_error + rng.normal(0.0, DAYS_DEG, 2)
        found = _recorded(np.maximum(moved, 3.0), rng)
        session = _session(person, day, found)
        values = [r.first.value if r.first else np.nan for r in session.ranges]
        yield session, [float(e) for e in values - moved if np.isfinite(e)]


def _recorded(moved_deg: Array, rng: np.random.Generator) -> Assessment:
    """Record two bends to each side and judge them; the camera is put up a little differently every day."""
    t_s = times(11.5, fps=15.0, jitter=0.2, seed=int(rng.integers(1 << 31)))
    sizes = np.array([1.0, -1.0, 1.0, -1.0]) * np.tile(moved_deg, 2) + rng.normal(0.0, 0.7, 4)
    bend = repeated(t_s, sizes, first_s=1.2, every_s=2.5, out_s=0.9, hold_s=0.4, back_s=0.9)
    camera = Camera(yaw_deg=rng.normal(0.0, 3.0), px_per_m=rng.uniform(165.0, 195.0))
    track = noisy(body_track(t_s, camera, lateral_deg=bend), sigma_px=0.8, seed=int(rng.integers(1 << 31)))
    return assess(EXERCISE, track).assessment


def _session(person: UUID, day: int, found: Assessment) -> Session:
    """The record of one recording."""
    ranges = [
        SideRange(
            side=str(m.side),
            first=None
            if m.value is None or m.uncertainty is None
            else Value(value=m.value, unit=m.unit, uncertainty=m.uncertainty, n=m.repetitions),
        )
        for m in found.measures
    ]
    return Session(
        id=uuid5(person, str(day)),
        person_id=person,
        at=FIRST_DAY + timedelta(days=day),
        exercise=EXERCISE.id,
        how="upload",
        measured=bool(found.measured),
        ranges=ranges,
        setting=Setting(view=found.view.measured, yaw_deg=found.view.yaw_deg),
        to_first_pain=True,
    )


def main() -> None:
    """Print both figures."""
    parser = argparse.ArgumentParser(description="How often a change is told, and how often one is found.")
    parser.add_argument("--series", type=int, default=20_000)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    n = options.series
    print(f"{SESSIONS} sessions, one a day; a change of {CHANGE_DEG:.1f} degrees; seed {options.seed}")
    print(f"\nvalues that scatter by {SEM_DEG} degrees, through the rule:")
    scenarios: dict[str, dict[str, Any]] = {
        "nothing changes": {},
        "twice the smallest detectable change": {"size": CHANGE_DEG},
        "once the smallest detectable change": {"size": CHANGE_DEG / 2},
        "neighbouring days alike (0.4)": {"alike": 0.4},
        "scatters by 6, which nobody knows": {"sem": 6.0},
        "scatters by 6, six own pairs": {"sem": 6.0, "own_pairs": 6},
        "scatters by 6, twenty own pairs": {"sem": 6.0, "own_pairs": 20},
        "twice its smallest change, nobody knows": {"sem": 6.0, "size": 2.0 * smallest_change(6.0)},
        "the same, six own pairs": {"sem": 6.0, "size": 2.0 * smallest_change(6.0), "own_pairs": 6},
        "scatters by 2.5, grows by 12": {"sem": 2.5, "size": 12.0},
        "the same, six own pairs show it": {"sem": 2.5, "size": 12.0, "own_pairs": 6},
    }
    for what, more in scenarios.items():
        print(f"  {what:40} {simulate(n, np.random.default_rng(options.seed), **more)}", flush=True)
    print("\npeople in front of a camera, the whole way:", flush=True)
    began = time.perf_counter()
    rates, errors, scatter = moved_people(options.people, np.random.default_rng(options.seed))
    print(f"  {rates}")
    print(f"  measured less moved: {np.mean(errors):.1f} degrees, standard deviation {np.std(errors):.1f}")
    print(f"  one side's values scatter by {scatter:.2f} degrees from session to session")
    print(f"  {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
