"""A result as a Bundle: Patient without a name, Device, Procedure, and an Observation a value; and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from pydantic import ValidationError

from checker.assessment import Assessment, Measure, PainFreeRange, PainMark, Quantity
from checker.care.when import When, when_filmed
from checker.fhir import codes
from checker.fhir.bundle import FhirError, bundle, resources_of
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
from checker.words import values as words

RESULT, MEASURED, RANGE, MARK, TOLD = "result", "measure", "range", "mark", "told"
"""What the resources of a result carry."""

_SPACE: Final = UUID("b1a4f6f0-6a55-4df1-8a0a-6b1a5a0d7c11")


def session_bundle(assessment: Assessment, when: When | None = None) -> Resource:
    """Return a result as a collection; the same result gives the same bundle.

    Args:
        assessment: the result.
        when: when it was done, where that is told; else as the result itself says.

    Raises:
        FhirError: the library refuses it.
    """
    session = uuid5(_SPACE, assessment.to_json())
    when = when or when_filmed(assessment)
    patient, device = derived(session, "patient"), derived(session, "device")
    about = {
        "effectiveDateTime": None if when is None else written(when),
        "device": reference(device),
        "partOf": [reference(session)],
    }
    parts = [
        *(measure_of(m, derived(session, f"measure {i}"), patient, about) for i, m in enumerate(assessment.measures)),
        *(_range(r, derived(session, f"range {i}"), patient, about) for i, r in enumerate(assessment.ranges)),
        *(_mark(p, derived(session, f"mark {i}"), patient, about) for i, p in enumerate(assessment.pain)),
        *_told(assessment, session, patient, about),
    ]
    of = assessment.exercise
    done = activity(session, patient, about, of.id, assessment.video.duration_s, of.name)
    procedure = with_rest(_procedure(assessment, session, patient, device, when), assessment, _read(parts))
    who = resource("Patient", patient, "A person without a name")
    version = assessment.app.version if assessment.app is not None else ""
    program = device_of(device, version, assessment.model.name, assessment.model.sha256)
    return bundle([who, program, procedure, *parts, *done], _put_together(assessment, when))


def assessment_of(found: Resource) -> Assessment:
    """Return the result that a bundle of `session_bundle` carries.

    Raises:
        FhirError: there is none in it, or it is damaged; one line.
    """
    resources = resources_of(found)
    carriers = [r for r in resources if tag_of(r) == RESULT]
    if len(carriers) != 1:
        raise FhirError(f"expected one result of BackCheck in the bundle, got {len(carriers)}")
    try:
        return Assessment.model_validate(_read(resources) | rest_of(carriers[0]))
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = " ".join(str(error).split())[:200]
        raise FhirError(f"expected a result that BackCheck has written ({why})") from error


# --- made -----------------------------------------------------------------------------------------


def device_of(identity: UUID, version: str, model: str, sha256: str) -> Resource:
    """Return the program, with the fingerprint of the pose model."""
    told = [("pose model", model), ("sha256 of the pose model", sha256)]
    return resource(
        "Device",
        identity,
        f"BackCheck {version}",
        deviceName=[{"name": "BackCheck", "type": "user-friendly-name"}],
        version=[{"value": text(version)}] if text(version) else [],
        property=[
            {"type": concept(words=what), "valueCode": [concept(words=value)]} for what, value in told if text(value)
        ],
    )


def activity(
    session: UUID, patient: UUID, about: Resource, exercise: str, seconds: float | None, name: str
) -> list[Resource]:
    """Return what was done and for how long, as guides on physical activity have it; `name` is the movement's."""
    what = concept((codes.MOVEMENT, exercise, None), words=name) or {"text": "Exercise"}
    made = [
        observation(
            derived(session, "activity"),
            f"Exercise: {name}",
            None,
            patient,
            "activity",
            code=concept(codes.ACTIVITY),
            valueCodeableConcept=what,
            **about,
        )
    ]
    if seconds is not None and seconds > 0:
        code, written = codes.MINUTES
        minutes = {"value": seconds / 60, "unit": written, "system": codes.UCUM, "code": code}
        told = {"code": concept(codes.DURATION), "valueQuantity": minutes}
        shown = f"Exercise duration: {seconds:g} s"
        made.append(observation(derived(session, "duration"), shown, None, patient, "activity", **told, **about))
    return made


def measure_of(m: Measure, identity: UUID, patient: UUID, about: Resource) -> Resource:
    """Return a measure as an Observation; without a value, with the reason why."""
    value: Resource = {"dataAbsentReason": absent(m.reason or "", m.reason_code)}
    if m.value is not None:
        value = {"valueQuantity": quantity(m.value, m.unit, m.uncertainty)}
    parts = [("best", "largest", m.best), ("start", "in the start posture", m.start)]
    parts += [("end", "at the furthest point", m.end), ("spread", "largest less smallest", m.spread)]
    made = observation(
        identity,
        f"{m.name} {words.side_label(m.side)} {words.quantity(m)} {words.plus_minus(m)}",
        MEASURED,
        patient,
        "exam",
        code=concept((codes.MEASURE, m.id, m.name), words=m.name) or {"text": "Measure"},
        bodySite=side_of(m.side),
        method={"text": codes.METHOD},
        component=[
            *(component(n, said, valueQuantity=quantity(v, m.unit)) for n, said, v in parts if v is not None),
            *count("repetitions", "repetitions", m.repetitions),
        ],
        **value,
        **about,
    )
    return with_rest(made, m, read_measure(made))


def part_of(name: str, said: str, found: Quantity | None) -> Resource:
    """Return a quantity as a component, or that there is none."""
    value = {"dataAbsentReason": absent()} if found is None else {"valueQuantity": _quantity(found)}
    return component(name, said, **value)


def _quantity(found: Quantity, above: bool = False) -> Resource:
    return quantity(found.value, found.unit, found.uncertainty, above)


def _range(r: PainFreeRange, identity: UUID, patient: UUID, about: Resource) -> Resource:
    first: Resource = {"dataAbsentReason": absent(r.reason or "", r.reason_code)}
    if r.first is not None:
        first = {"valueQuantity": _quantity(r.first, r.censored == "above")}
    others = [("furthest", "as far as wanted", r.furthest), ("start", "in the start posture", r.start)]
    others.append(("end", "at the furthest point", r.end))
    made = observation(
        identity,
        f"Range before pain {words.side_label(r.side)} {words.first_pain(r) if r.first else 'not measured'}",
        RANGE,
        patient,
        "exam",
        code=concept((codes.MEASURE, "pain-free-range", None), words="Range before pain"),
        bodySite=side_of(r.side),
        method={"text": codes.METHOD},
        component=[
            component("first", "at the first pain or tension", **first),
            *count("first-repetitions", "repetitions", r.first_repetitions),
            *(part_of(name, said, q) for name, said, q in others if q is not None),
            *limit_components(r.limited_by, r.nrs_at_limit),
        ],
        **about,
    )
    return with_rest(made, r, _read_range(made))


def _mark(p: PainMark, identity: UUID, patient: UUID, about: Resource) -> Resource:
    made = observation(identity, f"It hurt at {p.t_s:g} s", MARK, patient, "exam", **mark_elements(p), **about)
    return with_rest(made, p, read_mark(made))


def _told(a: Assessment, session: UUID, patient: UUID, about: Resource) -> list[Resource]:
    """Return the pain before and after, as it was told."""
    found = (("before", a.pain_before), ("after", a.pain_after))
    return [
        observation(
            derived(session, f"pain {when}"),
            f"Pain {when}: {pain} of 10",
            f"{TOLD}-{when}",
            patient,
            "survey",
            code=concept(codes.PAIN, words=f"Pain {when}"),
            valueInteger=pain,
            **{name: value for name, value in about.items() if name != "device"},
        )
        for when, pain in found
        if pain is not None
    ]


def _procedure(a: Assessment, session: UUID, patient: UUID, device: UUID, when: When | None) -> Resource:
    return resource(
        "Procedure",
        session,
        f"{a.exercise.name}, {len(a.reps)} repetitions",
        RESULT,
        status="completed",
        code=concept(codes.EXERCISE_THERAPY, (codes.MOVEMENT, a.exercise.id, a.exercise.name), words=a.exercise.name),
        subject=reference(patient),
        performedPeriod=None if when is None else _period(when, a.video.duration_s),
        performer=[{"actor": reference(patient)}],
        usedReference=[reference(device)],
    )


def _period(when: When, seconds: float) -> Resource:
    lasted = timedelta(seconds=min(max(seconds, 0.0), 86_400.0) if when.hour_known else 0.0)
    return {"start": written(when), "end": written(replace(when, at=when.at + lasted))}


def _put_together(a: Assessment, when: When | None) -> str | None:
    """A bundle's own moment is one to the second: where only a day is told, that of the judging."""
    at = when.at if when is not None and when.hour_known else a.analysed_at
    return None if at is None else moment(at)


# --- read back ------------------------------------------------------------------------------------


def _read(resources: list[Resource]) -> dict[str, Any]:
    by_tag: dict[str | None, list[Resource]] = {}
    for r in resources:
        by_tag.setdefault(tag_of(r), []).append(r)
    found: dict[str, Any] = {
        "measures": [_whole(Measure, read_measure(r) | rest_of(r)) for r in by_tag.get(MEASURED, [])],
        "ranges": [_whole(PainFreeRange, _read_range(r) | rest_of(r)) for r in by_tag.get(RANGE, [])],
        "pain": [_whole(PainMark, read_mark(r) | rest_of(r)) for r in by_tag.get(MARK, [])],
    }
    for when in ("before", "after"):
        found |= {f"pain_{when}": r["valueInteger"] for r in by_tag.get(f"{TOLD}-{when}", [])}
    return found


def _whole(model: type[Measure | PainFreeRange | PainMark], data: dict[str, Any]) -> dict[str, Any]:
    return model.model_validate(data).model_dump(mode="json")


def read_measure(r: Resource) -> dict[str, Any]:
    """Return what an Observation says of a measure."""
    found: dict[str, Any] = {
        "id": code_of(r["code"], codes.MEASURE),
        "name": r["code"].get("text"),
        "side": code_of(r.get("bodySite"), codes.SIDE),
    }
    value = r.get("valueQuantity")
    if value is not None:
        found |= {"value": value["value"], "unit": unit_of(value), "uncertainty": uncertainty_of(value)}
        found |= {"status": "measured", "reason": None, "reason_code": None}
    else:
        found |= {"value": None, "uncertainty": None, "status": "not_measured"} | _reason(r.get("dataAbsentReason"))
    parts = components_of(r)
    found |= {n: parts[n]["valueQuantity"]["value"] for n in ("best", "start", "end", "spread") if n in parts}
    return found | ({"repetitions": parts["repetitions"]["valueInteger"]} if "repetitions" in parts else {})


def _reason(found: Resource | None) -> dict[str, Any]:
    return {"reason": (found or {}).get("text"), "reason_code": code_of(found, codes.REASON)}


def read_quantity(found: Resource | None) -> dict[str, Any] | None:
    """Return a quantity of ours from a component."""
    q = (found or {}).get("valueQuantity")
    return None if q is None else {"value": q["value"], "unit": unit_of(q), "uncertainty": uncertainty_of(q)}


def _read_range(r: Resource) -> dict[str, Any]:
    parts = components_of(r)
    first, (limited_by, pain) = parts.get("first", {}), read_limits(parts)
    return {
        "limited_by": limited_by,
        "nrs_at_limit": pain,
        "side": code_of(r.get("bodySite"), codes.SIDE),
        "first": read_quantity(first),
        "censored": "above" if is_beyond(first.get("valueQuantity")) else "none",
        "first_repetitions": parts.get("first-repetitions", {}).get("valueInteger"),
        **_reason(first.get("dataAbsentReason")),
        **{name: read_quantity(parts.get(name)) for name in ("furthest", "start", "end")},
    }
