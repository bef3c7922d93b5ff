"""The schema of exercise files: good ones load, every mistake is named with its line, and nothing else can happen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bend_file import BEND, GUIDED, HOLD
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.exercise import Exercise
from checker.fault_rules import NotReachedFault, PastFault
from checker.library import ExerciseError, find_exercise, read_exercise
from checker.library.mistakes import MistakesError, parse_exercise

SOURCED = 'source = "A textbook"\nstatus = "published"\n'


def good(tmp_path: Path, text: str, name: str = "bend") -> Exercise:
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return read_exercise(path)


def told(tmp_path: Path, text: str) -> list[str]:
    """The lines of the error that a file's text is refused with, each after the file's name: "3: kind: ..."."""
    path = tmp_path / "bend.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExerciseError) as refused:
        read_exercise(path)
    lines = str(refused.value).splitlines()
    assert all(re.match(rf"{re.escape(str(path))}:\d+: ", line) for line in lines), lines
    return [line.removeprefix(f"{path}:") for line in lines]


def fault(rule: str, more: str) -> str:
    return f'\n[[faults]]\nid = "one_more"\nname = "One more"\ncue = "Do it so."\nrule = "{rule}"\n{more}{SOURCED}'


def precaution(condition: str, action: str) -> str:
    return f'[[precautions]]\ncondition = "{condition}"\naction = "{action}"\ntext = "Less."\n{SOURCED}\n'


# --- a good file -------------------------------------------------------------------------------


def test_a_good_file_loads_with_its_defaults(tmp_path: Path) -> None:
    exercise = good(tmp_path, BEND)
    assert exercise.max_yaw_deg == 20.0
    assert exercise.equipment == []
    assert len(exercise.stop) == 3
    assert exercise.signals == ["trunk_lateral_flexion", "hip_shift", "height_loss"]
    assert exercise.sides == ["left", "right"]
    assert exercise.is_measured
    assert not exercise.needs_outline
    assert (exercise.load, exercise.direction, exercise.done_on) == ("load", "none", "standing")
    assert exercise.precautions == []
    first = exercise.faults[0]
    assert isinstance(first, PastFault)
    assert (first.when, first.min_duration_s, first.severity, first.unless) == ("any", 0.4, "fault", [])
    assert (first.conditions[1].direction, first.conditions[1].compare) == ("above", "start")


@pytest.mark.parametrize(
    ("position", "where"),
    [("standing", "standing"), ("seated", "chair"), ("hands_and_knees", "floor"), ("lying_on_back", "floor")],
)
def test_where_it_is_done_follows_from_the_start_unless_it_is_stated(tmp_path: Path, position: str, where: str) -> None:
    text = GUIDED.replace('position = "standing"', f'position = "{position}"')
    assert good(tmp_path, text, "walk").done_on == where
    stated = text.replace("phases = [1]", 'phases = [1]\nsurface = "bed"')
    assert good(tmp_path, stated, "walk").done_on == "bed"


def test_a_precaution_is_read(tmp_path: Path) -> None:
    text = BEND.replace("[picture]", precaution("hip_replacement", "ask_first") + "[picture]")
    (found,) = good(tmp_path, text.replace("phases = [2, 5]", 'phases = [2, 5]\nload = "gentle"')).precautions
    assert (found.condition, found.action, found.text, found.status) == (
        *("hip_replacement", "ask_first", "Less."),
        "published",
    )


def test_a_hold_with_a_pace_and_a_guided_movement_load(tmp_path: Path) -> None:
    held = good(tmp_path, HOLD, "kept")
    assert held.repetition is None
    assert held.signals == ["knee_flexion"]
    assert held.sides == [None]
    assert held.first_dose is not None
    assert held.first_dose.hold_target_s == 10
    walk = good(tmp_path, GUIDED, "walk")
    assert not walk.is_measured
    assert walk.signals == []


def test_what_is_to_be_avoided_needs_no_phase_and_no_dose(tmp_path: Path) -> None:
    text = GUIDED.replace('"guided"', '"avoid"').replace("phases = [1]", "phases = []")
    text = re.sub(r"\[\[doses\]\].*?\n\n", "", text, flags=re.S)
    assert good(tmp_path, text, "walk").kind == "avoid"


def test_an_exercise_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        good(tmp_path, BEND).view = "side"  # type: ignore[misc]


def test_each_kind_of_fault_says_which_signals_it_needs(tmp_path: Path) -> None:
    outline = BEND.replace('signal = "hip_shift"', 'signal = "opposite_foot_lift"')
    exercise = good(tmp_path, outline + fault("not_reached", 'signal = "hip_shift"\nthreshold = 0.1\n'))
    assert isinstance(exercise.faults[-1], NotReachedFault)
    assert exercise.signals == ["trunk_lateral_flexion", "opposite_foot_lift", "height_loss", "hip_shift"]
    assert exercise.needs_outline


# --- mistakes ----------------------------------------------------------------------------------

CONDITION = r"faults\[1\]\.conditions\[1\]"

MISTAKES = {
    "no name": ('name = "A bend"\n', "", "1: name: expected, but missing"),
    "misspelt key": ('why = "', 'wyh = "', '8: wyh: not a key of this section; did you mean "why"\\?'),
    "unlike any key": ("[repetition]\n", "[repetition]\nqqq = 1\n", r"27: repetition\.qqq: not a key .*its keys are"),
    "wrong choice": ('view = "front"', 'view = "back"', '5: view: expected "front" or "side", got "back"$'),
    "near choice": ('kind = "self_test"', 'kind = "selftest"', '3: kind: .*did you mean "self_test"'),
    "wrong kind": ('kind = "self_test"', "kind = 3", "3: kind: expected one of .*, got 3"),
    "empty text": ('why = "Shows how far."', 'why = ""', '8: why: expected at least 3 characters, got ""'),
    "text": ('why = "Shows how far."', "why = 7", '8: why: expected text in "double quotes", got 7'),
    "no steps": ('cautions = ["Only as far as is comfortable."]', "cautions = []", r"14: cautions: expected 1 or more"),
    "one bad step": ('"Bend."', "7", r"11: steps\[2\]: expected text in .*, got 7"),
    "no list": ('camera = ["Face the camera."]', 'camera = "Face it."', r"13: camera: expected a list in \[square"),
    "phase": ("phases = [2, 5]", "phases = [2, 11]", r"6: phases\[2\]: expected 10 or less, got 11"),
    "negative": ("= 8.0", "= -8.0", r"29: repetition\.min_excursion: expected a number above 0, got -8"),
    "text for number": ("0.15", '"far"', rf'49: {CONDITION}\.threshold: expected a number, got "far"'),
    "negative error": ("0.15", "0.15\nerror = -1", rf"50: {CONDITION}\.error: expected 0 or more, got -1"),
    "second condition": ("0.1\n", '"far"\n', r'55: faults\[1\]\.conditions\[2\]\.threshold: .*got "far"'),
    "no source": (
        'threshold = 0.15  # about 7 cm\nsource = "A textbook"\n',
        "threshold = 0.15\n",
        rf"46: {CONDITION}\.source: expected, but missing",
    ),
    "status": ('"clinical judgement"', '"guess"', r'20: doses\[1\]\.status: expected .*, got "guess"'),
    "unknown signal": (
        'signal = "hip_shift"',
        'signal = "hip_shfit"',
        rf'47: {CONDITION}\.signal: no signal is named "hip_shfit"; did you mean "hip_shift"\?',
    ),
    "unknown measure": (
        '[[measures]]\nid = "trunk_lateral_flexion"',
        '[[measures]]\nid = "qqq"',
        r'34: measures\[1\]\.id: no signal is named "qqq"; expected one of .*hip_shift',
    ),
    "no measure": (
        '[[measures]]\nid = "trunk_lateral_flexion"',
        '[[measures]]\nid = "hip_shift"',
        r"34: measures\[1\]\.id: hip_shift: its error is not known",
    ),
    "unknown rule": ('rule = "past"', 'rule = "passt"', r'44: faults\[1\]\.rule: .*did you mean "past"'),
    "no rule": ('rule = "side_difference"\n', "", r"59: faults\[2\]\.rule: expected, but missing"),
    "fault id": ('id = "hip_shift"', 'id = "Hip shift"', r'41: faults\[1\]\.id: expected small letters.*"Hip shift"'),
    "yaw": ('view = "front"', 'view = "front"\nmax_yaw_deg = 80', "6: max_yaw_deg: expected 45 or less, got 80"),
    "file name": ('id = "bend"', 'id = "bent"', '1: id: expected "bend", as the file is named, got "bent"'),
    "id with a path": ('id = "bend"', 'id = "../bend"', r'1: id: expected small letters.* got "\.\./bend"'),
    "missing section": ("[picture]", "[drawing]", "1: picture: expected, but missing"),
    "not a pair": ("repetitions = [2, 3]", 'repetitions = "x"', r"18: doses\[1\]\.repetitions: .*or a pair like"),
    "half a pair": ("repetitions = [2, 3]", "repetitions = [2]", r"18: doses\[1\]\.repetitions\[2\]: expected, but"),
    "turned pair": ("repetitions = [2, 3]", "repetitions = [3, 2]", r"18: doses\[1\]\.repetitions: .*low to high"),
    "joint": ("lean = 30", "leen = 30", r'24: picture\.end\.leen: .*did you mean "lean"'),
    "joint angle": ("lean = 30", "lean = 300", r"24: picture\.end\.lean: expected 200 or less, got 300"),
    "sides of a joint": ("lean = 30", 'hips = "x"', r"24: picture\.end\.hips: expected a number, or a pair"),
    "durations": ("sides =", "min_duration_s = 70\nsides =", "26: repetition: expected min_duration_s below"),
    "bands": ('name = "Side bend"', 'name = "Side bend"\nbands = [40.0, 20.0]', r"36: measures\[1\]\.bands: .*rising"),
    "not TOML": ('name = "A bend"', "name = A bend", "2: not valid TOML: invalid value, at column 8"),
    "not closed": ('status = "clinical judgement"\n\n[picture]', "x = [", "[0-9]+: not valid TOML: "),
    "twice": ('name = "A bend"', 'name = "A bend"\nname = "B"', "3: not valid TOML: this key stands twice"),
    # between keys
    "same id twice": (
        'id = "hip_shift"',
        'id = "side_difference"',
        r"60: faults\[2\]\.id: .*side_difference stands twice",
    ),
    "unless": (
        'rule = "past"',
        'rule = "past"\nunless = ["hip_drop"]',
        r"45: faults\[1\]\.unless\[1\]: expected ids of .*faults, got hip_drop",
    ),
    "unless the sides differ": (
        'rule = "past"',
        'rule = "past"\nunless = ["side_difference"]',
        r"45: faults\[1\]\.unless\[1\]: side_difference compares whole sides and imitates nothing",
    ),
    "sides": ('sides = "signed"', 'sides = "both"', r"63: faults\[2\]\.rule: .*needs repetition.sides"),
    "other view": (
        'signal = "hip_shift"',
        'signal = "knee_flexion"',
        rf"47: {CONDITION}\.signal: knee_flexion is read from the side",
    ),
    "phase of a dose": (
        "repetitions = [2, 3]",
        "repetitions = [2, 3]\nphases = [2, 7]",
        r"19: doses\[1\]\.phases\[2\]: phase 7 is not among",
    ),
    "hold and repetition": ("[repetition]", f"[hold]\n{SOURCED}\n[repetition]", r"26: hold: expected either"),
    "guided and measured": ('kind = "self_test"', 'kind = "guided"', "26: repetition: .*does not belong here"),
    "no camera": ('camera = ["Face the camera."]\n', "", "1: camera: expected at least one sentence"),
    # who it is for
    "load": (
        "phases = [2, 5]",
        'phases = [2, 5]\nload = "heavy"',
        '7: load: expected "calm" or "gentle" or "load", got "heavy"',
    ),
    "direction": ("phases = [2, 5]", 'phases = [2, 5]\ndirection = "up"', "7: direction: expected one of "),
    "surface": ("phases = [2, 5]", 'phases = [2, 5]\nsurface = "sea"', "7: surface: expected one of "),
    "condition": (
        "[picture]",
        precaution("a cold", "smaller") + "[picture]",
        r"23: precautions\[1\]\.condition: expected one of",
    ),
    "near condition": ("[picture]", precaution("pregnacy", "smaller") + "[picture]", '23: .*did you mean "pregnancy"'),
    "action": (
        "[picture]",
        precaution("pregnancy", "rest") + "[picture]",
        r"24: precautions\[1\]\.action: expected one of",
    ),
    "condition twice": (
        "[picture]",
        precaution("pregnancy", "smaller") + precaution("pregnancy", "ask_first") + "[picture]",
        r"\d+: precautions\[[12]\]\.condition: .*pregnancy stands twice",
    ),
    "precaution without source": (
        "[picture]",
        '[[precautions]]\ncondition = "pregnancy"\naction = "smaller"\ntext = "Less."\n\n[picture]',
        r"22: precautions\[1\]\.source: expected, but missing",
    ),
}


def test_the_clock_of_a_hold_has_no_error_to_allow_for() -> None:
    with pytest.raises(MistakesError, match=r"hold\.conditions\[1\]\.error: not a key of this section"):
        parse_exercise(HOLD.replace("threshold = ", "error = 1\nthreshold = ", 1), "kept")
    conditions = parse_exercise(BEND.replace("0.15", "0.15\nerror = 0.02"), "bend").faults[0].conditions
    assert [c.error for c in conditions] == [0.02, None]


@pytest.mark.parametrize(("right", "wrong", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line_and_what_was_expected(
    tmp_path: Path, right: str, wrong: str, message: str
) -> None:
    assert BEND.count(right) >= 1
    lines = told(tmp_path, BEND.replace(right, wrong, 1))
    assert any(re.match(message, line) for line in lines), lines


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = BEND.replace('view = "front"', 'view = "back"').replace("min_excursion = 8.0", "min_excursion = 0")
    text = text.replace('why = "Shows how far."\n', "").replace("threshold = 10.0", "threshold = -1")
    text = text.replace('"bend"', '"bent"', 1)
    keys = [line.split(": ")[:2] for line in told(tmp_path, text)]
    assert keys == [
        ["1", "id"],
        ["1", "why"],
        ["5", "view"],
        ["28", "repetition.min_excursion"],
        ["63", "faults[2].threshold"],
    ]


def test_what_does_not_fit_together_has_a_line_each(tmp_path: Path) -> None:
    text = BEND.replace('sides = "signed"', 'sides = "both"').replace('id = "side_difference"', 'id = "hip_shift"')
    text = text.replace("[2, 3]", "[2, 3]\nphases = [9]").replace('camera = ["Face the camera."]\n', "")
    keys = [line.split(": ")[:2] for line in told(tmp_path, text)]
    assert keys == [
        ["1", "camera"],
        ["18", "doses[1].phases[1]"],
        ["60", "faults[2].id"],
        ["63", "faults[2].rule"],
    ]


RULES = {
    "past": "",
    "not_reached": 'signal = "hip_shift"\n',
    "at_peak": 'signal = "hip_shift"\n',
    "slow_return": "",
    "too_fast": "",
    "speed": 'signal = "hip_shift"\n',
    "drop_in_hold": "",
    "reversals": "size = 5\n",
    "side_difference": "",
}


@pytest.mark.parametrize(("rule", "more"), RULES.items(), ids=RULES)
def test_the_rule_of_a_fault_does_not_show_in_its_keys(tmp_path: Path, rule: str, more: str) -> None:
    conditions = f'[[faults.conditions]]\nsignal = "hip_shift"\nthreshold = "x"\n{SOURCED}'
    one = (
        fault(rule, f'{more}threshold = "x"\n')
        if rule != "past"
        else fault(rule, "").removesuffix(SOURCED) + conditions
    )
    (line,) = told(tmp_path, BEND + one)
    key = "faults[3].conditions[1].threshold" if rule == "past" else "faults[3].threshold"
    number = (BEND + one).splitlines().index('threshold = "x"') + 1
    assert line == f'{number}: {key}: expected a number, got "x"'


def test_an_empty_file_is_told_everything_that_is_missing(tmp_path: Path) -> None:
    lines = told(tmp_path, "")
    assert {"1: id: expected, but missing", "1: picture: expected, but missing"} <= set(lines)
    assert len(lines) == len([f for f in Exercise.model_fields.values() if f.is_required()])


def test_a_stray_key_named_like_a_rule_is_named(tmp_path: Path) -> None:
    assert [line.partition(";")[0] for line in told(tmp_path, "past = 1\n" + BEND)] == [
        "1: past: not a key of this section"
    ]
    text = BEND.replace('rule = "past"', 'rule = "past"\npast = 1')
    assert [line.partition(";")[0] for line in told(tmp_path, text)] == [
        "45: faults[1].past: not a key of this section"
    ]


def test_no_file_a_folder_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match="no such file"):
        read_exercise(tmp_path / "none.toml")
    with pytest.raises(ExerciseError, match="cannot be read"):
        read_exercise(tmp_path)
    (tmp_path / "bend.toml").write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(ExerciseError, match="UTF-8"):
        read_exercise(tmp_path / "bend.toml")


@pytest.mark.parametrize("value", ["nan", "-inf", "inf"])
@pytest.mark.parametrize("number", ["min_excursion = 8.0", "threshold = 10.0", "threshold = 0.15"])
def test_a_limit_that_is_no_number_is_refused(tmp_path: Path, number: str, value: str) -> None:
    (line,) = told(tmp_path, BEND.replace(number, f"{number.partition(' ')[0]} = {value}"))
    assert f"got {value}" in line


# --- whatever comes ----------------------------------------------------------------------------

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def refused_or_valid(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    message = ""
    try:
        assert read_exercise(path).id == path.stem
    except ExerciseError as error:
        message = str(error)
    lines = len(path.read_bytes().splitlines()) + 1  # a lone carriage return ends one, too
    for line in message.splitlines():
        place = re.match(rf"{re.escape(str(path))}:(\d+): ", line)
        unread = line.startswith(f"{path}: cannot be read")
        assert unread or (place and 1 <= int(place[1]) <= lines), line


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
    lines = data.draw(st.sampled_from([BEND, HOLD, GUIDED])).strip().splitlines()
    lines[0] = 'id = "bend"'
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


@pytest.mark.parametrize("text", [BEND, HOLD], ids=["bend", "hold"])
def test_a_file_cut_off_anywhere_is_refused_or_valid(text: str, tmp_path: Path) -> None:
    for cut in range(0, len(text), 37):
        refused_or_valid(tmp_path / "bend.toml", text[:cut])


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000], ids=["nested", "long number"])
def test_text_that_the_parser_chokes_on_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "bend.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ExerciseError):
        read_exercise(tmp_path / "bend.toml")


@pytest.mark.parametrize("depth", [1, 50, 200, 300, 320, 400])
def test_a_deep_list_is_refused(tmp_path: Path, depth: int) -> None:
    lines = told(tmp_path, f"a = {'[' * depth}{']' * depth}")
    assert lines[0].startswith("1: ")


# --- what goes with the dose -------------------------------------------------------------------


@pytest.mark.parametrize(("phase", "limit"), [(6, 30.0), (7, 45.0), (8, 60.0)])
def test_a_limit_that_is_short_of_the_reach_goes_with_the_phase(phase: int, limit: float) -> None:
    exercise = find_exercise("wall_sit")
    asked = exercise.for_dose(exercise.dose_in(phase))
    assert next(f.threshold for f in asked.faults if f.id == "not_deep_enough") == limit
    assert [f for f in asked.faults if f.id != "not_deep_enough"] == [
        f for f in exercise.faults if f.id != "not_deep_enough"
    ]


def test_what_a_physio_has_set_holds_in_every_phase() -> None:
    exercise = find_exercise("wall_sit")
    faults = [f.model_copy(update={"threshold": 38.0, "status": "set by physio"}) for f in exercise.faults[:1]]
    own = exercise.model_copy(update={"faults": faults})
    assert own.faults[0].id == "not_deep_enough"
    assert own.for_dose(own.dose_in(8)).faults[0].threshold == 38.0


def test_a_phase_in_which_it_is_not_done_is_told_with_those_in_which_it_is() -> None:
    with pytest.raises(ValueError, match="Wall sit is not done in phase 2: expected one of 6, 7, 8"):
        find_exercise("wall_sit").dose_in(2)
