"""The drawing on a frame of what the engine found."""

from checker.overlay.angle import Angle, angle_now
from checker.overlay.brush import SKY, WHITE, YELLOW, Rgb
from checker.overlay.overlay import Overlay

__all__ = ["SKY", "WHITE", "YELLOW", "Angle", "Overlay", "Rgb", "angle_now"]
