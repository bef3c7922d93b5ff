"""A movement from answers as the text of a commented exercise file."""

from __future__ import annotations

from typing import Any, Final

import tomlkit

from checker.library.draft import Answers
from checker.library.posing import picture_of

REMARKS: Final = {
    "id": "as the file is named, without .toml",
    "phases": "of the programme, 1 to 10",
    "load": "what pain allows goes by it",
    "direction": "of the low back",
    "min_excursion": "from the start posture, in the signal's unit",
    "threshold": "in the signal's unit, a ratio, seconds or a count; see exercises/README.md",
    "start": "joint angles in degrees; what is left out is 0",
}
"""The remark behind a key, the first time that it comes."""

HEADINGS: Final = {
    "doses": "how much of it",
    "precautions": "what is different for whom",
    "picture": "the drawing: adjust the angles until the figure looks right",
    "repetition": "what counts",
    "hold": "what counts",
    "measures": "what is reported",
    "faults": "what is flagged",
}


def document(a: Answers) -> Answers:
    """Return the answers as the whole of a file: with the drawing, where it was not made already."""
    return a if "picture" in a else a | {"picture": picture_of(a)}


def as_toml(a: Answers) -> str:
    """Return a movement as the text of a commented exercise file."""
    a = document(a)
    unsaid = dict(REMARKS)
    sections = [key for key in HEADINGS if a.get(key)]
    out = ["# A movement of BackCheck. What each key means: exercises/README.md", ""]
    out += [_line(key, value, unsaid) for key, value in a.items() if key not in HEADINGS]
    for key in sections:
        entries = a[key] if isinstance(a[key], list) else [a[key]]
        header = f"[[{key}]]" if isinstance(a[key], list) else f"[{key}]"
        for i, entry in enumerate(entries):
            out += ["", f"{header}  # {HEADINGS[key]}" if i == 0 else header]
            out += [_line(k, v, unsaid) for k, v in entry.items() if k != "conditions"]
            for condition in entry.get("conditions", []):
                out += ["", f"[[{key}.conditions]]", *(_line(k, v, unsaid) for k, v in condition.items())]
    return "\n".join(out) + "\n"


def _line(key: str, value: Any, unsaid: dict[str, str]) -> str:
    """Return a key with its value, and a remark the first time that it comes."""
    item = _item(value)
    if isinstance(value, list) and value and isinstance(value[0], str) and key not in {"props", "names"}:
        return "\n".join([f"{key} = [", *(f"  {tomlkit.item(v).as_string()}," for v in value), "]"])
    remark = unsaid.pop(key, "")
    return f"{key} = {item.as_string()}" + (f"  # {remark}" if remark else "")


def _item(value: Any) -> Any:
    """Return a value as TOML has it on one line: a section within a section stands in braces."""
    if not isinstance(value, dict):
        return tomlkit.item(value)
    inner = tomlkit.inline_table()
    for key, one in value.items():
        inner[key] = _item(one)
    return inner
