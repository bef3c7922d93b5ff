"""The systems and codes that the bundles use: one home for each."""

from __future__ import annotations

from typing import Final

OWN: Final = "urn:backcheck:fhir"
"""Before the names of our own systems, extensions and questionnaires: a name, no address."""

MEASURE, MOVEMENT, SIDE, PART, RECORD = (f"{OWN}:{n}" for n in ("measure", "movement", "side", "part", "record"))
REASON: Final = f"{OWN}:reason"
ANSWER: Final = f"{OWN}:answer"
REST: Final = f"{OWN}:rest"
"""Extension: what of a record has no element of its own in FHIR, as JSON."""

WITHIN: Final = f"{OWN}:uncertainty-90"
"""Extension of a Quantity: about nine of ten truths lie within it of the value; exactly as it was measured."""

SNOMED: Final = "http://snomed.info/sct"
LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"

UNCERTAINTY: Final = "http://hl7.org/fhir/StructureDefinition/iso21090-uncertainty"
"""Standard extension: the standard deviation of a Quantity."""
UNCERTAINTY_TYPE: Final = "http://hl7.org/fhir/StructureDefinition/iso21090-uncertaintyType"
NORMAL: Final = "N"
"""Its kind: a normal distribution."""

SD_OF_90: Final = 1.645
"""Nine of ten values of a normal distribution lie within so many standard deviations."""

EXERCISE_THERAPY: Final = (SNOMED, "229065009", "Exercise therapy")
PAIN: Final = (LOINC, "72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")
ACTIVITY: Final = (LOINC, "73985-4", "Exercise activity")
DURATION: Final = (LOINC, "55411-3", "Exercise duration")

UNITS: Final = {
    "deg": ("deg", "°"),
    "s": ("s", "s"),
    "T": ("1", "torso lengths"),
    "leg": ("1", "leg lengths"),
    "ratio": ("1", "ratio"),
    "deg/s": ("deg/s", "° a second"),
    "count": ("{count}", "count"),
    "1/min": ("/min", "a minute"),
}
"""Our units: UCUM's code, and how it is written. Another unit is written without a code."""

MINUTES: Final = ("min", "minutes")

METHOD: Final = (
    "One camera; landmarks of the body found by a model, and angles from them. The extension uncertainty-90 says "
    "within what about nine of ten truths lie of this one recording; it does not contain good and bad days. The "
    "standard extension has the standard deviation, which is that divided by 1.645."
)
