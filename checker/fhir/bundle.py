"""A Bundle as a whole: put together, checked by `fhir.resources`, written, and read at the door."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from checker.fhir.parts import Resource

MOST_BYTES: Final = 512 * 1024**2
"""Ten years of five sessions a day are about 270 MB."""


class FhirError(ValueError):
    """A file is no bundle that BackCheck has written, or something cannot be written as one; one line."""


def bundle(resources: Iterable[Resource], at: str | None) -> Resource:
    """Return resources as a collection, checked by the library.

    Raises:
        FhirError: two of them have one id, or the library refuses one.
    """
    entries = [{"fullUrl": f"urn:uuid:{r['id']}", "resource": r} for r in resources]
    if len({e["fullUrl"] for e in entries}) != len(entries):
        raise FhirError("expected an id of its own for every record, and two records have one")
    made: Resource = {"resourceType": "Bundle", "type": "collection"}
    made |= {"timestamp": at} if at is not None else {}
    made["entry"] = entries
    check(made, "what is to be written")
    return made


def check(made: Any, where: str) -> None:
    """Have the library look a bundle through.

    Raises:
        FhirError: it refuses it; one line.
    """
    from fhir.resources.R4B.bundle import Bundle  # it takes a third of a second

    try:
        Bundle.model_validate(made)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        why = " ".join(f"{'.'.join(map(str, first['loc']))}: {first['msg']}".split())
        raise FhirError(f"{where}: expected a Bundle of FHIR R4 ({why[:300]})") from error


def write_bundle(made: Resource, target: Path) -> None:
    """Write a bundle as JSON; numbers as they are, to the last digit.

    Raises:
        OSError: the file cannot be written.
    """
    target.write_text(json.dumps(made, ensure_ascii=False, allow_nan=False, indent=1) + "\n", encoding="utf-8")


def read_bundle(source: Path) -> Resource:
    """Read a bundle.

    Raises:
        FhirError: there is none, or it is damaged or too large; one line.
    """
    try:
        if source.stat().st_size > MOST_BYTES:
            raise FhirError(f"{source}: expected at most {MOST_BYTES // 1024**2} MB")
        found = json.loads(source.read_text(encoding="utf-8"), parse_constant=_no_number)
    except FhirError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        why = " ".join(str(error).split())[:200]
        raise FhirError(f"{source}: expected a Bundle of FHIR R4 as JSON ({why})") from error
    if not isinstance(found, dict) or found.get("resourceType") != "Bundle":
        raise FhirError(f"{source}: expected a Bundle of FHIR R4 as JSON")
    check(found, str(source))
    return found


def resources_of(found: Resource) -> list[Resource]:
    """Return the resources of a bundle, in their order."""
    return [e["resource"] for e in found.get("entry", []) if "resource" in e]


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")
