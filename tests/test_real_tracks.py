"""Recorded poses of real people, with what the eye counts: trimmed demonstrations, phones, a laboratory."""

from __future__ import annotations

import csv
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from conftest import SHARED

from checker.assessing import assess
from checker.assessment import Assessment
from checker.library import find_exercise
from checker.posture import StartPosture
from checker.reasons import TOO_SMALL
from checker.signals import CATALOGUE
from checker.skeleton import Landmark
from checker.track import Pose, PoseTrack

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

import tracks

RIGHT_AT_LEAST = 16
EXPECTED = tracks.expected()


@cache
def assessed(name: str) -> Assessment:
    return tracks.assessed(name, EXPECTED[name]["exercise"])


@pytest.fixture(autouse=True)
def _there() -> None:
    if not EXPECTED:
        pytest.skip("../shared IS MISSING: recorded real people were NOT looked at")


def test_real_people_are_counted_or_refused_as_the_eye_does() -> None:
    wrong = [name for name in EXPECTED if not tracks.is_right(EXPECTED[name], assessed(name))]
    assert len(EXPECTED) - len(wrong) >= RIGHT_AT_LEAST, f"wrong: {', '.join(wrong)}"


def test_what_cannot_be_seen_is_never_counted() -> None:
    for name, want in EXPECTED.items():
        if want["expect"] == "abstain":
            found = assessed(name)
            assert not found.reps, name
            assert found.warnings or any(p.reason for p in found.partial_reps), name


def test_a_lift_that_starts_at_the_bottom_is_told_as_what_it_is() -> None:
    if "lift_from_bottom" in EXPECTED:
        reasons = [p.reason for p in assessed("lift_from_bottom").partial_reps]
        assert any("way out was not seen" in r for r in reasons), reasons


def test_holds_of_real_planks_last_as_long_as_they_do() -> None:
    for name, want in EXPECTED.items():
        if "hold_s" in want:
            (rep,) = assessed(name).reps
            assert rep.hold_s == pytest.approx(want["hold_s"], abs=0.5), name


def test_a_kept_track_is_judged_anew_by_a_changed_threshold(tmp_path: Path) -> None:
    """Without the video: nobody bends so far that it still counts, and the reason names the new limit."""
    tracks.track("hinge_gym").save(tmp_path / "poses.npz")
    kept = PoseTrack.load(tmp_path / "poses.npz")
    exercise = find_exercise(EXPECTED["hinge_gym"]["exercise"])
    assert exercise.repetition is not None
    before = assess(exercise, kept).assessment
    assert before.model_dump() == assessed("hinge_gym").model_dump()
    further = max(r.rom.value for r in before.reps) + 60.0
    rule = exercise.repetition.model_copy(update={"min_excursion": further})
    after = assess(exercise.model_copy(update={"repetition": rule}), kept).assessment
    assert not after.reps
    assert {p.reason_code for p in after.partial_reps} <= {TOO_SMALL.code}


# --- labelled planks ---------------------------------------------------------------------------


def plank_frames() -> tuple[np.ndarray, np.ndarray]:
    """The body line of each labelled frame, and the labels: C correct, H hips high, L hips low."""
    path = SHARED / "real" / "exercise_correction_plank.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    image = np.full((len(rows), 33, 2), np.nan, np.float32)
    for landmark in Landmark:
        name = landmark.name.lower()
        if f"{name}_x" in rows[0]:
            image[:, landmark] = [(1280 * float(r[f"{name}_x"]), 720 * float(r[f"{name}_y"])) for r in rows]
    lines = []
    for row in image:
        pose = Pose(0.0, row, *(np.full(s, np.nan, np.float32) for s in ((33, 3), 33, (2, 33), 2)))
        track = PoseTrack.single(pose, 1280, 720)
        lines.append(CATALOGUE["body_line"].compute(track, StartPosture(track, "lying_on_front"))[0])
    return np.array(lines), np.array([r["label"] for r in rows])


def test_planks_of_a_labelled_table() -> None:
    line, label = plank_frames()
    high, low = (
        next(f for f in find_exercise("plank").faults if f.id == i).conditions[0] for i in ("hips_high", "hips_low")
    )
    is_high, is_low = line > high.threshold + (high.error or 0.0), line < low.threshold - (low.error or 0.0)
    assert (is_high | is_low)[label == "C"].mean() <= 0.10
    assert is_high[label == "H"].mean() >= 0.80
    assert is_low[label == "L"].mean() >= 0.80
