"""FHIR: the library reads a bundle, FHIR's own rules hold, and every value comes back as it was."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir_rules import BINDINGS, INVARIANTS, Json, broken
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_records import MODELS, MOMENT, any_of, of_person, person, session, uuid
from synthetic_analysis import make_exercise, side_bend_analysis

from checker.assessment import Assessment, Measure, PainFreeRange, PainMark, Quantity
from checker.care.records import Amount, CheckIn, Event, History, PlanItem, SafetyAnswer, Session, SideRange, Value
from checker.care.records import PainMark as Mark
from checker.care.when import When
from checker.fhir import (
    Corrector,
    FhirError,
    assessment_of,
    corrected_bundle,
    history_of,
    person_bundle,
    read_bundle,
    session_bundle,
    write_bundle,
)
from checker.fhir.bundle import bundle
from checker.fhir.codes import MEASURE, SD_OF_90, UNCERTAINTY, WITHIN
from checker.fhir.parts import code_of, components_of, tag_of
from checker.fhir.rest import rest_of
from checker.report import write_reports

SLOW: Final = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
KINDS: Final = dict(zip([n for n in History.model_fields if n != "person"], MODELS, strict=True))


def again(made: Json) -> Json:
    """A bundle as it is read from its file."""
    read: Json = json.loads(json.dumps(made, allow_nan=False))
    return read


def of_kind(made: Json, kind: str, tag: str | None = None) -> list[Json]:
    found = [e["resource"] for e in made["entry"]]
    return [r for r in found if r["resourceType"] == kind and (tag is None or tag_of(r) == tag)]


# --- a result -------------------------------------------------------------------------------------


def result() -> Assessment:
    """A result with everything that has an element of its own."""
    first = Quantity(value=18.2, unit="deg", uncertainty=3.1)
    ranges = [
        PainFreeRange(side="left", first=first, first_repetitions=2, furthest=first, start=first, end=first),
        PainFreeRange(
            side="right", first=None, first_repetitions=0, reason="nothing was felt", reason_code="none-felt"
        ),
    ]
    marks = [PainMark(t_s=6.1, side="right", excursion=20.5, excursion_from=15.25, unit="deg")]
    update = {"ranges": ranges, "pain": marks, "pain_before": 0, "pain_after": 4, "recorded_at": MOMENT}
    return side_bend_analysis().assessment.model_copy(update=update)


def test_a_result_is_valid_and_comes_back() -> None:
    made = session_bundle(result())
    assert broken(made) == []
    assert assessment_of(again(made)) == result()
    assert session_bundle(result()) == made, "the same result gives the same bundle"


def test_a_result_of_which_only_the_day_is_told_claims_no_hour() -> None:
    evening = When(MOMENT.replace(hour=23), hour_known=False, zone="Europe/Berlin")  # there the day after
    judged = result().model_copy(update={"recorded_at": None, "analysed_at": MOMENT.replace(day=27)})
    made = session_bundle(judged, evening)
    assert broken(made) == []
    (procedure,) = of_kind(made, "Procedure")
    assert procedure["performedPeriod"] == {"start": "2026-11-21", "end": "2026-11-21"}
    assert {r["effectiveDateTime"] for r in of_kind(made, "Observation")} == {"2026-11-21"}
    assert assessment_of(again(made)) == judged


def test_a_first_pain_that_lies_beyond_says_so_to_every_reader() -> None:
    reached = Quantity(value=31.5, unit="deg", uncertainty=3.5)
    one = PainFreeRange(side="left", first=reached, censored="above", first_repetitions=0)
    told = result().model_copy(update={"ranges": [one]})
    made = session_bundle(told)
    assert broken(made) == []
    (observation,) = of_kind(made, "Observation", "range")
    assert components_of(observation)["first"]["valueQuantity"]["comparator"] == ">"
    assert "more than 32°" in observation["text"]["div"]
    assert assessment_of(again(made)) == told


def test_the_values_stand_in_the_observations_and_nowhere_else() -> None:
    made = session_bundle(result())
    (carrier,) = of_kind(made, "Procedure")
    assert not rest_of(carrier).keys() & {"measures", "ranges", "pain", "pain_before", "pain_after"}
    measures = of_kind(made, "Observation", "measure")
    assert all(set(rest_of(r)) <= {"expected", "unit"} for r in measures)
    left, right, missing = measures
    assert left["valueQuantity"]["value"] == 28.4
    assert (left["valueQuantity"]["code"], left["valueQuantity"]["system"]) == ("deg", "http://unitsofmeasure.org")
    within = {e["url"]: e.get("valueDecimal") for e in left["valueQuantity"]["extension"]}
    assert within[WITHIN] == 3.2
    assert within[UNCERTAINTY] == pytest.approx(3.2 / SD_OF_90)
    assert left["effectiveDateTime"] == "2026-11-20T08:30:00Z"
    assert (left["bodySite"]["text"], right["bodySite"]["text"]) == ("left", "right")
    assert "valueQuantity" not in missing
    assert missing["dataAbsentReason"]["text"] == "your right hip was hidden"


def test_a_program_that_knows_only_the_standard_extension_is_understood() -> None:
    """Another program may drop our own extension of a Quantity: the uncertainty is read from the standard one."""
    made = session_bundle(result())
    for r in of_kind(made, "Observation", "measure"):
        if "valueQuantity" in r:
            q = r["valueQuantity"]
            q["extension"] = [e for e in q["extension"] if e["url"] != WITHIN]
    found = assessment_of(made).measures[0]
    assert found.value == 28.4
    assert found.uncertainty == pytest.approx(3.2)


def test_a_corrected_value_is_the_one_that_is_read() -> None:
    made = session_bundle(result())
    of_kind(made, "Observation", "measure")[0]["valueQuantity"]["value"] = 31.5
    assert assessment_of(made).measures[0].value == 31.5


def by_hand() -> tuple[Assessment, Assessment]:
    """A result as the machine had it, and as it was corrected: of one side another value, of the other none."""
    machine = result()
    first, second, *others = machine.measures
    told = [first.model_copy(update={"value": 31.5}), second.model_copy(update={"value": None, "uncertainty": None})]
    told[1] = told[1].model_copy(update={"status": "not_measured", "reason": "not the patient", "reason_code": "other"})
    return machine, machine.model_copy(update={"measures": [*told, *others]})


def test_a_corrected_result_names_who_and_keeps_what_the_machine_said() -> None:
    machine, corrected = by_hand()
    made = corrected_bundle(corrected, machine, [Corrector("Pat Physio", MOMENT)])
    assert broken(made) == []
    assert assessment_of(again(made)) == corrected
    found = of_kind(made, "Observation", "measure")
    assert [o["status"] for o in found[:2]] == ["corrected", "corrected"]
    by_id = {r["id"]: r for r in of_kind(made, "Observation")}
    own = [by_id[o["derivedFrom"][0]["reference"].removeprefix("urn:uuid:")] for o in found[:2]]
    assert [o["status"] for o in own] == ["final", "final"]
    assert [o["valueQuantity"]["value"] for o in own] == [m.value for m in machine.measures[:2]]
    assert {o["status"] for o in found[2:] + of_kind(made, "Observation", "range")} <= {"final"}
    (provenance,) = of_kind(made, "Provenance")
    assert [t["reference"] for t in provenance["target"]] == [f"urn:uuid:{o['id']}" for o in found[:2]]
    (who,) = of_kind(made, "Practitioner")
    assert provenance["agent"] == [{"who": {"reference": f"urn:uuid:{who['id']}"}}]
    assert who["name"] == [{"text": "Pat Physio"}]


def test_without_a_correction_the_bundle_is_the_machines() -> None:
    machine, _ = by_hand()
    assert corrected_bundle(machine, machine, []) == session_bundle(machine)
    assert of_kind(corrected_bundle(machine, machine, [Corrector("Pat", MOMENT)]), "Provenance") == []


RESULTS: Final = st.builds(
    lambda measures, ranges, pain, told, at: result().model_copy(
        update={
            "measures": measures,
            "ranges": ranges,
            "pain": pain,
            "pain_before": told,
            "warnings": [m.name for m in measures],
            "recorded_at": at,
        }
    ),
    st.lists(any_of(Measure), max_size=3),
    st.lists(any_of(PainFreeRange), max_size=2),
    st.lists(any_of(PainMark), max_size=2),
    st.none() | st.integers(0, 10),
    st.none() | st.just(MOMENT),
)


@SLOW
@given(RESULTS)
def test_any_result_is_valid_and_comes_back(made: Assessment) -> None:
    found = session_bundle(made)
    assert broken(found) == []
    assert assessment_of(again(found)) == made


# --- a person -------------------------------------------------------------------------------------

PAIN = CheckIn(id=uuid(31), person_id=uuid(1), at=MOMENT, kind="before", session_id=uuid(1001), pain=3, worst=5)
MEASURED = Value(value=24.125, unit="deg", uncertainty=3.3, n=2, censored="above")
SESSION: Final = session(
    1,
    ended_at=MOMENT.replace(hour=9),
    measures={"trunk_lateral_flexion/left": MEASURED, "hold": Value(value=12.5, unit="s", uncertainty=0.4)},
    ranges=[SideRange(side="left", first=MEASURED, limited_by="pull", pain_at_limit=2), SideRange(side="right")],
    measured=True,
)
HISTORY: Final = History(
    person=person(),
    sessions=(SESSION,),
    check_ins=(PAIN, PAIN.model_copy(update={"id": uuid(32), "kind": "daily", "pain": None, "session_id": uuid(77)})),
    pain_marks=(Mark(id=uuid(41), person_id=uuid(1), at=MOMENT, session_id=uuid(1001), t_s=6.5, side="left"),),
    answers=(
        SafetyAnswer(
            id=uuid(51), person_id=uuid(1), at=MOMENT, question="bladder", answer="yes", because="first", text_id="a"
        ),
    ),
    plan=tuple(
        PlanItem(
            id=uuid(60 + n), person_id=uuid(1), at=MOMENT, for_day=MOMENT.date(), exercise="standing_side_bend",
            amount=Amount(repetitions=5, sets=2, hold_s=10.0), rule="asked", reason="as agreed", set_by=by,
        )
        for n, by in enumerate(("rule", "Dr. Grün"))
    ),
)  # fmt: skip


def test_a_person_is_valid_and_comes_back() -> None:
    made = person_bundle(HISTORY)
    assert broken(made) == []
    assert history_of(again(made)) == HISTORY


def test_a_session_of_which_only_the_day_is_known_claims_no_hour() -> None:
    evening = MOMENT.replace(hour=23)  # in Berlin the day after
    day = SESSION.model_copy(update={"at": evening, "ended_at": evening, "zone": "Europe/Berlin", "hour_known": False})
    known = HISTORY.model_copy(update={"sessions": (day,)})
    made = person_bundle(known)
    assert broken(made) == []
    (procedure,) = of_kind(made, "Procedure")
    assert procedure["performedPeriod"] == {"start": "2026-11-21", "end": "2026-11-21"}
    assert {r["effectiveDateTime"] for r in of_kind(made, "Observation", "session-range")} == {"2026-11-21"}
    assert history_of(again(made)) == known


def test_what_other_programs_look_for_is_there() -> None:
    made = person_bundle(HISTORY)
    (patient,), (procedure,) = of_kind(made, "Patient"), of_kind(made, "Procedure")
    assert (patient["name"], patient["birthDate"]) == ([{"text": "Ann Other"}], "1970")
    assert procedure["code"]["coding"][0]["code"] == "229065009"
    assert procedure["performedPeriod"] == {"start": "2026-11-20T08:31:00Z", "end": "2026-11-20T09:30:00Z"}
    assert not rest_of(procedure).keys() & {"measures", "ranges", "at", "ended_at", "exercise"}
    (left,) = [
        r for r in of_kind(made, "Observation", "session-measure") if r.get("bodySite", {}).get("text") == "left"
    ]
    assert (left["valueQuantity"]["value"], left["valueQuantity"]["comparator"]) == (24.125, ">")
    tested = of_kind(made, "Observation", "session-range")
    assert [c.get("dataAbsentReason", {}).get("coding", [{}])[0].get("code") for c in tested[1]["component"]] == [
        "unknown"
    ]
    told, untold = of_kind(made, "Observation", "check-in")
    assert (told["code"]["coding"][0]["code"], told["valueInteger"]) == ("72514-3", 3)
    assert told["partOf"] == [{"reference": f"urn:uuid:{uuid(1001)}"}]
    assert "valueInteger" not in untold
    assert "partOf" not in untold, "its session is not here"
    done = {r["code"]["coding"][0]["code"]: r for r in of_kind(made, "Observation") if tag_of(r) is None}
    assert done["55411-3"]["valueQuantity"] == {
        "value": 59.0, "unit": "minutes", "system": "http://unitsofmeasure.org", "code": "min",
    }  # fmt: skip
    assert "73985-4" in done
    (flag,) = of_kind(made, "Flag")
    assert flag["period"]["start"] == "2026-11-20T08:30:00Z"


def test_a_care_plan_is_there_only_where_a_clinician_wrote_one() -> None:
    made = person_bundle(HISTORY)
    (plan,), (request,), (who,) = (of_kind(made, kind) for kind in ("CarePlan", "ServiceRequest", "Practitioner"))
    assert who["name"] == [{"text": "Dr. Grün"}]
    assert plan["author"] == request["requester"] == {"reference": f"urn:uuid:{who['id']}"}
    assert request["quantityQuantity"]["value"] == 5
    by_rule = HISTORY.model_copy(update={"plan": HISTORY.plan[:1]})
    assert of_kind(person_bundle(by_rule), "CarePlan") == []


def a_target(n: int, kind: str = "target_set", who: str = "physio", **data: Any) -> Event:
    return Event(
        id=uuid(80 + n),
        person_id=uuid(1),
        at=MOMENT,
        kind=kind,
        who=who,
        name="Dr. Grün",
        reason="as agreed",
        data=data,
    )


def test_a_target_that_a_physio_has_set_is_a_goal_and_a_newer_one_ends_it() -> None:
    first = a_target(1, exercise="standing_side_bend", target={"left": 30.0, "right": 32.5}, until="2026-12-31")
    newer = a_target(2, exercise="standing_side_bend", target={"left": 25.0})
    gone = a_target(3, exercise="standing_side_bend", target={"right": 40})
    told = (
        first,
        a_target(4, who="person", exercise="standing_side_bend", target={"left": 90}),
        a_target(5, "limit_set", exercise="standing_side_bend", limit={"left": 35}),
        newer,
        gone,
        a_target(6, "taken_back", event=str(gone.id)),
        a_target(7, exercise="not_here", target={"both": 3}),
    )
    known = HISTORY.model_copy(update={"events": told, "plan": ()})
    made = person_bundle(known)
    assert broken(made) == []
    one, two, three, unknown = of_kind(made, "Goal")
    assert [g["lifecycleStatus"] for g in (one, two, three, unknown)] == ["active", "active", "cancelled", "active"]
    left, right = one["target"]
    degrees = {"unit": "°", "system": "http://unitsofmeasure.org", "code": "deg"}
    assert left["detailRange"] == {"low": {"value": 30.0} | degrees}
    assert right["detailRange"] == {"low": {"value": 32.5} | degrees}
    (observed,) = [
        r for r in of_kind(made, "Observation", "session-measure") if r.get("bodySite", {}).get("text") == "left"
    ]
    assert code_of(left["measure"], MEASURE) == code_of(observed["code"], MEASURE), (
        "so a reader finds the values of the target"
    )
    assert (left["dueDate"], "dueDate" in two["target"][0]) == ("2026-12-31", False)
    assert (one["startDate"], one["note"]) == ("2026-11-20", [{"text": "as agreed"}])
    assert one["description"]["text"] == "Standing side bend: at least 30° left, 32.5° right"
    assert [t["measure"]["text"] for t in one["target"]] == ["Side bend, left", "Side bend, right"]
    assert (observed["code"]["text"], observed["code"]["coding"][0]["display"]) == ("Side bend", "Side bend")
    assert unknown["description"]["text"] == "not_here: at least 3", "of a movement that is not here, its id"
    assert unknown["target"][0]["detailRange"] == {"low": {"value": 3.0}}, "of a movement that is not here, no unit"
    assert one["expressedBy"]["reference"] in {f"urn:uuid:{r['id']}" for r in of_kind(made, "Practitioner")}
    assert history_of(again(made)) == known


def test_one_physio_is_one_practitioner() -> None:
    told = tuple(a_target(n, exercise="standing_side_bend", target={"left": 30.0 + n}) for n in range(3))
    named = told[0].model_copy(update={"id": uuid(99), "name": "Phil"})
    known = HISTORY.model_copy(update={"events": (*told, named)})  # the plan is by Dr. Grün, too
    made = person_bundle(known)
    assert broken(made) == []
    assert [who["name"][0]["text"] for who in of_kind(made, "Practitioner")] == ["Dr. Grün", "Phil"]
    assert history_of(again(made)) == known


def test_the_values_of_a_session_that_was_corrected_say_so_and_by_whom() -> None:
    update = {"corrected_by": "Pat and Phil", "corrected_at": MOMENT.replace(hour=20)}
    known = HISTORY.model_copy(update={"sessions": (SESSION.model_copy(update=update),)})
    made = person_bundle(known)
    assert broken(made) == []
    values = [r for tag in ("session-measure", "session-range") for r in of_kind(made, "Observation", tag)]
    assert {r["status"] for r in values} == {"corrected"}
    assert {r["status"] for r in of_kind(made, "Observation") if r not in values} == {"final"}
    (provenance,) = of_kind(made, "Provenance")
    assert [t["reference"] for t in provenance["target"]] == [f"urn:uuid:{r['id']}" for r in values]
    assert provenance["agent"] == [{"who": {"display": "Pat and Phil"}}]
    assert provenance["recorded"] == "2026-11-20T20:30:00Z"
    assert history_of(again(made)) == known
    assert of_kind(person_bundle(HISTORY), "Provenance") == []


@st.composite
def histories(draw: Callable[[Any], Any]) -> History:
    """Any records, each of one person and with an id of its own."""
    sessions = [s for n, s in enumerate(draw(st.lists(any_of(Session), max_size=2)))]
    found: dict[str, list[Any]] = {}
    number = 10
    for name, kind in KINDS.items():
        found[name] = []
        for record in sessions if kind is Session else draw(st.lists(any_of(kind), max_size=2)):
            number += 1
            found[name].append(of_person(record.model_copy(update={"id": uuid(number)}), uuid(1), uuid(3)))
    return History(person=draw(any_of(type(person()))).model_copy(update={"id": uuid(1)}), **found)


@SLOW
@given(histories())
def test_any_history_is_valid_and_comes_back(history: History) -> None:
    made = person_bundle(history)
    assert broken(made) == []
    assert history_of(again(made)) == history


# --- at the door ----------------------------------------------------------------------------------


def test_a_file_comes_back_to_the_last_digit(tmp_path: Path) -> None:
    write_bundle(person_bundle(HISTORY), tmp_path / "one.json")
    assert history_of(read_bundle(tmp_path / "one.json")) == HISTORY


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", '{"resourceType": "Patient"}', "[" * 100_000, '{"resourceType": "Bundle", "type": 3}', "\x00",
        '{"resourceType": "Bundle", "type": "collection", "total": NaN}',
        '{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "x": 1}}]'
        "}",
    ],
)  # fmt: skip
def test_what_is_no_bundle_is_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(FhirError) as caught:
        read_bundle(tmp_path / "a.json")
    assert "\n" not in str(caught.value)
    assert "expected" in str(caught.value)


def without(made: Json, kind: str) -> Json:
    return made | {"entry": [e for e in made["entry"] if e["resource"]["resourceType"] != kind]}


def test_a_bundle_of_somebody_else_is_refused() -> None:
    for other in (without(person_bundle(HISTORY), "Patient"), session_bundle(result()), {"resourceType": "Bundle"}):
        with pytest.raises(FhirError, match="expected one person"):
            history_of(other)
    with pytest.raises(FhirError, match="expected one result"):
        assessment_of(person_bundle(HISTORY))


def test_a_record_of_another_person_is_refused() -> None:
    made = again(person_bundle(HISTORY))
    of_kind(made, "Observation", "check-in")[0]["subject"]["reference"] = f"urn:uuid:{uuid(2)}"
    with pytest.raises(FhirError, match="another person's"):
        history_of(made)


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, {"valueString": "{"}])
def test_a_damaged_extension_is_one_line(value: Any) -> None:
    made = again(person_bundle(HISTORY))
    (procedure,) = of_kind(made, "Procedure")
    rest = value if isinstance(value, dict) else {"valueString": json.dumps(value)}
    procedure["extension"] = [{"url": "urn:backcheck:fhir:rest", **rest}]
    with pytest.raises(FhirError) as caught:
        history_of(made)
    assert "\n" not in str(caught.value)


def test_two_records_of_one_id_are_refused() -> None:
    twice = HISTORY.model_copy(update={"check_ins": (PAIN, PAIN)})
    with pytest.raises(FhirError, match="an id of its own"):
        person_bundle(twice)


def test_the_report_is_one_of_the_table(tmp_path: Path) -> None:
    analysis = side_bend_analysis()
    files = write_reports(analysis, make_exercise(), None, tmp_path, kinds=("fhir",))
    assert assessment_of(read_bundle(files["fhir"])) == analysis.assessment


# --- the rules of the tests find what is wrong ------------------------------------------------------


def spoil(change: Callable[[Json], None]) -> list[str]:
    made = copy.deepcopy(person_bundle(HISTORY))
    change(made)
    return broken(made)


def _first(made: Json, kind: str, tag: str | None = None) -> Json:
    return of_kind(made, kind, tag)[0]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda b: _first(b, "Observation").update(status="banana"), "Observation.status is banana"),
        (lambda b: _first(b, "Observation", "session-measure").update(dataAbsentReason={"text": "x"}), "obs-6"),
        (lambda b: _first(b, "Observation", "session-measure")["valueQuantity"].update(code="degrees"), "has the unit"),
        (lambda b: _first(b, "Procedure").update(subject={"reference": "urn:uuid:1"}), "leads nowhere"),
        (lambda b: _first(b, "Procedure").pop("text"), "dom-6"),
        (lambda b: b["entry"].append(b["entry"][0]), "bdl-7"),
        (lambda b: b.update(total=3), "bdl-1"),
        (lambda b: b["entry"][0].update(request={"method": "GET", "url": "x"}), "bdl-3"),
        (lambda b: _first(b, "ServiceRequest").pop("code"), "prr-1"),
        (lambda b: _first(b, "Procedure")["performedPeriod"].update(end="1999-01-01"), "per-1"),
        (
            lambda b: _first(b, "Observation", "session-measure")["component"].append(
                {"code": _first(b, "Observation", "session-measure")["code"], "valueInteger": 1}
            ),
            "obs-7",
        ),
    ],
)
def test_what_the_library_lets_through_is_found(change: Callable[[Json], None], why: str) -> None:
    assert any(why in told for told in spoil(change)), spoil(change)


def test_the_library_alone_would_not_find_it() -> None:
    """Should it do so one day, some of these rules can go."""
    made = copy.deepcopy(person_bundle(HISTORY))
    _first(made, "Observation")["status"] = "banana"
    Bundle.model_validate(made)
    assert INVARIANTS["Observation"]
    assert ("Observation", "status") in BINDINGS


def test_the_library_refuses_what_it_should() -> None:
    with pytest.raises(FhirError, match="expected a Bundle"):
        bundle([{"resourceType": "Patient", "id": str(UUID(int=5)), "shoe": 3}], None)
