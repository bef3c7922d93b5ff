"""Text on dark panels: labels, the clock, the banner of a fault, and where there is room for them.

Each panel is rendered once and blended from then on. Uses the font that OpenCV carries in itself
(its older Hershey fonts know no degree sign).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from checker.assessment import FaultResult
from checker.overlay.brush import BLUE, INK, SHIFT, VERMILLION, WHITE
from checker.skeleton import Array, Rgb

LARGE: Final = 2.0
"""The size of the clock's text against other text."""

Panel = tuple[Rgb, Rgb]
"""A text on its ground, (h, w, 3), and how much of the picture shows through, (h, w, 3)."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the frame, pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        """Return the square pixels that two boxes share; 0 where one is NaN."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width * height if width > 0 and height > 0 else 0.0


class Panels:
    """Panels for frames of one size.

    Attributes:
        pad: pixels between a text and the edge of its panel, and of the frame.
    """

    def __init__(self, width: int, height: int) -> None:
        """For frames of that size, pixels."""
        self._size_px = width, height
        self._text_px = max(11, round(20 * min(width, height) / 480))
        self.pad = max(4, round(0.4 * self._text_px))
        self._font = cv2.FontFace("sans")
        self._panels: dict[tuple[str, float], Panel] = {}

    def label(self, text: str, size: float = 1.0) -> Panel:
        """Return one line of text on a panel; `size` against the usual one."""
        if (text, size) not in self._panels:
            text_px = round(size * self._text_px)
            width, height = self._measure(text, 600, text_px)
            panel = _Canvas(width + 2 * self.pad, round(1.3 * height) + self.pad, 0.8, self.pad)
            panel.write(text, self.pad, self.pad // 2 + height, self._font, text_px, 600)
            self._panels[text, size] = panel.finish()
        return self._panels[text, size]

    def banner(self, fault: FaultResult) -> Panel:
        """Return a panel as wide as the frame: a fault's name and cue; of one that is not certain, why it is not."""
        key = f"fault {fault.id}", 0.0
        if key not in self._panels:
            self._panels[key] = self._render_banner(fault)
        return self._panels[key]

    def place(self, panel: Panel, centre: Array) -> Box:
        """Return where a panel lies around a point, moved inside the frame."""
        height, width = panel[0].shape[:2]
        left = float(np.clip(centre[0] - width / 2, 0, max(0, self._size_px[0] - width)))
        top = float(np.clip(centre[1] - height / 2, 0, max(0, self._size_px[1] - height)))
        return Box(left, top, left + width, top + height)

    def beside(self, panel: Panel, point: Array, towards: Array, avoid: list[Box]) -> Box:
        """Return where a panel lies beside a point: in a direction, or where it covers least of what to avoid.

        Args:
            panel: what to place.
            point: (2,) pixels.
            towards: (2,) the direction with room, a unit vector, or 0 to centre it on the point.
            avoid: what it should not cover.
        """
        height, width = panel[0].shape[:2]
        across = np.array([-towards[1], towards[0]])
        room = np.array([width, height]) / 2 + self.pad
        ways = [towards, towards + across, towards - across, 2 * towards, 3 * towards, across, -across, -towards]
        boxes = [self.place(panel, point + way * room) for way in ways]
        return min(boxes, key=lambda box: round(sum(box.overlap(a) for a in avoid)))

    def _render_banner(self, fault: FaultResult) -> Panel:
        width, text_px = self._size_px[0], self._text_px
        line_px, icon = round(1.35 * text_px), round(2.4 * text_px)
        left = icon + 2 * self.pad
        rows = [(line, 700) for line in self._wrap(fault.name, 700, width - left - self.pad)]
        words = f"Not certain: {fault.reason}." if fault.status == "unsure" else fault.cue
        rows += [(line, 400) for line in self._wrap(words, 400, width - left - self.pad)]
        panel = _Canvas(width, max(line_px * len(rows), icon) + 2 * self.pad, 0.85, 0)
        warn = fault.severity == "fault" and fault.status != "unsure"
        panel.icon(self.pad, self.pad, icon, warn=warn)
        sign_x, sign_y = self.pad + round(0.5 * icon - 0.14 * text_px), self.pad + round(0.83 * icon)
        sign = "?" if fault.status == "unsure" else "!" if warn else "i"
        panel.write(sign, sign_x, sign_y, self._font, round(1.3 * text_px), 800)
        for k, (line, weight) in enumerate(rows):
            panel.write(line, left, self.pad + line_px * k + text_px, self._font, text_px, weight)
        return panel.finish()

    def _wrap(self, text: str, weight: int, width_px: int) -> list[str]:
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self._measure(longer, weight, self._text_px)[0] <= width_px:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def _measure(self, text: str, weight: int, text_px: int) -> tuple[int, int]:
        """Return the width of a text, and the height of its capital letters, pixels."""
        box = cv2.getTextSize((8192, 512), text, (0, 256), self._font, text_px, weight)
        return int(box[0] + box[2]), round(0.74 * text_px)


def blend(rgb: Rgb, panel: Panel, box: Box) -> None:
    """Put a panel on the picture; what reaches over the edge is cut off."""
    x, y = max(0, int(box.left)), max(0, int(box.top))
    there = rgb[y : y + panel[0].shape[0], x : x + panel[0].shape[1]]
    height, width = there.shape[:2]
    if height and width:
        beneath = cv2.multiply(there, panel[1][:height, :width], scale=1 / 255)
        there[:] = cv2.add(beneath, panel[0][:height, :width])


class _Canvas:
    """A small panel to render on, with its opacity."""

    def __init__(self, width: int, height: int, opacity: float, radius: int) -> None:
        self._rgb: Rgb = np.full((height, width, 3), INK, np.uint8)
        self._alpha: Rgb = np.full((height, width), round(255 * opacity), np.uint8)
        if radius:
            self._alpha = _rounded(width, height, radius, round(255 * opacity))

    def write(self, text: str, x: int, y: int, font: cv2.FontFace, size: int, weight: int) -> None:
        """Write a text with its baseline at y."""
        cv2.putText(self._rgb, text, (x, y), WHITE, font, size, weight)

    def icon(self, x: int, y: int, size: int, *, warn: bool) -> None:
        """Draw a triangle for a fault, a disc for something worth knowing and for what is not certain."""
        if warn:
            corners = np.array([[x + size / 2, y], [x + size, y + 0.9 * size], [x, y + 0.9 * size]])
            fixed = np.round(corners * (1 << SHIFT)).astype(np.int32)
            cv2.fillPoly(self._rgb, [fixed], VERMILLION, cv2.LINE_AA, SHIFT)
        else:
            cv2.circle(self._rgb, (x + size // 2, y + size // 2), size // 2, BLUE, cv2.FILLED, cv2.LINE_AA)

    def finish(self) -> Panel:
        """Return the panel times its opacity, and what is left of the picture beneath, both (h, w, 3)."""
        alpha = cv2.merge([self._alpha] * 3)
        ink = np.asarray(cv2.multiply(self._rgb, alpha, scale=1 / 255), np.uint8)
        return ink, np.asarray(cv2.bitwise_not(alpha), np.uint8)


def _rounded(width: int, height: int, radius: int, level: int) -> Rgb:
    """Return an opacity mask with round corners."""
    mask = np.zeros((height, width), np.uint8)
    r = min(radius, width // 2, height // 2)
    for x in (r, width - 1 - r):
        for y in (r, height - 1 - r):
            cv2.circle(mask, (x, y), r, level, cv2.FILLED, cv2.LINE_AA)
    mask[r : height - r, :] = level
    mask[:, r : width - r] = level
    return mask
