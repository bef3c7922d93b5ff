"""One file of rules on its own: read and checked, with every problem of it in a line of its own."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from checker.rules import Section

Read = TypeVar("Read", bound=Section)


def read_rules_file(kind: type[Read], path: Path) -> Read:
    """Return what a TOML file says.

    Args:
        kind: what it must be.
        path: of the file.

    Raises:
        ValueError: the file is wrong: every problem of it in a line of its own.
    """
    try:
        return kind.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as problem:
        raise ValueError(f"{path.name}: expected TOML: {problem}") from problem
    except ValidationError as problem:
        lines = [f"{'.'.join(map(str, e['loc'])) or 'the file'}: {e['msg']}" for e in problem.errors()]
        raise ValueError(f"{path.name}:\n" + "\n".join(lines)) from problem
