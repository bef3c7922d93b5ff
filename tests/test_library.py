"""The library: shipped and own exercise files, numbers changed for a patient, and the lines of a TOML text."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from bend_file import BEND, GUIDED, HOLD
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from checker.fault_rules import PastFault, SideDifferenceFault
from checker.library import (
    ExerciseError,
    changeable_numbers,
    earlier_folder_note,
    files,
    find_exercise,
    find_file,
    list_entries,
    list_exercises,
    own_folder,
    read_exercise,
    reset_numbers,
    save_numbers,
    writing_folder,
)
from checker.library.toml_lines import index_lines, line_of
from checker.rules import LARGEST, LONGEST_TEXT

HIPS = "faults.hip_shift.conditions[1].threshold"
HEIGHT = "faults.hip_shift.conditions[2].threshold"
SIDES = "faults.side_difference.threshold"


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "exercises"
    folder.mkdir()
    (folder / "bend.toml").write_text(BEND, encoding="utf-8")
    (folder / "walk.toml").write_text(GUIDED, encoding="utf-8")
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "my_exercises"
    folder.mkdir()
    return folder


# --- two folders --------------------------------------------------------------------------------


def test_own_movements_stand_among_the_shipped_ones(shipped: Path, own: Path) -> None:
    (own / "kept.toml").write_text(HOLD, encoding="utf-8")
    entries, problems = list_entries(own, shipped=shipped)
    assert problems == []
    assert [(e.exercise.id, e.path, e.own, e.overrides) for e in entries] == [
        ("bend", shipped / "bend.toml", False, False),
        ("kept", own / "kept.toml", True, False),
        ("walk", shipped / "walk.toml", False, False),
    ]
    assert [e.id for e in list_exercises(own, shipped=shipped)] == ["bend", "kept", "walk"]
    assert [e.id for e in list_exercises(shipped=shipped)] == ["bend", "walk"]


def test_an_own_file_takes_the_place_of_the_shipped_one(shipped: Path, own: Path) -> None:
    (own / "bend.toml").write_text(BEND.replace("A bend", "Our bend"), encoding="utf-8")
    assert find_exercise("bend", own, shipped=shipped).name == "Our bend"
    assert find_exercise("bend", shipped=shipped).name == "A bend"
    assert find_file("bend", own, shipped=shipped) == own / "bend.toml"
    entries, _ = list_entries(own, shipped=shipped)
    assert [(e.exercise.name, e.own, e.overrides) for e in entries if e.exercise.id == "bend"] == [
        ("Our bend", True, True)
    ]


def test_one_broken_own_file_leaves_the_others(shipped: Path, own: Path) -> None:
    (own / "kept.toml").write_text(HOLD, encoding="utf-8")
    (own / "bend.toml").write_text(BEND.replace("8.0", "-8.0").replace('"front"', '"back"'), encoding="utf-8")
    entries, problems = list_entries(own, shipped=shipped)
    assert [e.exercise.id for e in entries] == ["kept", "walk"], "the shipped bend does not come back unasked"
    assert [p.split(": ")[:2] for p in problems] == [
        [f"{own / 'bend.toml'}:5", "view"],
        [f"{own / 'bend.toml'}:29", "repetition.min_excursion"],
    ]
    with pytest.raises(ExerciseError, match="min_excursion"):
        list_exercises(own, shipped=shipped)
    with pytest.raises(ExerciseError, match="min_excursion"):
        find_exercise("bend", own, shipped=shipped)
    assert find_exercise("kept", own, shipped=shipped).id == "kept"


def test_a_missing_folder_is_told_in_one_line(shipped: Path, tmp_path: Path) -> None:
    for missing in (tmp_path / "nowhere", shipped / "bend.toml"):
        with pytest.raises(ExerciseError, match="no such folder") as refused:
            list_entries(missing, shipped=shipped)
        assert "\n" not in str(refused.value)


def test_an_empty_folder_has_none(tmp_path: Path) -> None:
    assert list_exercises(shipped=tmp_path) == []
    with pytest.raises(ExerciseError, match="the folder is empty"):
        find_exercise("bend", shipped=tmp_path)


@pytest.mark.parametrize(
    "exercise_id",
    ["", ".", "..", "../x", "../my_exercises/kept", "/etc/passwd", "bend.toml", "Bend", "be\0nd", "bend/", "bend\n"],
)
def test_an_id_that_is_none_is_refused_with_those_there_are(exercise_id: str, shipped: Path, own: Path) -> None:
    (own.parent / "x.toml").write_text(BEND, encoding="utf-8")
    (own / "kept.toml").write_text(HOLD, encoding="utf-8")
    with pytest.raises(ExerciseError, match="expected one of bend, kept, walk"):
        find_exercise(exercise_id, own, shipped=shipped)
    with pytest.raises(ExerciseError):
        reset_numbers(exercise_id, own, shipped=shipped)
    assert (own.parent / "x.toml").exists()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exercise_id=st.text())
def test_any_other_id_is_refused(exercise_id: str, shipped: Path) -> None:
    if exercise_id not in {"bend", "walk"}:
        with pytest.raises(ExerciseError, match="expected one of bend, walk"):
            find_exercise(exercise_id, shipped=shipped)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Where own files lay before there was a package, and where they lie now; neither is there."""
    earlier, now = tmp_path / "my_exercises", tmp_path / "data" / "exercises"
    monkeypatch.delenv("BACKCHECK_EXERCISES", raising=False)
    monkeypatch.setattr(files, "EARLIER_OWN_DIR", earlier)
    monkeypatch.setattr(files, "own_exercises", lambda: now)
    return earlier, now


def test_own_files_lie_in_the_folder_of_the_users_data(places: tuple[Path, Path]) -> None:
    _, now = places
    assert (own_folder(), writing_folder(), earlier_folder_note()) == (None, now, None)
    now.mkdir(parents=True)
    assert (own_folder(), writing_folder(), earlier_folder_note()) == (now, now, None)


def test_own_files_of_earlier_are_read_and_told(places: tuple[Path, Path]) -> None:
    earlier, now = places
    earlier.mkdir()
    assert (own_folder(), writing_folder()) == (earlier, earlier)
    note = str(earlier_folder_note())
    assert str(earlier) in note
    assert f"to {now}" in note
    assert "are not" not in note
    now.mkdir(parents=True)
    assert own_folder() == earlier
    assert f"those in {now} are not" in str(earlier_folder_note())


def test_the_setting_names_the_own_folder(
    places: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier, _ = places
    earlier.mkdir()
    monkeypatch.setenv("BACKCHECK_EXERCISES", str(tmp_path / "ours"))
    assert (own_folder(), writing_folder()) == (tmp_path / "ours", tmp_path / "ours")
    assert earlier_folder_note() is None
    monkeypatch.setenv("BACKCHECK_EXERCISES", "")
    assert own_folder() == earlier


# --- numbers changed for a patient --------------------------------------------------------------


def test_what_can_be_changed_is_told_in_words(shipped: Path, own: Path) -> None:
    numbers = {n.key: n for n in changeable_numbers(read_exercise(shipped / "bend.toml"))}
    assert list(numbers) == [
        "repetition.min_excursion",
        "repetition.min_duration_s",
        "repetition.max_duration_s",
        HIPS,
        HEIGHT,
        SIDES,
    ]
    hips = numbers[HIPS]
    assert (hips.value, hips.unit, hips.source, hips.status) == (0.15, "T", "A textbook", "published")
    assert hips.words == "Hips moving: hips moving sideways, change from the start, either way beyond"
    assert numbers["repetition.min_excursion"].unit == "deg"
    assert numbers[SIDES].unit == "deg"
    exact = BEND.replace("threshold = 10.0", "threshold = 10.0\nerror = 2.5").replace("0.15", "0.15\nerror = 0.02")
    (own / "bend.toml").write_text(exact, encoding="utf-8")
    told = changeable_numbers(read_exercise(own / "bend.toml"))
    assert [n.key for n in told] == list(numbers), "how exactly is measured is not for anybody to set"
    (own / "kept.toml").write_text(HOLD, encoding="utf-8")
    held = {n.key: n.unit for n in changeable_numbers(read_exercise(own / "kept.toml"))}
    assert held == {
        "hold.min_duration_s": "s",
        "hold.max_pause_s": "s",
        "hold.conditions[1].threshold": "deg",
        "pace.cycles": "count",
    }


def test_a_changed_number_says_who_set_it_and_what_it_was(shipped: Path, own: Path) -> None:
    path = save_numbers(shipped / "bend.toml", {HEIGHT: 0.2, SIDES: 12}, own, "J. Doe, physio")
    assert path == own / "bend.toml"
    exercise = find_exercise("bend", own, shipped=shipped)
    hips, sides = exercise.faults
    assert isinstance(hips, PastFault)
    assert isinstance(sides, SideDifferenceFault)
    today = date.today().isoformat()
    assert hips.conditions[1].threshold == 0.2
    assert hips.conditions[1].source == f"Set on {today} by J. Doe, physio, was 0.1: A textbook"
    assert hips.conditions[1].status == "set by physio"
    assert sides.threshold == 12
    # and nothing else
    before, after = (tomllib.loads((f / "bend.toml").read_text(encoding="utf-8")) for f in (shipped, own))
    for section in (after["faults"][0]["conditions"][1], after["faults"][1]):
        section.update(source="A textbook")
    after["faults"][0]["conditions"][1].update(threshold=0.1, status="published")
    after["faults"][1].update(threshold=10.0, status="clinical judgement")
    assert after == before


def test_comments_and_layout_stay(shipped: Path, own: Path) -> None:
    path = save_numbers(shipped / "bend.toml", {HIPS: 0.25, "repetition.min_duration_s": 2}, own, "J. Doe")
    old, new = BEND.splitlines(), path.read_text(encoding="utf-8").splitlines()
    assert "threshold = 0.25  # about 7 cm" in new
    assert "# the hips" in new
    assert '  "Bend.",  # slowly' in new
    changed = [line for line in new if line not in old]
    assert [line.split(" = ")[0] for line in changed] == [
        "source",
        "status",
        "min_duration_s",
        "threshold",
        "source",
        "status",
    ]
    assert [p.name for p in own.iterdir()] == ["bend.toml"]


def test_what_was_changed_before_is_kept(shipped: Path, own: Path) -> None:
    path = save_numbers(shipped / "bend.toml", {HIPS: 0.25}, own, "J. Doe")
    save_numbers(path, {SIDES: 15, HIPS: 0.3}, own, "K. Roe")
    numbers = {n.key: n for n in changeable_numbers(find_exercise("bend", own, shipped=shipped))}
    assert (numbers[HIPS].value, numbers[SIDES].value) == (0.3, 15)
    assert "K. Roe, was 0.25: Set on " in numbers[HIPS].source
    assert numbers[HIPS].source.endswith("J. Doe, was 0.15: A textbook")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({SIDES: -2}, r"not saved: faults\[2\]\.threshold: expected a number above 0, got -2"),
        ({SIDES: float("nan")}, r"not saved: faults\[2\]\.threshold: expected a number"),
        ({SIDES: float("inf")}, r"not saved: faults\[2\]\.threshold: expected a number"),
        ({"repetition.min_duration_s": 90}, "not saved: repetition: expected min_duration_s below"),
        ({"faults.knees.threshold": 3}, f'bend has no number "faults.knees.threshold": expected one of .*{SIDES}'),
        ({"repetition.source": 3}, 'bend has no number "repetition.source"'),
        ({"": 3}, "bend has no number"),
        ({SIDES: 10.0}, "nothing to save"),
        ({}, "nothing to save"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_one_line(
    shipped: Path, own: Path, changes: dict[str, float], message: str
) -> None:
    kept = save_numbers(shipped / "bend.toml", {HIPS: 0.25}, own, "J. Doe").read_text(encoding="utf-8")
    with pytest.raises(ExerciseError, match=message) as refused:
        save_numbers(shipped / "bend.toml", changes, own, "J. Doe")
    assert "\n" not in str(refused.value)
    assert {p.name: p.read_text(encoding="utf-8") for p in own.iterdir()} == {"bend.toml": kept}


def test_the_history_of_a_number_never_grows_beyond_what_a_file_may_hold(shipped: Path, own: Path) -> None:
    path = shipped / "bend.toml"
    origin = next(n.source for n in changeable_numbers(read_exercise(path)) if n.key == HIPS)
    for i in range(60):
        path = save_numbers(path, {HIPS: 0.3 + i / 100}, own, "J. Doe " * 50)
    source = next(n.source for n in changeable_numbers(read_exercise(path)) if n.key == HIPS)
    assert source.startswith("Set on")
    assert source.endswith(origin)
    assert len(source) <= LONGEST_TEXT


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e308, 1e-308])
def test_a_number_that_makes_no_sense_is_refused_in_one_line(shipped: Path, own: Path, value: float) -> None:
    for key in (HIPS, HEIGHT, SIDES):
        with pytest.raises(ExerciseError, match=r"^not saved: .*expected") as refused:
            save_numbers(shipped / "bend.toml", {key: value}, own, "J. Doe")
        assert "\n" not in str(refused.value)


def test_an_own_folder_is_made_and_one_in_the_way_is_told(shipped: Path, tmp_path: Path) -> None:
    assert save_numbers(shipped / "bend.toml", {SIDES: 12}, tmp_path / "new" / "one", "J. Doe").is_file()
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(ExerciseError, match="cannot be written"):
        save_numbers(shipped / "bend.toml", {SIDES: 12}, tmp_path / "taken", "J. Doe")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    who=st.text(), values=st.dictionaries(st.sampled_from([HIPS, HEIGHT, SIDES]), st.floats(0.001, LARGEST), min_size=1)
)
def test_any_name_and_any_numbers_are_read_back(shipped: Path, own: Path, who: str, values: dict[str, float]) -> None:
    before = {n.key: n.value for n in changeable_numbers(read_exercise(shipped / "bend.toml"))}
    assume(any(before[key] != value for key, value in values.items()))  # otherwise there is nothing to save
    path = save_numbers(shipped / "bend.toml", values, own, who)
    numbers = {n.key: n.value for n in changeable_numbers(read_exercise(path))}
    assert {key: numbers[key] for key in values} == values


def test_going_back_to_the_shipped_numbers(shipped: Path, own: Path) -> None:
    (own / "kept.toml").write_text(HOLD, encoding="utf-8")
    save_numbers(shipped / "bend.toml", {SIDES: 12}, own, "J. Doe")
    reset_numbers("bend", own, shipped=shipped)
    assert find_file("bend", own, shipped=shipped) == shipped / "bend.toml"
    for none in ("bend", "kept", "walk"):
        with pytest.raises(ExerciseError, match="no shipped file to go back to, or is not changed"):
            reset_numbers(none, own, shipped=shipped)
    assert [p.name for p in own.iterdir()] == ["kept.toml"]


# --- lines --------------------------------------------------------------------------------------

ODD = '''\
a.b = 1  # dotted
list = [
  1,
  # a remark
  { x = 2, y = [3, 4] },
]
"q k" = """
[not_a.section]
x = 5
"""

[ s . "t" ]
x = 1
y.z = 2

[[faults]]
id = "one"
[faults.more]
deep = 1
[[faults.conditions]]
signal = "a"
[[faults.conditions]]
signal = "b"

[[faults]]
id = "two"
  [[faults.conditions]]
  signal = "c"
[last]
'''

LINES = {
    ("a", "b"): 1,
    ("list",): 2,
    ("list", 0): 3,
    ("list", 1): 5,
    ("list", 1, "y", 1): 5,
    ("q k",): 7,
    ("s", "t"): 12,
    ("s", "t", "x"): 13,
    ("s", "t", "y", "z"): 14,
    ("faults",): 16,
    ("faults", 0): 16,
    ("faults", 0, "more", "deep"): 19,
    ("faults", 0, "conditions", 0, "signal"): 21,
    ("faults", 0, "conditions", 1): 22,
    ("faults", 0, "conditions", 1, "signal"): 23,
    ("faults", 1): 25,
    ("faults", 1, "conditions", 0): 27,
    ("faults", 1, "conditions", 0, "signal"): 28,
    ("last",): 29,
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_line_of_a_key_however_it_is_written(newline: str) -> None:
    tomllib.loads(ODD)
    lines = index_lines(ODD.replace("\n", newline))
    assert {key: lines.get(key) for key in LINES} == LINES
    assert not any("not_a" in key for key in lines)


def test_the_line_of_a_missing_key_is_that_of_its_section() -> None:
    lines = index_lines(ODD)
    assert line_of(("faults", 1, "conditions", 0, "threshold"), lines) == 27
    assert line_of(("faults", 1, "name"), lines) == 25
    assert line_of(("name",), lines) == 1
    assert line_of((), lines) == 1
