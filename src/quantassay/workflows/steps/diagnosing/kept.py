"""Parts of a look that were looked at before: many studies look at the same reference."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
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
COMPUTED = 3
MOST = 64 * 2**20


def kept(
    diagnosis: Diagnosis,
    what: str,
    variants: Iterable[Prepared],
    declared: object,
    make: Callable[[], Part],
) -> Part:
    """Return a part of a look that was kept under all that it depends on, or look and keep it.

    Parameters
    ----------
    diagnosis
        What is looked at.
    what
        Which part.
    variants
        Those that are run for it.
    declared
        Values of the rubric that it depends on.
    make
        Looks.
    """
    key = _key(diagnosis, what, list(variants), declared)
    if key is None:
        return make()
    path = cache_root() / "tendencies" / key[:2] / f"{key}.json"
    with suppress(OSError, ValueError, KeyError, TypeError, DataError, RecursionError):
        return _read(path)
    part = make()
    write_json(path, plain(part))
    return part


def _read(path: Path) -> Part:
    if path.stat().st_size > MOST:
        msg = f"{path}: too large"
        raise ValueError(msg)
    value = json.loads(path.read_bytes())
    texts = {name: tuple(map(str, value[name])) for name in ("left_out", "findings")}
    found = tuple(tendency_from_plain(each, str(path)) for each in value["found"])
    return Part(found, **texts)


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
        "output": task.outputs.name,
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
