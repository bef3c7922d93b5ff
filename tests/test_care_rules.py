"""The rules of care as files: they are read, each number has a source, a wrong file is told in one line."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from care_people import library, rules

from checker.care.barred import Findings, barred
from checker.care.overrides import Overrides
from checker.care.records import Condition as Told
from checker.care.rules import FILES, FOLDER, RulesError, load_rules
from checker.exercise import Condition

PATHS = [FOLDER / file for file in FILES.values()]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "rules"))


def refusal(folder: Path) -> str:
    with pytest.raises(RulesError) as refused:
        load_rules(folder)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_the_version_is_of_the_files_alone(copy: Path) -> None:
    version = rules().version
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", version)
    assert load_rules(copy).version == version
    (copy / "note.txt").write_text("not a rule", encoding="utf-8")
    load_rules.cache_clear()
    assert load_rules(copy).version == version
    path = copy / "pain.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    load_rules.cache_clear()
    assert load_rules(copy).version == version, "line ends of another system are the same rules"
    path.write_bytes(path.read_bytes() + b"# one more word\n")
    load_rules.cache_clear()
    assert load_rules(copy).version != version


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("safety.toml", 'group = "now"', 'group = "later"', "group: Input should be 'now', 'first' or 'mention'"),
        ("pain.toml", 'high = "full"', 'high = "none"', "calm movement is never refused"),
        ("phases.toml", "number = 4", "number = 5", "expected 1 to 10 in their order"),
        ("phases.toml", 'rule = "walked"', 'rule = "flown"', "'flown'"),
        (
            "programme.toml",
            "back_after = 2",
            "back_after = 0",
            "back_after: Input should be greater than or equal to 1",
        ),
        ("programme.toml", "back_after = 2", "", "back_after: Field required"),
        ("flare.toml", "[over]", "[over", "expected TOML"),
        ("advice.toml", 'level = "physio"', 'level = "physio"\ncolour = "red"', "colour: Extra inputs"),
        ("severity.toml", "late_days = 42\n", "", "late_days: Field required"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(copy: Path, file: str, old: str, new: str, told: str) -> None:
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert told in refusal(copy)


def test_a_number_without_a_source_is_refused(copy: Path) -> None:
    path = copy / "flare.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"source = .*\n", "", text, count=1), encoding="utf-8")
    assert "flare.toml: began.source: Field required" in refusal(copy)


def test_a_missing_file_is_told(copy: Path) -> None:
    (copy / "flare.toml").unlink()
    assert "flare.toml: expected a file of the rules" in refusal(copy)


def tables(node: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        yield where, node
        for key, value in node.items():
            yield from tables(value, f"{where}.{key}".strip("."))
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from tables(value, f"{where}[{i}]")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_number_stands_beside_its_source(path: Path) -> None:
    for where, table in tables(tomllib.loads(path.read_text(encoding="utf-8"))):
        numbers = [k for k, v in table.items() if isinstance(v, int | float) and not isinstance(v, bool)]
        if numbers and not where.endswith("most_lost_deg"):
            assert table.get("source"), f"{path.name}: {where}: {numbers}"
            assert table.get("status") in {"published", "clinical judgement"}, where


def test_what_the_phases_name_is_there() -> None:
    movements = library()
    for phase in rules().phases:
        named = [*phase.exercises, *phase.tests, *phase.at_hand, *phase.keep_one_of, *phase.off_floor]
        assert set(named) <= movements.keys(), phase.number
        assert all(movements[e].kind == "self_test" for e in phase.tests)
        assert all(movements[e].done_on != "floor" for e in phase.off_floor), "it takes the place of the floor"
        assert all(phase.number in movements[e].phases for e in phase.exercises if e != "warm_up"), phase.number
        for criterion in phase.on:
            exercise = movements.get(getattr(criterion, "exercise", ""))
            if exercise is not None:
                assert set(getattr(criterion, "with_clear", [])) <= {f.id for f in exercise.faults}, exercise.id
                measure = getattr(criterion, "measure", None)
                assert measure is None or measure in {m.id for m in exercise.measures}, exercise.id


def test_a_criterion_can_be_met_by_the_dose_of_its_phase() -> None:
    movements = library()
    for phase in rules().phases:
        for criterion in phase.on:
            if criterion.rule == "done_at_least":
                dose = movements[criterion.exercise].dose_in(phase.number)
                hold = dose.hold_s[1] if isinstance(dose.hold_s, tuple) else dose.hold_s
                assert (dose.most or 0) >= criterion.repetitions, (phase.number, criterion.exercise)
                assert criterion.hold_s is None or (hold or 0) >= criterion.hold_s, (phase.number, criterion.exercise)


def test_phases_nine_and_ten_have_no_rule_that_enters_them() -> None:
    for number in (9, 10):
        phase = rules().phase(number)
        assert phase.physio_only
        assert not phase.on
        assert all(number not in p.after for p in rules().phases)


def test_no_text_promises_or_judges() -> None:
    for path in PATHS:
        text = path.read_text(encoding="utf-8").lower()
        for word in ("safe ", "safely", "cleared", "healed", "restricted", "relapse", "positive"):
            assert not re.search(rf'^(?!#)[^=\n]*= ".*\b{word}', text, re.M), f"{path.name}: {word}"


# --- the movements --------------------------------------------------------------------------------

LOADS = {
    "calm": {"breathing", "walking", "ice_heat", "tennis_ball_release", "self_massage"},
    "gentle": {
        "seated_forward_lean", "standing_side_bend", "standing_trunk_rotation", "standing_hip_hinge", "pelvic_tilt",
        "cat_cow", "childs_pose", "knee_to_chest", "lying_twist", "seated_twist", "seated_hamstring_stretch",
        "standing_back_bend", "foam_roller", "ball_drape", "warm_up", "sitting_posture",
    },
}  # fmt: skip


def test_how_much_each_movement_asks_of_the_back() -> None:
    for exercise in library().values():
        wanted = next((load for load, ids in LOADS.items() if exercise.id in ids), "load")
        assert exercise.load == wanted, exercise.id


@pytest.mark.parametrize(
    ("condition", "left_out", "not_at_once"),
    [
        ("osteoporosis",
         {"partial_crunch", "full_sit_up", "foam_roller", "tennis_ball_release", "ball_drape", "toe_touch"},
         {"seated_forward_lean", "standing_hip_hinge", "childs_pose", "cat_cow", "seated_hamstring_stretch",
          "knee_to_chest", "safe_lifting", "seated_twist", "lying_twist"}),
        ("hip_replacement", {"lying_twist"},
         {"knee_to_chest", "childs_pose", "seated_forward_lean", "sit_to_stand", "squat", "seated_hamstring_stretch"}),
        ("knee_disease", set(), {"childs_pose", "wall_sit", "squat", "cat_cow", "bird_dog"}),
        ("high_blood_pressure", {"ball_drape"}, {"wall_sit", "plank", "bridge", "seated_forward_lean"}),
        ("spinal_stenosis", {"back_extension", "standing_back_bend"}, {"bridge", "cat_cow", "plank"}),
        ("spondylolisthesis", {"back_extension", "standing_back_bend"}, {"bridge", "cat_cow", "plank"}),
        ("bending_back_hurts", {"back_extension", "standing_back_bend"}, {"bridge", "cat_cow"}),
        ("bending_forward_hurts", {"childs_pose", "seated_hamstring_stretch", "knee_to_chest", "partial_crunch"},
         {"seated_forward_lean", "standing_hip_hinge"}),
        ("pregnancy", {"back_extension", "plank", "foam_roller", "ball_drape", "partial_crunch"}, {"bridge"}),
        ("balance_or_falls", {"wall_sit", "single_leg_stance"}, {"ball_drape", "sit_to_stand"}),
        ("anticoagulants", {"tennis_ball_release", "foam_roller"}, set()),
        ("dizziness", {"ball_drape", "breathing"}, {"knee_to_chest", "pelvic_tilt"}),
    ],
)  # fmt: skip
def test_the_table_of_precautions(condition: str, left_out: set[str], not_at_once: set[str]) -> None:
    found = barred(library(), Findings(frozenset({condition}), frozenset(), "yes"), Overrides(), rules())
    assert left_out <= found.keys()
    for name in not_at_once:
        mine = [p for p in library()[name].precautions if p.condition == condition]
        assert mine, name
        assert mine[0].action != "leave_out", name
        assert (name in found) == (mine[0].action == "ask_first"), name


def test_precautions_know_every_condition_that_a_profile_may_have() -> None:
    told = {c.removesuffix("_left").removesuffix("_right") for c in get_args(Told)}
    assert told <= set(get_args(Condition))
    used = {p.condition for e in library().values() for p in e.precautions}
    assert used == set(get_args(Condition))


def test_a_caution_in_prose_has_its_precaution() -> None:
    words = {
        "osteoporosis": "osteoporosis", "hip replacement": "hip_replacement", "blood thinners": "anticoagulants",
        "high blood pressure": "high_blood_pressure", "stenosis": "spinal_stenosis", "pregnan": "pregnancy",
        "moves down": "leg_pain_moves_down", "fall easily": "balance_or_falls",
    }  # fmt: skip
    for exercise in library().values():
        prose = " ".join(exercise.cautions).lower()
        has = {p.condition for p in exercise.precautions}
        for word, condition in words.items():
            assert word not in prose or condition in has, (exercise.id, word)


def test_pain_that_moves_down_the_leg_is_told_where_it_was_missing() -> None:
    for name in ("childs_pose", "seated_forward_lean", "seated_hamstring_stretch", "seated_twist", "lying_twist",
                 "standing_trunk_rotation", "partial_crunch"):  # fmt: skip
        assert any("moves down your leg" in c for c in library()[name].cautions), name
