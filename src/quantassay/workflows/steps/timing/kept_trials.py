"""Trials of all variants as a run folder keeps them, read again: anyone may have written them."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from quantassay.errors import DataError
from quantassay.timing.contract import Trial

from ..keeping import read_kept

KINDS: dict[str, Callable[[Any], bool]] = {
    "variant": pa.types.is_string,
    "block": pa.types.is_integer,
    "place": pa.types.is_integer,
    "samples": pa.types.is_integer,
    "span": pa.types.is_floating,
    "rate": pa.types.is_floating,
    "latencies": lambda kind: pa.types.is_list(kind) and pa.types.is_floating(kind.value_type),
}
#: samples a second of any trial: logarithms, ratios and their intervals stay finite
LEAST, MOST = 1e-9, 1e15


def kept_trials(path: Path, reference: str) -> dict[str, list[Trial]]:
    """Read the trials of every variant, in the order of blocks.

    Raises
    ------
    DataError
        If the file is not one that a run wrote: the reference or a block of a variant is missing,
        or a figure cannot be.
    """
    table = read_kept(path, *KINDS)
    for name, kind in KINDS.items():
        if not kind(table.schema.field(name).type):
            msg = f"{path}: column {name!r} holds {table.schema.field(name).type}; no run wrote it"
            raise DataError(msg)
    found: dict[str, list[Trial]] = {}
    for at, row in enumerate(zip(*(table.column(name) for name in KINDS), strict=True)):
        variant, trial = _trial(path, at, row)
        found.setdefault(variant, []).append(trial)
    if found and reference not in found:
        msg = f"{path}: holds no trial of the reference {reference!r}; no run wrote it"
        raise DataError(msg)
    for name, own in found.items():
        if len({trial.block for trial in own}) < len(own):
            msg = f"{path}: holds several trials of {name!r} in one block; no run wrote it"
            raise DataError(msg)
    return found


def _trial(path: Path, at: int, row: tuple[Any, ...]) -> tuple[str, Trial]:
    variant, block, place, samples, span, rate = (value.as_py() for value in row[:-1])
    seconds = row[-1].values
    if None not in (variant, block, place, samples, span, seconds):
        latencies = seconds.to_numpy(zero_copy_only=False).astype(np.float64)
        trial = Trial(latencies, span, samples, rate, block, place)
        if _possible(trial):
            return variant, trial
    msg = f"{path}: row {at}: a trial that cannot be; no run wrote it"
    raise DataError(msg)


def _possible(trial: Trial) -> bool:
    figures = (trial.span, float(trial.samples), 1.0 if trial.rate is None else trial.rate)
    return (
        all(math.isfinite(value) and value > 0 for value in figures)
        and LEAST <= trial.samples / trial.span <= MOST
        and LEAST <= trial.throughput <= MOST
        and len(trial.latencies) > 0
        and bool(((trial.latencies >= 0) & (trial.latencies < np.inf)).all())
    )
