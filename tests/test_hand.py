"""Which hand is lifted, and what follows for the camera's picture."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from analytic_body import FACING_LEFT, FRONT, Camera, body_track, poses_of

from checker.pose.bundle import ensure_model
from checker.pose.models import open_estimator
from checker.setup.hand import ASK, ASK_AGAIN, LIFTED_S, LOWERED_S, PATIENCE_S, HandQuestion, lifted
from checker.skeleton import Landmark
from checker.track import Pose, missing_pose
from checker.video.reader import open_video

LEFT_HAND = Path(__file__).parent / "films" / "left_hand.mp4"
STEP_S = 0.1
WIDTH = FRONT.width
WRIST = {"left": Landmark.LEFT_WRIST, "right": Landmark.RIGHT_WRIST}


def standing(*up: str, camera: Camera = FRONT, unseen: tuple[str, ...] = ()) -> Pose:
    """Somebody with these hands beside their head, the others down or out of the picture."""
    pose = poses_of(body_track([0.0], camera))[0]
    image, visibility = pose.image.copy(), pose.visibility.copy()
    for side in up:
        image[WRIST[side], 1] = image[Landmark.NOSE, 1]
    for side in unseen:
        visibility[WRIST[side]] = 0.1
    return replace(pose, image=image, visibility=visibility)


@dataclass
class Asked:
    """Somebody who is asked, and the clock meanwhile."""

    question: HandQuestion = field(default_factory=HandQuestion)
    clock_s: float = 0.0

    def see(self, *moves: tuple[Pose, float]) -> HandQuestion:
        """Poses, each for so many seconds."""
        for pose, seconds in moves:
            for _ in range(round(seconds / STEP_S)):
                self.question.feed(replace(pose, t_s=self.clock_s))
                self.clock_s += STEP_S
        return self.question


DOWN, LEFT, RIGHT = standing(), standing("left"), standing("right")
REST = (DOWN, LOWERED_S + 0.2)
LONG = LIFTED_S + 0.2


def test_the_hand_that_is_up() -> None:
    assert lifted(DOWN) == "none"
    assert lifted(LEFT) == "left"
    assert lifted(RIGHT) == "right"
    assert lifted(LEFT.mirrored(WIDTH)) == "right"
    assert lifted(standing("left", "right")) is None
    assert lifted(standing("left", unseen=("right",))) == "left", "near a laptop, a hanging hand is out of the picture"
    assert lifted(standing("left", unseen=("left", "right"))) == "none"
    assert lifted(missing_pose(0.0)) is None


def test_from_the_side_or_from_behind_it_cannot_be_told() -> None:
    assert lifted(standing("left", camera=FACING_LEFT)) is None
    assert lifted(standing("left", camera=Camera(yaw_deg=180.0))) is None
    assert lifted(standing("left", camera=Camera(yaw_deg=30.0))) == "left"


def test_a_hand_between_up_and_down_is_neither() -> None:
    pose = standing()
    width = np.linalg.norm(pose.image[Landmark.LEFT_SHOULDER] - pose.image[Landmark.RIGHT_SHOULDER])
    pose.image[Landmark.LEFT_WRIST, 1] = pose.image[Landmark.LEFT_SHOULDER, 1] + 0.3 * width
    assert lifted(pose) is None


def test_one_left_hand_settles_it() -> None:
    question = Asked().see(REST, (LEFT, LONG))
    assert (question.mirrored, question.is_open) == (False, False)


def test_a_right_hand_is_asked_for_again_and_the_second_one_settles_it() -> None:
    asked = Asked()
    question = asked.see(REST, (RIGHT, LONG))
    assert (question.mirrored, question.is_open, question.words) == (None, True, ASK_AGAIN)
    asked.see((RIGHT, 3 * LONG))
    assert question.is_open, "the same lift is not a second one"
    asked.see(REST, (RIGHT, LONG))
    assert (question.mirrored, question.is_open) == (True, False)


def test_who_lifts_one_and_then_the_other_is_not_sure() -> None:
    question = Asked().see(REST, (RIGHT, LONG), REST, (LEFT, LONG))
    assert (question.mirrored, question.is_open) == (None, False)


@pytest.mark.parametrize(
    "moves",
    [
        [(LEFT, 3.0)],  # up when the question came
        [REST, (LEFT, LIFTED_S - 0.2), REST, (LEFT, LIFTED_S - 0.2)],
        [REST, (standing("left", "right"), 3.0)],
        [REST, (standing("left", camera=FACING_LEFT), 3.0)],
    ],
    ids=["up before", "too short", "both", "side-on"],
)
def test_what_is_no_answer(moves: list[tuple[Pose, float]]) -> None:
    question = Asked().see(*moves)
    assert (question.mirrored, question.is_open, question.words) == (None, True, ASK)


def test_it_goes_on_without_an_answer() -> None:
    asked = Asked()
    assert asked.see((missing_pose(0.0), 2 * PATIENCE_S)).is_open, "nobody was there to answer"
    assert asked.see((DOWN, PATIENCE_S - 1.0)).is_open
    question = asked.see((DOWN, 2.0))
    assert (question.mirrored, question.is_open) == (None, False)


def test_left_alone_it_takes_no_answer() -> None:
    asked = Asked()
    asked.question.leave()
    question = asked.see(REST, (LEFT, LONG))
    assert (question.mirrored, question.is_open) == (None, False)


@pytest.mark.clips
@pytest.mark.parametrize("mirrored", [False, True])
def test_on_a_film_of_somebody_who_lifts_their_left_hand(mirrored: bool) -> None:
    question = HandQuestion()
    with open_estimator(ensure_model(), outline=False) as estimator, open_video(LEFT_HAND) as film:
        frames = [(f.t_s, np.ascontiguousarray(cv2.flip(f.rgb, 1)) if mirrored else f.rgb) for f in film]
        for again_s in (0.0, frames[-1][0] + STEP_S):  # twice, as somebody who is asked twice
            for t_s, rgb in frames:
                question.feed(estimator.estimate(np.asarray(rgb, np.uint8), again_s + t_s))
    assert (question.mirrored, question.is_open) == (mirrored, False)
