"""The drawing on a frame: skeleton, measured angle, count, clock and faults of an analysis."""

from checker.overlay.angle import Angle, angle_now
from checker.overlay.brush import SKY, WHITE, YELLOW
from checker.overlay.overlay import Overlay
from checker.skeleton import Rgb

__all__ = ["SKY", "WHITE", "YELLOW", "Angle", "Overlay", "Rgb", "angle_now"]
