"""Whether a throughput is of the very file that an accuracy was measured on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from quantassay.errors import InputError
from quantassay.records.artifacts import Artifact
from quantassay.records.recorded_speed import RecordedSpeed

from .halves import AccuracyHalf


def require_same_model(half: AccuracyHalf, model: Artifact) -> None:
    """Refuse another file than that of the accuracy half, by its bytes.

    Raises
    ------
    InputError
        If the digests differ.
    """
    if model.digest != half.artifact.digest:
        msg = (
            f"{model.path}: not the model of {half.variant}: its digest is {model.digest[:23]}…, "
            f"that of the claim {half.artifact.digest[:23]}…; name the file that was timed, or "
            "measure the accuracy of this one"
        )
        raise InputError(msg)


def of_model(found: list[RecordedSpeed], model: Path) -> list[RecordedSpeed]:
    """Leave out measurements of a log that name another model file, where some name this one."""
    own = [one for one in found if one.model and _name(one.model) == model.name]
    return own or found


def told_of_model(log: Path, found: RecordedSpeed, model: Artifact) -> Iterator[str]:
    """Yield what cannot be told of the model; refuse a log that is of another one.

    Raises
    ------
    InputError
        If the log names another file, or more weights than the file has bytes.
    """
    if not found.model:
        yield f"{found.program} does not name the model: that it timed {model.path.name} was said"
    elif _name(found.model) != model.path.name:
        msg = (
            f"{log}: is of {_name(found.model)!r}, not of {model.path.name!r}; name that file with "
            "--model, under the name that it was timed by"
        )
        raise InputError(msg)
    if found.model_bytes is not None and found.model_bytes > model.bytes:
        msg = (
            f"{log}: its model has {found.model_bytes:,} bytes of weights, and {model.path.name} "
            f"is {model.bytes:,} bytes long; name the file that was timed"
        )
        raise InputError(msg)


def _name(path: str) -> str:
    """Return the last part of a path of any system, or of a repository's name."""
    kind = PureWindowsPath if "\\" in path else PurePosixPath
    return kind(path).name
