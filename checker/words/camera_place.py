"""Where the camera goes in a small room: most people have a laptop, a table, and two metres."""

from __future__ import annotations

from typing import Final

from checker.exercise import Exercise
from checker.live.judge import AS_SEEN_AFTER_S
from checker.posture import ANKLES, BELLY, HEELS, TOES
from checker.setup.readiness import needed_landmarks

TITLE: Final = "A laptop in a small room"

UPRIGHT: Final = (
    "From a table a laptop looks at your chest. Put it on a chair, or on a stack of books on one, until its camera is "
    "about as high as your {height}."
)
HEIGHTS: Final = {"standing": "hips", "seated": "chest", "kneeling": "hips"}
ON_FLOOR: Final = "Put the laptop on the floor or on a stack of books, two metres from your mat."
TILT: Final = "Tilt the screen until {all_of_you} in the picture."
DISTANCE: Final = "Stand two metres away. Is the room too short? Stand in an open door."
WITHOUT_FEET: Final = (
    f"Your feet do not fit in? Stay where you are. After {AS_SEEN_AFTER_S:g} seconds it goes on by itself: your "
    "movement is measured, and what needs your feet is not judged."
)
FEET_NEEDED: Final = "This movement is measured with your feet in the picture. Let the camera look along the room."

IN_SHORT: Final = "Small room? The laptop on a chair or a stack of books, its screen tilted, you two metres away."
"""While somebody gets ready and is not all in the picture."""


def small_room(exercise: Exercise) -> list[str]:
    """Return where to put a laptop for a movement, what to do with its screen, and what without the feet in view."""
    if exercise.position in BELLY:
        return [ON_FLOOR, TILT.format(all_of_you="all of you is")]
    height = HEIGHTS.get(exercise.position, "hips")
    feet = not {*ANKLES, *HEELS, *TOES}.isdisjoint(needed_landmarks(exercise))
    return [
        UPRIGHT.format(height=height),
        TILT.format(all_of_you="your head and your feet are"),
        DISTANCE,
        FEET_NEEDED if feet else WITHOUT_FEET,
    ]
