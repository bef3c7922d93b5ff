"""The try-out of a movement on its own picture: silent where all is well, plain words where it is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checker.exercise import Exercise
from checker.self_check import check_itself
from checker.signals import CATALOGUE

SOURCE = {"source": "a textbook", "status": "clinical judgement"}
SITTING = {"hips": 90, "knees": 90}
ON_BACK = {"trunk": -90, "hips": 47, "knees": 97}
ON_KNEES = {"trunk": 78, "hips": 78, "knees": 90, "arms": 78}


def movement(position: str, start: dict[str, Any], end: dict[str, Any] | None, **parts: Any) -> Exercise:
    """A measured movement of few words: `count` is its repetition rule, `hold` its hold rule."""
    rules: dict[str, Any] = {}
    if "count" in parts:
        rules["repetition"] = {"sides": "both"} | SOURCE | parts.pop("count")
    if "hold" in parts:
        hold = parts.pop("hold")
        hold["conditions"] = [SOURCE | c for c in hold.get("conditions", [])]
        rules["hold"] = SOURCE | hold
    rules["measures"] = [{"name": "A measure"} | SOURCE | m for m in parts.pop("measures")]
    rules["faults"] = [
        {"id": "a_fault", "name": "Something else", "cue": "Do it."} | f for f in parts.pop("faults", [])
    ]
    return Exercise.model_validate(
        {
            "id": "some_movement", "name": "Some movement", "kind": "exercise", "position": position,
            "view": parts.pop("view", "side"), "phases": [1], "summary": "Do it.", "why": "It helps.",
            "steps": ["Do it."], "camera": ["Film it."], "cautions": ["Gently."], "sources": ["a textbook"],
            "doses": [{"repetitions": 3} | SOURCE], "picture": {"start": start, "end": end},
        }
        | rules
    )  # fmt: skip


def hinge(end: dict[str, Any] | None = None, **parts: Any) -> Exercise:
    rule = {"signal": "trunk_flexion", "min_excursion": 15} | parts.pop("count", {})
    measures = parts.pop("measures", [{"id": "trunk_flexion"}, {"id": "hip_flexion"}, {"id": "spine_flexion"}])
    return movement(
        "standing", {}, end or {"trunk": 50, "hips": 60, "knees": 15}, count=rule, measures=measures, **parts
    )


FINE = {
    "bend forward": hinge(),
    "seated lean": movement(
        "seated", SITTING, {"trunk": 40, "hips": 130, "knees": 90},
        count={"signal": "trunk_flexion", "min_excursion": 10}, measures=[{"id": "hip_flexion"}],
    ),
    "side bend": movement(
        "standing", {}, {"lean": 25}, view="front",
        count={"signal": "trunk_lateral_flexion", "sides": "signed", "min_excursion": 8},
        measures=[{"id": "trunk_lateral_flexion"}],
        faults=[{"rule": "side_difference", "threshold": 10} | SOURCE],
    ),
    "turn": movement(
        "standing", {"arms_crossed": True}, {"arms_crossed": True, "turn": 35}, view="front",
        count={"signal": "shoulder_rotation", "sides": "signed", "min_excursion": 8},
        measures=[{"id": "trunk_rotation"}],
    ),
    "bridge": movement(
        "lying_on_back", ON_BACK, {"trunk": -112, "hips": 0, "knees": 90},
        count={"signal": "hip_flexion", "direction": "fall", "min_excursion": 20},
        measures=[{"id": "hip_flexion"}, {"id": "top", "signal": "hip_flexion", "of": "value"}],
    ),
    "round and hollow": movement(
        "hands_and_knees", ON_KNEES, ON_KNEES | {"rounding": 35},
        count={"signal": "spine_flexion", "sides": "signed", "names": ["cat", "cow"], "min_excursion": 10},
        measures=[{"id": "spine_flexion"}],
    ),
    "arm and leg": movement(
        "hands_and_knees", ON_KNEES, ON_KNEES | {"hips": [10, 78], "knees": [5, 90], "arms": [78, 165]},
        count={"signal": "leg_extension", "sides": "signed", "min_excursion": 30},
        measures=[{"id": "leg_extension"}, {"id": "opposite_arm_raise"}],
    ),
    "knees to the side": movement(
        "lying_on_back", ON_BACK, ON_BACK | {"knees_aside": 50}, view="front",
        count={"signal": "knee_fall", "sides": "signed", "min_excursion": 12}, measures=[{"id": "knee_fall"}],
    ),
    "as often as possible": movement(
        "seated", SITTING, {},
        count={"signal": "knee_flexion", "direction": "fall", "min_excursion": 40, "within_s": 30},
        measures=[{"id": "number", "of": "count"}],
    ),
    "a hold": movement(
        "lying_on_front", {"trunk": 77, "arms": 77, "elbows": 90, "ankles": 10}, None,
        hold={"min_duration_s": 5, "conditions": [
            {"signal": "body_line", "compare": "absolute", "direction": "below", "threshold": 20}]},
        measures=[{"id": "body_line", "of": "value"}, {"id": "held", "of": "hold_time"}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("exercise", FINE.values(), ids=FINE)
def test_what_the_picture_shows_counts(exercise: Exercise) -> None:
    for seed in range(3):
        assert check_itself(exercise, seed) == []


def test_a_movement_in_which_nothing_is_measured_is_not_tried() -> None:
    guided = {"kind": "guided", "repetition": None, "measures": [], "faults": []}
    assert check_itself(Exercise.model_validate(hinge().model_dump() | guided)) == []


TOLD = [
    (hinge({"trunk": 9, "hips": 9}), "rises too little: trunk_flexion changes by 9°, less than min_excursion 15°"),
    (hinge(count={"direction": "fall"}), "goes the other way: trunk_flexion changes by +50°"),
    (
        movement("lying_on_back", {}, {"trunk": 60, "hips": 60}, count={"signal": "knee_flexion", "min_excursion": 20},
                 measures=[{"id": "knee_flexion"}]),
        "too little",
    ),
    (
        hinge({"trunk": 50, "hips": 70, "knees": 50, "ankles": 30}, faults=[{"rule": "past", "conditions": [
            {"signal": "knee_flexion", "threshold": 30.0} | SOURCE]}]),
        'own movement is flagged as "Something else" (5',
    ),
    (hinge(count={"max_duration_s": 2.0, "min_duration_s": 1.5}), "but counted not once"),
    (
        movement("lying_on_back", {}, {"trunk": 60, "hips": 60}, count={"signal": "trunk_flexion", "min_excursion": 20,
                 "direction": "fall"}, measures=[{"id": "trunk_flexion"}]),
        "cannot be measured: This movement starts lying on the back",
    ),
    (
        movement("standing", {}, {"trunk": 20, "hips": 20}, measures=[{"id": "held", "of": "hold_time"}],
                 hold={"min_duration_s": 5, "conditions": [{"signal": "trunk_flexion", "threshold": 40}]}),
        "trunk_flexion is 20° there, and the hold asks for above 40°",
    ),
    (hinge(count={"signal": "trunk_flexion"}).model_copy(update={"picture": hinge().picture.model_copy(
        update={"end": None})}), "has no end"),
]  # fmt: skip


@pytest.mark.parametrize(("exercise", "words"), TOLD)
def test_what_does_not_fit_is_told_in_plain_words(exercise: Exercise, words: str) -> None:
    problems = check_itself(exercise)
    assert len(problems) == 1
    assert words in problems[0]
    assert problems[0].endswith(".")


@pytest.mark.parametrize(
    ("signal", "factor", "exercise"),
    [
        ("hip_flexion", 0.8, "bridge"),
        ("spine_flexion", -1.0, "round and hollow"),
        ("trunk_lateral_flexion", 1.4, "side bend"),
        ("trunk_rotation", 1.4, "turn"),
    ],
)
def test_a_signal_that_reads_wrong_is_noticed(
    signal: str, factor: float, exercise: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = CATALOGUE[signal]
    wrong = replace(real, compute=lambda track, start: factor * real.compute(track, start))
    monkeypatch.setitem(CATALOGUE, signal, wrong)
    assert check_itself(FINE[exercise]) != []


def test_a_rule_so_loose_that_a_part_of_the_way_counts_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.self_check.PARTIAL", 1.3)  # as if the smallest excursion were not kept to
    assert "was counted as a repetition" in check_itself(hinge())[0]
