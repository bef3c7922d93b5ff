"""The rules of care, read from `rules/*.toml`: every number with its source and status, every text in its one home."""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError, model_validator

from checker.care.phase_rules import PhaseRule
from checker.care.programme_rules import AdviceRules, FlareRules, ProgrammeRules
from checker.care.question_rules import PainRules, SafetyRules, SeverityRules
from checker.rules import Section

FOLDER: Final = Path(__file__).with_name("rules")


class RulesError(ValueError):
    """A file of the rules is missing or wrong; one line says where and what was expected."""


# --- all of them ----------------------------------------------------------------------------------


class Rules(Section):
    """All rules of care.

    Attributes:
        version: fingerprint of the files that they were read from: "sha256:...".
    """

    version: str
    safety: SafetyRules
    severity: SeverityRules
    pain: PainRules
    phases: list[PhaseRule]
    programme: ProgrammeRules
    flare: FlareRules
    advice: AdviceRules

    @model_validator(mode="after")
    def _ten(self) -> Rules:
        if [p.number for p in self.phases] != list(range(1, 11)):
            raise ValueError("phases: expected 1 to 10 in their order")
        return self

    def phase(self, number: int) -> PhaseRule:
        """A phase by its number."""
        return self.phases[number - 1]


FILES: Final[Mapping[str, str]] = {
    name: f"{name}.toml" for name in ("safety", "severity", "pain", "phases", "programme", "flare", "advice")
}

BESIDE: Final = ("change.toml",)
"""What a decision depends on as well, and another module reads: a confirmed loss leads one phase back."""


@functools.cache
def load_rules(folder: Path = FOLDER) -> Rules:
    """Read and check all rules.

    Raises:
        RulesError: a file is missing or wrong; one line says which, where, and what was expected.
    """
    data: dict[str, Any] = {}
    digest = hashlib.sha256()
    for name, file in sorted(FILES.items()):
        raw = _read(folder / file)
        digest.update(f"{file}\0{len(raw)}\0".encode() + raw)
        try:
            table = tomllib.loads(raw.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise RulesError(f"{folder / file}: expected TOML: {_one_line(str(error))}") from error
        data[name] = table if name != "phases" or set(table) != {"phase"} else table["phase"]
    for file in BESIDE:
        digest.update(f"{file}\0".encode() + _read(folder / file))
    try:
        return Rules.model_validate({"version": f"sha256:{digest.hexdigest()}", **data})
    except ValidationError as error:
        raise RulesError(_first_mistake(error, folder)) from error


def _read(path: Path) -> bytes:
    """The bytes of a file, with the line ends that its fingerprint is made of."""
    try:
        return path.read_bytes().replace(b"\r\n", b"\n")
    except OSError as error:
        raise RulesError(f"{path}: expected a file of the rules; it cannot be read ({error.strerror})") from error


def _first_mistake(error: ValidationError, folder: Path) -> str:
    one = error.errors()[0]
    name, *rest = [str(part) for part in one["loc"]] or ["rules"]
    where = folder / FILES.get(name, name)
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    got = "" if isinstance(one["input"], dict) else f", got {one['input']!r}"
    return _one_line(f"{where}: {'.'.join(rest)}: {one['msg']}{got}{more}")


def _one_line(text: str) -> str:
    return " ".join(text.split())
