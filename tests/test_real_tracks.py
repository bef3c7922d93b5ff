"""Recorded poses of real people, with what the eye counts: trimmed demonstrations, phones, a laboratory."""

from __future__ import annotations

import csv
import json
from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pytest
from conftest import SHARED

from checker.assessment import Assessment, ModelInfo
from checker.engine import Engine
from checker.library import find_exercise
from checker.posture import StartPosture
from checker.signals import CATALOGUE
from checker.skeleton import Landmark, Pose, PoseTrack

TRACKS = SHARED / "real" / "tracks"
RIGHT_AT_LEAST = 16


def expected() -> dict[str, Any]:
    path = TRACKS / "expected.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


@cache
def assessed(name: str) -> Assessment:
    data = np.load(TRACKS / f"{name}.npz")
    engine = Engine(find_exercise(expected()[name]["exercise"]), int(data["width"]), int(data["height"]))
    for i in range(len(data["t_s"])):
        arrays = {n: data[n][i] for n in ("image", "world", "visibility", "outline", "feet")}
        scalars = {"t_s": float(data["t_s"][i]), "brightness": float(data["brightness"][i])}
        engine.record(Pose(**arrays, **scalars, people=int(data["people"][i])))
    return engine.finish(ModelInfo(name="recorded", sha256="0" * 64)).assessment


def counted_right(name: str) -> bool:
    want, got = expected()[name], Counter(r.side for r in assessed(name).reps)
    if want.get("reps_total") is not None:
        return sum(got.values()) == want["reps_total"]
    asked = want.get("reps") or {}
    return set(got) == set(asked) and all(
        got[side] in n if isinstance(n, list) else got[side] == n for side, n in asked.items()
    )


def is_right(name: str) -> bool:
    """As ../shared/tools/real_tracks.py judges it."""
    want, found = expected()[name], assessed(name)
    measured = bool(found.reps)
    good = {
        "measure": counted_right(name),
        "abstain": not measured,
        "either": counted_right(name) or not measured,
        "abstain_or_half": True,
    }[want["expect"]]
    if "hold_s" in want and good and measured:
        good = abs(found.reps[0].hold_s - want["hold_s"]) <= max(0.5, 0.1 * want["hold_s"])
    return good and not {f.id for f in found.flagged}.intersection(want.get("clear", []))


@pytest.fixture(autouse=True)
def _there() -> None:
    if not expected():
        pytest.skip("../shared IS MISSING: recorded real people were NOT looked at")


def test_real_people_are_counted_or_refused_as_the_eye_does() -> None:
    wrong = [name for name in expected() if not is_right(name)]
    assert len(expected()) - len(wrong) >= RIGHT_AT_LEAST, f"wrong: {', '.join(wrong)}"


def test_what_cannot_be_seen_is_never_counted() -> None:
    for name, want in expected().items():
        if want["expect"] == "abstain":
            found = assessed(name)
            assert not found.reps, name
            assert found.warnings or any(p.reason for p in found.partial_reps), name


def test_a_lift_that_starts_at_the_bottom_is_told_as_what_it_is() -> None:
    if "lift_from_bottom" in expected():
        reasons = [p.reason for p in assessed("lift_from_bottom").partial_reps]
        assert any("way out was not seen" in r for r in reasons), reasons


def test_holds_of_real_planks_last_as_long_as_they_do() -> None:
    for name, want in expected().items():
        if "hold_s" in want:
            (rep,) = assessed(name).reps
            assert rep.hold_s == pytest.approx(want["hold_s"], abs=0.5), name


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
