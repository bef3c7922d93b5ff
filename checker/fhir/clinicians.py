"""Who set or asked for something: one Practitioner for each name of a bundle."""

from __future__ import annotations

from uuid import UUID

from checker.fhir.parts import Resource, derived, reference, resource, text


class Clinicians:
    """The clinicians that a person's records name."""

    def __init__(self, person_id: UUID) -> None:
        """Of one bundle."""
        self._person_id = person_id
        self._made: dict[UUID, Resource] = {}

    def refer_to(self, name: str, record: UUID) -> Resource:
        """Return a reference to somebody.

        Args:
            name: as the record has it. Where it is empty, nobody knows whether two of them are one.
            record: id of the record.
        """
        called = text(name)
        who = derived(self._person_id, f"clinician {called}") if called else derived(record, "who")
        self._made[who] = resource("Practitioner", who, name, name=[{"text": called}] if called else [])
        return reference(who)

    def resources(self) -> list[Resource]:
        """Return a Practitioner for each who was referred to."""
        return list(self._made.values())
