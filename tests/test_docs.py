"""The documents for who comes after: generated ones are as they are made, the notebook runs, the citation reads."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shutil
import tomllib
from collections import Counter
from types import ModuleType
from typing import Any

import pytest
from conftest import ROOT
from moving_figure import MEASURED, moving
from synthetic_analysis import hinge_analysis, side_bend_analysis

import checker
from checker import reasons
from checker.assessing import Circumstances, assess
from checker.assessment import Assessment
from checker.library import find_exercise, list_exercises
from checker.track import PoseTrack, missing_pose

SCHEMA = ROOT / "checker" / "assessment.schema.json"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """The command that writes the generated documents."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def validator() -> Any:
    """Of the result contract."""
    import jsonschema  # here: it takes seconds to load, and every worker of the tests reads this file

    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


# --- the result contract ------------------------------------------------------------------------


def test_the_generated_documents_are_as_they_are_made(generate: ModuleType) -> None:
    again = "run `python docs/generate.py` and commit what it writes"
    assert SCHEMA.read_text(encoding="utf-8") == generate.schema_text(), again
    assert (ROOT / "docs" / "results.md").read_text(encoding="utf-8") == generate.results_text(), again


def test_every_key_of_the_results_is_explained() -> None:
    whole = json.loads(SCHEMA.read_text(encoding="utf-8"))
    parts = {"Assessment": whole, **whole["$defs"]}
    silent = [
        f"{name}.{key}"
        for name, part in parts.items()
        for key, value in part["properties"].items()
        if not value.get("description") and "$ref" not in value
    ]
    assert not silent, f"give these a text below them in checker/assessment.py: {', '.join(silent)}"


def test_a_number_says_its_unit_or_is_a_count_or_a_share() -> None:
    whole = json.loads(SCHEMA.read_text(encoding="utf-8"))
    parts = {"Assessment": whole, **whole["$defs"]}
    bare = {
        f"{name}.{key}"
        for name, part in parts.items()
        for key, value in part["properties"].items()
        if '"number"' in json.dumps(value) and '"unit"' not in json.dumps(value)
    }
    assert bare == {"Assessment.coverage", "Measure.uncertainty_level", "Setup.person_size"}


def test_every_reason_stands_in_the_table() -> None:
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    codes = [v.code for v in vars(reasons).values() if isinstance(v, reasons.Reason | reasons.Template)]
    codes += [reasons.UNSEEN, reasons.OUT_OF_REACH, reasons.SOURCE, *(r.code for r in reasons.PICTURE_TURNED.values())]
    assert len(codes) > 50
    assert [code for code in codes if f"| `{code}` |" not in page] == []


def nobody() -> Assessment:
    """What comes of a clip in which nobody is seen."""
    track = PoseTrack.stack([missing_pose(i / 15) for i in range(60)], 640, 480)
    return assess(find_exercise("standing_side_bend"), track, known=Circumstances(pain_s=(1.0,))).assessment


def real() -> dict[str, Assessment]:
    """Assessments of every kind."""
    out = {exercise.id: moving(exercise.id).assessment for exercise in MEASURED}
    return out | {
        "synthetic side bend": side_bend_analysis().assessment,
        "synthetic hinge": hinge_analysis().assessment,
        "nobody": nobody(),
    }


def test_what_is_written_is_as_the_schema_says(validator: Any) -> None:
    validator.check_schema(validator.schema)
    found = real()
    assert not [m for m in found["nobody"].measures if m.value is not None]
    for name, assessment in found.items():
        errors = list(validator.iter_errors(json.loads(assessment.to_json())))
        assert [f"{name}: {e.json_path}: {e.message}" for e in errors] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [(("schema",), 2), (("reps", 0, "start_s"), "1.0"), (("measures", 0, "status"), "guessed"), (("view", "ok"), None)],
)
def test_what_is_not_a_result_is_refused_by_the_schema(validator: Any, path: tuple[Any, ...], value: object) -> None:
    data = json.loads(side_bend_analysis().assessment.to_json())
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert not validator.is_valid(data)


def test_results_of_other_versions_are_taken_and_what_was_always_there_is_missed(validator: Any) -> None:
    data = json.loads(side_bend_analysis().assessment.to_json())
    del data["warning_codes"]
    data["key_of_tomorrow"] = 1
    assert validator.is_valid(data)
    del data["reps"]
    assert not validator.is_valid(data)


# --- the notebook -------------------------------------------------------------------------------

NOTEBOOK = ROOT / "docs" / "from_video_to_report.ipynb"


def cells(kind: str) -> list[dict[str, Any]]:
    """The notebook's cells of a kind."""
    return [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


@pytest.mark.clips
def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(NOTEBOOK.parent)
    names: dict[str, Any] = {"__name__": "__main__"}
    try:
        for cell in cells("code"):
            exec(compile("".join(cell["source"]), f"{NOTEBOOK.name}, cell {cell['id']}", "exec"), names)
        assert len(names["result"].reps) == len(names["figure"].layout.shapes) > 2
        assert {m.side for m in names["result"].measured} == {"left", "right"}
        assert names["again"].reps == []
        assert all(file.is_file() for file in names["files"].values())
        assert (names["out"] / "poses.npz").stat().st_size < 1500 * len(names["track"])
    finally:
        if "out" in names:
            shutil.rmtree(names["out"])
    printed = capsys.readouterr().out
    assert "±" in printed
    assert "too_small" in printed
    assert "report.html" in printed


def test_the_notebook_is_kept_without_outputs() -> None:
    whole = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (whole["nbformat"], whole["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in whole["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells("code"))
    assert all(cell.keys() == {"cell_type", "id", "metadata", "source"} for cell in cells("markdown"))


def test_the_notebook_uses_the_public_names_alone() -> None:
    source = "\n".join("".join(cell["source"]) for cell in cells("code"))
    used = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom | ast.Import)]
    ours = [node for node in used if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("checker")]
    assert [node.module for node in ours] == ["checker"]
    assert {name.name for node in ours for name in node.names} <= set(checker.__all__)
    assert not [name for node in used if isinstance(node, ast.Import) for name in node.names if "checker" in name.name]


# --- the citation -------------------------------------------------------------------------------


def test_the_citation_says_what_the_package_says() -> None:
    keys = dict(re.findall(r"^([a-z-]+): *(.*)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.M))
    wanted = {"cff-version", "message", "type", "title", "abstract", "authors", "version", "license", "keywords"}
    assert keys.keys() == wanted
    assert keys["cff-version"] == "1.2.0"
    assert keys["title"] == "BackCheck"
    assert keys["version"] == checker.__version__
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert keys["license"] == package["license"]
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")[:200]


def test_the_citation_is_plain_yaml() -> None:
    """Each line is a key, an entry of a list, or more of a folded text; nothing that a parser reads otherwise."""
    plain = r"[A-Za-z0-9][^:#]*"
    line_of = re.compile(rf"[a-z-]+:( {plain}| >-)?|  - (name: )?{plain}|  {plain}")
    lines = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line_of.fullmatch(line)] == []


def test_the_newest_entry_of_the_changelog_is_the_version() -> None:
    versions = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    released = [version for version in versions if version != "Unreleased"]
    assert released[0] == checker.__version__
    numbers = [tuple(map(int, version.split("."))) for version in released]
    assert numbers == sorted(numbers, reverse=True)


# --- the readme ---------------------------------------------------------------------------------

NUMBERS = {3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten", 20: "twenty"}


def test_the_readme_counts_the_movements_as_they_are() -> None:
    counts = Counter(exercise.kind for exercise in list_exercises())
    told = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    word = {kind: NUMBERS.get(n, str(n)) for kind, n in counts.items()}
    assert f"{word['self_test'].capitalize()} self-tests and {word['exercise']} exercises are measured" in told
    assert f"{word['guided'].capitalize()} more are guided" in told
    assert f"{word['avoid']} are shown as what to leave" in told
