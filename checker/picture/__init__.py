"""The drawing of a movement: a figure at its start and its end, made from the joint angles in its file.

And the one thing that is drawn without a figure, the tower of blocks.
"""

from checker.picture.drawing import picture
from checker.picture.tower import tower

__all__ = ["picture", "tower"]
