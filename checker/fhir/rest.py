"""What FHIR has no element for: it goes along as JSON in one extension, and only that.

A record is read back from the elements and from the rest. The rest is found by reading the elements back: whatever they
do not give back exactly is in it. So nothing is lost, and nothing stands in two places.
"""

from __future__ import annotations

import json
from typing import Any, Final

from pydantic import BaseModel

from checker.fhir import codes
from checker.fhir.parts import Resource

PIECE: Final = 500_000
"""Letters of one extension: a string of FHIR has at most a million bytes."""


def document(model: BaseModel) -> dict[str, Any]:
    """Return a record as JSON has it; sets in order."""
    made = model.model_dump(mode="json")
    return {n: sorted(v) if isinstance(getattr(model, n, None), frozenset) else v for n, v in made.items()}


def with_rest(carrier: Resource, model: BaseModel, native: dict[str, Any]) -> Resource:
    """Return a resource with what of a record its elements do not say.

    Args:
        carrier: the resource.
        model: the record.
        native: what is read back from the elements.
    """
    full = document(model)
    needed = model.model_dump(mode="json", exclude_defaults=True)
    rest = {n: v for n, v in full.items() if (native[n] != v if n in native else n in needed)}
    if not rest:
        return carrier
    written = json.dumps(rest, ensure_ascii=True, allow_nan=False)
    pieces = [written[i : i + PIECE] for i in range(0, len(written), PIECE)]
    own = [{"url": codes.REST, "valueString": piece} for piece in pieces]
    return carrier | {"extension": [*carrier.get("extension", []), *own]}


def rest_of(carrier: Resource) -> dict[str, Any]:
    """Return the rest that a resource has with it.

    Raises:
        ValueError: it is no JSON object.
    """
    own = [e.get("valueString", "") for e in carrier.get("extension", []) if e.get("url") == codes.REST]
    if not own:
        return {}
    found = json.loads("".join(own))
    if not isinstance(found, dict):
        raise ValueError("expected a JSON object in the extension for the rest of a record")
    return found
