"""The signals that are read from the side: each with what it needs, how exact it is, and its words."""

from __future__ import annotations

from typing import Final

from checker.posture import ANKLES, ELBOWS, HIPS, KNEES, WRISTS
from checker.signals import back, floor, hands, limbs, side, squat
from checker.signals.landmarks import BODY, FACE, LEGS, TRUNK
from checker.signals.signal import Signal, SignalWords

_HANDS = (*HIPS, *KNEES, *WRISTS)

_BACK_UNSEEN = "the outline of your back was not clear: wear close-fitting clothes, keep arms and hair off your back"

_SIDE = (
    Signal(
        "trunk_flexion",
        "Trunk flexion",
        "deg",
        "side",
        (*TRUNK, *KNEES),
        side.trunk_flexion,
        SignalWords("the lean of the trunk", "the trunk leans forward", "the trunk leans back"),
    ),
    Signal(
        "hip_flexion",
        "Hip flexion",
        "deg",
        "side",
        (*TRUNK, *KNEES),
        side.hip_flexion,
        SignalWords("the bend of the hips", "the hips bend", "the hips straighten"),
    ),
    Signal(
        "knee_flexion",
        "Knee flexion",
        "deg",
        "side",
        LEGS,
        side.knee_flexion,
        SignalWords("the bend of the knees", "the knees bend", "the knees straighten"),
    ),
    Signal(
        "neck_flexion",
        "Neck flexion",
        "deg",
        "side",
        (*TRUNK, *FACE),
        side.neck_flexion,
        SignalWords("the bend of the neck", "the chin comes to the chest", "the head tilts back"),
    ),
    Signal(
        "hip_travel",
        "Hips moving back",
        "leg",
        "side",
        LEGS,
        side.hip_travel,
        SignalWords("the way of the hips backwards", "the hips move back", "the hips move forward"),
        since_start=True,
    ),
    Signal(
        "spine_flexion",
        "Rounding of the back",
        "deg",
        "side",
        TRUNK,
        back.spine_flexion,
        SignalWords("the rounding of the back", "the back rounds", "the back hollows"),
        needs_outline=True,
        unseen=_BACK_UNSEEN,
        error_now=back.spine_error,
        since_start=True,
    ),
    Signal(
        "wrist_thigh",
        "Hand to thigh",
        "T",
        "side",
        _HANDS,
        hands.wrist_thigh,
        SignalWords(
            "the distance from hand to thigh",
            "the hand moves away from the thigh",
            "the hand comes nearer to the thigh",
        ),
    ),
    Signal(
        "hand_slide",
        "Hand sliding on the thigh",
        "T",
        "side",
        _HANDS,
        hands.hand_slide,
        SignalWords("the way of the hand along the thigh", "the hand slides along the thigh", "the hand slides back"),
        since_start=True,
    ),
)

_LIMBS = (
    Signal(
        "leg_flexion",
        "Hip flexion of the moving leg",
        "deg",
        "side",
        BODY,
        limbs.leg_flexion,
        SignalWords("the bend of the moving hip", "the left knee comes up", "the right knee comes up"),
        each=(*KNEES, *ANKLES),
        sided=True,
        since_start=True,
    ),
    Signal(
        "leg_extension",
        "Hip extension of the moving leg",
        "deg",
        "side",
        BODY,
        limbs.leg_extension,
        SignalWords("the lift of the moving leg", "the left leg lifts back", "the right leg lifts back"),
        each=(*KNEES, *ANKLES),
        sided=True,
        since_start=True,
    ),
    Signal(
        "resting_leg",
        "Hip of the resting leg",
        "deg",
        "side",
        BODY,
        limbs.resting_leg,
        SignalWords("the bend of the resting hip", "the resting leg bends", "the resting leg straightens"),
        each=KNEES,
        since_start=True,
    ),
    Signal(
        "straight_knee",
        "Flexion of the straighter knee",
        "deg",
        "side",
        LEGS,
        limbs.straight_knee,
        SignalWords("the bend of the straight knee", "the straight knee bends", "the straight knee straightens"),
    ),
    Signal(
        "opposite_arm_raise",
        "Raise of the opposite arm",
        "deg",
        "side",
        (*TRUNK, *ELBOWS),
        limbs.opposite_arm_raise,
        SignalWords("the lift of the moving arm", "the right arm rises", "the left arm rises"),
        each=ELBOWS,
        sided=True,
        since_start=True,
    ),
)

_FLOOR = (
    Signal(
        "trunk_rise",
        "Trunk above the floor",
        "deg",
        "side",
        TRUNK,
        floor.trunk_rise,
        SignalWords("the rise of the trunk", "the trunk rises", "the trunk sinks"),
    ),
    Signal(
        "hip_above_line",
        "Hips above the line",
        "T",
        "side",
        (*TRUNK, *KNEES),
        floor.hip_above_line,
        SignalWords("the height of the hips above the line from knee to shoulder", "the hips rise", "the hips sink"),
    ),
    Signal(
        "belly_arch",
        "Arch of the belly",
        "T",
        "side",
        TRUNK,
        back.belly_arch,
        SignalWords("the bulge of the belly", "the belly bulges", "the belly sinks in"),
        needs_outline=True,
        unseen="the outline of your body was not clear",
    ),
    Signal(
        "body_line",
        "Body line",
        "deg",
        "side",
        (*TRUNK, *ANKLES),
        floor.body_line,
        SignalWords("the bend of the body at the hips", "the hips rise", "the hips sag"),
    ),
    Signal(
        "hip_heel",
        "Hips to heels",
        "T",
        "side",
        (*TRUNK, *ANKLES),
        floor.hip_heel,
        SignalWords(
            "the distance from hips to heels", "the hips move away from the heels", "the hips come nearer to the heels"
        ),
    ),
    Signal(
        "hips_off_floor",
        "Hips off the floor",
        "T",
        "side",
        BODY,
        floor.hips_off_floor,
        SignalWords(
            "the height of the hips above the lowest of elbows, hands, knees and toes",
            "the hips are higher off the floor",
            "the hips are lower",
        ),
    ),
    Signal(
        "feet_rise",
        "Feet rising",
        "T",
        "side",
        (*TRUNK, *ANKLES),
        floor.feet_rise,
        SignalWords("the height of the feet", "the feet lift", "the feet sink"),
        since_start=True,
    ),
    Signal(
        "trunk_twist",
        "Twist of the trunk",
        "deg",
        "side",
        TRUNK,
        floor.trunk_twist,
        SignalWords("the twist of the trunk", "the trunk twists to the left", "the trunk twists to the right"),
        since_start=True,
    ),
    Signal(
        "pelvis_roll",
        "Roll of the pelvis",
        "deg",
        "side",
        TRUNK,
        floor.pelvis_roll,
        SignalWords("the roll of the pelvis", "the pelvis rolls to the left", "the pelvis rolls to the right"),
        since_start=True,
    ),
)

_SQUAT = (
    Signal(
        "shank_inclination",
        "Shank leaning forwards",
        "deg",
        "side",
        LEGS,
        squat.shank_inclination,
        SignalWords("the slant of the shins", "the shins lean forward", "the shins lean back"),
    ),
    Signal(
        "knee_past_toe",
        "Knees ahead of the toes",
        "T",
        "side",
        LEGS,
        squat.knee_past_toe,
        SignalWords("the distance of the knee past the toes", "the knee moves forward", "the knee moves back"),
    ),
    Signal(
        "heel_lift",
        "Heels lifting",
        "T",
        "side",
        ANKLES,
        squat.heel_lift,
        SignalWords("the height of the heels", "the heels lift", "the heels sink"),
        since_start=True,
    ),
    Signal(
        "load_reach",
        "Hands ahead of the feet",
        "T",
        "side",
        (*WRISTS, *ANKLES),
        squat.load_reach,
        SignalWords("the reach of the hands ahead of the feet", "the hands reach forward", "the hands come nearer"),
    ),
    Signal(
        "hip_knee_ratio",
        "Hip to knee",
        "ratio",
        "side",
        BODY,
        squat.hip_knee_ratio,
        SignalWords(
            "the bend of the hips over that of the knees", "the hips bend more than the knees", "the knees bend more"
        ),
        since_start=True,
    ),
)

FROM_SIDE: Final = (*_SIDE, *_LIMBS, *_FLOOR, *_SQUAT)
