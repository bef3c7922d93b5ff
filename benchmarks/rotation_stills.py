"""Renders still pictures of people who turn their trunk, for `rotation_fit.py`.

    LP_NUM_THREADS=1 .render/bin/python benchmarks/rotation_stills.py STILLS --people 700-779

Run with the renderer's own Python (../shared/render/README.md). A clip shows one person in 150 like pictures; what
there is to learn lies in many people and rooms, so each session renders only a start posture and a dozen
others: turns of 8 to 48 degrees to either side, some with a pelvis that follows or a lean to the side, and heads
that turn alone. Of every third person one session is in a plain room, all others are in lived-in ones
(`many.room`). Heads go with the trunk, go further, or stay with the camera; arms are crossed, hang, or the
hands lie on the hips. Pictures and truth are written to STILLS as NAME_I.jpg and NAME.json; what is there is kept.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np

RENDERER: Final = Path(__file__).resolve().parent.parent.parent / "shared" / "render"
SIZES: Final = ((640, 360), (480, 640), (360, 640))
PLAIN_SIZE: Final = (480, 640)
TRUTHS: Final = ("shoulder_line_rotation", "pelvis_line_rotation", "axial_rotation_pelvis_to_shoulders")
OUT_OF: Final = 40.0
"""Degrees to which the movement is set up; a posture is a share of it."""

Posture = dict[str, Any]


def tool(name: str) -> Any:
    """A module of the renderer."""
    if str(RENDERER) not in sys.path:
        sys.path.insert(0, str(RENDERER))
    return importlib.import_module(name)


def wanted(r: np.random.Generator, turns: int, seated: bool) -> list[tuple[str, float, str | None]]:
    """(kind, share of the movement, side) of each picture; the first two are starts."""
    out: list[tuple[str, float, str | None]] = [("start", 0.0, None), ("start", 0.0, None)]
    for side in ("left", "right"):
        shares = r.permutation(np.linspace(0.25, 1.1, turns)) + r.uniform(-0.12, 0.12, turns)
        out += [("turn", float(share), side) for share in shares]
        kind = "lean" if seated or r.random() < 0.35 else "pelvis"
        out += [(kind, float(r.uniform(0.6, 1.1)), side), ("head", 0.0, side)]
    return out


def head_share(r: np.random.Generator) -> float:
    """The turn of the neck over that of the movement: with it, much further, against it, or not at all."""
    low, high = ((0.5, 1.5), (0.5, 1.5), (1.5, 4.0), (-2.8, 0.5))[int(r.integers(4))]
    return float(r.uniform(low, high))


def postures(rig: Any, r: np.random.Generator, turns: int, seated: bool, arms: str) -> tuple[Any, list[Posture]]:
    """The movement's plan, and the skeleton and true angles of every picture."""
    move, both = tool("movements").trunk_rotation, {"seated": seated, "arms": "hang" if arms == "hang" else "crossed"}
    plans = {
        "turn": move(rig, left=OUT_OF, right=OUT_OF, **both),
        "pelvis": move(rig, left=26, right=26, pelvis_turn=float(r.uniform(8, 32)), **both),
        "lean": move(rig, left=26, right=26, side_lean=float(r.uniform(10, 27)), **both),
    }
    neck, first, out = head_share(r), None, []
    for kind, share, side in wanted(r, turns, seated):
        pose = plans.get(kind, plans["turn"])["pose"](share, side if share else None, 0 if share else None)
        turned = np.asarray(pose.get("neck", (0, 0, 0)), float)
        turned[2] *= neck * r.uniform(0.85, 1.15)
        if kind == "head":
            turned[2] += (1 if side == "left" else -1) * r.uniform(20, 65)
        pose["neck"] = turned
        if arms == "hips":
            pose = {k: v for k, v in pose.items() if not k.startswith("arm_")}
            pose["arms"] = {"mode": "rel", "bone": "root", "offset": (0.165, 0.02, -0.03), "pole": (0.9, 0.1, -1)}
        for part in ("pelvis", "lumbar", "thoracic", "neck"):
            unrest = r.normal(0, 1, 3) * (0.5 if part == "pelvis" else 0.9)
            pose[part] = tuple(np.asarray(pose.get(part, (0, 0, 0)), float) + unrest)
        if "midhip" not in pose:
            pose["shift"] = tuple(np.asarray(pose.get("shift", (0, 0))) + r.normal(0, 0.004, 2))
        turns_of, places = rig.solve(pose)
        first = rig.joints(turns_of, places) if first is None else first
        angles, joints = rig.angles(turns_of, places, np.eye(3), first)
        made = {"kind": kind, "G": turns_of, "P": places, "angles": angles, "joints": joints}
        out.append(made | {"phase": "hold", "seat_h": pose.get("seat_h")})
    return plans["turn"], out


class Room:
    """A camera and what stands before it; draws one posture after another."""

    def __init__(self, plan: Any, frames: list[Posture], r: np.random.Generator, cond: dict[str, Any] | None) -> None:
        render, conditions, clip = tool("render"), tool("conditions"), tool("make_clip")
        self.r, self.cond, self.drawn = r, cond, 0
        self.size = SIZES[int(r.integers(3))] if cond else PLAIN_SIZE
        if cond:
            self.k, at, way, self.centre, self.yaw, _ = conditions.camera("front", frames, *self.size, r, cond)
            self.m, self.renderer = at(), render.Renderer(*self.size, 0)
            self.floor, self.light = conditions.scene(self.renderer, plan, self.centre, way, frames, r, cond)
        else:
            self.k, self.m, way, self.centre, self.yaw = clip.camera("front", frames, *self.size, r)
            self.renderer = render.Renderer(*self.size)
            self.floor = clip.scene(self.renderer, plan, self.centre, way, frames, r)
            angle = np.radians(self.yaw + r.uniform(25, 55) * r.choice([-1, 1]))
            self.light = {"light": (np.sin(angle) * 0.8, r.uniform(0.8, 1.2), np.cos(angle) * 0.8)}

    def picture(self, places: dict[str, Any]) -> tuple[Any, int]:
        """The picture as its camera gives it, and the JPEG quality that stands for the clip's bit rate."""
        soft = {"foot.L": 0.075, "foot.R": 0.075, "lowerleg01.L": 0.075, "lowerleg01.R": 0.075}
        soft |= {"root": 0.13, "spine01": 0.13, "head": 0.09}
        shade = [(*places[bone], size) for bone, size in soft.items()]
        light, self.drawn = self.light["light"], self.drawn + 1
        if self.cond is None:
            image = self.renderer.frame(self.k, self.m, light, self.centre, shade, floor=self.floor)
            noise = self.r.normal(0, 2.2, image.shape[:2])[..., None]
            return np.clip(image + noise, 0, 255).astype(np.uint8), 92
        lamps = {k: self.light[k] for k in ("keyi", "keyc", "ambk")}
        image = self.renderer.frame(
            self.k, self.m, light, self.centre, shade, floor=self.floor, bake=True, **lamps
        ).astype(np.float32)
        image, _ = tool("conditions").shaken(image, self.drawn * 1.37, self.cond.get("shake", 0))
        image = tool("conditions").post(image, self.r, self.cond, self.light, self.drawn, 12)
        return image, int(np.interp(self.cond["kbps"], [250, 900], [35, 75]))


def session(folder: Path, person: int, number: int) -> None:
    """Render one person in one room, if it is not there yet."""
    from PIL import Image

    name = f"p{person}_{number}"
    if (folder / f"{name}.json").exists():
        return
    clip, r = tool("make_clip"), np.random.default_rng((person, number))
    body, home = tool("mhbody").person(person), bool(number or person % 3)
    seated, arms = bool(r.random() < 0.22), str(r.choice(["crossed"] * 7 + ["hang", "hang", "hips"]))
    arms = "crossed" if seated and arms == "hips" else arms
    cond = tool("many").room(r, False) if home else None
    wear = (cond or {}).get("wear")
    character = clip.dressed(body, wear)
    rig = tool("rig").Rig(character)
    rig.balance = 6
    plan, frames = postures(rig, r, 3, seated, arms)
    room = Room(plan, frames, r, cond)
    human = tool("render").Human(room.renderer, character, person, wear)
    for i, frame in enumerate(frames):
        human.update(rig.matrices(frame["G"], frame["P"]))
        image, quality = room.picture(frame["P"])
        Image.fromarray(image).save(folder / f"{name}_{i}.jpg", quality=quality)
    room.renderer.ctx.release()
    rows = [{"kind": f["kind"], **{k: float(f["angles"][k]) for k in TRUTHS}} for f in frames]
    about = {"person": person, "home": home, "seated": seated, "arms": arms, "size": room.size}
    about |= {"yaw": float(room.yaw), "conditions": cond, "pictures": rows}
    (folder / f"{name}.json").write_text(json.dumps(about))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", default="700-779", help="700-779 are fitted on, 780-819 were kept for the check")
    parser.add_argument("--sessions", type=int, default=2, help="rooms for each person")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    low, high = map(int, args.people.split("-"))
    for number in range(args.sessions):
        for person in range(low, high + 1):
            session(args.folder, person, number)
            print(f"p{person}, room {number + 1}", flush=True)


if __name__ == "__main__":
    main()
