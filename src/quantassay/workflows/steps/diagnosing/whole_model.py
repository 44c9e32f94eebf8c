"""Noise of a model's outputs: needs the outputs alone, in whatever engine and format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.tendencies.definitions import tendency
from quantassay.tendencies.figure import Figure
from quantassay.tendencies.layer_noise import Noise, decibels

from ..variants import Prepared
from .diagnosis import Diagnosis
from .opening import opened, size
from .part import Part

NOISE = "layer-noise"
#: kinds of outputs that stand for things: how far two of them differ is no noise
NO_NUMBERS = ("labels", "texts")


def output_noise(diagnosis: Diagnosis, candidate: Prepared) -> Part:
    """Return how far a candidate's outputs are from the reference's on the same samples."""
    reference, seen = diagnosis.reference, Noise()
    kind = diagnosis.exam.rubric.task.outputs.kind
    if kind in NO_NUMBERS:
        none = no_noise(kind)
        return Part((tendency(NOISE, candidate.name, none, "", reference.name),))
    pairs = zip(answers(diagnosis, reference), answers(diagnosis, candidate), strict=True)
    for own, other in pairs:
        seen = seen.merged(Noise.between(own, other))
    return Part((tendency(NOISE, candidate.name, decibels(seen), "", reference.name),))


def no_noise(kind: str) -> Figure:
    """Return the noise of outputs that are no numbers."""
    return Figure(None, 0, "values", f"the model's outputs are {kind}: they change or do not")


def answers(diagnosis: Diagnosis, variant: Prepared) -> Iterator[NDArray[Any]]:
    """Yield a variant's outputs batch by batch; it is run once, and its outputs kept in files.

    Raises
    ------
    ValueError
        If they are not numbers.
    """
    folder = diagnosis.work / "outputs" / str(list(diagnosis.variants).index(variant.name))
    if not folder.exists():
        made = Path(mkdtemp(dir=diagnosis.work))
        for at, rows in enumerate(_run(diagnosis, variant)):
            np.save(made / f"{at}.npy", rows, allow_pickle=False)
        folder.parent.mkdir(exist_ok=True)
        made.rename(folder)
    for at in range(len(list(folder.iterdir()))):
        yield np.load(folder / f"{at}.npy", allow_pickle=False)


def _run(diagnosis: Diagnosis, variant: Prepared) -> Iterator[NDArray[Any]]:
    tell, done = diagnosis.listen.stage(f"outputs of {variant.name}", len(diagnosis.rows)), 0
    with opened(variant) as session:
        for _, feeds in diagnosis.batches():
            rows = np.asarray(diagnosis.output(session.run(feeds)))
            if rows.dtype.kind not in "fiub":
                msg = f"the outputs of {variant.name} are not numbers"
                raise ValueError(msg)
            yield rows
            done += size(feeds)
            tell(done)


def undefined(candidate: Prepared, reference: Prepared, why: str) -> Part:
    """Return the noise of outputs that cannot be had."""
    found = Figure(None, 0, "values", why)
    return Part((tendency(NOISE, candidate.name, found, "", reference.name),))
