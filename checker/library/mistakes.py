"""An exercise file's text, checked: a movement, or every mistake with its line, key and what was expected."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from checker.exercise import Exercise
from checker.library.toml_lines import Key, index_lines, line_of
from checker.signals import CATALOGUE

MOST_TOLD: Final = 50
MOST_LOOKED_AT: Final = 300
"""Mistakes that are told, and looked at: who has made more has begun with another file."""

LONGEST_NAME: Final = 64
DEEP_KEY: Final = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){20}""")
"""A key of more names than any has."""


@dataclass(frozen=True)
class Mistake:
    """One mistake: its line from 1, the key as a file's writer would name it (may be empty), and what is wrong."""

    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.key}: {self.message}" if self.key else self.message


class MistakesError(ValueError):
    """A text is no valid exercise file."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(str(m) for m in mistakes))
        self.mistakes = mistakes


def parse_exercise(text: str, name: str) -> Exercise:
    """The movement that a file's text describes.

    Args:
        text: TOML.
        name: of the file without its suffix, which its id must be.

    Raises:
        MistakesError: with every mistake, in the order of their lines.
    """
    if too_deep := DEEP_KEY.search(text):  # the TOML reader's time grows with the square of their number
        line = text.count("\n", 0, too_deep.start()) + 1
        raise MistakesError([Mistake(line, "", "expected a key of a few names, got very many with dots between them")])
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # the TOML reader passes on Python's own limits
        raise MistakesError([_not_toml(str(error), text)]) from error
    exercise, found = check_document(data)
    if isinstance(data.get("id"), str) and data["id"] != name:
        found.insert(0, (("id",), f"expected {_shown(name)}, as the file is named, got {_shown(data['id'])}"))
    if exercise is not None and not found:
        return exercise
    lines = index_lines(text)
    told = [Mistake(line_of(key, lines), _written(key), " ".join(what.split())) for key, what in found]
    mistakes = sorted(dict.fromkeys(told), key=lambda m: m.line)
    if len(mistakes) > MOST_TOLD:
        left = f"there are more than {MOST_TOLD} mistakes; the others are told when these are mended"
        mistakes = [*mistakes[:MOST_TOLD], Mistake(mistakes[MOST_TOLD].line, "", left)]
    raise MistakesError(mistakes)


def check_document(data: dict[str, Any]) -> tuple[Exercise | None, list[tuple[Key, str]]]:
    """The movement that the keys of a file make, or None; and each mistake: at which key, what was expected, what came.

    Args:
        data: as the TOML reader gives it.
    """
    try:
        return Exercise.model_validate(data), []
    except ValidationError as error:
        found = [place for one in error.errors()[:MOST_LOOKED_AT] for place in _places(one, data)]
        return None, found


# --- TOML itself --------------------------------------------------------------------------------


def _not_toml(message: str, text: str) -> Mistake:
    """The TOML reader's message with its line and column taken out of the brackets."""
    place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    what = re.sub(r" \(at .*\)$", "", message)
    what = f"{what[:1].lower()}{what[1:]}".replace("cannot overwrite a value", "this key stands twice")
    if place is None:
        return Mistake(text.rstrip().count("\n") + 1, "", f"not valid TOML: {what}")
    return Mistake(int(place[1]), "", f"not valid TOML: {what}, at column {place[2]}")


# --- where --------------------------------------------------------------------------------------


def _places(error: Any, data: dict[str, Any]) -> list[tuple[Key, str]]:
    """Each mistake that one of pydantic's errors stands for, with its key."""
    if not error["loc"]:
        problems = error["msg"].removeprefix("Value error, ").split("; ")
        return [_without_name(_culprit(problem, data), problem) for problem in problems]
    key, other = _key(error, data)
    if other:
        return []
    section = error["input"] if isinstance(error["input"], dict) else {}
    if error["type"].startswith("union_tag"):
        key = (*key, "rule")
    elif error["type"] == "value_error" and section and key[:1] == ("measures",):
        key = (*key, "signal" if "signal" in section else "id")
    message = _explain(error, key, data)
    name = message.partition(": ")[0]
    return [_without_name((*key, name) if error["type"] == "value_error" and name in section else key, message)]


def _without_name(key: Key, message: str) -> tuple[Key, str]:
    """A mistake whose message does not begin with a name that its key has already told."""
    name, _, rest = message.partition(": ")
    return key, rest if name in key else message


def _key(error: Any, data: dict[str, Any]) -> tuple[Key, bool]:
    """The key of an error, and whether it is about a form of the value that was not meant.

    Pydantic also names the branch of a union in its locations, which stands in no file: the rule of
    a fault, and where a number or a pair is expected, either; there the other one's error is left out.
    """
    key: list[str | int] = []
    node: Any = data
    other = False
    for i, part in enumerate(error["loc"]):
        if i == 2 and error["loc"][0] == "faults":
            continue
        is_there = part in node if isinstance(node, dict) else isinstance(node, list) and part in range(len(node))
        if is_there:
            key.append(part)
            node = node[part]
        elif error["type"] == "missing" and i == len(error["loc"]) - 1:
            key.append(part)
        else:
            other = str(part).startswith("tuple") != isinstance(node, list)
    return tuple(key), other


def _written(key: Key) -> str:
    """A key as a TOML reader would write it, entries of lists from 1: faults[2].threshold."""
    out = ""
    for part in key:
        if isinstance(part, int):
            out += f"[{part + 1}]"
        else:
            name = part if re.fullmatch(r"[\w-]{1,80}", part) else _shown(part)
            out += f".{name}" if out else name
    return out


CULPRITS: Final = (
    (r"fault id once, (\w+)", ("faults.id",)),
    (r"measure once, (\w+)", ("measures.id",)),
    (r"condition once, (\w+)", ("precautions.condition",)),
    (r"^unless: .* got (.+)$", ("faults.unless",)),
    (r"^unless: (.+) compares", ("faults.unless",)),
    (r"^(\w+) is read from", (".signal", "measures.id")),
    (r"phase (\d+) is not among", ("doses.phases",)),
    (r"^a (\w+) fault needs", ("faults.rule",)),
)
"""Of the problems between keys: what in the message names a value, and the keys it may stand at."""

SECTIONS: Final = r"so (\w+) does not belong|either \[repetition\] or \[(hold)\]"
"""The problems that name a section."""


def _culprit(problem: str, data: dict[str, Any]) -> Key:
    """The key that a problem between keys is most about; () where none can be told."""
    section = re.search(SECTIONS, problem)
    if section is not None:
        return ((section[1] or section[2]),)
    for pattern, ends in CULPRITS:
        named = re.search(pattern, problem)
        if named is None:
            continue
        places = [k for k, v in _values(data) if str(v) == named[1] and _names(k).endswith(ends)]
        if places:
            return places[-1] if "twice" in problem else places[0]
    return ()


def _values(node: Any, key: Key = ()) -> Iterable[tuple[Key, Any]]:
    """Every single value with its key, in the order of the file."""
    if isinstance(node, dict | list):
        for part, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _values(value, (*key, part))
    else:
        yield key, node


def _names(key: Key) -> str:
    return ".".join(p for p in key if isinstance(p, str))


# --- what ---------------------------------------------------------------------------------------

MESSAGES: Final = {
    "missing": "expected, but missing",
    "string_type": 'expected text in "double quotes"',
    "string_too_short": "expected at least {min_length} characters",
    "string_pattern_mismatch": "expected small letters, digits and _, a letter first",
    "greater_than": "expected a number above {gt:g}",
    "greater_than_equal": "expected {ge:g} or more",
    "less_than": "expected a number below {lt:g}",
    "less_than_equal": "expected {le:g} or less",
    "finite_number": "expected a number",
    "list_type": "expected a list in [square brackets]",
    "tuple_type": "expected a list in [square brackets]",
    "too_short": "expected {min_length} or more in the list",
    "too_long": "expected at most {max_length} in the list",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "model_type": "expected a section",
    "model_attributes_type": "expected a section",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "int_parsing_size": "expected a smaller number",
}
"""Pydantic's kinds of errors in words for people who write an exercise file."""


def _explain(error: Any, key: Key, data: dict[str, Any]) -> str:
    """One mistake in words: what was expected, what came, what may have been meant."""
    kind, came = error["type"], error["input"]
    if kind == "extra_forbidden":
        known = _known_keys(error["loc"])
        return f"not a key of this section; {_meant(str(key[-1]), known) or f'its keys are {_listed(known)}'}"
    if kind == "union_tag_not_found":
        return MESSAGES["missing"]
    if kind == "union_tag_invalid":
        return _choice(came.get("rule"), re.findall(r"'(\w+)'", error["ctx"]["expected_tags"]))
    if kind == "literal_error":
        return _choice(came, re.findall(r"'([^']+)'", error["ctx"]["expected"]))
    if kind == "value_error":
        return _explain_own(error, data)
    message = MESSAGES.get(kind, error["msg"]).format(**error.get("ctx", {}))
    if any("tuple" in str(p) or p in {"int", "float", "constrained-float", "constrained-int"} for p in error["loc"]):
        message += "" if isinstance(came, list) or isinstance(key[-1], int) else ", or a pair like [8, 10]"
    return message if kind == "missing" else f"{message}, got {_shown(came)}"


def _explain_own(error: Any, data: dict[str, Any]) -> str:
    """The schema's own messages; unknown signals are told with those that suit the view."""
    message = str(error["msg"]).removeprefix("Value error, ")
    came = error["input"]
    if message.startswith("expected one of "):
        name = came if isinstance(came, str) else came.get("signal") or came.get("id")
        views = {data.get("view", "side"), "any"}
        fitting = [s.id for s in CATALOGUE.values() if s.view in views] or list(CATALOGUE)
        meant = _meant(str(name), list(CATALOGUE))
        return f"no signal is named {_shown(name)}; {meant or f'expected one of {_listed(fitting)}'}"
    return message if isinstance(came, dict) else f"{message}, got {_shown(came)}"


def _choice(came: Any, known: list[str]) -> str:
    meant = _meant(came, known) if isinstance(came, str) else ""
    names = [_shown(k) for k in known]
    one = " or ".join(names) if len(names) < 4 else f"one of {', '.join(names)}"
    return f"expected {one}, got {_shown(came)}" + (f"; {meant}" if meant else "")


def _meant(came: str, known: list[str]) -> str:
    """The likeliest meaning of a misspelt word; empty where nothing is like it."""
    near = get_close_matches(came, known, n=1) if len(came) <= LONGEST_NAME else []
    return f"did you mean {_shown(near[0])}?" if near else ""


def _listed(names: list[str]) -> str:
    return ", ".join(sorted(names))


def _shown(value: Any) -> str:
    """A value about as it stands in the file, shortened."""
    if isinstance(value, str):
        text = json.dumps(value[:100], ensure_ascii=False)
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, float):
        text = f"{value:g}" if math.isfinite(value) else str(value)
    elif isinstance(value, dict):
        text = "a section"
    elif isinstance(value, list):
        text = f"[{', '.join(_shown(v) for v in value[:8])}{', …' if len(value) > 8 else ''}]"
    else:
        text = str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _known_keys(loc: tuple[str | int, ...]) -> list[str]:
    """The keys of the section in which a location lies."""
    models: list[type[BaseModel]] = [Exercise]
    for i, part in enumerate(loc[:-1]):
        if i == 2 and loc[0] == "faults":  # the rule chooses between the kinds of faults
            models = [m for m in models if part in get_args(m.model_fields["rule"].annotation)]
        elif isinstance(part, str):
            models = [
                m
                for model in models
                if part in model.model_fields
                for m in _models(model.model_fields[part].annotation)
            ]
    return list(dict.fromkeys(key for m in models for key in m.model_fields))


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The sections that an annotation allows."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for inner in get_args(annotation) for m in _models(inner)]
