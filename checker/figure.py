"""A figure posed by joint angles: what a movement looks like, as numbers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Angle = Annotated[float, Field(ge=-200, le=200)]
LeftRight = Angle | tuple[Angle, Angle]
"""One value for both sides, or [left, right]."""

Prop = Literal["chair", "wall", "bed", "box", "ball", "small_ball", "roller", "ice", "pillow"]


class Stance(BaseModel):
    """One posture by its joint angles, degrees; everything left out is 0: standing, arms hanging.

    Attributes:
        trunk: inclination of the line hips to shoulders from the vertical, forward +: 0 upright,
            90 face down, -90 on the back.
        lean: side bend, to the person's left +.
        turn: of the shoulders about the trunk's axis, to the left +; the pelvis keeps still.
        rounding: bend of the back, rounded +, hollow -.
        neck: chin to chest +, looking up -.
        hips: thigh against trunk, flexion +, extension -.
        knees: flexion +.
        knees_aside: both thighs turned about the trunk's axis at the hips, to the left +.
        ankles: toes towards the shin +, pointed -.
        arms: at the shoulder: 0 along the trunk, 90 forward, 180 overhead.
        arms_out: at the shoulder, sideways away from the trunk.
        elbows: flexion +.
        arms_crossed: hands on the opposite shoulders, whatever the three above say.
        shrug: shoulders drawn up, in torso lengths.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    trunk: Angle = 0.0
    lean: Angle = 0.0
    turn: Angle = 0.0
    rounding: Angle = 0.0
    neck: Angle = 0.0
    hips: LeftRight = 0.0
    knees: LeftRight = 0.0
    knees_aside: Angle = 0.0
    ankles: LeftRight = 0.0
    arms: LeftRight = 0.0
    arms_out: LeftRight = 0.0
    elbows: LeftRight = 0.0
    arms_crossed: bool = False
    shrug: Annotated[float, Field(ge=0, le=0.5)] = 0.0
