"""What a model answered on a few samples, and what that says about its outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["scores", "probabilities", "labels"]


@dataclass(frozen=True)
class Trial:
    """What could be seen of the outputs; ``why`` says what stopped it where nothing was.

    ``right`` of ``samples`` answers equalled the target, with ``classes`` as the meaning of the
    output's columns (None: 0, 1, 2 ...); None where that could not be told. ``unnamed`` says
    that the targets are neither 0, 1, 2 ... nor as many as the columns.
    """

    kind: Kind = "scores"
    samples: int = 0
    width: int | None = None
    right: int | None = None
    classes: tuple[Any, ...] | None = None
    unnamed: bool = False
    why: str = ""


def look(output: NDArray[Any], target: Sequence[Any] | None, classes: Sequence[Any]) -> Trial:
    """Tell what an output is: ``output`` has a row for each sample, ``target`` its gold answer.

    ``classes`` are all the targets there are, sorted: the meaning of the columns where the
    targets are not already 0, 1, 2 ...
    """
    rows = np.asarray(output)
    if rows.ndim == 2 and rows.shape[1] == 1:
        rows = rows[:, 0]
    if rows.ndim == 1:
        labels = rows.dtype.kind in "iuUSOb"
        right = _right(rows, target) if labels else None
        return Trial("labels" if labels else "scores", len(rows), None, right)
    if rows.ndim != 2 or rows.dtype.kind not in "fiu":
        return Trial(samples=len(rows), why=f"the output has the shape {list(rows.shape)}")
    names = _names(classes, rows.shape[1])
    answers = rows.argmax(axis=1) if names is None else np.asarray(names)[rows.argmax(axis=1)]
    kind: Kind = "probabilities" if _sums_to_one(rows) else "scores"
    unnamed = names is None and not _are_indices(classes, rows.shape[1])
    right = None if unnamed else _right(answers, target)
    return Trial(kind, len(rows), rows.shape[1], right, names, unnamed and bool(classes))


def _names(classes: Sequence[Any], width: int) -> tuple[Any, ...] | None:
    """Return the classes as the meaning of the columns; None where 0, 1, 2 ... fits."""
    if _are_indices(classes, width) or len(classes) != width:
        return None
    return tuple(classes)


def _are_indices(classes: Sequence[Any], width: int) -> bool:
    whole = all(isinstance(value, int) and not isinstance(value, bool) for value in classes)
    return whole and set(classes) <= set(range(width))


def _sums_to_one(rows: NDArray[Any]) -> bool:
    values = rows.astype(float)
    inside = bool(np.all((values >= -1e-3) & (values <= 1 + 1e-3)))
    return inside and bool(np.allclose(values.sum(axis=1), 1.0, atol=1e-2))


def _right(answers: NDArray[Any], target: Sequence[Any] | None) -> int | None:
    if target is None:
        return None
    pairs = zip(answers.tolist(), target, strict=True)
    return sum(str(answer) == str(gold) for answer, gold in pairs)
