"""A result that somebody corrected, as a Bundle: what they say, what the machine said, and who said it when.

An Observation that differs from the machine's has the status "corrected" and is derived from the machine's, which stays
in the bundle as it was; a Provenance names who made it so, and when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from checker.assessment import Assessment
from checker.care.when import When
from checker.fhir.bundle import bundle, resources_of
from checker.fhir.parts import Resource, derived, moment, reference, resource, tag_of, text
from checker.fhir.session import MEASURED, RANGE, session_bundle

_COMPARED: Final = (MEASURED, RANGE)
_ABOUT: Final = ("effectiveDateTime", "device", "partOf", "subject", "performer")
"""What says of whom and when an Observation is, and nothing of what was measured."""


@dataclass(frozen=True, slots=True)
class Corrector:
    """Somebody who corrected a result.

    Attributes:
        name: as they gave it.
        at: when they did so last, UTC.
    """

    name: str
    at: datetime


def corrected_bundle(
    result: Assessment, machine: Assessment, by: Sequence[Corrector], when: When | None = None
) -> Resource:
    """Return a corrected result as a collection; `checker.fhir.assessment_of` reads the corrected one.

    Args:
        result: as it was corrected.
        machine: the same recording's result as it was handed out.
        by: everybody who corrected it; nobody: the result is the machine's, and so is its bundle.
        when: when it was done, where that is told; else as the result itself says.

    Raises:
        FhirError: the library refuses it.
    """
    made = session_bundle(result, when)
    if not by:
        return made
    before = {_what(r): r for r in resources_of(session_bundle(machine, when)) if tag_of(r) in _COMPARED}
    parts: list[Resource] = []
    changed: list[UUID] = []
    for part in resources_of(made):
        if tag_of(part) not in _COMPARED or _same(part, before.get(_what(part))):
            parts.append(part)
            continue
        changed.append(UUID(part["id"]))
        parts += _corrected(part, before.get(_what(part)))
    return bundle([*parts, *_provenance(by, changed)], made.get("timestamp"))


def _what(part: Resource) -> tuple[str | None, str, str]:
    """What an Observation is of: two of one result are not of the same."""
    return tag_of(part), str(part["code"]), str(part.get("bodySite"))


def _same(part: Resource, machine: Resource | None) -> bool:
    """Whether both say the same of what was measured."""
    return machine is not None and _said(part) == _said(machine)


def _said(part: Resource) -> Resource:
    return {name: value for name, value in part.items() if name not in ("id", *_ABOUT)}


def _corrected(part: Resource, machine: Resource | None) -> list[Resource]:
    """The Observation as it was corrected, and the machine's own where it had one."""
    if machine is None:
        return [part | {"status": "corrected"}]
    own = derived(UUID(part["id"]), "as the machine had it")
    kept = {name: part[name] for name in _ABOUT if name in part}
    plain = {name: value for name, value in machine.items() if name != "meta"}  # without a tag it is not read back
    return [part | {"status": "corrected", "derivedFrom": [reference(own)]}, plain | kept | {"id": str(own)}]


def _provenance(by: Sequence[Corrector], changed: Sequence[UUID]) -> list[Resource]:
    """Who corrected, and when; nothing where no Observation differs."""
    made: list[Resource] = []
    for number, one in enumerate(by) if changed else ():
        who = derived(changed[0], f"corrected by {number}")
        name = [{"text": text(one.name)}] if text(one.name) else []
        made.append(resource("Practitioner", who, one.name, name=name))
        made.append(
            resource(
                "Provenance",
                derived(who, "provenance"),
                f"Corrected by {one.name}, {one.at:%Y-%m-%d}",
                target=[reference(target) for target in changed],
                recorded=moment(one.at),
                agent=[{"who": reference(who)}],
            )
        )
    return made
