"""A person's weeks as a Bundle: all records, and what other programs look for; and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from pydantic import ValidationError

from checker.care.question_rules import Question
from checker.care.questions import open_questions
from checker.care.records import Event, History, Person, PlanItem, Record, Release
from checker.care.rules import Rules, load_rules
from checker.fhir import codes, visits
from checker.fhir.bundle import FhirError, bundle, resources_of
from checker.fhir.clinicians import Clinicians
from checker.fhir.goals import goals
from checker.fhir.items import QUESTIONNAIRES, answers_of, questionnaire_of, read_answers
from checker.fhir.movements import Movements
from checker.fhir.parts import Resource, concept, derived, id_of, moment, reference, resource, tag_of, text
from checker.fhir.rest import rest_of, with_rest
from checker.fhir.session import device_of

PERSON: Final = "person"

_BASIC: Final[dict[type[Record], tuple[str, str]]] = {
    Release: ("release", "A clinician has answered a safety question"),
    PlanItem: ("plan", "A movement of a day's plan"),
    Event: ("event", "Something that happened"),
}
"""Records for which FHIR has no resource of their own: their tag and what they are."""


def person_bundle(history: History) -> Resource:
    """Return everything of a person but results and poses, which `people export` has.

    Raises:
        FhirError: two records have one id, or the library refuses one.
    """
    person = history.person
    device = derived(person.id, "device")
    known = frozenset(s.id for s in history.sessions)
    movements, clinicians = Movements(), Clinicians(person.id)
    resources = [_patient(person)]
    used = sorted({type(r) for r in _answers(history)}, key=lambda kind: QUESTIONNAIRES[kind][0])
    resources += [questionnaire_of(kind, derived(person.id, f"questions {kind.__name__}")) for kind in used]
    resources += [answers_of(r) for r in _answers(history)]
    resources += [visits.check_in(c, known) for c in history.check_ins]
    if history.sessions:
        resources.append(device_of(device, history.sessions[-1].app_version, "", history.sessions[-1].model_sha256))
    for session in history.sessions:
        resources += visits.session(session, device, movements)
    resources += [visits.pain_mark(p, known) for p in history.pain_marks]
    for record in (*history.releases, *history.events, *history.plan):
        if isinstance(record, PlanItem) and _authored(record):
            resources += _by_clinician(record, movements, clinicians)
        else:
            resources.append(_basic(record))
    resources += goals(history, movements, clinicians)
    resources += clinicians.resources()
    resources += _flags(history, load_rules())
    return bundle(resources, None)


def history_of(found: Resource) -> History:
    """Return the records that a bundle of `person_bundle` carries, each kind in the order of the bundle.

    Raises:
        FhirError: there is not one person in it, or something is damaged; one line.
    """
    by_tag: dict[str | None, list[Resource]] = {}
    for r in resources_of(found):
        by_tag.setdefault(tag_of(r), []).append(r)
    if len(by_tag.get(PERSON, [])) != 1:
        raise FhirError(f"expected one person of BackCheck in the bundle, got {len(by_tag.get(PERSON, []))}")
    try:
        data = {name: [read(r) for r in by_tag.get(tag, [])] for name, (tag, read) in _READ.items()}
        of_session = visits.children(by_tag)
        data["sessions"] = [visits.read_session(r, of_session.get(r["id"], [])) for r in by_tag.get("session", [])]
        history = History.model_validate({"person": _read_patient(by_tag[PERSON][0]), **data})
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = " ".join(str(error).split())[:200]
        raise FhirError(f"expected records that BackCheck has written ({why})") from error
    kinds = [getattr(history, name) for name in History.model_fields if name != "person"]
    if any(record.person_id != history.person.id for records in kinds for record in records):
        raise FhirError("a record in the bundle is another person's")
    return history


def _answers(history: History) -> Iterable[Record]:
    return (
        *history.profiles,
        *history.episodes,
        *history.answers,
        *history.ladder,
        *history.activities,
        *history.outcomes,
    )


# --- the person -----------------------------------------------------------------------------------


def _patient(person: Person) -> Resource:
    made = resource(
        "Patient",
        person.id,
        person.name,
        PERSON,
        name=[{"text": text(person.name)}] if text(person.name) else [],
        gender=person.sex,
        birthDate=None if person.born_year is None else str(person.born_year),
        address=[] if person.country is None else [{"country": person.country}],
    )
    return with_rest(made, person, _read_native(made))


def _read_native(r: Resource) -> dict[str, Any]:
    return {
        "id": r["id"],
        "name": r.get("name", [{}])[0].get("text"),
        "sex": r.get("gender"),
        "born_year": int(r["birthDate"][:4]) if "birthDate" in r else None,
        "country": r.get("address", [{}])[0].get("country"),
    }


def _read_patient(r: Resource) -> dict[str, Any]:
    return _read_native(r) | rest_of(r)


# --- what has no resource of its own --------------------------------------------------------------


def _basic(record: Record) -> Resource:
    tag, words = _BASIC[type(record)]
    made = resource(
        "Basic",
        record.id,
        words,
        tag,
        code=concept((codes.RECORD, tag, None), words=words),
        subject=reference(record.person_id),
    )
    return with_rest(made, record, _read_basic(made))


def _read_basic(r: Resource) -> dict[str, Any]:
    return {"id": r["id"], "person_id": id_of(r["subject"])}


def _authored(item: PlanItem) -> bool:
    return item.set_by not in {"rule", "person"}


def _by_clinician(item: PlanItem, movements: Movements, clinicians: Clinicians) -> list[Resource]:
    """Return what a clinician has asked for: the plan, and the request, which carries the record."""
    who, plan = clinicians.refer_to(item.set_by, item.id), derived(item.id, "plan")
    patient, amount, name = reference(item.person_id), item.amount, movements.name(item.exercise)
    how_often = (
        {"frequency": amount.times_a_day, "period": 1, "periodUnit": "d"} if 0 < amount.times_a_day < 2**31 else None
    )
    request = resource(
        "ServiceRequest",
        item.id,
        f"{name}: {item.reason}",
        "plan",
        status="active",
        intent="plan",
        code=concept(codes.EXERCISE_THERAPY, (codes.MOVEMENT, item.exercise, None), words=name),
        quantityQuantity=None if amount.repetitions is None else {"value": amount.repetitions, "unit": "repetitions"},
        subject=patient,
        occurrenceTiming={"repeat": how_often | {"boundsPeriod": _day(item)}} if how_often else None,
        authoredOn=moment(item.at),
        requester=who,
        orderDetail=[concept(words=f"{n} {v:g}") for n, v in _details(item) if v is not None],
    )
    return [
        resource(
            "CarePlan",
            plan,
            f"Plan of {item.for_day}",
            status="active",
            intent="plan",
            subject=patient,
            period=_day(item),
            author=who,
            activity=[{"reference": reference(item.id)}],
        ),
        with_rest(request, item, _read_basic(request)),
    ]


def _day(item: PlanItem) -> Resource:
    return {"start": item.for_day.isoformat(), "end": item.for_day.isoformat()}


def _details(item: PlanItem) -> list[tuple[str, float | None]]:
    return [("sets", item.amount.sets), ("hold, seconds", item.amount.hold_s), ("seconds", item.amount.duration_s)]


def _flags(history: History, rules: Rules) -> list[Resource]:
    """Return a flag for each safety question that is open."""
    texts: dict[str, Question] = {q.id: q for q in rules.safety.questions}
    return [
        resource(
            "Flag",
            derived(history.person.id, f"flag {o.question}"),
            f"Open: {texts[o.question].text if o.question in texts else o.question}",
            status="active",
            category=[concept(words="Safety question that a clinician has not answered yet")],
            code=concept(
                (codes.ANSWER, o.question, None), words=texts[o.question].text if o.question in texts else "?"
            ),
            subject=reference(history.person.id),
            period={"start": moment(o.since)},
        )
        for o in open_questions(history, rules)
    ]


def _with_rest_of(read: Callable[[Resource], dict[str, Any]]) -> Callable[[Resource], dict[str, Any]]:
    return lambda r: read(r) | rest_of(r)


_READ: Final[dict[str, tuple[str, Callable[[Resource], dict[str, Any]]]]] = {
    "profiles": ("profile", read_answers),
    "episodes": ("episode", read_answers),
    "answers": ("safety", read_answers),
    "ladder": ("ladder", read_answers),
    "activities": ("activity", read_answers),
    "outcomes": ("outcome", read_answers),
    "check_ins": ("check-in", _with_rest_of(visits.read_check_in)),
    "pain_marks": ("pain-mark", _with_rest_of(visits.read_pain_mark)),
    "releases": ("release", _with_rest_of(_read_basic)),
    "events": ("event", _with_rest_of(_read_basic)),
    "plan": ("plan", _with_rest_of(_read_basic)),
}
"""How each kind of record is read: its tag, and by what."""
