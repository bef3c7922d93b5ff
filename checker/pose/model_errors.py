"""How exactly signals are read from the poses of a model: the numbers of `calibration/<model>.toml`."""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

FOLDER: Final = Path(__file__).with_name("calibration")
BORROWED: Final = "as"
"""The key of a file that holds no numbers: the model is read with those of another one."""

USUAL: Final = "pose_landmarker_full"
"""The model whose errors hold where nobody said which model saw the poses."""


class SignalErrors(BaseModel):
    """The errors of one signal, half-widths within which 90 % of them lie; the files' heads explain each.

    Attributes:
        error_90: of a range's median, in the signal's unit; None: the signal is never reported as a measure.
        error_90_share: the same as a share of the value.
        fault_error: against a fault's threshold, in the signal's unit; None where it was not measured.
        checked: whether it was measured against truth.
        error_most: an error by the clip's own evidence above which the value is not reported.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    error_90: float | None = Field(default=None, ge=0)
    error_90_share: float = Field(default=0.0, ge=0)
    fault_error: float | None = Field(default=None, ge=0)
    checked: bool = True
    error_most: float = Field(default=math.inf, gt=0)


@functools.cache
def model_errors(model: str) -> Mapping[str, SignalErrors]:
    """The errors of each signal by its id, as read from the poses of a model.

    Args:
        model: its name; of one that has no file, the usual one's.

    Raises:
        ValueError: a file is wrong; it is part of the program.
    """
    if model != USUAL and not (FOLDER / f"{model}.toml").is_file():
        return model_errors(USUAL)
    found = _read(model)
    if BORROWED in found:
        return model_errors(str(found[BORROWED]))
    return {signal: SignalErrors.model_validate(errors) for signal, errors in found.items()}


def is_borrowed(model: str) -> bool:
    """Whether a model is read with the errors of another one, because its own were not measured."""
    return (FOLDER / f"{model}.toml").is_file() and BORROWED in _read(model)


def _read(model: str) -> dict[str, object]:
    return tomllib.loads((FOLDER / f"{model}.toml").read_text(encoding="utf-8"))
