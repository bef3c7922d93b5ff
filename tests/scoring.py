"""The clips of ../shared against their truth, and the bars that must hold."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import SHARED, assessed
from recordings import record_all

Rows = list[dict[str, Any]]

BARS_DEG = {
    "standing_side_bend:trunk_lateral_flexion": 2.0,
    "seated_forward_lean:trunk_flexion": 3.0,
    "standing_hip_hinge:trunk_flexion": 3.0,
    "seated_forward_lean:hip_flexion": 4.0,
    "standing_hip_hinge:hip_flexion": 4.0,
    "standing_hip_hinge:spine_flexion": 6.0,
    "standing_trunk_rotation:trunk_rotation": 6.0,
}
"""Of the self-tests; every other measure has `ANY_DEG`."""

ANY_DEG = 8.0
ALL_DEG = 3.0
"""Mean errors: of any movement, and of all measures together."""


def scored(folder: str) -> dict[str, Any]:
    """What ../shared/tools/score.py makes of the assessment of every clip in a folder."""
    path = SHARED / "tools" / "score.py"
    if not path.exists():
        pytest.skip("../shared IS MISSING: the accuracy on the truth clips was NOT tested")
    tool = _load(path)
    rows = []
    truths = json.loads((SHARED / folder / "manifest.json").read_text(encoding="utf-8"))
    record_all([SHARED / folder / truth["clip"] for truth in truths])
    for truth in truths:
        found = json.loads(assessed(SHARED / folder / truth["clip"], truth["exercise"]).to_json())
        rows.append(tool.compare(truth, found) | {"coverage": found["coverage"], "took_s": 0.0, "video_s": 1.0})
    return {"summary": tool.summarise(rows, []), "rows": rows}


def _load(path: Path) -> ModuleType:
    """A script as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
