"""The command line, run as a user runs it."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import av
import pytest
from conftest import ROOT, SAMPLES, Run

from checker.assessment import Assessment
from checker.exercise import Exercise
from checker.signals import CATALOGUE

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


@pytest.mark.clips
def test_all_results_and_a_summary(checker: Run, tmp_path: Path) -> None:
    done = checker("analyze", CLIP, "--exercise", MOVEMENT, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "2 repetitions" in done.stdout
    assert "Keep your knees straight" in done.stdout
    assert "±" in done.stdout
    names = ["angles.csv", "annotated.mp4", "assessment.json", "report.html"]
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


@pytest.mark.clips
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
    assert {p.name for p in results} == {"assessment.json", "angles.csv", "report.html"}
    folder = results.pop().parent
    assert folder.parent == tmp_path / "backcheck-results"
    assert not set(folder.name) & set(" ;$()`")
    assert not folder.name.startswith(".")
    assert json.loads((folder / "assessment.json").read_text(encoding="utf-8")) == found


@pytest.mark.parametrize("name", ["../gone.mp4", "; rm -rf x", "a b\tc.mp4", "Rücken 背.mp4", "[bold]x[/bold].mp4"])
def test_odd_names_in_an_error(checker: Run, tmp_path: Path, name: str) -> None:
    line = one_line(refusal(checker, "analyze", "--exercise", MOVEMENT, "--", name, cwd=tmp_path))
    assert Path(name).name.split("\t")[0] in line
    assert [p.name for p in tmp_path.iterdir()] == ["temporary"]


@pytest.mark.clips
def test_the_wrong_side_is_told_with_what_to_do(checker: Run, tmp_path: Path) -> None:
    clip = SAMPLES / "side_bend__from_side__anna.mp4"
    done = checker("analyze", clip, "--exercise", MOVEMENT, "--out", tmp_path / "out", "--no-video")
    assert done.returncode == 0, done.stderr
    assert "Not measured" in done.stdout
    assert "turn" in done.stdout.lower()
    assert "±" not in done.stdout


# --- exercises ----------------------------------------------------------------------------------


def test_exercises_list(checker: Run) -> None:
    done = checker("exercises", "list")
    assert done.returncode == 0
    files = sorted((ROOT / "exercises").glob("*.toml"))
    assert [line.split()[0] for line in done.stdout.splitlines()] == [p.stem for p in files]


def test_exercises_show(checker: Run) -> None:
    done = checker("exercises", "show", MOVEMENT)
    assert done.returncode == 0
    for text in ("How to do it", "How to film it", "knee_bend", "published", "clinical judgement", "PMC5034504"):
        assert text in done.stdout
    assert "one of" in one_line(refusal(checker, "exercises", "show", "../README"))


def test_exercises_check_accepts_what_is_shipped(checker: Run) -> None:
    done = checker("exercises", "check", *sorted((ROOT / "exercises").glob("*.toml")))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.count(": fine") == len(list((ROOT / "exercises").glob("*.toml")))


def test_exercises_check_tells_every_mistake_at_once(checker: Run, tmp_path: Path) -> None:
    text = EXERCISE.read_text(encoding="utf-8")
    text = text.replace('view = "front"', 'view = "above"').replace("min_excursion = 8.0", "min_excursion = -8.0")
    text = text.replace('signal = "hip_shift"', 'signal = "hip_wobble"').replace("cue = ", "que = ", 1)
    wrong = tmp_path / EXERCISE.name
    wrong.write_text(text, encoding="utf-8")
    text = refusal(checker, "exercises", "check", wrong)
    lines = text.splitlines()
    assert all(str(wrong) in line for line in lines)
    for key in ("view", "repetition.min_excursion", "conditions[1].signal", "cue", "que"):
        assert any(key in line for line in lines), f"{key} is not named in {text}"
    assert "'hip_wobble'" in text
    assert "expected one of" in text


def test_exercises_check_tells_right_from_wrong(checker: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text('id = "broken', encoding="utf-8")
    done = checker("exercises", "check", EXERCISE, broken, tmp_path / "gone.toml")
    assert done.returncode == 2
    assert f"{EXERCISE}: fine" in done.stdout
    assert "not valid TOML" in done.stderr
    assert "no such file" in done.stderr


def test_the_guide_for_writing_one(checker: Run, tmp_path: Path) -> None:
    guide = (ROOT / "exercises" / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", guide, re.S)
    assert example
    path = tmp_path / "standing_small_bow.toml"
    path.write_text(example[1], encoding="utf-8")
    done = checker("exercises", "check", path)
    assert done.returncode == 0, done.stderr
    for signal in CATALOGUE.values():
        error = "" if signal.error_90 is None else f"{signal.error_90:g}"
        assert f"| `{signal.id}` | {signal.unit} | {signal.view} | {error} |" in guide
        assert ("outline" in guide.split(f"| `{signal.id}`")[1].split("\n")[0]) == signal.needs_outline
    for key in _keys(Exercise.model_json_schema()):
        assert f"`{key}`" in guide, f"exercises/README.md does not explain {key}"


def _keys(schema: dict[str, Any]) -> set[str]:
    """Every key that an exercise file may have, sections and all, without the names of sections."""
    sections = [schema, *schema["$defs"].values()]
    return {key for s in sections for key in s.get("properties", {})} - {
        "dose",
        "repetition",
        "measures",
        "faults",
        "conditions",
    }


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
        (["analyze"], ["--exercise", "--out", "--json", "--no-video", "--model", "mp4"]),
        (["exercises"], ["list", "show", "check"]),
        (["exercises", "check"], [".toml"]),
        (["model"], ["--status"]),
    ],
)
def test_help(checker: Run, arguments: list[str], named: list[str]) -> None:
    done = checker(*arguments, "--help")
    assert done.returncode == 0
    assert done.stderr == ""
    for text in named:
        assert text in done.stdout
