"""Sessions, check-ins and marks of pain: a Procedure each session, an Observation each value; and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from checker.care.records import CheckIn, PainMark, Session, SideRange, Value
from checker.care.when import when_of
from checker.fhir import codes
from checker.fhir.movements import Movements
from checker.fhir.pain import is_beyond, limit_components, mark_elements, read_limits, read_mark
from checker.fhir.parts import (
    Resource,
    absent,
    code_of,
    component,
    components_of,
    concept,
    count,
    derived,
    id_of,
    moment,
    observation,
    quantity,
    reference,
    resource,
    side_of,
    tag_of,
    text,
    uncertainty_of,
    unit_of,
    written,
)
from checker.fhir.rest import rest_of, with_rest
from checker.fhir.session import activity

SESSION, VALUE, SIDE_RANGE = "session", "session-measure", "session-range"


def session(s: Session, device: UUID, movements: Movements) -> list[Resource]:
    """Return a session: the Procedure, which carries what no Observation says, its values, and what was done.

    Where a reviewer has corrected it, its values are corrected ones, and a Provenance says whose they are.
    """
    about = {"effectiveDateTime": _when(s, s.at), "device": reference(device), "partOf": [reference(s.id)]}
    if s.corrected_by:
        about["status"] = "corrected"
    values = [_value(s, key, value, movements.measure(s.exercise, key), about) for key, value in s.measures.items()]
    ranges = [_range(s, i, one, about) for i, one in enumerate(s.ranges)]
    lasted_s = None if s.ended_at is None else (s.ended_at - s.at).total_seconds()
    name = movements.name(s.exercise)
    done = activity(s.id, s.person_id, about | {"status": "final"}, s.exercise, lasted_s, name)
    procedure = _procedure(s, device, name)
    by = _provenance(s, [*values, *ranges])
    return [with_rest(procedure, s, _native(procedure, [*values, *ranges])), *values, *ranges, *by, *done]


def children(by_tag: dict[str | None, list[Resource]]) -> dict[str, list[Resource]]:
    """Return the values and ranges by the id of their session, in their order."""
    found: dict[str, list[Resource]] = {}
    for r in (*by_tag.get(VALUE, []), *by_tag.get(SIDE_RANGE, [])):
        found.setdefault(id_of(r["partOf"][0]) or "", []).append(r)
    return found


def read_session(procedure: Resource, parts: list[Resource]) -> dict[str, Any]:
    """Return a session from its Procedure and its values."""
    return _native(procedure, parts) | rest_of(procedure)


def _provenance(s: Session, parts: list[Resource]) -> list[Resource]:
    """Who corrected a session, and when last; nothing where nobody did, or nothing was measured."""
    if not s.corrected_by or s.corrected_at is None or not parts:
        return []
    return [
        resource(
            "Provenance",
            derived(s.id, "provenance"),
            f"Corrected by {s.corrected_by}, {s.corrected_at:%Y-%m-%d}",
            target=[reference(UUID(part["id"])) for part in parts],
            recorded=moment(s.corrected_at),
            agent=[{"who": {"display": text(s.corrected_by) or "A reviewer"}}],
        )
    ]


def _procedure(s: Session, device: UUID, name: str) -> Resource:
    status = "unknown" if s.ended_at is None else "completed" if s.aborted is None else "stopped"
    period = {"start": _when(s, s.at)}
    if s.ended_at is not None and s.ended_at >= s.at:
        period["end"] = _when(s, s.ended_at)
    return resource(
        "Procedure",
        s.id,
        f"Exercise: {name}",
        SESSION,
        status=status,
        code=concept(codes.EXERCISE_THERAPY, (codes.MOVEMENT, s.exercise, None), words=name),
        subject=reference(s.person_id),
        performedPeriod=period,
        performer=[{"actor": reference(s.person_id)}],
        usedReference=[reference(device)],
    )


def _when(s: Session, at: datetime) -> str:
    """Return a moment of a session; the day alone where its hour is not known."""
    return written(replace(when_of(s), at=at))


def _native(procedure: Resource, parts: list[Resource]) -> dict[str, Any]:
    period = procedure["performedPeriod"]
    values = [r for r in parts if tag_of(r) == VALUE]
    return {
        "id": procedure["id"],
        "person_id": id_of(procedure["subject"]),
        "at": period["start"],
        "ended_at": period.get("end"),
        "exercise": code_of(procedure["code"], codes.MOVEMENT),
        "measures": {code_of(r["code"], codes.MEASURE) or r["code"]["text"]: _read_value(r) for r in values},
        "ranges": [_read_range(r) | rest_of(r) for r in parts if tag_of(r) == SIDE_RANGE],
    }


# --- values ---------------------------------------------------------------------------------------


def _value(s: Session, key: str, value: Value, name: str, about: Resource) -> Resource:
    _, _, side = key.partition("/")
    coded = concept((codes.MEASURE, key, name))
    return observation(
        derived(s.id, f"measure {key}"),
        f"{name} {side} {value.value:g} {value.unit} ± {value.uncertainty:g}",
        VALUE,
        s.person_id,
        "exam",
        code=coded | concept(words=name if coded else key) or {"text": "Measure"},  # read from it where it has no code
        bodySite=side_of(side or None),
        method={"text": codes.METHOD},
        valueQuantity=_quantity(value),
        component=count("repetitions", "repetitions", value.n),
        **about,
    )


def _quantity(value: Value) -> Resource:
    return quantity(value.value, value.unit, value.uncertainty, value.censored == "above")


def _read_value(r: Resource) -> dict[str, Any]:
    return _read_quantity(r["valueQuantity"], _n(components_of(r), "repetitions"))


def _n(parts: dict[str, Resource], name: str) -> int | None:
    return parts.get(name, {}).get("valueInteger")


def _read_quantity(q: Resource, n: int | None) -> dict[str, Any]:
    censored = "above" if is_beyond(q) else "none"
    found = {"value": q["value"], "unit": unit_of(q), "uncertainty": uncertainty_of(q)}
    return {**found, "n": n, "censored": censored}


def _range(s: Session, index: int, one: SideRange, about: Resource) -> Resource:
    parts = [("first", "at the first pain or tension", one.first), ("furthest", "as far as wanted", one.furthest)]
    parts += [("start", "in the start posture", one.start), ("end", "at the furthest point", one.end)]
    made = observation(
        derived(s.id, f"range {index}"),
        f"Range before pain: {s.exercise} {one.side}",
        SIDE_RANGE,
        s.person_id,
        "exam",
        code=concept((codes.MEASURE, "pain-free-range", None), words="Range before pain"),
        bodySite=side_of(one.side),
        method={"text": codes.METHOD},
        component=[c for name, said, value in parts for c in _parts(name, said, value)]
        + limit_components(one.limited_by, one.pain_at_limit),
        **about,
    )
    return with_rest(made, one, _read_range(made))


def _parts(name: str, said: str, value: Value | None) -> list[Resource]:
    if value is None:
        return [component(name, said, dataAbsentReason=absent())] if name == "first" else []
    number = count(f"{name}-repetitions", f"repetitions, {said}", value.n)
    return [component(name, said, valueQuantity=_quantity(value)), *number]


def _read_range(r: Resource) -> dict[str, Any]:
    parts = components_of(r)
    found: dict[str, Any] = {"side": code_of(r.get("bodySite"), codes.SIDE)}
    for name in ("first", "furthest", "start", "end"):
        q = parts.get(name, {}).get("valueQuantity")
        found[name] = None if q is None else _read_quantity(q, _n(parts, f"{name}-repetitions"))
    found["limited_by"], found["pain_at_limit"] = read_limits(parts)
    return found


# --- pain -----------------------------------------------------------------------------------------


def check_in(c: CheckIn, sessions: frozenset[UUID]) -> Resource:
    """Return how it was: the pain now, and beside it the worst and that in the leg."""
    value: Resource = {"dataAbsentReason": absent()} if c.pain is None else {"valueInteger": c.pain}
    others = (("worst", "worst since the last time", c.worst), ("leg", "in the leg", c.leg))
    made = observation(
        c.id,
        f"Pain {c.kind}: {'not told' if c.pain is None else f'{c.pain} of 10'}",
        "check-in",
        c.person_id,
        "survey",
        code=concept(codes.PAIN, words="Pain"),
        effectiveDateTime=moment(c.at),
        partOf=_part_of(c.session_id, sessions),
        component=[
            component("kind", "when", valueCodeableConcept=concept((codes.ANSWER, c.kind, None), words=c.kind)),
            *(component(n, said, valueInteger=v) for n, said, v in others if v is not None),
        ],
        **value,
    )
    return with_rest(made, c, read_check_in(made))


def read_check_in(r: Resource) -> dict[str, Any]:
    """Return what an Observation says of a check-in."""
    parts = components_of(r)
    return {
        **_of_all(r),
        "kind": code_of(parts["kind"]["valueCodeableConcept"], codes.ANSWER),
        "pain": r.get("valueInteger"),
        "worst": parts.get("worst", {}).get("valueInteger"),
        "leg": parts.get("leg", {}).get("valueInteger"),
    }


def pain_mark(p: PainMark, sessions: frozenset[UUID]) -> Resource:
    """Return a moment at which it hurt."""
    of = {"effectiveDateTime": moment(p.at), "partOf": _part_of(p.session_id, sessions)}
    told = f"It hurt at {p.t_s:g} s"
    made = observation(p.id, told, "pain-mark", p.person_id, "exam", **mark_elements(p), **of)
    return with_rest(made, p, read_pain_mark(made))


def read_pain_mark(r: Resource) -> dict[str, Any]:
    """Return what an Observation says of a mark of pain."""
    return {**_of_all(r), **read_mark(r)}


def _part_of(of: UUID | None, sessions: frozenset[UUID]) -> list[Resource]:
    """Return the session, where it is in the bundle: a reference that leads nowhere is none."""
    return [] if of is None or of not in sessions else [reference(of)]


def _of_all(r: Resource) -> dict[str, Any]:
    part_of = r.get("partOf", [None])[0]
    return {
        "id": r["id"],
        "person_id": id_of(r["subject"]),
        "at": r["effectiveDateTime"],
        "session_id": id_of(part_of),
    }
