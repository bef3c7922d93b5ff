"""The benchmark's own sums: what it counts as right, in which unit, and how it alters a clip."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from moving_figure import moving

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

import accuracy
import altered
from clips import Clip, find_clips

RNG = np.random.default_rng(0)


def clip_of(exercise: str, **truth: object) -> Clip:
    """A clip of which the moving figure's analysis would be right."""
    found = moving(exercise).assessment
    reps = [
        {"side": r.side, "start_s": r.start_s, "end_s": r.end_s, "peak_start_s": r.peak_s, "peak_end_s": r.peak_s}
        for r in found.reps
    ]
    measures = [{"id": m.id, "side": m.side, "rom": m.value} for m in found.measured]
    clip = Clip(Path("figure.mp4"), exercise, "figure", False, reps, measures, ["acted"])
    return replace(clip, **truth)


def tally_of(clip: Clip) -> accuracy.Tally:
    tally = accuracy.Tally()
    accuracy.compare(clip, moving(clip.exercise).assessment, tally)
    return tally


def test_what_is_right_counts_as_right() -> None:
    tally = tally_of(clip_of("cat_cow"))
    assert tally.counted_right == [True]
    assert max(tally.boundaries_s) == 0
    assert [e.error for e in tally.errors] == [0.0, 0.0]
    assert not tally.silent + tally.miscounted + tally.misjudged
    assert tally.floor == [(len(moving("cat_cow").t_s), len(moving("cat_cow").t_s))]
    assert not tally_of(clip_of("squat")).floor, "standing is not on the floor"


def test_what_is_wrong_is_named() -> None:
    fault = moving("squat").assessment.faults[0].id
    wrong = {"reps": [], "measures": [{"id": "no_such", "side": None, "rom": 1.0}], "faults": [fault]}
    tally = tally_of(clip_of("squat", **wrong))
    assert tally.miscounted == ["figure.mp4: both of 0"]
    assert tally.silent == ["figure.mp4: no_such"]
    assert tally.misjudged == [f"figure.mp4: {fault} missed"]


def test_what_is_not_certain_is_missed_where_it_was_acted_else_open(
    capsys: pytest.CaptureFixture[str],
) -> None:
    analysis = moving("squat").assessment
    first, *others = analysis.faults
    unsure = first.model_copy(update={"status": "unsure", "reason": "close to the limit", "error": 6.0})
    found = analysis.model_copy(update={"faults": [unsure, *others]})
    for acted, misjudged, listed in (
        ([first.id], [f"figure.mp4: {first.id} missed, not certain"], []),
        ([], [], [f"figure.mp4: {first.id}"]),
    ):
        tally = accuracy.Tally()
        accuracy.compare(clip_of("squat", faults=acted), found, tally)
        assert (tally.misjudged, tally.unsure) == (misjudged, listed)
        accuracy.print_table(tally)
        accuracy.print_margins(tally)
        out = capsys.readouterr().out
        judged = sum(f.status != "not_measured" for f in others) + 1
        assert f"sensitivity {'0.00' if acted else '-'}" in out
        assert f"{judged - 1} of {judged - 1} others left alone (specificity 1.00)" in out
        assert f"1 of {judged} not certain" in out
        assert f"{first.threshold:g} ± 6" in out


def test_every_unit_and_signal_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    tally = accuracy.Tally()
    for exercise in ("knee_to_chest", "single_leg_stance", "sit_to_stand", "bird_dog"):
        accuracy.compare(clip_of(exercise), moving(exercise).assessment, tally)
    accuracy.print_table(tally)
    table = capsys.readouterr().out
    for words in (
        "| Hip flexion of the moving leg, knee to chest | 2 | 0.0° |",
        "| Time on one leg, standing on one leg | 2 | 0.0 s |",
        "| Sway, standing on one leg | 2 | 0.00 T |",
        "| Times in 30 seconds, sit to stand | 1 | 0.0 |",
        "| all angles | 7 |",
        "right on 4 of 4 clips",
        "Frames on the floor in which the person and all needed joints were found: 100.0%",
    ):
        assert words in table, table
    accuracy.print_calibration(tally)
    assert "| leg_flexion | 10.0 | 0.0 |" in capsys.readouterr().out
    accuracy.print_margins(tally)
    assert "Knee to chest: " in capsys.readouterr().out


def test_a_mirrored_clip_has_its_sides_swapped() -> None:
    mirror, roll = altered.ALTERATIONS
    clip = clip_of("knee_to_chest")
    swapped = altered.true_clip(clip, mirror)
    assert [r["side"] for r in swapped.reps] == ["right", "left"]
    assert [m["side"] for m in swapped.measures] == ["right", "left"]
    assert altered.true_clip(clip, roll) is clip
    cats = clip_of("cat_cow")
    assert [r["side"] for r in altered.true_clip(cats, mirror).reps] == ["cat", "cow"]


def test_mirrored_frames_are_flipped_smaller_and_darker() -> None:
    rgb = np.full((400, 300, 3), 100, np.uint8)
    rgb[200:240, 40:60] = 200
    out = altered.mirror(rgb, 0, RNG)
    assert out.shape == rgb.shape
    bright = np.argwhere(out[..., 0] > 110)
    y, x = bright.mean(axis=0)
    assert (x, y) == pytest.approx((0.75 * 249.5 + 37.5, 0.75 * 219.5 + 90), abs=1.5)
    assert np.median(out) == 75


def test_rolled_frames_are_turned_noisy_and_every_third_is_lost() -> None:
    rgb = np.zeros((400, 300, 3), np.uint8)
    rgb[:, 148:152] = 200
    kept = [altered.roll(rgb, i, RNG) for i in range(6)]
    assert [k is None for k in kept] == [False, False, True, False, False, True]
    first = kept[0]
    assert first is not None
    assert 5 < first[:, :100].astype(float).max() < 80, "noise"
    line = np.argwhere(first[..., 0] > 150)
    slope = np.polyfit(line[:, 0], line[:, 1], 1)[0]
    assert np.degrees(np.arctan(slope)) == pytest.approx(2.5, abs=0.4)


@pytest.mark.clips
def test_an_altered_clip_is_analysed_the_same_each_time() -> None:
    clip = next(iter(find_clips("bridge__low_hips")), None)
    if clip is None:
        pytest.skip("NO CLIP OF A BRIDGE WAS FOUND: altered copies were NOT tested")
    mirror = altered.ALTERATIONS[0]
    model = accuracy.ensure_model()
    first, second = (altered.analyze_altered(clip, model, mirror).assessment for _ in range(2))
    assert first == second
    tally = accuracy.Tally()
    accuracy.compare(altered.true_clip(clip, mirror), first, tally)
    assert tally.counted_right == [True]
