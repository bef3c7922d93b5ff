"""Landmarks that several signals need together."""

from __future__ import annotations

from typing import Final

from checker.posture import ANKLES, HIPS, KNEES, SHOULDERS
from checker.skeleton import Landmark

TRUNK: Final = (*SHOULDERS, *HIPS)
LEGS: Final = (*HIPS, *KNEES, *ANKLES)
BODY: Final = (*SHOULDERS, *LEGS)
FACE: Final = (Landmark.NOSE,)
"""A far ear is guessed well enough where the nose is seen."""
