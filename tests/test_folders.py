"""Where things are: what is shipped is found, and what the user owns lies elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from checker.folders import kept_results, own_exercises, shipped


@pytest.mark.parametrize("name", ["exercises", "sample_videos", "app.py", ".streamlit"])
def test_a_checkout_has_what_is_shipped_at_its_top(name: str) -> None:
    assert shipped(name) == ROOT / name
    assert shipped(name).exists()


def test_what_the_user_owns_lies_not_beside_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BACKCHECK_RESULTS", raising=False)
    assert kept_results() != own_exercises()
    for folder in (kept_results(), own_exercises()):
        assert folder.is_absolute()
        assert not folder.is_relative_to(ROOT)
        assert not folder.is_relative_to(Path.home() / "Documents"), "a cloud may copy that"
    monkeypatch.setenv("BACKCHECK_RESULTS", str(tmp_path))
    assert kept_results() == tmp_path
