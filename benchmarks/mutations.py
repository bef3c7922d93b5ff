"""Ways to spoil a real input: bits, blocks, sizes, numbers and times are changed. The same seed, the same input."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable
from random import Random
from typing import Any, Final

Mutation = Callable[[Random, bytes], bytes]

EXTREME: Final = (0, 1, 2, 3, 7, 8, 127, 128, 255, 256, 32767, 65535, 65536, 2**24 - 1, 2**31 - 1, 2**31, 2**32 - 1)
FOURCC: Final = re.compile(
    rb"mvhd|tkhd|mdhd|stts|ctts|stsc|stsz|stco|stss|elst|hdlr|stsd|avc1|avcC|mp4v|esds|trak|moov|mdat|dref|edts|udta"
    rb"|trun|tfhd|moof|ftyp|avih|strh|strf|movi|idx1|pasp|colr|uuid|meta"
)
"""Boxes of mp4 and chunks of avi: behind their names stand sizes, durations, time scales and counts."""

BLOCK: Final = 4096
LONG: Final = 1_000_000
MOST_BYTES: Final = 8_000_000
"""Of an input; more is not tried, because all doors refuse by the size alone."""


# --- of any bytes -------------------------------------------------------------------------------


def flip_bits(rng: Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def delete_block(rng: Random, data: bytes) -> bytes:
    start, end = _span(rng, data)
    return data[:start] + data[end:]


def repeat_block(rng: Random, data: bytes) -> bytes:
    start, end = _span(rng, data)
    return data[:end] + data[start:end] * rng.choice((1, 1, 2, 30)) + data[end:]


def overwrite_block(rng: Random, data: bytes) -> bytes:
    start, end = _span(rng, data)
    length = end - start
    new = rng.choice((bytes(length), b"\xff" * length, rng.randbytes(length)))
    return data[:start] + new + data[end:]


def swap_blocks(rng: Random, data: bytes) -> bytes:
    a, b, c, d = sorted(rng.randrange(len(data) + 1) for _ in range(4))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def cut_short(rng: Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data))]


def write_number(rng: Random, data: bytes) -> bytes:
    """An extreme whole number somewhere, mostly near the beginning."""
    reach = len(data) if rng.random() < 0.5 else min(len(data), 512)
    return _put_number(rng, data, rng.randrange(reach))


def write_in_box(rng: Random, data: bytes) -> bytes:
    """An extreme number in the head of a box of the container."""
    boxes = [m.start() for m in FOURCC.finditer(data)]
    if not boxes:
        return write_number(rng, data)
    for _ in range(rng.choice((1, 1, 2, 3))):
        data = _put_number(rng, data, max(0, rng.choice(boxes) + 4 * rng.randrange(-1, 12)))
    return data


BYTES: Final[tuple[Mutation, ...]] = (
    *(flip_bits, delete_block, repeat_block, overwrite_block, swap_blocks, cut_short, write_number),
    *(write_in_box, write_in_box, write_in_box),
)


def _span(rng: Random, data: bytes) -> tuple[int, int]:
    start = rng.randrange(len(data))
    return start, min(len(data), start + rng.randrange(1, BLOCK if rng.random() < 0.5 else 32))


def _put_number(rng: Random, data: bytes, at: int) -> bytes:
    kind = rng.choice((">I", ">I", "<I", ">H", "<H", ">Q", ">B"))
    most = 2 ** (8 * struct.calcsize(kind)) - 1
    number = struct.pack(kind, min(most, rng.choice((*EXTREME, most, most // 2, rng.randrange(most + 1)))))
    return (data[:at] + number + data[at + len(number) :])[: max(len(data), at + len(number))]


# --- of a text of numbers and names ---------------------------------------------------------------

NUMBERS: Final = (
    *("1e308", "-1e308", "1e-308", "5e-324", "-1", "0", "-0.0", "nan", "inf", "-inf", "1e9", "99999999999999999999"),
    *("9" * 400, "9" * 4000, "9" * 5000, "0.1", "1.0000000001", "true", '"3"', "[]", "{}", "[1, 2]", "[2, 1]"),
)


def change_number(rng: Random, data: bytes) -> bytes:
    return _replace(rng, data, rb"(?<![\w\"])-?\d+(?:\.\d+)?", rng.choice(NUMBERS).encode())


def change_text(rng: Random, data: bytes) -> bytes:
    new = rng.choice(('""', '"\\u0000"', '"\\uFFFF"', '"a; b: c"', '"{x} %s \\n"', "[]", "{}", "1979-05-27", "nan"))
    if rng.random() < 0.1:
        new = f'"{rng.choice("a[ .;é") * LONG}"'
    return _replace(rng, data, rb'"[^"\n]*"', new.encode())


def nest_deeply(rng: Random, data: bytes) -> bytes:
    """Lists within lists, sections within sections, in place of a value or as a line of its own."""
    depth = rng.choice((5, 50, 300, 900, 5000, 20_000))
    new = rng.choice(
        ("[" * depth + "]" * depth, "{a=" * depth + "1" + "}" * depth, '{"a":' * depth + "1" + "}" * depth)
    )
    if rng.random() < 0.3:
        return data + b"\n" + b".".join([b"a"] * depth) + b" = 1\n"
    return _replace(rng, data, rb'"[^"\n]*"|(?<==) *-?\d+(?:\.\d+)?', new.encode())


def repeat_line(rng: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    return b"\n".join([*lines[:at], *[lines[at]] * rng.choice((2, 3, 50, 3000)), *lines[at + 1 :]])


def drop_line(rng: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    del lines[rng.randrange(len(lines))]
    return b"\n".join(lines)


def swap_lines(rng: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return b"\n".join(lines)


def grow_list(rng: Random, data: bytes) -> bytes:
    """A list with very many entries, on one line or on as many."""
    entry = rng.choice(("1", '"some words"', "[1, 2]", "{}", "-1"))
    between = rng.choice((", ", ",\n"))
    new = f"[{between.join([entry] * rng.choice((2, 200, 20_000)))}]"
    return _replace(rng, data, rb"\[[^\[\]]*\]", new.encode())


TEXT: Final[tuple[Mutation, ...]] = (
    *(change_number,) * 5,
    *(change_text,) * 2,
    *(nest_deeply, repeat_line, drop_line, swap_lines, grow_list, flip_bits, delete_block, repeat_block, cut_short),
)


def _replace(rng: Random, data: bytes, pattern: bytes, new: bytes) -> bytes:
    found = list(re.finditer(pattern, data))
    if not found:
        return data + new
    one = rng.choice(found)
    return data[: one.start()] + new + data[one.end() :]


# --- of a text of JSON ----------------------------------------------------------------------------


def change_json(rng: Random, data: bytes) -> bytes:
    """A value of another kind, or a key more or less."""
    try:
        value: dict[str, Any] = dict(json.loads(data))
    except (ValueError, TypeError, RecursionError):
        return data
    key = rng.choice([*value, "x", "type"])
    value[key] = rng.choice((None, True, -1, 10**400, 1e308, -1e308, float("nan"), float("inf"), "9", [], {}, "\0"))
    if rng.random() < 0.2:
        del value[rng.choice(list(value))]
    return json.dumps(value).encode()


# --- of the times of pictures ----------------------------------------------------------------------

PAIR: Final = struct.Struct("<dd")
"""When a picture was taken by the browser's clock, and when it arrived by the server's, seconds."""

JUMPS: Final = (1e308, -1e308, 1e12, 1e9, 1e4, 3600.0, 60.0, 6.0, 4.9, 1.0, 1e-9, 0.0, -1e-9, -1.0, -4.9, -60.0, -1e9)


def jump(rng: Random, data: bytes) -> bytes:
    """One time is absurd, or all from there on are; or the server's clock stands still or leaps."""
    pairs = [list(pair) for pair in PAIR.iter_unpack(data[: len(data) // PAIR.size * PAIR.size])]
    at, by = rng.randrange(len(pairs)), rng.choice(JUMPS)
    which = 1 if by >= 0 and rng.random() < 0.2 else 0
    last = len(pairs) if which or rng.random() < 0.5 else at + 1
    for pair in pairs[at:last]:
        pair[which] += by
    return b"".join(PAIR.pack(*pair) for pair in pairs)


def mutated(rng: Random, data: bytes, mutations: tuple[Mutation, ...]) -> bytes:
    """A few mutations, one after another; mostly one, because two of them often end at the first door."""
    for _ in range(rng.choice((1, 1, 1, 2, 2, 4))):
        data = rng.choice(mutations)(rng, data or b"\0")[:MOST_BYTES]
    return data
