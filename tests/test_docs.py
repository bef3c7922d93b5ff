"""The documents for who comes after: generated ones are as they are made, the notebook runs, the citation reads."""

from __future__ import annotations

import importlib.util
import json
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from conftest import ROOT
from moving_figure import MEASURED, moving
from synthetic_analysis import hinge_analysis, side_bend_analysis

from checker import reasons
from checker.assessing import Circumstances, assess
from checker.assessment import Assessment
from checker.library import find_exercise
from checker.skeleton import PoseTrack, missing_pose

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
    assert bare == {"Assessment.coverage"}


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


def test_what_is_written_is_as_the_schema_says() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
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
def test_what_is_not_a_result_is_refused_by_the_schema(path: tuple[Any, ...], value: object) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    data = json.loads(side_bend_analysis().assessment.to_json())
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert not validator.is_valid(data)


def test_results_of_other_versions_are_taken_and_what_was_always_there_is_missed() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    data = json.loads(side_bend_analysis().assessment.to_json())
    del data["warning_codes"]
    data["key_of_tomorrow"] = 1
    assert validator.is_valid(data)
    del data["reps"]
    assert not validator.is_valid(data)
