"""A movement that is begun in the app: what was typed, what is wrong with it, how it is drawn, and its file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from checker.exercise import Exercise
from checker.fault_rules import PastFault
from checker.library import ExerciseError, find_exercise, list_entries, list_exercises, read_exercise, write_whole
from checker.library.draft import fitting, id_of, rules_to_ask, ways
from checker.library.mistakes import parse_exercise
from checker.library.posing import STANCES, furthest, picture_of
from checker.library.writing import as_toml
from checker.self_check import check_itself
from checker.service.new_movement import JOINTS, answers_of, joints_of, look, save, self_check, taken_by
from checker.signals import CATALOGUE

SLIDE: dict[str, Any] = {
    "name": "Wall slide", "kind": "exercise", "position": "standing", "view": "side", "phases": [7, 6],
    "load": "load", "direction": "none", "summary": "Slide down a wall.", "why": "Trains the legs.",
    "steps": "Stand still for a moment.\n\n  Slide   down.", "camera": "Side on.", "cautions": "Gently.",
    "source": "Our practice", "repetitions-from": 8, "repetitions-to": 10, "hold_s-from": 5.0, "sets": 2,
    "counted": True, "signal": "knee_flexion", "way": "rise", "least": 20.0,
    "measured": ["knee_flexion", "hip_flexion"], "target-rise": 60.0,
    "faults": [
        {"name": "Too deep", "cue": "Stop a bit higher.", "rule": "past", "signal": "knee_flexion", "threshold": 95.0},
        {"name": "Too quick", "cue": "Slow down.", "rule": "too_fast", "threshold": 0.5, "source": "A book"},
        {"name": "Looking up", "cue": "Look ahead.", "rule": "past", "signal": "neck_flexion", "threshold": -25.0},
    ],
    "precautions": [{"condition": "knee_disease", "action": "smaller", "text": "Stay higher up the wall."}],
}  # fmt: skip


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's own movements, which is not there yet."""
    monkeypatch.setenv("BACKCHECK_EXERCISES", str(tmp_path / "own"))
    return tmp_path / "own"


def exercise_of(**told: Any) -> Exercise:
    draft = look({**SLIDE, **told})
    assert draft.exercise is not None, draft.problems
    return draft.exercise


def problems(**told: Any) -> dict[str, str]:
    """What is told, by the keys as a file's writer would name them."""
    return {".".join(map(str, key)): text for key, text in look({**SLIDE, **told}).problems.items()}


# --- what was typed -------------------------------------------------------------------------------


def test_what_was_typed_is_the_movement() -> None:
    e = exercise_of()
    assert (e.id, e.name, e.phases, e.steps) == (
        *("wall_slide", "Wall slide", [6, 7]), ["Stand still for a moment.", "Slide down."],
    )  # fmt: skip
    [dose] = e.doses
    assert (dose.repetitions, dose.hold_s, dose.sets, dose.duration_s) == ((8, 10), 5.0, 2, None)
    assert e.repetition is not None
    assert (e.repetition.signal, e.repetition.min_excursion, e.repetition.sides) == ("knee_flexion", 20.0, "both")
    assert [m.id for m in e.measures] == ["knee_flexion", "hip_flexion"]
    assert e.main_measure.target is not None
    assert e.main_measure.target.by_side == {"both": 60.0}
    deep, quick, up = e.faults
    assert isinstance(up, PastFault)
    assert (deep.id, quick.threshold, up.conditions[0].direction) == ("too_deep", 0.5, "below")
    assert [p.action for p in e.precautions] == ["smaller"]


def test_a_posture_is_kept_and_its_time_is_measured() -> None:
    e = exercise_of(counted=False, held_s=4.0, measured=["trunk_flexion"], faults=[], **{"target-rise": None})
    assert e.hold is not None
    assert e.hold.min_duration_s == 4.0
    assert [(m.id, m.of) for m in e.measures] == [("hold_time", "hold_time"), ("trunk_flexion", "value")]


def test_two_sides_have_names_and_targets_of_their_own() -> None:
    both = {"signal": "spine_flexion", "way": "signed", "measured": ["spine_flexion"], "faults": []}
    e = exercise_of(**both, **{"name-of-rise": "Cat", "name-of-fall": "Cow", "target-rise": 20.0, "target-fall": 15.0})
    assert e.sides == ["cat", "cow"]
    assert e.main_measure.target is not None
    assert e.main_measure.target.by_side == {"cat": 20.0, "cow": 15.0}


def test_what_is_guided_has_no_rules() -> None:
    e = exercise_of(kind="guided")
    assert not e.is_measured
    assert (e.measures, e.faults, e.repetition) == ([], [], None)


@pytest.mark.parametrize(
    ("name", "own_id"),
    [
        ("Wall slide", "wall_slide"), ("  Ärm-Kreisen! ", "rm_kreisen"), ("3 x 3 Lifts", "x_3_lifts"), ("123", ""),
        ("../../etc", "etc"), ("a" * 99, "a" * 40), ("", ""), ("Fuß", "fuss"),
    ],
)  # fmt: skip
def test_an_id_is_made_from_a_name(name: str, own_id: str) -> None:
    assert id_of(name) == own_id


def test_two_faults_of_one_name_have_ids_of_their_own() -> None:
    row = {"name": "Too deep", "cue": "Higher.", "rule": "past", "signal": "knee_flexion", "threshold": 95.0}
    assert [f.id for f in exercise_of(faults=[row, row]).faults] == ["too_deep", "too_deep_2"]


# --- what is wrong stands beside its field --------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "key", "text"),
    [
        ({"name": ""}, "name", "Fill this in."),
        ({"name": "ab"}, "name", 'Expected at least 3 characters, got "ab".'),
        ({"name": "123"}, "id", "The name has no letter that an id could be made from: type one."),
        ({"id": "../x"}, "id", 'Expected small letters, digits and _, a letter first, got "../x".'),
        ({"phases": []}, "phases", "Choose at least one."),
        ({"steps": " \n "}, "steps", "Fill this in: one sentence a line."),
        ({"camera": ""}, "camera", "Fill this in: one sentence a line."),
        ({"source": ""}, "sources.0", "Fill this in."),
        ({"signal": None}, "repetition.signal", "Fill this in."),
        ({"least": None}, "repetition.min_excursion", "Fill this in."),
        ({"least": -3.0}, "repetition.min_excursion", "Expected a number above 0, got -3."),
        ({"least": 1e9}, "repetition.min_excursion", "Expected -10000 to 10000, got 1e+09."),
        ({"measured": []}, "measures", "Choose at least one."),
        ({"repetitions-from": None, "hold_s-from": None}, "doses.0", "Fill in how many times, or how long."),
        ({"repetitions-to": 6}, "doses.0.repetitions", "Expected a range from low to high, got [8, 6]."),
        ({"sets": 0}, None, ""),
        ({"sets": -1}, "doses.0.sets", "Expected 1 or more, got -1."),
        ({"target-rise": -4.0}, "measures.0.target.by_side.both", "Expected a number above 0, got -4."),
        ({"drawn": True, "start-trunk": 300.0}, "picture.start.trunk", "Expected 200 or less, got 300."),
    ],
)
def test_a_bad_value_is_one_line_at_its_key(told: dict[str, Any], key: str | None, text: str) -> None:
    found = problems(**told)
    assert found == ({} if key is None else {key: text})


@pytest.mark.parametrize(
    ("row", "key", "text"),
    [
        ({"cue": ""}, "cue", "Fill this in."),
        ({"signal": None}, "conditions.0.signal", "Fill this in."),
        ({"threshold": None}, "conditions.0.threshold", "Fill this in."),
        ({"rule": "too_fast", "threshold": -1.0}, "threshold", "Expected a number above 0, got -1."),
        ({"rule": "slow_return", "threshold": 0.5}, "threshold", "Expected a number above 1, got 0.5."),
    ],
)
def test_a_bad_value_of_a_fault_is_one_line_at_its_row(row: dict[str, Any], key: str, text: str) -> None:
    rows = [SLIDE["faults"][0], SLIDE["faults"][0] | row]
    assert problems(faults=rows) == {f"faults.1.{key}": text}


def test_a_condition_that_stands_twice_is_told_at_the_second() -> None:
    assert problems(precautions=SLIDE["precautions"] * 2) == {
        "precautions.1.condition": "This one stands here already."
    }


def test_nothing_typed_is_no_movement_and_says_what_is_missing() -> None:
    draft = look({})
    assert draft.exercise is None
    assert {("name",), ("summary",), ("phases",), ("measures",), ("repetition", "signal")} <= draft.problems.keys()
    assert all(text and "\n" not in text for text in draft.problems.values())
    assert draft.picture is not None, "the figure stands there already"


# --- the drawing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("position", STANCES)
def test_the_figure_starts_in_its_position(position: str) -> None:
    assert picture_of({"position": position})["start"] == STANCES[position]


MOVES = ("squat", "bridge", "standing_side_bend", "seated_twist", "knee_to_chest", "back_extension", "cat_cow")


@pytest.mark.parametrize("name", MOVES)
def test_the_figure_does_what_is_counted(name: str) -> None:
    """Of shipped movements the drawing that is made passes their own check; there the drawing was made by hand."""
    e = find_exercise(name)
    rule = e.repetition
    assert rule is not None
    drawn = picture_of({"position": e.position, "view": e.view, "repetition": rule.model_dump(exclude_none=True)})
    assert "end" in drawn
    document = e.model_dump(mode="json") | {"picture": drawn, "faults": []}
    assert check_itself(Exercise.model_validate(document)) == []


def test_what_no_joint_moves_is_drawn_without_an_end() -> None:
    tilt = {"signal": "pelvis_tilt", "min_excursion": 5.0}
    assert furthest("standing", "front", "pelvis_tilt", 5.0) is None
    assert "end" not in picture_of({"position": "standing", "view": "front", "repetition": tilt})


def test_joints_are_adjusted_from_what_is_drawn() -> None:
    drawn = look(SLIDE).picture
    assert drawn is not None
    typed = joints_of(drawn)
    assert {name.split("-")[1] for name in typed} == set(JOINTS)
    same = look({**SLIDE, **typed, "drawn": True}).picture
    assert same is not None
    assert (same.start, same.end) == (drawn.start, drawn.end)
    deeper = look({**SLIDE, **typed, "drawn": True, "end-knees-left": 70.0}).answers["picture"]
    assert deeper["end"]["knees"] == [70.0, typed["end-knees-right"]]


# --- choices --------------------------------------------------------------------------------------


def test_every_signal_has_plain_words_for_its_ways() -> None:
    for signal in CATALOGUE:
        assert all(words and "_" not in words for words in ways(signal).values())
    assert set(fitting("side")) | set(fitting("front")) == set(CATALOGUE)


def test_rules_that_do_not_fit_are_not_asked() -> None:
    assert "side_difference" in rules_to_ask(counted=True, signed=True)
    assert "side_difference" not in rules_to_ask(counted=True, signed=False)
    assert "too_fast" not in rules_to_ask(counted=False, signed=False)


# --- trying and saving ----------------------------------------------------------------------------


def test_the_figure_tries_it() -> None:
    assert self_check(exercise_of(faults=[])) == ()
    [told] = self_check(exercise_of(faults=[], drawn=True, **{"end-trunk": 20.0}))
    assert "knee_flexion" in told


def test_it_is_saved_whole_and_stands_in_the_library_as_ones_own(own: Path) -> None:
    draft = look(SLIDE)
    path = save(draft)
    assert path == own / "wall_slide.toml"
    assert read_exercise(path) == draft.exercise
    entries, wrong = list_entries(own)
    assert wrong == []
    assert [(e.exercise.id, e.own, e.overrides) for e in entries if e.own] == [("wall_slide", True, False)]
    assert sorted(p.name for p in own.iterdir()) == ["wall_slide.toml"], "no draft is left behind"


def test_no_movement_takes_anothers_place_unasked(own: Path) -> None:
    path = save(look(SLIDE))
    before = path.read_text(encoding="utf-8")
    other = look({**SLIDE, "why": "Something else."})
    with pytest.raises(ExerciseError, match="a movement wall_slide already, yours"):
        save(other)
    assert path.read_text(encoding="utf-8") == before
    save(other, replaces=True)
    assert read_exercise(path).why == "Something else."
    shipped = look({**SLIDE, "id": "bridge"})
    assert (taken_by("bridge"), taken_by("wall_slide"), taken_by("x")) == ("shipped", "yours", "")
    with pytest.raises(ExerciseError, match="shipped with BackCheck"):
        save(shipped)
    assert not (own / "bridge.toml").exists()
    save(shipped, replaces=True)
    assert (own / "bridge.toml").exists()


def test_one_that_somebody_writes_meanwhile_stays(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.service.new_movement.taken_by", lambda _: "")  # they asked before the other wrote
    own.mkdir()
    (own / "wall_slide.toml").write_text("theirs", encoding="utf-8")
    with pytest.raises(ExerciseError, match="is there already"):
        save(look(SLIDE))
    assert (own / "wall_slide.toml").read_text(encoding="utf-8") == "theirs"
    assert len(list(own.iterdir())) == 1


@pytest.mark.parametrize("has_links", [True, False])
def test_a_disk_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", fail)
    if has_links:
        monkeypatch.setattr(Path, "replace", fail)
        with pytest.raises(ExerciseError, match="cannot be written"):
            write_whole(tmp_path / "a.toml", "x", new=True)
        assert list(tmp_path.iterdir()) == []
    else:  # a disk without links has a name for it all the same, and replaces nothing
        write_whole(tmp_path / "a.toml", "x", new=True)
        with pytest.raises(ExerciseError, match="is there already"):
            write_whole(tmp_path / "a.toml", "y", new=True)
        assert (tmp_path / "a.toml").read_text(encoding="utf-8") == "x"


def test_a_folder_that_is_a_file_is_told_in_one_line(own: Path) -> None:
    own.write_text("a file", encoding="utf-8")
    with pytest.raises(ExerciseError, match="cannot be written"):
        save(look(SLIDE))


@pytest.mark.parametrize(
    "text", ['"quoted"', "\\ back \u201cslash\u201d", "# no remark", "[x]", "é\u200b🙂", "'''", "a = 1"]
)
def test_any_words_are_read_back_as_they_were_typed(text: str) -> None:
    told = {**SLIDE, "name": f"Slide {text}", "id": "wall_slide", "why": f"It {text}", "steps": f"Do {text}"}
    e = look(told).exercise
    assert e is not None
    assert as_toml(answers_of(told)).count("\n[repetition]") == 1
    assert (e.why, e.steps) == (f"It {text}", [f"Do {text}"])


def test_every_shipped_movement_is_written_and_read_back() -> None:
    """But those with a rhythm, which nobody is asked for."""
    for e in (e for e in list_exercises() if e.pace is None):
        told = e.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        assert parse_exercise(as_toml(told), e.id) == e, e.id
