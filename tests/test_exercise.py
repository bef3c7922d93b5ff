"""Exercise files: the shipped ones load, every mistake is named, and nothing else can happen."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.exercise import (
    EXERCISES_DIR,
    Exercise,
    ExerciseError,
    NotReachedFault,
    PastFault,
    find_exercise,
    list_exercises,
    read_exercise,
)
from checker.signals import CATALOGUE

SHIPPED = sorted(EXERCISES_DIR.glob("*.toml"))
FOUR = ["seated_forward_lean", "standing_hip_hinge", "standing_side_bend", "standing_trunk_rotation"]

GOOD = """
id = "bend"
name = "A bend"
kind = "self_test"
position = "standing"
view = "front"
phases = [2, 5]
summary = "Bend to the side."
why = "Shows how far."
steps = ["Stand still.", "Bend."]
camera = ["Face the camera."]
cautions = ["Only as far as is comfortable."]
sources = ["A textbook"]

[dose]
repetitions = "3 times"
source = "A textbook"
status = "clinical judgement"

[repetition]
signal = "trunk_lateral_flexion"
sides = "signed"
min_excursion = 8.0
source = "A textbook"
status = "published"

[[measures]]
id = "trunk_lateral_flexion"
name = "Side bend"
source = "A textbook"
status = "published"

[[faults]]
id = "hip_shift"
name = "Hips moving"
cue = "Keep your hips over your feet."
rule = "past"

[[faults.conditions]]
signal = "hip_shift"
threshold = 0.15
source = "A textbook"
status = "set by physio"

[[faults]]
id = "side_difference"
name = "Sides differ"
cue = "Notice what stops it."
rule = "side_difference"
threshold = 10.0
source = "A textbook"
status = "clinical judgement"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bend.toml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def told(tmp_path: Path, text: str) -> list[str]:
    """The lines of the error that a file's text is refused with, each after the file's name."""
    path = tmp_path / "bend.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExerciseError) as refused:
        read_exercise(path)
    lines = str(refused.value).splitlines()
    assert all(line.startswith(f"{path}: ") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


# --- the shipped ones --------------------------------------------------------------------------


def test_the_four_self_tests_load_in_order() -> None:
    assert [e.id for e in list_exercises()] == FOUR
    assert all(e.kind == "self_test" for e in list_exercises())


@pytest.fixture(params=SHIPPED, ids=lambda p: p.stem)
def shipped(request: pytest.FixtureRequest) -> Exercise:
    return read_exercise(request.param)


def sourced(data: Any) -> list[dict[str, Any]]:
    """Every section of a file that holds a number to compare with."""
    if isinstance(data, list):
        return [found for item in data for found in sourced(item)]
    if not isinstance(data, dict):
        return []
    own = [data] if {"threshold", "min_excursion", "expected", "bands", "repetitions"} & set(data) else []
    return own + [found for item in data.values() for found in sourced(item)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_every_number_says_where_it_comes_from(path: Path) -> None:
    sections = sourced(tomllib.loads(path.read_text(encoding="utf-8")))
    assert len(sections) >= 3
    for section in sections:
        assert len(section["source"]) >= 10, section
        assert section["status"] in {"published", "clinical judgement", "set by physio"}


def test_every_fault_has_a_cue_that_says_what_to_do(shipped: Exercise) -> None:
    assert shipped.faults
    for fault in shipped.faults:
        assert fault.cue.endswith(".")
        assert fault.cue[0].isupper()
        assert len(fault.cue) <= 90, "short enough to be read while moving"
    assert len({f.name for f in shipped.faults}) == len(shipped.faults)


def test_it_tells_how_to_do_it_and_how_to_film_it(shipped: Exercise) -> None:
    words = " ".join(shipped.steps).lower()
    assert len(shipped.steps) >= 2
    assert "still for a moment" in words, "nothing counts before a still start"
    filming = " ".join(shipped.camera).lower()
    assert ("side to the camera" if shipped.view == "side" else "face the camera") in filming
    assert "head to feet" in filming
    assert shipped.why
    assert shipped.summary.endswith(".")


def test_it_warns_when_to_stop(shipped: Exercise) -> None:
    assert any("Stop" in c for c in shipped.cautions)
    assert any("comfortable" in c for c in shipped.cautions)


def test_its_words_promise_nothing_and_judge_nobody(shipped: Exercise) -> None:
    text = shipped.model_dump_json().lower()
    for word in ("safe", "cleared", "healed", "restricted", "positive test", "diagnos"):
        assert not re.search(rf"\b{word}", text), word


def test_its_signals_are_known_and_belong_to_its_view(shipped: Exercise) -> None:
    assert shipped.signals[0] == shipped.repetition.signal
    assert len(set(shipped.signals)) == len(shipped.signals)
    for name in shipped.signals:
        assert CATALOGUE[name].view in {shipped.view, "any"}, name


def test_what_it_measures_has_an_uncertainty(shipped: Exercise) -> None:
    for measure in shipped.measures:
        assert CATALOGUE[measure.id].error_90 is not None, measure.id
        assert measure.bands == sorted(set(measure.bands))


def test_counting_and_judging_share_no_threshold(shipped: Exercise) -> None:
    for fault in shipped.faults:
        if isinstance(fault, PastFault):
            for condition in fault.conditions:
                assert (condition.signal, condition.threshold) != (
                    shipped.repetition.signal,
                    shipped.repetition.min_excursion,
                )


def test_durations_leave_room_for_a_repetition(shipped: Exercise) -> None:
    assert 0.5 <= shipped.repetition.min_duration_s < shipped.repetition.max_duration_s


def test_the_outline_is_asked_for_only_where_it_is_read(shipped: Exercise) -> None:
    assert shipped.needs_outline == any(CATALOGUE[s].needs_outline for s in shipped.signals)


def test_an_exercise_cannot_be_changed(shipped: Exercise) -> None:
    with pytest.raises(ValueError, match="frozen"):
        shipped.view = "side"  # type: ignore[misc]


# --- finding one -------------------------------------------------------------------------------


@pytest.mark.parametrize("exercise_id", FOUR)
def test_an_exercise_is_found_by_its_id(exercise_id: str) -> None:
    assert find_exercise(exercise_id).id == exercise_id


@pytest.mark.parametrize(
    "exercise_id",
    ["", ".", "..", "../x", "../exercises/standing_side_bend", "/etc/passwd", "bend.toml", "Bend", "be\0nd", "bend/"],
)
def test_an_id_that_is_none_is_refused_with_those_there_are(exercise_id: str, folder: Path) -> None:
    (folder.parent / "x.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ExerciseError, match="expected one of bend"):
        find_exercise(exercise_id, folder)


@settings(deadline=None)
@given(exercise_id=st.text())
def test_any_other_id_is_refused(exercise_id: str) -> None:
    if exercise_id not in FOUR:
        with pytest.raises(ExerciseError, match="expected one of"):
            find_exercise(exercise_id)


def test_a_list_with_one_wrong_file_names_that_file(folder: Path) -> None:
    (folder / "wrong.toml").write_text("id = 3", encoding="utf-8")
    with pytest.raises(ExerciseError, match=r"wrong\.toml"):
        list_exercises(folder)


def test_an_empty_folder_has_none(tmp_path: Path) -> None:
    assert list_exercises(tmp_path) == []
    with pytest.raises(ExerciseError):
        find_exercise("bend", tmp_path)


# --- a good file -------------------------------------------------------------------------------


def test_a_good_file_loads_with_its_defaults(folder: Path) -> None:
    exercise = read_exercise(folder / "bend.toml")
    assert exercise.max_yaw_deg == 20.0
    assert exercise.equipment == []
    assert exercise.signals == ["trunk_lateral_flexion", "hip_shift"]
    assert not exercise.needs_outline
    fault = exercise.faults[0]
    assert isinstance(fault, PastFault)
    assert (fault.when, fault.min_duration_s, fault.severity, fault.unless) == ("any", 0.4, "fault", [])
    assert (fault.conditions[0].direction, fault.conditions[0].compare) == ("above", "start")


def test_each_kind_of_fault_says_which_signals_it_needs(tmp_path: Path) -> None:
    not_reached = (
        '\n[[faults]]\nid = "hips"\nname = "Hips"\ncue = "Push back."\nrule = "not_reached"\n'
        'signal = "hip_shift"\nthreshold = 0.1\nsource = "A textbook"\nstatus = "published"\n'
    )
    outline = GOOD.replace('signal = "hip_shift"', 'signal = "opposite_foot_lift"')
    (tmp_path / "bend.toml").write_text(outline + not_reached, encoding="utf-8")
    exercise = read_exercise(tmp_path / "bend.toml")
    assert isinstance(exercise.faults[-1], NotReachedFault)
    assert exercise.signals == ["trunk_lateral_flexion", "opposite_foot_lift", "hip_shift"]
    assert exercise.needs_outline


# --- mistakes ----------------------------------------------------------------------------------

MISTAKES = {
    "no name": ('name = "A bend"\n', "", "name: expected, but missing"),
    "misspelt key": ('summary = "', 'sumary = "x"\nsummary = "', "sumary: not a key of this section"),
    "wrong choice": ('view = "front"', 'view = "back"', r"view: .*'front' or 'side', got 'back'"),
    "wrong kind": ('kind = "self_test"', "kind = 3", "kind: .*got 3"),
    "empty text": ('why = "Shows how far."', 'why = ""', "why: .*at least 3 characters, got ''"),
    "no steps": ('steps = ["Stand still.", "Bend."]', "steps = []", r"steps: .*at least 1 item.*got \[\]"),
    "one bad step": ('"Bend."]', "7]", r"steps\[2\]: .*valid string, got 7"),
    "phase": ("phases = [2, 5]", "phases = [2, 11]", r"phases\[2\]: .*less than or equal to 10, got 11"),
    "negative": ("min_excursion = 8.0", "min_excursion = -8.0", r"repetition\.min_excursion: .*greater than 0, got -8"),
    "text for number": ("threshold = 0.15", 'threshold = "far"', r"faults\[1\]\.conditions\[1\]\.threshold: .*'far'"),
    "no source": (
        'threshold = 0.15\nsource = "A textbook"\n',
        "threshold = 0.15\n",
        r"faults\[1\]\.conditions\[1\]\.source: expected, but missing",
    ),
    "status": ('status = "set by physio"', 'status = "guess"', r"faults\[1\]\.conditions\[1\]\.status: .*got 'guess'"),
    "unknown signal": (
        'signal = "hip_shift"',
        'signal = "hip_shfit"',
        r"faults\[1\]\.conditions\[1\]\.signal: expected one of .*hip_shift.*got 'hip_shfit'",
    ),
    "unknown measure": (
        '[[measures]]\nid = "trunk_lateral_flexion"',
        '[[measures]]\nid = "bending"',
        r"measures\[1\]\.id: expected one of .*got 'bending'",
    ),
    "unknown rule": ('rule = "past"', 'rule = "passed"', r"faults\[1\].*passed.*expected.*'past'"),
    "no rule": ('rule = "side_difference"\n', "", r"faults\[2\].*rule"),
    "fault id": ('id = "hip_shift"', 'id = "Hip shift"', r"faults\[1\]\.id: .*got 'Hip shift'"),
    "same id twice": ('id = "hip_shift"', 'id = "side_difference"', "each fault id once, side_difference stands twice"),
    "unless": ('rule = "past"', 'rule = "past"\nunless = ["leaning"]', "unless: expected ids of .*faults, got leaning"),
    "sides": ('sides = "signed"', 'sides = "both"', "side_difference.*needs repetition.sides"),
    "yaw": ('view = "front"', 'view = "front"\nmax_yaw_deg = 80', "max_yaw_deg: .*less than or equal to 45, got 80"),
    "file name": ('id = "bend"', 'id = "bent"', 'id: expected "bend", as the file is named, got "bent"'),
    "id with a path": ('id = "bend"', 'id = "../bend"', r"id: .*got '\.\./bend'"),
    "missing section": ("[dose]", "[dosage]", "dose: expected, but missing"),
    "not TOML": ('name = "A bend"', "name = A bend", r"not valid TOML: .*line 3"),
}


@pytest.mark.parametrize(("good", "bad", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_key_and_what_was_expected(
    tmp_path: Path, good: str, bad: str, message: str
) -> None:
    assert GOOD.count(good) >= 1
    lines = told(tmp_path, GOOD.replace(good, bad, 1))
    assert any(re.match(f".*{message}", line) for line in lines), lines


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('view = "front"', 'view = "back"').replace("min_excursion = 8.0", "min_excursion = 0")
    text = text.replace('name = "A bend"\n', "").replace("threshold = 10.0", "threshold = -1")
    keys = {line.split(":")[0] for line in told(tmp_path, text)}
    assert keys == {"view", "repetition.min_excursion", "name", "faults[2].threshold"}


def test_an_empty_file_is_told_everything_that_is_missing(tmp_path: Path) -> None:
    lines = told(tmp_path, "")
    assert {"id: expected, but missing", "repetition: expected, but missing"} <= set(lines)
    assert len(lines) == len([f for f in Exercise.model_fields.values() if f.is_required()])


def test_no_file_a_folder_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match="no such file"):
        read_exercise(tmp_path / "none.toml")
    with pytest.raises(ExerciseError, match="cannot be read"):
        read_exercise(tmp_path)
    (tmp_path / "bend.toml").write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(ExerciseError, match="UTF-8"):
        read_exercise(tmp_path / "bend.toml")


NO_NUMBERS = ["nan", "-inf", "inf"]


@pytest.mark.parametrize("value", NO_NUMBERS)
@pytest.mark.parametrize("key", ["min_excursion = 8.0", "threshold = 10.0"])
def test_a_limit_that_is_no_number_is_refused(tmp_path: Path, key: str, value: str) -> None:
    told(tmp_path, GOOD.replace(key, f"{key.partition(' ')[0]} = {value}"))


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_threshold_that_is_no_number_is_refused(tmp_path: Path, value: str) -> None:
    told(tmp_path, GOOD.replace("threshold = 0.15", f"threshold = {value}"))


def test_bands_out_of_order_are_refused(tmp_path: Path) -> None:
    told(tmp_path, GOOD.replace('name = "Side bend"', 'name = "Side bend"\nbands = [40.0, 20.0]'))


def test_durations_that_leave_no_room_are_refused(tmp_path: Path) -> None:
    told(tmp_path, GOOD.replace('sides = "signed"', 'sides = "signed"\nmin_duration_s = 9.0\nmax_duration_s = 3.0'))


def test_a_signal_of_the_other_view_is_refused(tmp_path: Path) -> None:
    told(tmp_path, GOOD.replace('signal = "hip_shift"', 'signal = "knee_flexion"'))


def test_a_measure_that_stands_twice_is_refused(tmp_path: Path) -> None:
    measure = '[[measures]]\nid = "trunk_lateral_flexion"\nname = "Bend"\nsource = "Book"\nstatus = "published"\n\n'
    told(tmp_path, GOOD.replace("[[measures]]", measure + "[[measures]]"))


def test_a_stray_key_named_like_a_rule_is_named(tmp_path: Path) -> None:
    assert told(tmp_path, "past = 1\n" + GOOD) == ["past: not a key of this section; check its spelling"]


# --- whatever comes ----------------------------------------------------------------------------

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def refused_or_valid(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    message = ""
    try:
        assert read_exercise(path).id == path.stem
    except ExerciseError as error:
        message = str(error)
    assert message == "" or message.startswith(f"{path}: ")


@FUZZ
@given(text=st.text() | st.text(alphabet='[]{}="#.\n\\ax1-_', max_size=60))
def test_any_text_is_refused_or_valid(tmp_path: Path, text: str) -> None:
    refused_or_valid(tmp_path / "bend.toml", text)


@FUZZ
@given(data=st.binary(max_size=200))
def test_any_bytes_are_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "bend.toml").write_bytes(data)
    with pytest.raises(ExerciseError):
        read_exercise(tmp_path / "bend.toml")


VALUES = st.sampled_from(
    ['""', '"x"', '"past"', "0", "-1", "1e308", "nan", "inf", "true", "[]", "[1]", "[[1], {a = 2}]", "{}", "1979-05-27"]
)


@FUZZ
@given(data=st.data())
def test_any_mutated_file_is_refused_or_valid(tmp_path: Path, data: st.DataObject) -> None:
    lines = GOOD.strip().splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        i = data.draw(st.integers(0, len(lines) - 1))
        what = data.draw(st.sampled_from(["drop", "double", "value", "move", "letter"]))
        line = lines[i]
        if what == "drop" and len(lines) > 1:
            del lines[i]
        elif what == "double":
            lines.insert(i, line)
        elif what == "value" and "=" in line:
            lines[i] = f"{line.split('=')[0]}= {data.draw(VALUES)}"
        elif what == "move":
            lines.insert(data.draw(st.integers(0, len(lines))), lines.pop(i))
        elif line:
            k = data.draw(st.integers(0, len(line) - 1))
            lines[i] = line[:k] + data.draw(st.characters(codec="utf-8")) + line[k + 1 :]
    refused_or_valid(tmp_path / "bend.toml", "\n".join(lines))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_a_shipped_file_cut_off_anywhere_is_refused_or_valid(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for cut in range(0, len(text), 97):
        refused_or_valid(tmp_path / path.name, text[:cut])


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000], ids=["nested", "long number"])
def test_text_that_the_parser_chokes_on_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "bend.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ExerciseError):
        read_exercise(tmp_path / "bend.toml")
