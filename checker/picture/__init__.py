"""The drawing of a movement: a figure at its start and its end, made from the joint angles in its file."""

from checker.picture.drawing import picture

__all__ = ["picture"]
