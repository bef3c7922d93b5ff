"""The signals that are read from the front: each with what it needs, how exact it is, and its words."""

from __future__ import annotations

from typing import Final

from checker.posture import ANKLES, HIPS, KNEES, SHOULDERS
from checker.signals import front, rotation
from checker.signals.landmarks import FACE, LEGS, TRUNK
from checker.signals.signal import Signal, SignalWords

_PELVIS_UNSEEN = "the edge of your hips was hidden: cross your arms on your chest"
_FEET_UNSEEN = "the outline of your feet was not clear: step closer, or film with more light"

_FRONT = (
    Signal(
        "trunk_lateral_flexion",
        "Side bend",
        "deg",
        "front",
        TRUNK,
        front.trunk_lateral_flexion,
        SignalWords("the side bend", "the trunk bends to the left", "the trunk bends to the right"),
        sided=True,
    ),
    Signal(
        "forward_lean",
        "Lean towards the camera",
        "deg",
        "front",
        (*TRUNK, *FACE),
        front.forward_lean,
        SignalWords("the lean of the trunk forward", "the trunk leans forward", "the trunk leans back"),
    ),
    Signal(
        "torso_ratio",
        "Apparent torso length",
        "ratio",
        "front",
        TRUNK,
        front.torso_ratio,
        SignalWords("the length that the trunk shows", "the trunk looks longer", "the trunk looks shorter"),
    ),
    Signal(
        "hip_shift",
        "Hips moving sideways",
        "T",
        "front",
        (*HIPS, *ANKLES),
        front.hip_shift,
        SignalWords("the way of the hips sideways", "the hips move to the left", "the hips move to the right"),
        sided=True,
    ),
    Signal(
        "height_loss",
        "Loss of height",
        "T",
        "front",
        (*TRUNK, *LEGS),
        front.height_loss,
        SignalWords("the loss of height", "the body sinks", "the body rises"),
    ),
    Signal(
        "opposite_foot_lift",
        "Lift of the opposite foot",
        "T",
        "front",
        (*TRUNK, *ANKLES),
        front.opposite_foot_lift,
        SignalWords("the height of the opposite foot", "the opposite foot lifts", "the opposite foot sinks"),
        needs_outline=True,
        unseen=_FEET_UNSEEN,
    ),
    Signal(
        "pelvis_tilt",
        "Tilt of the pelvis",
        "deg",
        "front",
        HIPS,
        front.pelvis_tilt,
        SignalWords("the tilt of the pelvis", "the left hip rises", "the right hip rises"),
    ),
    Signal(
        "shoulder_tilt",
        "Tilt of the shoulders",
        "deg",
        "front",
        SHOULDERS,
        front.shoulder_tilt,
        SignalWords("the tilt of the shoulders", "the left shoulder rises", "the right shoulder rises"),
    ),
    Signal(
        "shoulder_rise",
        "Shoulders rising",
        "T",
        "front",
        TRUNK,
        front.shoulder_rise,
        SignalWords("the height of the shoulders", "the shoulders rise", "the shoulders sink"),
    ),
    Signal(
        "knee_fall",
        "Knees falling to the side",
        "deg",
        "front",
        (*KNEES, *ANKLES),
        front.knee_fall,
        SignalWords("the tilt of the knees", "the knees fall to the left", "the knees fall to the right"),
        sided=True,
    ),
    Signal(
        "knees_apart",
        "Knees apart",
        "T",
        "front",
        KNEES,
        front.knees_apart,
        SignalWords("the distance between the knees", "the knees come apart", "the knees come together"),
    ),
    Signal(
        "ankle_lift",
        "Foot lifted",
        "T",
        "front",
        ANKLES,
        front.ankle_lift,
        SignalWords("the height of the lifted foot", "the left foot lifts", "the right foot lifts"),
        sided=True,
    ),
    Signal(
        "sway",
        "Sway",
        "T",
        "front",
        HIPS,
        front.sway,
        SignalWords("the sway of the hips", "the hips sway to the left", "the hips sway to the right"),
        sided=True,
    ),
)

_ROTATION = (
    Signal(
        "pelvis_rotation",
        "Turn of the pelvis",
        "deg",
        "front",
        TRUNK,
        rotation.pelvis_rotation,
        SignalWords("the turn of the pelvis", "the pelvis turns to the left", "the pelvis turns to the right"),
        needs_outline=True,
        unseen=_PELVIS_UNSEEN,
        sided=True,
    ),
    Signal(
        "shoulder_rotation",
        "Turn of the shoulders",
        "deg",
        "front",
        (*TRUNK, *FACE),
        rotation.shoulder_rotation,
        SignalWords("the turn of the shoulders", "the shoulders turn to the left", "the shoulders turn to the right"),
        sided=True,
    ),
    Signal(
        "trunk_rotation",
        "Trunk rotation",
        "deg",
        "front",
        (*TRUNK, *FACE),
        rotation.trunk_rotation,
        SignalWords("the turn of the trunk", "the trunk turns to the left", "the trunk turns to the right"),
        needs_outline=True,
        error_now=rotation.rotation_error,
        sided=True,
    ),
)

FROM_FRONT: Final = (*_FRONT, *_ROTATION)
