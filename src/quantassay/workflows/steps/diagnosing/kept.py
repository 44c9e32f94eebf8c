"""Parts of a diagnosis that were made before: many rubrics have the same reference."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from quantassay import __version__
from quantassay.engines.executor import machine, software
from quantassay.errors import DataError
from quantassay.records.plain import plain
from quantassay.records.tendencies import tendency_from_plain
from quantassay.runs.cache import cache_root
from quantassay.runs.files import write_json

from ..variants import Prepared
from .diagnosis import Diagnosis
from .part import Part

#: grows when a figure is computed in another way
COMPUTED = 4
MOST = 64 * 2**20


@dataclass(frozen=True)
class Wanted:
    """A part of a diagnosis, and all that it depends on.

    Attributes
    ----------
    what : str
        Which part.
    variants : sequence of Prepared
        Those that are run for it.
    declared : object
        Values of the rubric that it depends on.
    make : callable
        Makes it.
    """

    what: str
    variants: Sequence[Prepared]
    declared: object
    make: Callable[[], Part]


def kept(diagnosis: Diagnosis, wanted: Wanted) -> Part:
    """Return a part that was kept under all that it depends on, or make and keep it."""
    before = earlier(diagnosis, wanted)
    return before or made(diagnosis, wanted)


def earlier(diagnosis: Diagnosis, wanted: Wanted) -> Part | None:
    """Return a part that was kept before, if there is one that can be read."""
    path = _path(diagnosis, wanted)
    with suppress(OSError, ValueError, KeyError, TypeError, DataError, RecursionError):
        return _read(path) if path else None
    return None


def made(diagnosis: Diagnosis, wanted: Wanted) -> Part:
    """Make a part, and keep it, unless the budget cut it short: there is more to find."""
    part, path = wanted.make(), _path(diagnosis, wanted)
    if path and not part.cut:
        write_json(path, plain(part))
    return part


def _path(diagnosis: Diagnosis, wanted: Wanted) -> Path | None:
    key = _key(diagnosis, wanted.what, list(wanted.variants), wanted.declared)
    return cache_root() / "tendencies" / key[:2] / f"{key}.json" if key else None


def _read(path: Path) -> Part:
    if path.stat().st_size > MOST:
        msg = f"{path}: too large"
        raise ValueError(msg)
    value = json.loads(path.read_bytes())
    left, findings = (tuple(map(str, value[name])) for name in ("left_out", "findings"))
    found = tuple(tendency_from_plain(each, str(path)) for each in value["found"])
    return Part(found, left, findings)


def _key(diagnosis: Diagnosis, what: str, variants: list[Prepared], declared: object) -> str | None:
    """Return the digest of all that a part depends on; None where that cannot be told.

    What a user's own code or a server does is not known beforehand.
    """
    exam, task, here = diagnosis.exam, diagnosis.exam.rubric.task, machine()
    own = task.preprocess and (task.preprocess.function or task.preprocess.image)
    if own or any(one.artifact is None or "module" in one.engine_options for one in variants):
        return None
    told: dict[str, Any] = {
        "version": (__version__, COMPUTED, software()),
        "what": what,
        "variants": [_identity(one) for one in variants],
        "data": exam.samples.digest,
        "rows": sha256(diagnosis.rows.astype("<i8").tobytes()).hexdigest(),
        "input": (task.data.input, task.data.where, task.data.path),
        "preprocess": exam.preprocess.source_digest,
        "output": task.outputs.model_dump(mode="json"),
        "batch": exam.rubric.inference.batch,
        "seed": diagnosis.seed,
        "declared": declared,
        "processor": (here.processor, here.instructions),
    }
    return sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def _identity(variant: Prepared) -> tuple[object, ...]:
    return (
        variant.name,
        variant.source,
        variant.format,
        variant.engine,
        sorted((name, str(value)) for name, value in variant.engine_options.items()),
    )
