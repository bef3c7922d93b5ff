"""The command line, run as a user runs it."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import pytest
from bend_file import GUIDED
from conftest import ROOT, SAMPLES, Run

from checker.assessment import Assessment
from checker.exercise import Exercise
from checker.report import REPORTS
from checker.signals import CATALOGUE
from checker.words.values import LONGEST_VIDEO

pytestmark = pytest.mark.clips

CLIP = SAMPLES / "side_bend__knee_bend__ben.mp4"
MOVEMENT = "standing_side_bend"
EXERCISE = ROOT / "exercises" / f"{MOVEMENT}.toml"


# --- what is refused ----------------------------------------------------------------------------


def refusal(run: Run, *arguments: str | Path, cwd: Path = ROOT) -> str:
    """Standard error of a command that is refused: exit status 2, nothing on standard output."""
    done = run(*arguments, cwd=cwd)
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


def one_line(text: str) -> str:
    assert text.count("\n") == 1, text
    return text.strip()


def test_a_missing_video(checker: Run, tmp_path: Path) -> None:
    line = one_line(
        refusal(checker, "analyze", tmp_path / "gone.mp4", "--exercise", MOVEMENT, "--out", tmp_path / "out")
    )
    assert "gone.mp4" in line
    assert "does not exist" in line
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [b"", b"not a video\n" * 500, bytes(range(256)) * 40])
def test_a_file_that_is_not_a_video(checker: Run, tmp_path: Path, content: bytes) -> None:
    video = tmp_path / "notes.mp4"
    video.write_bytes(content)
    line = one_line(refusal(checker, "analyze", video, "--exercise", MOVEMENT, "--out", tmp_path / "out"))
    assert "notes.mp4" in line
    assert not (tmp_path / "out").exists()


def test_a_folder(checker: Run, tmp_path: Path) -> None:
    assert "folder" in one_line(refusal(checker, "analyze", tmp_path, "--exercise", MOVEMENT))


@pytest.mark.parametrize("name", ["side_bend", "", "../exercises/standing_side_bend", "standing_side_bend\n"])
def test_an_unknown_exercise_names_those_there_are(checker: Run, name: str) -> None:
    text = refusal(checker, "analyze", CLIP, "--exercise", name)
    for movement in (ROOT / "exercises").glob("*.toml"):
        assert movement.stem in text


def test_an_unknown_model(checker: Run) -> None:
    line = one_line(refusal(checker, "analyze", CLIP, "--exercise", MOVEMENT, "--model", "huge"))
    assert "lite, full, heavy" in line


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["analyze", str(CLIP), "--exercise", MOVEMENT, "--fast"], "--fast"),
        (["analyze", str(CLIP)], "--exercise"),
        (["analyze", "--exercise", MOVEMENT], "video"),
        (["measure"], "measure"),
    ],
)
def test_bad_usage_is_named(checker: Run, arguments: list[str], named: str) -> None:
    assert named in refusal(checker, *arguments)


def test_a_folder_that_cannot_be_made(checker: Run, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way", encoding="utf-8")
    done = checker("analyze", CLIP, "--exercise", MOVEMENT, "--out", tmp_path / "out", "--no-video")
    assert done.returncode == 2, done
    assert "cannot be written" in done.stderr.strip().splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out").read_text(encoding="utf-8") == "in the way"


# --- what comes out -----------------------------------------------------------------------------


def test_only_the_reports_that_were_asked_for(checker: Run, tmp_path: Path) -> None:
    asked = ("--reports", "xlsx, fhir", "--out", tmp_path / "out")
    done = checker("analyze", CLIP, "--exercise", MOVEMENT, *asked)
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["fhir.json", "results.xlsx"]
    done = checker("analyze", CLIP, "--exercise", MOVEMENT, "--reports", "html,docx")
    assert done.returncode == 2
    assert 'no report "docx": expected one or more of html,' in done.stderr


def test_all_results_and_a_summary(checker: Run, tmp_path: Path) -> None:
    done = checker("analyze", CLIP, "--exercise", MOVEMENT, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "2 repetitions" in done.stdout
    assert "Keep your knees straight" in done.stdout
    assert "±" in done.stdout
    names = sorted(report.file_name for report in REPORTS)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == names
    for name in names:
        assert name in done.stdout

    assessment = Assessment.model_validate_json((tmp_path / "out" / "assessment.json").read_text(encoding="utf-8"))
    assert assessment.exercise.id == MOVEMENT
    assert assessment.video.frames == 143

    with (tmp_path / "out" / "angles.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][0] == "t_s"
    assert any(column.startswith("trunk_lateral_flexion") for column in rows[0])
    assert len(rows) == 1 + assessment.video.frames

    with av.open(str(tmp_path / "out" / "annotated.mp4")) as video:
        assert video.streams.video[0].codec_context.name == "h264"
        assert sum(1 for _ in video.decode(video=0)) == assessment.video.frames

    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Standing side bend" in page
    assert list((tmp_path / "temporary").iterdir()) == []


def test_what_is_not_certain_stands_in_the_summary(checker: Run, tmp_path: Path) -> None:
    shipped = (ROOT / "exercises" / f"{MOVEMENT}.toml").read_text(encoding="utf-8")
    assert shipped.count("threshold = 0.075") == 1
    own = tmp_path / "own"
    own.mkdir()
    careful = shipped.replace("threshold = 0.075", "threshold = 0.075\nerror = 0.07")
    (own / f"{MOVEMENT}.toml").write_text(careful, encoding="utf-8")
    done = checker("analyze", CLIP, "--exercise", MOVEMENT, "--exercises", own, "--no-video", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert re.search(r"~ Knees bending at .* s: close to the limit; look at the video", done.stdout)
    assert "Keep your knees straight" not in done.stdout
    assessment = Assessment.model_validate_json((tmp_path / "out" / "assessment.json").read_text(encoding="utf-8"))
    (fault,) = assessment.unsure
    assert (fault.id, fault.error) == ("knee_bend", 0.07)
    assert all("knee_bend" not in r.faults for r in assessment.reps)


def test_json_alone_on_standard_output_and_a_hostile_name(checker: Run, tmp_path: Path) -> None:
    name = "-rf; rm $(x) `y` ‘Rücken’ 背 .mp4"
    shutil.copyfile(CLIP, tmp_path / name)
    (tmp_path / "kept").write_text("kept", encoding="utf-8")
    done = checker("analyze", "--exercise", MOVEMENT, "--json", "--no-video", "--", name, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    keys = ["schema", "exercise", "video", "model", "view", "coverage", "reps", "measures", "faults", "warnings"]
    assert set(keys) <= set(found)
    assert [r["side"] for r in found["reps"]] == ["left", "right"]
    assert "Measuring" in done.stderr or done.stderr.strip() == ""
    assert "{" not in done.stderr

    # without --out: a folder under the current one, whose name holds nothing that a shell minds
    written = [p for p in tmp_path.rglob("*") if p.is_file() and "temporary" not in p.parts]
    results = {p for p in written if p.name not in {name, "kept"}}
    assert {p.name for p in results} == {r.file_name for r in REPORTS if not r.is_video}
    folder = results.pop().parent
    assert folder.parent == tmp_path / "backcheck-results"
    assert not set(folder.name) & set(" ;$()`")
    assert not folder.name.startswith(".")
    assert json.loads((folder / "assessment.json").read_text(encoding="utf-8")) == found


@pytest.mark.parametrize("name", ["../gone; rm -rf x", "[bold]Rücken 背 a\tc.mp4"])
def test_odd_names_in_an_error(checker: Run, tmp_path: Path, name: str) -> None:
    line = one_line(refusal(checker, "analyze", "--exercise", MOVEMENT, "--", name, cwd=tmp_path))
    assert Path(name).name.split("\t")[0] in line
    assert [p.name for p in tmp_path.iterdir()] == ["temporary"]


def test_the_wrong_side_is_told_with_what_to_do(checker: Run, tmp_path: Path) -> None:
    clip = SAMPLES / "side_bend__from_side__anna.mp4"
    done = checker("analyze", clip, "--exercise", MOVEMENT, "--out", tmp_path / "out", "--no-video")
    assert done.returncode == 0, done.stderr
    assert "Not measured" in done.stdout
    assert "turn" in done.stdout.lower()
    assert "±" not in done.stdout


# --- exercises ----------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder of own exercises: a shipped movement changed, and a guided one that is new."""
    folder = tmp_path / "ours"
    folder.mkdir()
    changed = EXERCISE.read_text(encoding="utf-8").replace("min_excursion = 8.0", "min_excursion = 12.0")
    (folder / EXERCISE.name).write_text(changed, encoding="utf-8")
    (folder / "walk.toml").write_text(GUIDED, encoding="utf-8")
    return folder


def listed(text: str) -> list[str]:
    """The ids of a list of movements, which has a heading."""
    heading, *rows = text.splitlines()
    assert heading.split()[:4] == ["id", "name", "kind", "position"]
    return [row.split()[0] for row in rows]


def test_exercises_list(checker: Run) -> None:
    done = checker("exercises", "list")
    assert done.returncode == 0, done.stderr
    assert listed(done.stdout) == [p.stem for p in sorted((ROOT / "exercises").glob("*.toml"))]
    (row,) = (line for line in done.stdout.splitlines() if line.startswith(MOVEMENT))
    cells = ["Standing side bend", "self-test", "standing", "the front", "2, 5, 10", "shipped"]
    assert re.split("  +", row)[1:] == cells


def test_exercises_list_can_be_narrowed(checker: Run) -> None:
    done = checker("exercises", "list", "--position", "seated", "--kind", "self_test", "--phase", "2")
    assert listed(done.stdout) == ["seated_forward_lean"]
    assert listed(checker("exercises", "list", "--position", "kneeling", "--phase", "10").stdout) == []
    assert "expected one of standing, seated" in one_line(refusal(checker, "exercises", "list", "--position", "up"))
    assert "expected one of self_test" in one_line(refusal(checker, "exercises", "list", "--kind", "test"))
    assert "phase" in refusal(checker, "exercises", "list", "--phase", "11")


@pytest.mark.parametrize("by", ["option", "setting"])
def test_own_exercises_stand_beside_the_shipped_ones(checker: Run, own: Path, by: str) -> None:
    option = ["--exercises", own] if by == "option" else []
    env = {"BACKCHECK_EXERCISES": str(own)} if by == "setting" else {}
    done = checker("exercises", "list", *option, env=env)
    assert done.returncode == 0, done.stderr
    where = {line.split()[0]: re.split("  +", line)[-1] for line in done.stdout.splitlines()}
    assert where["walk"] == "yours"
    assert where[MOVEMENT] == "yours, for the shipped one"
    assert where["standing_hip_hinge"] == "shipped"
    assert "by 12 degrees or more" in checker("exercises", "show", MOVEMENT, *option, env=env).stdout
    assert "by 8 degrees or more" in checker("exercises", "show", MOVEMENT).stdout


def test_a_broken_own_exercise_does_not_hide_the_others(checker: Run, own: Path) -> None:
    (own / "walk.toml").write_text(GUIDED.replace("Walking", ""), encoding="utf-8")
    done = checker("exercises", "list", "--exercises", own)
    assert done.returncode == 2
    assert MOVEMENT in listed(done.stdout)
    assert done.stderr == f'{own / "walk.toml"}:2: name: expected at least 3 characters, got ""\n'


@pytest.mark.parametrize(
    "arguments",
    [
        ["exercises", "list"],
        ["exercises", "show", MOVEMENT],
        ["exercises", "check"],
        ["exercises", "new"],
        ["analyze", str(CLIP), "-e", MOVEMENT],
    ],
    ids=lambda a: " ".join(a[:2]),
)
def test_a_missing_folder_of_exercises_is_told_in_one_line(checker: Run, tmp_path: Path, arguments: list[str]) -> None:
    line = one_line(refusal(checker, *arguments, "--exercises", tmp_path / "nowhere"))
    assert "nowhere: no such folder of exercises" in line


def test_exercises_show(checker: Run) -> None:
    done = checker("exercises", "show", MOVEMENT)
    assert done.returncode == 0
    for text in (
        "Self-test, standing, filmed from the front.",
        "phase 2 (pain-free range)",
        "How to do it",
        "How to film it",
        "When to stop",
        "A repetition counts when the trunk bends to the left",
        "(knee_bend): Flagged when the body sinks by more than 0.075 torso lengths from the start",
        "0.075 torso lengths: clinical judgement: Knees bent",
        "published",
        "PMC5034504",
    ):
        assert text in done.stdout, text
    assert "one of" in one_line(refusal(checker, "exercises", "show", "../README"))


def test_exercises_show_says_of_a_guided_one_that_nothing_is_measured(checker: Run, own: Path) -> None:
    done = checker("exercises", "show", "walk", "--exercises", own)
    assert done.returncode == 0, done.stderr
    assert "Guided, not measured, standing." in done.stdout
    assert "Nothing: the movement is shown, and not judged." in done.stdout
    assert "For 5 to 10 minutes. (clinical judgement: A textbook)" in done.stdout
    assert "filmed" not in done.stdout


def test_nothing_is_measured_in_a_guided_movement(checker: Run, own: Path, tmp_path: Path) -> None:
    text = refusal(checker, "analyze", CLIP, "-e", "walk", "--exercises", own, "--out", tmp_path / "out")
    assert one_line(text) == "Walking (walk) is guided: nothing is measured in a video of it"
    assert not (tmp_path / "out").exists()


def test_a_video_is_measured_by_the_own_file(checker: Run, own: Path, tmp_path: Path) -> None:
    changed = (own / EXERCISE.name).read_text(encoding="utf-8").replace("= 12.0", "= 40.0")
    (own / EXERCISE.name).write_text(changed, encoding="utf-8")
    done = checker(
        *("analyze", CLIP, "-e", MOVEMENT, "--exercises", own, "--out", tmp_path / "out", "--no-video"),
    )
    assert done.returncode == 0, done.stderr
    assert "0 repetitions" in done.stdout
    assert "of at least 40°" in done.stdout


def test_exercises_check_accepts_what_is_shipped(checker: Run, own: Path) -> None:
    done = checker("exercises", "check", "--exercises", own)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    shipped = {p.name: p for p in (ROOT / "exercises").glob("*.toml")}
    files = shipped | {p.name: p for p in own.glob("*.toml")}
    assert {line.split(": fine")[0] for line in done.stdout.splitlines()} == set(map(str, files.values()))


def test_exercises_check_tells_every_mistake_at_once_with_its_line(checker: Run, tmp_path: Path) -> None:
    text = EXERCISE.read_text(encoding="utf-8")
    text = text.replace('view = "front"', 'view = "above"').replace("min_excursion = 8.0", "min_excursion = -8.0")
    text = text.replace('signal = "hip_shift"', 'signal = "hip_shfit"').replace("cue = ", "que = ", 1)
    wrong = tmp_path / EXERCISE.name
    wrong.write_text(text, encoding="utf-8")
    lines = refusal(checker, "exercises", "check", wrong).splitlines()
    written = text.splitlines()
    assert len(lines) == 5
    for start, mistake in (
        ('view = "above"', 'view: expected "front" or "side", got "above"'),
        ("min_excursion = -8.0", "repetition.min_excursion: expected a number above 0, got -8"),
        ("[[faults]]", "faults[1].cue: expected, but missing"),
        ('que = "Keep your knees', 'faults[1].que: not a key of this section; did you mean "cue"?'),
        ('signal = "hip_shfit"', 'signal: no signal is named "hip_shfit"; did you mean "hip_shift"?'),
    ):
        number = next(i for i, line in enumerate(written, 1) if line.startswith(start))
        assert any(line.startswith(f"{wrong}:{number}: ") and line.endswith(mistake) for line in lines), lines


def test_exercises_check_tells_right_from_wrong(checker: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text('id = "broken', encoding="utf-8")
    done = checker("exercises", "check", EXERCISE, broken, tmp_path / "gone.toml")
    assert done.returncode == 2
    assert f"{EXERCISE}: fine" in done.stdout
    assert f"{broken}:1: not valid TOML" in done.stderr
    assert "no such file" in done.stderr


def test_exercises_check_tries_the_rules_on_the_picture(checker: Run, own: Path) -> None:
    file = own / EXERCISE.name
    file.write_text(file.read_text(encoding="utf-8").replace("= 12.0", "= 80.0"), encoding="utf-8")
    text = refusal(checker, "exercises", "check", file)
    assert text.startswith(f"{file}: "), text
    assert "80" in text


def test_the_guide_for_writing_one(checker: Run, tmp_path: Path) -> None:
    guide = (ROOT / "exercises" / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", guide, re.S)
    assert example
    name = re.search(r'id = "(\w+)"', example[1])
    assert name
    path = tmp_path / f"{name[1]}.toml"
    path.write_text(example[1], encoding="utf-8")
    done = checker("exercises", "check", path)
    assert done.returncode == 0, done.stderr
    for signal in CATALOGUE.values():
        error = "" if signal.errors.error_90 is None else f"{signal.errors.error_90:g}"
        at_a_limit = "" if signal.errors.fault_error is None else f"{signal.errors.fault_error:g}"
        assert f"| `{signal.id}` | {signal.unit} | {signal.view} | {error} | {at_a_limit} |" in guide
        assert ("outline" in guide.split(f"| `{signal.id}`")[1].split("\n")[0]) == signal.needs_outline
    for key in _keys(Exercise.model_json_schema()):
        assert f"`{key}`" in guide, f"exercises/README.md does not explain {key}"


def _keys(schema: dict[str, Any]) -> set[str]:
    """Every key that an exercise file may have, without the names of sections."""
    sections = [schema, *schema["$defs"].values()]
    names = {"doses", "picture", "repetition", "hold", "pace", "measures", "faults", "conditions"}
    return {key for s in sections for key in s.get("properties", {})} - names


# --- model and help -----------------------------------------------------------------------------


def test_model_status_fetches_nothing(checker: Run, tmp_path: Path) -> None:
    done = checker("model", "--status", env={"BACKCHECK_MODEL_DIR": str(tmp_path / "models")})
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [[name, "missing"] for name in ("lite", "full", "heavy")]
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], ["analyze", "exercises", "model"]),
        (["analyze"], ["--exercise", "--exercises", "--out", "--json", "--no-video", "--model", "--turn", "mp4"]),
        (["exercises"], ["list", "show", "check", "new"]),
        (["exercises", "check"], [".toml", "--exercises"]),
        (["exercises", "new"], ["--out", "--exercises"]),
        (["model"], ["--status"]),
    ],
)
def test_help(checker: Run, arguments: list[str], named: list[str]) -> None:
    done = checker(*arguments, "--help")
    assert done.returncode == 0
    assert done.stderr == ""
    for text in named:
        assert text in done.stdout


@pytest.mark.parametrize("turn", ["45", "-90", "360"])
def test_a_picture_is_turned_by_quarters_only(checker: Run, turn: str) -> None:
    line = one_line(refusal(checker, "analyze", CLIP, "--exercise", MOVEMENT, "--turn", turn))
    assert f"by {turn} degrees: expected 90, 180, 270" in line


def test_a_command_waits_for_no_library_that_it_does_not_need() -> None:
    heavy = ("scipy", "cv2", "av", "mediapipe", "streamlit", "plotly")
    ask = f"import sys, checker.cli; print([name for name in {heavy} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_the_longest_video_is_told_before_it_is_given(checker: Run) -> None:
    told = " ".join(checker("analyze", "--help", env={"COLUMNS": "200"}).stdout.split())
    assert f"up to {LONGEST_VIDEO}" in told
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"A video may have up to {LONGEST_VIDEO}." in readme
