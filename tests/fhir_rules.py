"""What FHIR R4 asks of the resources that we write, and the library does not look at.

The invariants are those of the specification, by their keys; those of R4 that are warnings are held, too. The codes are
the required bindings of the elements that we write.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from fhirpathpy import compile as compile_path
from fhirpathpy.models import models

Json = dict[str, Any]

INVARIANTS: Final = {
    "Bundle": {
        "bdl-1": "total.empty() or (type = 'searchset') or (type = 'history')",
        "bdl-2": "entry.search.empty() or (type = 'searchset')",
        "bdl-3": "entry.all(request.empty())",
        "bdl-4": "entry.all(response.empty())",
        "bdl-5": "entry.all(resource.exists() or request.exists() or response.exists())",
        "bdl-7": "entry.fullUrl.isDistinct() and entry.fullUrl.count() = entry.count()",
        "bdl-8": "entry.fullUrl.all($this.contains('/_history/').not())",
    },
    "Resource": {
        "dom-2": "contained.contained.empty()",
        "dom-3": "contained.empty()",
        "dom-4": "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()",
        "dom-5": "contained.meta.security.empty()",
        "dom-6": "text.`div`.exists()",
    },
    "Observation": {
        "obs-3": "referenceRange.all(low.exists() or high.exists() or text.exists())",
        "obs-6": "dataAbsentReason.empty() or value.empty()",
        "obs-7": "value.empty() or component.where(code.coding.where(system & '|' & code in "
        "%resource.code.coding.select(system & '|' & code)).exists()).empty()",
        "has something": "value.exists() or dataAbsentReason.exists() or component.exists()",
        "component": "component.all(value.exists() != dataAbsentReason.exists())",
        "for patient access": "subject.exists() and status.exists() and code.exists()",
    },
    "ServiceRequest": {"prr-1": "orderDetail.empty() or code.exists()"},
    "Goal": {"gol-1": "target.all((detail.exists() and measure.exists()) or detail.exists().not())"},
    "CarePlan": {"cpl-3": "activity.all(detail.empty() or reference.empty())"},
    "QuestionnaireResponse": {"qrs-1": "item.all((answer.exists() and item.exists()).not())"},
    "Questionnaire": {
        "que-2": "descendants().linkId.isDistinct()",
        "que-3": "item.where(type = 'display').code.empty()",
        "que-7": "item.enableWhen.empty()",
    },
}

BINDINGS: Final = {
    ("Bundle", "type"): {"collection"},
    ("Patient", "gender"): {"male", "female", "other", "unknown"},
    ("Observation", "status"): {"registered", "preliminary", "final", "amended", "corrected", "cancelled"},
    ("Procedure", "status"): {"in-progress", "not-done", "stopped", "completed", "unknown"},
    ("QuestionnaireResponse", "status"): {"in-progress", "completed", "amended"},
    ("Questionnaire", "status"): {"draft", "active", "retired", "unknown"},
    ("Flag", "status"): {"active", "inactive"},
    ("Goal", "lifecycleStatus"): {"proposed", "planned", "accepted", "active", "on-hold", "completed", "cancelled"},
    ("CarePlan", "status"): {"draft", "active", "on-hold", "revoked", "completed", "unknown"},
    ("CarePlan", "intent"): {"proposal", "plan", "order", "option"},
    ("ServiceRequest", "status"): {"draft", "active", "on-hold", "revoked", "completed", "unknown"},
    ("ServiceRequest", "intent"): {"proposal", "plan", "directive", "order"},
}
ITEM_TYPES: Final = {"boolean", "decimal", "integer", "date", "string", "choice"}
COMPARATORS: Final = {"<", "<=", ">=", ">"}
CATEGORIES: Final = {"exam", "survey", "activity"}
ABSENT: Final = {"unknown", "not-performed", "asked-unknown"}
PERIOD_UNITS: Final = {"s", "min", "h", "d", "wk", "mo", "a"}
UCUM: Final = {"deg", "s", "{count}", "/min", "1", "deg/s", "min"}

STANDARD_EXTENSIONS: Final = {
    "http://hl7.org/fhir/StructureDefinition/iso21090-uncertainty": "valueDecimal",
    "http://hl7.org/fhir/StructureDefinition/iso21090-uncertaintyType": "valueCode",
}


@cache
def _compiled(rule: str) -> Any:
    return compile_path(rule, models["r4"])


def holds(rule: str, resource: Json) -> bool:
    """Whether an invariant is true of a resource."""
    return bool(_compiled(rule)(resource, {"resource": resource}) == [True])


def walk(value: Any, name: str = "") -> Iterator[tuple[str, Json]]:
    """Every object in a resource, with the name of the element that it is."""
    if isinstance(value, list):
        for one in value:
            yield from walk(one, name)
    elif isinstance(value, dict):
        yield name, value
        for key, one in value.items():
            yield from walk(one, key)


def broken(bundle: Json) -> list[str]:
    """What of a bundle is not as FHIR asks for; empty where all is well."""
    found = [f"Bundle {key}" for key, rule in INVARIANTS["Bundle"].items() if not holds(rule, bundle)]
    found += _bound("Bundle", bundle)
    urls = {e["fullUrl"] for e in bundle["entry"]}
    for entry in bundle["entry"]:
        resource = entry["resource"]
        kind = resource["resourceType"]
        rules = INVARIANTS["Resource"] | INVARIANTS.get(kind, {})
        found += [f"{kind} {key}" for key, rule in rules.items() if not holds(rule, resource)]
        found += _bound(kind, resource)
        if entry["fullUrl"] != f"urn:uuid:{resource['id']}":
            found.append(f"{kind} has another id than its entry")
        for name, one in walk(resource):
            found += [f"{kind}.{name} {why}" for why in _wrong(name, one, urls)]
    return found


def _bound(kind: str, resource: Json) -> list[str]:
    wanted = {element: codes for (of, element), codes in BINDINGS.items() if of == kind}
    return [f"{kind}.{e} is {resource[e]}" for e, codes in wanted.items() if e in resource and resource[e] not in codes]


def _wrong(name: str, one: Json, urls: set[str]) -> Iterator[str]:
    if not one:
        yield "is empty: ele-1"
    if name == "extension" and sum(key.startswith("value") for key in one) != 1:
        yield "has not one value: ext-1"
    if name == "extension" and one["url"] in STANDARD_EXTENSIONS and STANDARD_EXTENSIONS[one["url"]] not in one:
        yield "is of the wrong type"
    if name == "item" and "type" in one and one["type"] not in ITEM_TYPES:
        yield f"is of the type {one['type']}"
    yield from _wrong_value(one, urls)
    yield from _wrong_coding(one)


def _wrong_value(one: Json, urls: set[str]) -> Iterator[str]:
    if "reference" in one and isinstance(one["reference"], str) and one["reference"] not in urls:
        yield f"leads nowhere: {one['reference']}"
    if one.get("system") == "http://unitsofmeasure.org" and one.get("code") not in UCUM:
        yield f"has the unit {one.get('code')}"
    if "code" in one and "value" in one and "system" not in one:
        yield "has a code without its system: qty-3"
    if "comparator" in one and one["comparator"] not in COMPARATORS:
        yield "has a comparator of its own"
    if {"start", "end"} <= one.keys() and isinstance(one["start"], str) and one["start"] > one["end"]:
        yield "ends before it begins: per-1"
    if "periodUnit" in one and (one["periodUnit"] not in PERIOD_UNITS or one["frequency"] < 1 or one["period"] < 0):
        yield "has a timing that is none: tim-*"


def _wrong_coding(one: Json) -> Iterator[str]:
    system, code = str(one.get("system", "")), one.get("code")
    if system.endswith("CodeSystem/observation-category") and code not in CATEGORIES:
        yield f"has the category {code}"
    if system.endswith("CodeSystem/data-absent-reason") and code not in ABSENT:
        yield f"is absent for {code}"
    if isinstance(code, str) and " ".join(code.split()) != code:
        yield f"has a code with blanks: {code!r}"
