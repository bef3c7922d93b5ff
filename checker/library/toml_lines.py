"""On which line of a TOML text each key stands. The TOML reader itself does not tell."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any, Final

Key = tuple[str | int, ...]
"""Where a value stands: ("faults", 2, "threshold") is in the third [[faults]]."""

MOST_LINES: Final = 60
"""Of one statement."""


def index_lines(text: str) -> dict[Key, int]:
    """The line, from 1, of every section, key and entry of a list.

    A statement is the shortest run of lines that is valid TOML by itself, so the reader alone
    decides where one ends, however it is written: over several lines, dotted, in braces.

    Args:
        text: valid TOML. After a statement of very many lines nothing more is looked up: each of them is read again
            and again.
    """
    lines: dict[Key, int] = {}
    entries: dict[Key, int] = {}  # of each [[list]], the number of the entry that is being filled
    section: Key = ()
    statement: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        statement.append(line)
        if len(statement) > MOST_LINES:
            break
        data = _read("\n".join(statement))
        if data is None:
            continue
        first = number - len(statement) + 1
        if line.lstrip().startswith("[") and len(statement) == 1:
            section = _section(data, line.lstrip().startswith("[["), entries)
            for i in range(1, len(section) + 1):
                lines.setdefault(section[:i], number)
        else:
            for k in range(1, len(statement)):  # the entries of a list that goes over several lines
                _note(lines, section, _read("\n".join([*statement[:k], "]"])) or {}, first + k - 1)
            _note(lines, section, data, first)
        statement = []
    return lines


def line_of(key: Key, lines: dict[Key, int]) -> int:
    """The line of a key; of a missing one that of its section, 1 at the top."""
    while key and key not in lines:
        key = key[:-1]
    return lines.get(key, 1)


def _read(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _section(data: dict[str, Any], is_entry: bool, entries: dict[Key, int]) -> Key:
    """The full key that a header like [[faults.conditions]] stands for at this place of the text."""
    key: Key = ()
    node: Any = data
    while node:
        ((name, node),) = node.items()
        key += (name,)
        if isinstance(node, list):
            node = node[0]
        if is_entry and not node:
            entries[key] = entries.get(key, -1) + 1
        if key in entries:
            key += (entries[key],)
    return key


def _note(lines: dict[Key, int], section: Key, data: dict[str, Any], line: int) -> None:
    for key in _keys(data):
        lines.setdefault(section + key, line)


def _keys(data: Any) -> Iterator[Key]:
    """Every key within a value."""
    found: list[tuple[Key, Any]] = [((), data)]
    while found:
        key, value = found.pop()
        if key:
            yield key
        if isinstance(value, dict):
            found += [((*key, k), v) for k, v in value.items()]
        elif isinstance(value, list):
            found += [((*key, i), v) for i, v in enumerate(value)]
