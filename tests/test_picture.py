"""The drawings: valid, readable, inside their panels, and true to the angles."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from checker.exercise import Exercise
from checker.library import list_exercises
from checker.picture import drawing as picture_module
from checker.picture import furniture, shapes
from checker.picture.drawing import GAP, HEIGHT, PANEL_W, picture

SOURCE = {"source": "a textbook", "status": "clinical judgement"}
SVG = "{http://www.w3.org/2000/svg}"
NUMBER = r"-?\d+(?:\.\d+)?"


def movement(start: dict[str, Any], end: dict[str, Any] | None = None, **changes: Any) -> Exercise:
    """A guided movement with that picture."""
    scene = {"start": start, "end": end, "caption": changes.pop("caption", "Do it")}
    scene |= {k: changes.pop(k) for k in ("marked", "props") if k in changes}
    view = changes.pop("view", "side")
    return Exercise.model_validate(
        {
            "id": "some_movement", "name": "Some movement", "kind": "guided", "position": "standing", "view": view,
            "phases": [1], "summary": "Do it.", "why": "It helps.", "steps": ["Do it."], "cautions": ["Gently."],
            "sources": ["a textbook"], "doses": [{"repetitions": 3} | SOURCE], "picture": scene,
        }
        | changes
    )  # fmt: skip


def corners(svg: str) -> list[tuple[float, float]]:
    """Every absolute position of the drawing's paths, panel by panel from its own left edge."""
    found = []
    for path in ElementTree.fromstring(svg).iter(f"{SVG}path"):
        found += [(float(x), float(y)) for x, y in re.findall(rf"[ML]({NUMBER})[ ,]({NUMBER})", path.attrib["d"])]
    return found


POSTURES: list[dict[str, Any]] = [
    {"start": {}, "end": {"arms": 180}},
    {"start": {}, "end": {"trunk": 110, "hips": 105, "arms": 110}},
    {"start": {"hips": 90, "knees": 90}, "end": {"arms": 10}, "props": ["chair"], "marked": "knee"},
    {"start": {"hips": 90, "knees": 90}, "view": "front", "props": ["chair"],
     "end": {"hips": 90, "knees": 90, "turn": 35}},
    {"start": {"trunk": -90}, "end": {"trunk": -90, "arms": 180}, "props": ["pillow"], "marked": "arm"},
    {"start": {"trunk": -90, "hips": 45, "knees": 95, "arms_out": 80}, "view": "front",
     "end": {"trunk": -90, "hips": 45, "knees": 95, "arms_out": 80, "knees_aside": 60}, "marked": "leg"},
    {"start": {"trunk": 90, "arms": 170}, "end": {"trunk": 70, "hips": -20, "arms": 170}, "marked": "trunk"},
    {"start": {"hips": 20, "knees": 20}, "end": {"hips": 90, "knees": 90}, "props": ["wall"], "marked": "hip"},
    {"start": {"hips": [90, 90], "knees": [0, 90]}, "props": ["bed"]},
    {"start": {"trunk": 80, "hips": 80, "knees": 90, "arms": 80}, "marked": "back",
     "end": {"trunk": 80, "hips": 80, "knees": 90, "arms": 80, "rounding": 45}},
    {"start": {}, "props": ["box", "ball", "small_ball", "roller", "ice", "pillow", "chair", "wall", "bed"]},
]  # fmt: skip


@pytest.mark.parametrize("scene", POSTURES)
def test_every_posture_stays_inside_its_panels(scene: dict[str, Any]) -> None:
    drawing = picture(movement(**scene))
    panels = 2 if scene.get("end") is not None else 1
    assert ElementTree.fromstring(drawing).attrib["viewBox"] == f"0 0 {panels * PANEL_W + (panels - 1) * GAP} {HEIGHT}"
    for x, y in corners(drawing):
        assert 0 <= x <= PANEL_W + GAP
        assert 0 <= y <= HEIGHT
    assert drawing == picture(movement(**scene)), "the same every time"


def test_both_panels_are_named_and_one_is_enough_where_nothing_moves() -> None:
    two = ElementTree.fromstring(picture(movement({}, {"trunk": 40}, caption="Lean")))
    assert [t.text for t in two.iter(f"{SVG}text")] == ["Start", "Lean"]
    one = ElementTree.fromstring(picture(movement({}, caption="Stand tall")))
    assert [t.text for t in one.iter(f"{SVG}text")] == ["Stand tall"]
    assert len(list(one.iter(f"{SVG}g"))) == 1


def test_it_tells_what_it_shows_to_those_who_do_not_see_it() -> None:
    root = ElementTree.fromstring(picture(movement({}, {"trunk": 40}, caption="Lean forward.")))
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "Some movement: start and end position: Lean forward."


def test_words_are_escaped_and_long_ones_take_two_lines() -> None:
    drawing = picture(
        movement({}, name='<b>"Bend" & turn', caption='Turn <i>as</i> far as "it" goes & come back slowly')
    )
    assert "<b>" not in drawing
    assert "<i>" not in drawing
    root = ElementTree.fromstring(drawing)
    assert root.attrib["aria-label"].startswith('<b>"Bend" & turn')
    assert len(list(root.iter(f"{SVG}text"))) == 2


def test_a_movement_to_avoid_says_so_in_words_and_by_shape() -> None:
    calm = picture(movement({}, {"trunk": 110}))
    avoid = picture(movement({}, {"trunk": 110}, kind="avoid", doses=[], phases=[]))
    assert "Not while it hurts" in avoid
    assert "Not while it hurts" not in calm
    assert ElementTree.fromstring(avoid).attrib["aria-label"].endswith("Not while it hurts.")
    assert avoid.count("<circle") > calm.count("<circle")


def arc_of(drawing: str) -> float:
    """The angle that the arc spans, degrees, from its ends and the corner where the lines meet."""
    paths = [p.attrib for p in ElementTree.fromstring(drawing).iter(f"{SVG}path")]
    lines = [re.findall(rf"({NUMBER}) ({NUMBER})", p["d"]) for p in paths if p.get("stroke") == shapes.MARK]
    dashed, now = ([tuple(map(float, q)) for q in line] for line in lines[-3:-1])
    assert dashed[0] == now[0]
    directions = [math.atan2(end[1] - start[1], end[0] - start[0]) for start, end in (dashed, now)]
    turn = math.degrees(directions[1] - directions[0])
    return abs((turn + 180) % 360 - 180)


@pytest.mark.parametrize(
    ("marked", "start", "end", "truth"),
    [
        ("trunk", {}, {"trunk": 42, "hips": 42}, 42),
        ("hip", {}, {"trunk": 42, "hips": 60, "knees": 30}, 60),
        ("hip", {"trunk": -90, "hips": 45, "knees": 95}, {"trunk": -112, "hips": 5, "knees": 95}, 40),
        ("knee", {}, {"trunk": 35, "hips": 100, "knees": 85}, 85),
        ("leg", {"trunk": -90, "hips": 45, "knees": 95}, {"trunk": -90, "hips": [120, 45], "knees": [130, 95]}, 75),
        ("arm", {"arms": 20}, {"arms": [20, 130]}, 110),
    ],
)
def test_the_marked_angle_is_the_angle_of_the_movement(
    marked: str, start: dict[str, Any], end: dict[str, Any], truth: float
) -> None:
    assert arc_of(picture(movement(start, end, marked=marked))) == pytest.approx(truth, abs=3.0)


def test_a_side_bend_is_marked_from_the_front() -> None:
    assert arc_of(picture(movement({}, {"lean": 30}, marked="trunk", view="front"))) == pytest.approx(30, abs=1.0)


def test_a_turn_is_shown_from_above() -> None:
    assert "from above" in picture(movement({}, {"turn": 30}, view="front"))
    assert "from above" not in picture(movement({}, {"lean": 30}, view="front"))


def test_rounding_shows_in_the_line_of_the_back() -> None:
    flat, round_ = ({"trunk": 80, "hips": 80, "knees": 90, "arms": 80, "rounding": r} for r in (0, 40))
    assert picture(movement(flat)) != picture(movement(round_))


def test_the_moving_leg_is_the_near_one() -> None:
    lying = {"trunk": -90, "hips": 45, "knees": 95}
    left = picture(movement(lying, lying | {"hips": [120, 45]}))
    right = picture(movement(lying, lying | {"hips": [45, 120]}))
    assert left == right


def test_nothing_comes_from_elsewhere_and_no_movement_is_named_in_the_code() -> None:
    drawing = picture(movement({}, {"trunk": 40}, props=["chair"]))
    assert "http" not in drawing.replace("http://www.w3.org/2000/svg", "")
    code = "".join(
        Path(m.__file__).read_text(encoding="utf-8") for m in (picture_module, furniture, shapes) if m.__file__
    )
    assert not [e.id for e in list_exercises() if e.id in code]
