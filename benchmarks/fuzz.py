"""Mutated inputs at every door: how many are refused in words, taken, or take something down.

    python -m benchmarks.fuzz [--videos N] [--recordings N] [--exercises N] [--messages N] [--clocks N] [--uploads N]
                              [--poses N] [--seed S] [--seconds T] [--keep FOLDER]

Each is tried in a process that the program itself would use, and that is replaced when it ends or hangs. Whatever
took something down is kept in the folder, named by its kind, seed and number.
"""

from __future__ import annotations

import argparse
import io
import queue
import re
import struct
import sys
import tempfile
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import cv2
import numpy as np
from doors import DOORS, Verdict, serve
from mutations import BYTES, PAIR, TEXT, Mutation, change_json, jump, mutated

from checker.service.live.protocol import HEADER
from checker.service.workers import Worker, WorkerDiedError
from checker.track import PoseTrack, missing_pose

ROOT: Final = Path(__file__).resolve().parent.parent
SEEDS: Final = ROOT / "tests" / "corpus" / "seeds"
HUNG_S: Final = 10.0

FORM: Final = (
    b"multipart/form-data; boundary=----b42\n------b42\r\nContent-Disposition: form-data; name=file; filename=a.mp4"
    b"\r\nContent-Type: video/mp4\r\n\r\n" + bytes(range(256)) * 8 + b"\r\n------b42--\r\n"
)
TEXTS: Final = (
    b'T{"type": "pain", "time": 12.5}',
    b'T{"type": "quality", "model": "lite"}',
    b'T{"type": "mirrored", "mirrored": true}',
    *(b'T{"type": "%b"}' % word for word in (b"restart", b"ping", b"finish", b"ask_hand")),
    b"P[1.5, 20, 600]",
)


@dataclass
class Tally:
    """What became of the inputs of a kind.

    Attributes:
        faults: what took something down: number of the input and why.
    """

    tried: int = 0
    refused: int = 0
    taken: int = 0
    tracebacks: int = 0
    hangs: int = 0
    crashes: int = 0
    slowest_s: float = 0.0
    slowest: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)

    def note(self, number: int, verdict: Verdict | str, took_s: float) -> None:
        """Count an input by what became of it: a verdict, or "hang" or "crash"."""
        self.tried += 1
        if took_s > self.slowest_s:
            self.slowest_s, self.slowest = took_s, number
        if isinstance(verdict, str):
            self.hangs += verdict == "hang"
            self.crashes += verdict == "crash"
            self.faults.append((number, verdict))
        elif verdict.trace:
            self.tracebacks += 1
            self.faults.append((number, verdict.trace))
        else:
            self.taken += verdict.taken
            self.refused += not verdict.taken


class Visitor:
    """A process that knocks at doors, and the next one when it ends."""

    def __init__(self) -> None:
        self._worker: Worker | None = None

    def knock(self, kind: str, data: bytes) -> Verdict | str:
        """What the door does; "hang" or "crash" where it does nothing any more."""
        if self._worker is None:
            self._worker = Worker()
            self._worker.begin(serve)
        try:
            self._worker.send((kind, data))
            verdict = self._worker.receive(HUNG_S)
            assert isinstance(verdict, Verdict)
            return verdict
        except queue.Empty:
            self.close()
            return "hang"
        except WorkerDiedError:
            self.close()
            return "crash"

    def close(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None


# --- inputs -------------------------------------------------------------------------------------


@cache
def originals(kind: str) -> tuple[bytes, ...]:
    """Sound inputs of a kind."""
    if kind == "videos":
        return tuple(p.read_bytes() for p in sorted(SEEDS.iterdir()) if not p.stem.startswith("recording"))
    if kind == "recordings":
        return tuple(p.read_bytes() for p in sorted(SEEDS.glob("recording*")))
    if kind == "exercises":
        return tuple(p.read_bytes() for p in sorted((ROOT / "exercises").glob("*.toml")))
    if kind == "messages":
        return (*_frames(), *TEXTS)
    if kind == "clocks":
        return tuple(
            b"".join(PAIR.pack(begin_s + i * 0.05, i * 0.05 + 0.01) for i in range(40)) for begin_s in (0.0, 1e3, 1.7e9)
        )
    return (_poses(),) if kind == "poses" else (FORM,)


def _frames() -> list[bytes]:
    grey = np.linspace(0, 255, 96 * 128 * 3).reshape(96, 128, 3).astype(np.uint8)
    ways: tuple[list[int], ...] = ([], [cv2.IMWRITE_JPEG_PROGRESSIVE, 1], [cv2.IMWRITE_JPEG_RST_INTERVAL, 4])
    return [b"F" + HEADER.pack(7, 1, 2.5) + cv2.imencode(".jpg", grey, way)[1].tobytes() for way in ways]


def _poses() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "poses.npz"
        PoseTrack.stack([missing_pose(i / 30) for i in range(5)], 640, 480).save(path)
        return path.read_bytes()


def spoilt(kind: str, seed: int, number: int) -> bytes:
    """An input of a kind; the same seed and number, the same input."""
    rng = Random(f"{kind} {seed} {number}")
    original = rng.choice(originals(kind))
    if kind == "messages":
        return _message(rng, original)
    ways: dict[str, tuple[Mutation, ...]] = {"exercises": TEXT, "clocks": (jump,)}
    return mutated(rng, original, ways.get(kind, BYTES))


def _message(rng: Random, original: bytes) -> bytes:
    """A frame with another header or a spoilt picture, or another text."""
    if original[:1] != b"F":
        return original[:1] + mutated(rng, original[1:], (*TEXT, change_json, change_json, change_json))
    head, jpeg = original[1 : 1 + HEADER.size], original[1 + HEADER.size :]
    if rng.random() < 0.3:
        times = (float("nan"), float("inf"), -1.0, 1e308, 5e-324, 1e10, rng.uniform(0, 1e4))
        head = HEADER.pack(rng.choice((0, 2**32 - 1)), rng.choice((0, 2**32 - 1)), rng.choice(times))
    if rng.random() < 0.8:
        jpeg = mutated(rng, jpeg, (*BYTES[:7], _resized))
    return b"F" + (head + jpeg if rng.random() < 0.95 else (head + jpeg)[: rng.randrange(40)])


def _resized(rng: Random, jpeg: bytes) -> bytes:
    """A picture that tells another size than it has."""
    found = re.search(rb"\xff[\xc0\xc2]\0.\x08", jpeg, re.DOTALL)
    if found is None:
        return jpeg
    size = struct.pack(">HH", *(rng.choice((0, 1, 63, 64, 127, 1920, 1921, 65535)) for _ in range(2)))
    return jpeg[: found.end()] + size + jpeg[found.end() + 4 :]


# --- the run ------------------------------------------------------------------------------------


def run(kind: str, count: int, seed: int, until_s: float, visitor: Visitor, keep: Path | None = None) -> Tally:
    """Try so many inputs of a kind, as far as the time goes."""
    tally = Tally()
    for number in range(count):
        if time.monotonic() > until_s:
            break
        data = spoilt(kind, seed, number)
        began_s = time.monotonic()
        verdict = visitor.knock(kind, data)
        before = len(tally.faults)
        tally.note(number, verdict, time.monotonic() - began_s)
        if len(tally.faults) > before and keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{kind}-{seed}-{number}").write_bytes(data)
    return tally


def table(tallies: dict[str, Tally]) -> str:
    """The figures, a line for each kind."""
    out = io.StringIO()
    heads = ("tried", "refused", "taken", "tracebacks", "hangs", "crashes", "slowest_s")
    print(f"{'':11}", *(f"{head:>11}" for head in heads), file=out)
    for kind, tally in tallies.items():
        cells = [getattr(tally, head) for head in heads]
        print(f"{kind:11}", *(f"{c:11.2f}" if isinstance(c, float) else f"{c:11}" for c in cells), file=out)
    return out.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for kind in DOORS:
        parser.add_argument(f"--{kind}", type=int, default=None, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--keep", type=Path, default=Path("fuzz-found"))
    args = parser.parse_args()
    counts = {kind: getattr(args, kind) for kind in DOORS}
    if all(count is None for count in counts.values()):
        counts = dict.fromkeys(DOORS, 1000)
    until_s = time.monotonic() + args.seconds
    visitor, tallies = Visitor(), {}
    try:
        for kind, count in counts.items():
            if count:
                tallies[kind] = run(kind, count, args.seed, until_s, visitor, args.keep)
                for number, why in tallies[kind].faults[:5]:
                    print(f"{kind} {args.seed} {number}: {why.strip()[-1500:]}\n", flush=True)
    finally:
        visitor.close()
    print(table(tallies))
    return int(any(tally.faults for tally in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
