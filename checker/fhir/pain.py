"""Pain as components of an Observation: a moment at which it hurt, and what stopped a side."""

from __future__ import annotations

from typing import Any, Protocol

from checker.fhir import codes
from checker.fhir.parts import (
    Resource,
    absent,
    code_of,
    component,
    components_of,
    concept,
    quantity,
    side_of,
    unit_of,
)


class Mark(Protocol):
    """A moment at which somebody said that it hurt."""

    @property
    def t_s(self) -> float:
        """Seconds from the beginning."""

    @property
    def side(self) -> str | None:
        """To which side it went then."""

    @property
    def excursion(self) -> float | None:
        """How far; None where it was not seen."""

    @property
    def excursion_from(self) -> float | None:
        """The same as long before as a hand takes to press."""

    @property
    def unit(self) -> str:
        """Of both."""


def mark_elements(mark: Mark) -> Resource:
    """Return the elements of an Observation that say when and where it hurt."""
    value = quantity(mark.excursion, mark.unit) if mark.excursion is not None else None
    earlier = [] if mark.excursion_from is None else [quantity(mark.excursion_from, mark.unit)]
    return {
        "code": concept((codes.MEASURE, "pain-mark", None), words="It hurt here"),
        "bodySite": side_of(mark.side),
        "component": [
            component("t", "time from the beginning", valueQuantity=quantity(mark.t_s, "s")),
            *(component("from", "0.8 s earlier", valueQuantity=q) for q in earlier),
        ],
        **({"dataAbsentReason": absent()} if value is None else {"valueQuantity": value}),
    }


def read_mark(r: Resource) -> dict[str, Any]:
    """Return what they say."""
    parts = components_of(r)
    value, earlier = r.get("valueQuantity"), parts.get("from", {}).get("valueQuantity")
    return {
        "t_s": parts["t"]["valueQuantity"]["value"],
        "side": code_of(r.get("bodySite"), codes.SIDE),
        "excursion": None if value is None else value["value"],
        "excursion_from": None if earlier is None else earlier["value"],
        "unit": unit_of(value or earlier or {}),
    }


def limit_components(limited_by: str | None, pain: int | None) -> list[Resource]:
    """Return what stopped a side and how much it hurt there, as components."""
    found = []
    if limited_by is not None:
        stopped = concept((codes.ANSWER, limited_by, None), words=limited_by)
        found.append(component("limited-by", "what stopped it", valueCodeableConcept=stopped))
    if pain is not None:
        found.append({"code": concept(codes.PAIN, (codes.PART, "pain", None)), "valueInteger": pain})
    return found


def read_limits(parts: dict[str, Resource]) -> tuple[str | None, int | None]:
    """Return what they say."""
    stopped = code_of(parts.get("limited-by", {}).get("valueCodeableConcept"), codes.ANSWER)
    return stopped, parts.get("pain", {}).get("valueInteger")


def is_beyond(found: Resource | None) -> bool:
    """Return whether a Quantity says that the truth lies beyond it."""
    return (found or {}).get("comparator") == ">"
