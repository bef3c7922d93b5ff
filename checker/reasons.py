"""Why something is not measured, does not count, is refused or is warned of: each reason a code and its text.

All texts stand here, and nowhere else: they are translated here, and other code compares codes, never words. A
`Reason` is fixed; a `Template` has gaps and becomes a `Reason` where they are filled.

A text of what was not measured, of a movement that does not count, or of a fault that is not certain is the end of a
sentence ("not measured: ..."); every other text is whole sentences with what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason.

    Attributes:
        code: for programs; it never changes.
        text: for people.
    """

    code: str
    text: str

    def __str__(self) -> str:
        """The text."""
        return self.text


@dataclass(frozen=True, slots=True)
class Template:
    """A reason with gaps in its text.

    Attributes:
        code: of the reason.
        text: with a {name} for each gap.
    """

    code: str
    text: str

    def of(self, **gaps: object) -> Reason:
        """The reason with its gaps filled.

        Raises:
            KeyError: a gap was left open.
        """
        return Reason(self.code, self.text.format(**gaps))


def from_file(code: str, text: str) -> Reason:
    """A reason whose text stands elsewhere: in an exercise file, in the catalogue of signals, or with a video."""
    return Reason(code, text)


# --- why a movement does not count --------------------------------------------------------------

TOO_SMALL: Final = Template("too_small", "too small to count: {size} of at least {least}")
TOO_QUICK: Final = Template("too_quick", "too quick: {took_s:.1f} s of at least {least_s:.1f} s")
TOO_LONG: Final = Template("too_long", "too long: {took_s:.0f} s of at most {most_s:.0f} s")
HELD_TOO_SHORT: Final = Template("held_too_short", "too short: held for {held_s:.1f} s of at least {least_s:g} s")
AFTER_TIME: Final = Template("after_time", "after the {within_s:g} s")
HIDDEN_PART: Final = Reason("hidden_part", "part of it could not be seen")
WAY_OUT_UNSEEN: Final = Reason(
    "way_out_unseen", "it was under way when you were first seen in place: the way out was not seen"
)
WAY_BACK_UNSEEN: Final = Reason("way_back_unseen", "the way back was not seen to its end")
STEPPED: Final = Reason("stepped", "you stepped while moving")
CAMERA_MOVED: Final = Reason("camera_moved", "the camera moved")
COVERED: Final = Reason("covered", "somebody stood before you")
LEFT_PLACE: Final = Reason("left_place", "you left your place while moving")
LEFT_PICTURE: Final = Template("left_picture", "your {part} left the picture")
TOO_FEW_PICTURES: Final = Template(
    "too_few_pictures", "too few pictures came: {rate_hz:.1f} a second of at least {least_hz:g}"
)
NO_PICTURE_FOR: Final = Template("no_picture_for", "too few pictures came: none for {longest_s:.1f} s")
TAKEN_OUT: Final = Reason("taken_out", "a reviewer took it out")
NOT_THIS_PATIENT: Final = Reason("not_this_patient", "a reviewer says that this is not the patient")
CAMERA_WAS_MOVED: Final = Reason("camera_was_moved", "a reviewer says that the camera was moved")
UNUSABLE: Final = Reason("unusable", "a reviewer says that this cannot be used")
NOT_CLEAR_ENOUGH: Final = Reason("not_clear_enough", "it was not clear enough")

# --- why a measure or a fault is not measured ---------------------------------------------------

NONE_COUNTED: Final = Template("none_counted", "no {what} was counted")
NONE_COUNTED_TO: Final = Template("none_counted_to", "no {what} to the {side} was counted")
NONE_COUNTED_OF: Final = Template("none_counted_of", 'no {what} "{side}" was counted')
NO_STOP: Final = Reason("no_stop", "there was no stop of a second where pain or tension began")
BELOW_SMALLEST: Final = Template(
    "below_smallest",
    "no movement of {least} or more with a stop was seen: what hurts before that is too little to be measured",
)
NO_RHYTHM: Final = Reason("no_rhythm", "no clear rhythm was seen")
ONE_SIDE_ONLY: Final = Reason("one_side_only", "it takes a repetition on each side")
JOINT_HIDDEN: Final = Template("joint_hidden", "your {part} was hidden")
JOINT_OUTSIDE: Final = Template("joint_outside", "your {part} was outside the picture")
FEET_CUT_OFF: Final = Reason("feet_cut_off", "your feet were cut off")
LOOKS_THE_SAME: Final = Template("looks_the_same", '"{name}" looks the same from here and was seen')
TIMES_UNKNOWN: Final = Reason("times_unknown", "the video may be slowed down, so times are not measured")
UNSEEN: Final = "unseen"
"""Code of a signal that has no value although its joints were seen; its text is the catalogue's."""
OUT_OF_REACH: Final = "out_of_reach"
"""Code of a fault that no camera can tell; its text is the exercise file's."""

# --- why a fault is not certain -----------------------------------------------------------------

CLOSE: Final = Reason("close_to_limit", "close to the limit")
MAY_LOOK_THE_SAME: Final = Template("may_look_the_same", '"{name}" looks the same from here and was {why}')

# --- why nothing is measured at all -------------------------------------------------------------

NO_STILL_START: Final = Template("no_still_start", "No still start was found. {keep_still} Then begin.")
WRONG_SIDE: Final = Template("wrong_side", "Filmed from the wrong side. {advice}")
NOBODY: Final = Reason("nobody", "Nobody was found in the picture.")
NOBODY_IN_THE_DARK: Final = Reason("nobody_in_the_dark", "Nobody was found in the picture. It is very dark.")
TOO_CLOSE: Final = Reason(
    "too_close",
    "You are too close to the camera. Step back until your head and feet are both in the picture.",
)
FEET_OUTSIDE: Final = Reason("feet_outside", "Your feet are cut off. Step back, or tilt the camera down.")
HEAD_OUTSIDE: Final = Reason("head_outside", "Your head is cut off. Step back, or tilt the camera up.")
TOO_FAR: Final = Reason("too_far", "You are too far from the camera to be measured. Step closer.")
NOT_SEEN_WELL: Final = Template(
    "not_seen_well",
    "Your {part} could not be seen well enough. Check that nothing hides it, the light, and where the camera stands.",
)
AGAINST_LIGHT: Final = Reason(
    "against_light",
    "You are dark against the light behind you. Close the curtain or turn the camera, so that the light falls on you "
    "from the camera's side.",
)
CAMERA_NEVER_RESTS: Final = Reason(
    "camera_never_rests",
    "The camera moves nearly all the time. Prop it up, so that nobody has to hold it; and if it follows you "
    "(auto-framing, Center Stage), switch that off.",
)
PICTURE_TURNED: Final = {
    90: Reason(
        "picture_on_its_side",
        "The picture lies on its side. If you were upright, turn it by a quarter to the right (90 degrees), and "
        "measure again.",
    ),
    180: Reason(
        "picture_upside_down",
        "The picture is upside down. Turn it by half (180 degrees), and measure again.",
    ),
    270: Reason(
        "picture_on_its_side",
        "The picture lies on its side. If you were upright, turn it by a quarter to the left (270 degrees), and "
        "measure again.",
    ),
}
"""By how far a picture must be turned clockwise. Somebody may lie where the movement is done standing, and a pose
tells no gravity."""
LOST: Final = Template("lost", "{what} could be measured, because {why}.{advice}")
SOMEBODY_ELSE: Final = Reason(
    "somebody_else", "Somebody else is seen there, by the clothes. Film one person at a time."
)
STARTS_UPRIGHT: Final = Template("starts_upright", "This movement starts {position}, upright. Begin from there.")
STARTS: Final = Template("starts_otherwise", "This movement starts {position}. Begin from there.")
STARTS_AS_PICTURE: Final = Template(
    "starts_as_picture", "This movement starts {position}, as in its picture. Begin from there."
)
LIES_THE_OTHER_WAY: Final = Template(
    "lies_the_other_way", "This movement starts {position}, but you lie the other way round. Turn over and begin again."
)
IS_OTHERWISE: Final = Template("is_otherwise", "You {does}; this movement starts {position}.")

# --- what is warned of --------------------------------------------------------------------------

DARK: Final = Reason("dark", "The picture is very dark. Switch on a light or film facing a window.")
FAR: Final = Reason("far", "You are far from the camera. Step closer, so that you fill most of the picture.")
SECOND_PERSON: Final = Template(
    "second_person",
    "A second person is in the picture (first at {first_s:.0f} s). Only the person seen first was followed; "
    "film alone for a result you can rely on.",
)
CAMERA_MOVED_FROM: Final = Template(
    "camera_moved_from", "The camera moved from {times}: what was done then is not measured. Prop it up well."
)
CUT: Final = Template(
    "cut",
    "The picture changes at once at {times}: the film was cut there, or the camera was moved. Each part is "
    "measured from a start of its own.",
)
LEFT_OUT: Final = Template("left_out", "From {first_s:.0f} to {last_s:.0f} s nothing was measured. {why}")
COVERED_FROM: Final = Template(
    "covered_from", "Somebody stood before you, or close to you, from {times}: what was done then is not measured."
)
ELSEWHERE: Final = Template(
    "elsewhere",
    "You were not in your place from {times}: what was done then is not measured. Stay in one place.",
)
ABSENT: Final = Template("absent", "Nobody was seen from {times}: nothing was measured then.")
CUT_OFF: Final = Template("cut_off", "The {what} at {times} is cut off: it was counted as far as it was seen.")
OTHER_MOVEMENT: Final = Template(
    "other_movement",
    "This looks like another movement: {name}. If that is what you did, choose it and measure again.",
)
OTHERS_ERRORS: Final = Template(
    "others_errors",
    "The model {model} was not held against truth: the ± of each value is that of the usual one, and may be too small.",
)
CORRECTED: Final = Template("corrected", "Corrected by {who} on {day}: {count}.")
SOURCE: Final = "source"
"""Code of what the source of the pictures has to say besides: a damaged file, a slow computer."""
