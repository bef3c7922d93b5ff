"""Answers as a QuestionnaireResponse: one item a field that was answered, and back."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from checker.care.records import (
    ActivityAnswer,
    Episode,
    LadderAnswer,
    Outcome,
    Profile,
    Record,
    SafetyAnswer,
)
from checker.fhir import codes
from checker.fhir.parts import Resource, moment, reference, resource, text
from checker.fhir.rest import document, rest_of, with_rest

QUESTIONNAIRES: Final[dict[type[Record], tuple[str, str]]] = {
    Profile: ("profile", "What a plan must know"),
    Episode: ("episode", "A time of back trouble"),
    SafetyAnswer: ("safety", "Safety question"),
    LadderAnswer: ("ladder", "How hard an activity of the ladder is"),
    ActivityAnswer: ("activity", "How hard an activity is that matters"),
    Outcome: ("outcome", "Questionnaire"),
}
"""The records that are answers: the name and title of each one's Questionnaire."""

_OF_ALL: Final = frozenset(["id", "person_id", "at", "zone"])
_MOST: Final = 2**31 - 1


def questionnaire_of(kind: type[Record], identity: UUID) -> Resource:
    """Return the Questionnaire that the answers of a kind belong to."""
    name, title = QUESTIONNAIRES[kind]
    return resource(
        "Questionnaire",
        identity,
        title,
        url=f"{codes.OWN}:questionnaire:{name}",
        title=title,
        status="active",
        subjectType=["Patient"],
        item=[
            {"linkId": field, "text": field.replace("_", " "), "type": _type_of(kind, field), "repeats": True}
            for field in kind.model_fields
            if field not in _OF_ALL
        ],
    )


def _type_of(kind: type[BaseModel], field: str) -> str:
    said = str(kind.model_fields[field].annotation)
    words = {"bool": "boolean", "date": "date", "int": "integer", "float": "decimal"}
    found = [name for word, name in words.items() if word in said]
    return found[0] if len(found) == 1 and "dict" not in said and "str" not in said else "choice"


def answers_of(record: Record) -> Resource:
    """Return a record that is an answer."""
    kind, title = QUESTIONNAIRES[type(record)]
    data = document(record)
    items = [_item(n, getattr(record, n), data[n]) for n in data if n not in _OF_ALL]
    made = resource(
        "QuestionnaireResponse",
        record.id,
        title,
        kind,
        questionnaire=f"{codes.OWN}:questionnaire:{kind}",
        status="completed",
        subject=reference(record.person_id),
        authored=moment(record.at),
        source=reference(record.person_id),
        item=[item for item in items if item is not None],
    )
    return with_rest(made, record, read_items(made))


def _item(name: str, value: Any, written: Any) -> Resource | None:
    many = written if isinstance(written, list) else [written]
    answers = [_answer(one, isinstance(value, date)) for one in many]
    return {"linkId": name, "answer": answers} if answers and all(answers) else None


def _answer(value: Any, day: bool) -> Resource:
    """Return an answer; empty where FHIR has no such value, or would not give it back."""
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int):
        return {"valueInteger": value} if abs(value) <= _MOST else {}
    if isinstance(value, float):
        return {"valueDecimal": value}
    if isinstance(value, str) and value and text(value) == value:
        return {"valueDate": value} if day else {"valueCoding": {"system": codes.ANSWER, "display": value}}
    return {}


def read_items(found: Resource) -> dict[str, Any]:
    """Return the fields of a record that is an answer."""
    data: dict[str, Any] = {
        "id": found["id"],
        "person_id": found["subject"]["reference"].removeprefix("urn:uuid:"),
        "at": found["authored"],
    }
    for item in found.get("item", []):
        values = [_value(answer) for answer in item["answer"]]
        data[item["linkId"]] = values if item["linkId"] in {"conditions", "equipment"} else values[0]
    return data


def _value(answer: Resource) -> Any:
    (value,) = answer.values()
    return value.get("display") if isinstance(value, dict) else value


def read_answers(found: Resource) -> dict[str, Any]:
    """Return a record that is an answer, with its rest."""
    return read_items(found) | rest_of(found)
