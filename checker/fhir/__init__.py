"""FHIR R4: a session or a person as a Bundle, and back without loss.

`docs/fhir.md` has the mapping. What FHIR has an element for stands there, and is read from there; what it has none for
goes along in one extension (`checker/fhir/rest.py`), so that nothing is lost.
"""

from checker.fhir.bundle import FhirError, read_bundle, write_bundle
from checker.fhir.corrected import Corrector, corrected_bundle
from checker.fhir.person import history_of, person_bundle
from checker.fhir.session import assessment_of, session_bundle

__all__ = [
    "Corrector",
    "FhirError",
    "assessment_of",
    "corrected_bundle",
    "history_of",
    "person_bundle",
    "read_bundle",
    "session_bundle",
    "write_bundle",
]
