"""The errors that a pose model is read with."""

from __future__ import annotations

from dataclasses import replace

import pytest
from moving_figure import filmed

from checker import reasons
from checker.assessing import Circumstances, assess
from checker.assessment import Assessment, ModelInfo
from checker.pose import model_errors as module
from checker.pose.bundle import MODELS
from checker.pose.model_errors import FOLDER, USUAL, is_borrowed, model_errors
from checker.signals import CATALOGUE, catalogue_of

BEND = "standing_side_bend"


def assessed(model: str) -> Assessment:
    exercise, track = filmed(BEND)
    return assess(exercise, track, known=Circumstances(model=ModelInfo(name=model, sha256=""))).assessment


def test_every_error_is_of_a_signal_that_there_is() -> None:
    assert model_errors(USUAL).keys() <= CATALOGUE.keys()


def test_every_model_has_its_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == {spec.name for spec in MODELS.values()}


def test_a_model_without_a_file_is_read_as_the_usual_one() -> None:
    assert model_errors("figure") is model_errors(USUAL)
    assert catalogue_of("figure") is CATALOGUE


@pytest.mark.parametrize("model", [spec.name for spec in MODELS.values()])
def test_errors_that_were_borrowed_are_told(model: str) -> None:
    told = reasons.OTHERS_ERRORS.code in assessed(model).warning_codes
    assert told == is_borrowed(model) == (model != USUAL)


def test_another_model_brings_its_own_errors(tmp_path, monkeypatch) -> None:
    """A model whose errors are four times as large is four times as unsure, and doubts what the usual one flags."""
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    usual = (FOLDER / f"{USUAL}.toml").read_text(encoding="utf-8")
    (tmp_path / f"{USUAL}.toml").write_text(usual, encoding="utf-8")
    coarser = "[trunk_lateral_flexion]\nerror_90 = 12.8\nfault_error = 10.0\n"
    (tmp_path / "coarse.toml").write_text(coarser, encoding="utf-8")
    fine, coarse = assessed(USUAL), assessed("coarse")
    assert [r.side for r in fine.reps] == [r.side for r in coarse.reps]
    for one, other in zip(fine.measured, coarse.measured, strict=True):
        assert other.value == one.value
        assert other.uncertainty == pytest.approx(4 * one.uncertainty, rel=0.1)


def test_the_catalogue_is_the_usual_models() -> None:
    for name, signal in CATALOGUE.items():
        assert signal.errors == model_errors(USUAL).get(name, signal.errors)
        assert replace(signal, errors=signal.errors) == signal
