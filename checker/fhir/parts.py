"""The small parts of resources: concepts, quantities, references, narratives; made, and read back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape
from typing import Any, Final
from uuid import UUID, uuid5

from checker.care.when import When
from checker.fhir import codes

Resource = dict[str, Any]

_SPACE: Final = UUID("0e2f5b1c-7a3d-4c0e-9b55-0b6a3c1f9d24")
"""Of the ids of what is made from a record."""

_URN: Final = "urn:uuid:"


def text(value: str) -> str:
    """Return a text as FHIR allows it: blanks for control characters, none around it; may be empty."""
    return re.sub(r"[^\S \r\n\t]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", " ", value).strip()


def concept(*coding: tuple[str, str, str | None], words: str = "") -> Resource:
    """Return a CodeableConcept; a code that FHIR does not allow is left out."""
    found = [
        {"system": system, "code": code} | ({"display": text(display)} if display and text(display) else {})
        for system, code, display in coding
        if re.fullmatch(r"\S+( \S+)*", code) and code == text(code)
    ]
    made: Resource = {"coding": found} if found else {}
    return made | ({"text": text(words)} if text(words) else {})


def code_of(found: Resource | None, system: str) -> str | None:
    """Return the code that a concept has in a system."""
    return next((c.get("code") for c in (found or {}).get("coding", []) if c.get("system") == system), None)


def derived(record: UUID, what: str) -> UUID:
    """Return the id of something that is made from a record, always the same."""
    return uuid5(_SPACE, f"{record}/{what}")


def side_of(side: str | None) -> Resource | None:
    """Return the side, by our own codes: a result names sides that no list of body sites has."""
    return None if side is None else concept((codes.SIDE, side, None), words=side)


def reference(to: UUID) -> Resource:
    """Return a reference to an entry of the same bundle."""
    return {"reference": f"{_URN}{to}"}


def id_of(found: Resource | None) -> str | None:
    """Return the id that a reference points to; None where there is none."""
    target = str((found or {}).get("reference", ""))
    return target.removeprefix(_URN) if target.startswith(_URN) else None


def moment(at: datetime) -> str:
    """Return a moment in UTC, as the records write it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def written(when: When) -> str:
    """Return when something was: a moment in UTC, or its local day alone where the hour is not known."""
    return moment(when.at) if when.hour_known else when.day.isoformat()


def resource(kind: str, identity: UUID, words: str, tag: str | None = None, **elements: Any) -> Resource:
    """Return a resource with a narrative; elements that are None or empty are left out.

    Args:
        kind: such as "Observation".
        identity: its id, which others point to.
        words: what it says, for people.
        tag: which record it carries; None where it is only made from others.
        elements: all else.
    """
    made: Resource = {"resourceType": kind, "id": str(identity)}
    if tag is not None:
        made["meta"] = {"tag": [{"system": codes.RECORD, "code": tag}]}
    shown = escape(text(words)) or kind
    made["text"] = {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{shown}</div>'}
    return made | {name: value for name, value in elements.items() if value not in (None, [], {}, "")}


def tag_of(found: Resource) -> str | None:
    """Return which record a resource carries."""
    tags = found.get("meta", {}).get("tag", [])
    return next((t.get("code") for t in tags if t.get("system") == codes.RECORD), None)


def observation(identity: UUID, words: str, tag: str | None, patient: UUID, category: str, **elements: Any) -> Resource:
    """Return an Observation about a patient; final, unless the elements say otherwise."""
    told = {"status": "final"} | elements
    return resource(
        "Observation",
        identity,
        words,
        tag,
        category=[concept((codes.CATEGORY, category, None))],
        subject=reference(patient),
        performer=[reference(patient)],
        **told,
    )


# --- quantities -----------------------------------------------------------------------------------


def quantity(value: float, unit: str, uncertainty: float | None = None, above: bool = False) -> Resource:
    """Return a Quantity with its uncertainty; `above`: the truth lies beyond it."""
    made: Resource = {"value": value}
    if unit in codes.UNITS:
        code, written = codes.UNITS[unit]
        made |= {"unit": written, "system": codes.UCUM, "code": code}
    elif text(unit):
        made["unit"] = text(unit)
    if above:
        made["comparator"] = ">"
    if uncertainty is not None:
        made["extension"] = [
            {"url": codes.UNCERTAINTY, "valueDecimal": uncertainty / codes.SD_OF_90},
            {"url": codes.UNCERTAINTY_TYPE, "valueCode": codes.NORMAL},
            {"url": codes.WITHIN, "valueDecimal": uncertainty},
        ]
    return made


def unit_of(found: Resource) -> str:
    """Return our name of a Quantity's unit."""
    pair = (found.get("code"), found.get("unit"))
    return next((unit for unit, known in codes.UNITS.items() if known == pair), found.get("unit", ""))


def uncertainty_of(found: Resource) -> float | None:
    """Return within what about nine of ten truths lie of a Quantity; from the standard deviation of others' files."""
    by_url = {e.get("url"): e.get("valueDecimal") for e in found.get("extension", [])}
    if by_url.get(codes.WITHIN) is not None:
        return by_url[codes.WITHIN]
    sd = by_url.get(codes.UNCERTAINTY)
    return None if sd is None else sd * codes.SD_OF_90


# --- components -----------------------------------------------------------------------------------


def absent(reason: str = "", code: str | None = None) -> Resource:
    """Return a dataAbsentReason; with our own reason and its code."""
    own = [(codes.REASON, code, None)] if code else []
    return concept((codes.ABSENT, "unknown", None), *own, words=reason)


def component(part: str, words: str, **value: Any) -> Resource:
    """Return a component by our own name of it."""
    return {"code": concept((codes.PART, part, None), words=words), **value}


def count(part: str, words: str, value: int | None) -> list[Resource]:
    """Return a whole number as a component; nothing where there is none, or FHIR has no such number."""
    return [component(part, words, valueInteger=value)] if value is not None and abs(value) < 2**31 else []


def components_of(found: Resource) -> dict[str, Resource]:
    """Return the components by our own names."""
    of = {code_of(c.get("code"), codes.PART): c for c in found.get("component", [])}
    return {name: c for name, c in of.items() if name is not None}
