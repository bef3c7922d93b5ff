"""Every signal by its id."""

from __future__ import annotations

from typing import Final

from checker.posture import ANKLES, ELBOWS, HIPS, KNEES, SHOULDERS, WRISTS
from checker.signals import back, floor, front, hands, limbs, rotation, side, squat
from checker.signals.signal import Signal
from checker.skeleton import Landmark

_TRUNK = (*SHOULDERS, *HIPS)
_LEGS = (*HIPS, *KNEES, *ANKLES)
_BODY = (*SHOULDERS, *_LEGS)
_FACE = (Landmark.NOSE,)  # a far ear is guessed well enough where the nose is seen
_HANDS = (*HIPS, *KNEES, *WRISTS)

_BACK_UNSEEN = "the outline of your back was not clear: wear close-fitting clothes, keep arms and hair off your back"
_PELVIS_UNSEEN = "the edge of your hips was hidden: cross your arms on your chest"
_FEET_UNSEEN = "the outline of your feet was not clear: step closer, or film with more light"

_SIDE = (
    Signal(
        "trunk_flexion",
        "Trunk flexion",
        "deg",
        "side",
        (*_TRUNK, *KNEES),
        side.trunk_flexion,
        error_90=3.9,
        fault_error=4.0,
    ),
    Signal(
        "hip_flexion", "Hip flexion", "deg", "side", (*_TRUNK, *KNEES), side.hip_flexion, error_90=7.5, fault_error=4.0
    ),
    Signal("knee_flexion", "Knee flexion", "deg", "side", _LEGS, side.knee_flexion, error_90=10.0, fault_error=4.0),
    Signal("neck_flexion", "Neck flexion", "deg", "side", (*_TRUNK, *_FACE), side.neck_flexion, fault_error=4.0),
    Signal("hip_travel", "Hips moving back", "leg", "side", _LEGS, side.hip_travel, fault_error=0.02),
    Signal(
        "spine_flexion",
        "Rounding of the back",
        "deg",
        "side",
        _TRUNK,
        back.spine_flexion,
        needs_outline=True,
        unseen=_BACK_UNSEEN,
        error_90=10.5,
        fault_error=6.0,
        error_now=back.spine_error,
        error_most=20.0,
    ),
    Signal("wrist_thigh", "Hand to thigh", "T", "side", _HANDS, hands.wrist_thigh),
    Signal("hand_slide", "Hand sliding on the thigh", "T", "side", _HANDS, hands.hand_slide),
)

_LIMBS = (
    Signal(
        "leg_flexion",
        "Hip flexion of the moving leg",
        "deg",
        "side",
        _BODY,
        limbs.leg_flexion,
        each=(*KNEES, *ANKLES),
        error_90=10.0,
        sided=True,
        fault_error=6.0,
    ),
    Signal(
        "leg_extension",
        "Hip extension of the moving leg",
        "deg",
        "side",
        _BODY,
        limbs.leg_extension,
        each=(*KNEES, *ANKLES),
        error_90=12.0,
        checked=False,
        sided=True,
    ),
    Signal(
        "resting_leg",
        "Hip of the resting leg",
        "deg",
        "side",
        _BODY,
        limbs.resting_leg,
        each=KNEES,
        fault_error=4.0,
    ),
    Signal(
        "straight_knee",
        "Flexion of the straighter knee",
        "deg",
        "side",
        _LEGS,
        limbs.straight_knee,
        error_90=12.0,
        checked=False,
        fault_error=5.0,
    ),
    Signal(
        "opposite_arm_raise",
        "Raise of the opposite arm",
        "deg",
        "side",
        (*_TRUNK, *ELBOWS),
        limbs.opposite_arm_raise,
        each=ELBOWS,
        error_90=15.0,
        checked=False,
        sided=True,
    ),
)

_FLOOR = (
    Signal(
        "trunk_rise", "Trunk above the floor", "deg", "side", _TRUNK, floor.trunk_rise, error_90=5.0, fault_error=4.0
    ),
    Signal(
        "hip_above_line", "Hips above the line", "T", "side", (*_TRUNK, *KNEES), floor.hip_above_line, fault_error=0.02
    ),
    Signal(
        "belly_arch",
        "Arch of the belly",
        "T",
        "side",
        _TRUNK,
        back.belly_arch,
        needs_outline=True,
        unseen="the outline of your body was not clear",
    ),
    Signal("body_line", "Body line", "deg", "side", (*_TRUNK, *ANKLES), floor.body_line, error_90=8.0, checked=False),
    Signal("hip_heel", "Hips to heels", "T", "side", (*_TRUNK, *ANKLES), floor.hip_heel, fault_error=0.05),
    Signal("hips_off_floor", "Hips off the floor", "T", "side", _BODY, floor.hips_off_floor),
    Signal("feet_rise", "Feet rising", "T", "side", (*_TRUNK, *ANKLES), floor.feet_rise, fault_error=0.03),
    Signal("trunk_twist", "Twist of the trunk", "deg", "side", _TRUNK, floor.trunk_twist),
    Signal("pelvis_roll", "Roll of the pelvis", "deg", "side", _TRUNK, floor.pelvis_roll),
)

_SQUAT = (
    Signal("shank_inclination", "Shank leaning forwards", "deg", "side", _LEGS, squat.shank_inclination),
    Signal("knee_past_toe", "Knees ahead of the toes", "T", "side", _LEGS, squat.knee_past_toe),
    Signal("heel_lift", "Heels lifting", "T", "side", ANKLES, squat.heel_lift),
    Signal("load_reach", "Hands ahead of the feet", "T", "side", (*WRISTS, *ANKLES), squat.load_reach),
    Signal("hip_knee_ratio", "Hip to knee", "ratio", "side", _BODY, squat.hip_knee_ratio),
)

_FRONT = (
    Signal(
        "trunk_lateral_flexion",
        "Side bend",
        "deg",
        "front",
        _TRUNK,
        front.trunk_lateral_flexion,
        error_90=3.2,
        sided=True,
        fault_error=2.5,
    ),
    Signal(
        "forward_lean",
        "Lean towards the camera",
        "deg",
        "front",
        (*_TRUNK, *_FACE),
        front.forward_lean,
        fault_error=4.0,
    ),
    Signal("torso_ratio", "Apparent torso length", "ratio", "front", _TRUNK, front.torso_ratio),
    Signal(
        "hip_shift",
        "Hips moving sideways",
        "T",
        "front",
        (*HIPS, *ANKLES),
        front.hip_shift,
        sided=True,
        fault_error=0.02,
    ),
    Signal("height_loss", "Loss of height", "T", "front", (*_TRUNK, *_LEGS), front.height_loss, fault_error=0.01),
    Signal(
        "opposite_foot_lift",
        "Lift of the opposite foot",
        "T",
        "front",
        (*_TRUNK, *ANKLES),
        front.opposite_foot_lift,
        needs_outline=True,
        unseen=_FEET_UNSEEN,
        fault_error=0.004,
    ),
    Signal("pelvis_tilt", "Tilt of the pelvis", "deg", "front", HIPS, front.pelvis_tilt, fault_error=2.5),
    Signal("shoulder_tilt", "Tilt of the shoulders", "deg", "front", SHOULDERS, front.shoulder_tilt),
    Signal(
        "shoulder_rise",
        "Shoulders rising",
        "T",
        "front",
        _TRUNK,
        front.shoulder_rise,
        error_90=0.05,
        checked=False,
    ),
    Signal(
        "knee_fall",
        "Knees falling to the side",
        "deg",
        "front",
        (*KNEES, *ANKLES),
        front.knee_fall,
        error_90=12.0,
        checked=False,
        sided=True,
    ),
    Signal("knees_apart", "Knees apart", "T", "front", KNEES, front.knees_apart),
    Signal("ankle_lift", "Foot lifted", "T", "front", ANKLES, front.ankle_lift, sided=True),
    Signal("sway", "Sway", "T", "front", HIPS, front.sway, error_90=0.05, checked=False, sided=True),
)

_ROTATION = (
    Signal(
        "pelvis_rotation",
        "Turn of the pelvis",
        "deg",
        "front",
        _TRUNK,
        rotation.pelvis_rotation,
        needs_outline=True,
        unseen=_PELVIS_UNSEEN,
        sided=True,
    ),
    Signal(
        "shoulder_rotation",
        "Turn of the shoulders",
        "deg",
        "front",
        (*_TRUNK, *_FACE),
        rotation.shoulder_rotation,
        sided=True,
    ),
    Signal(
        "trunk_rotation",
        "Trunk rotation",
        "deg",
        "front",
        (*_TRUNK, *_FACE),
        rotation.trunk_rotation,
        needs_outline=True,
        error_90=9.0,
        error_now=rotation.rotation_error,
        sided=True,
    ),
)

_ANY = (Signal("feet_travel", "Feet moving", "T", "any", ANKLES, front.feet_travel),)

CATALOGUE: Final[dict[str, Signal]] = {s.id: s for s in (*_SIDE, *_LIMBS, *_FLOOR, *_SQUAT, *_FRONT, *_ROTATION, *_ANY)}
"""Every signal by its id."""
