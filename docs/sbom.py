"""Lists all that is installed, for whoever must know it: `python docs/sbom.py > sbom.json` with the Python of `.venv`.

A software bill of materials in CycloneDX 1.6: every package with its version, its licence as it declares it, and what
it needs, by `cyclonedx-bom`; and besides, the native libraries that lie in its wheel, with their fingerprints. Those
are what a list of packages alone does not tell, and where most of what reads files from anybody is.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePath
from typing import Any, Final

from licences import licence  # beside this file

ROOT: Final = Path(__file__).resolve().parent.parent

NATIVE: Final = re.compile(r"\.(so(\.\w+)*|dylib|dll|pyd)$")
"""Names of native libraries on Linux, macOS and Windows."""


def bill() -> dict[str, Any]:
    """The bill of what is installed beside this Python.

    Raises:
        subprocess.CalledProcessError: `cyclonedx-bom` failed; it has told why on standard error.
        ValueError: the licence of a package is not known.
    """
    command = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        "environment",
        "--output-reproducible",
        "--no-validate",
    ]  # a test does
    command += ["--pyproject", str(ROOT / "pyproject.toml"), sys.executable]
    made: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    natives = {d.name: list(_natives(d)) for d in distributions()}
    for component in made["components"]:
        component.setdefault("licenses", [{"expression": licence(component["name"])}])
        if natives.get(component["name"]):
            component["components"] = natives[component["name"]]
    return made


def _natives(package: Distribution) -> Iterator[dict[str, Any]]:
    """A component for each native library of a package."""
    for file in sorted(package.files or [], key=str):
        path = Path(str(package.locate_file(file)))
        if NATIVE.search(file.name) and path.is_file():
            yield {
                "type": "library",
                "bom-ref": f"{package.name}=={package.version}/{PurePath(file).as_posix()}",
                "name": PurePath(file).as_posix(),
                "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
            }


def main() -> None:
    """Write the bill to standard output."""
    print(json.dumps(bill(), indent=1))


if __name__ == "__main__":
    main()
