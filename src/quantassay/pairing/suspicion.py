"""What looks as if the wrong things were compared: said, never decisive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.records.ragged import vectors
from quantassay.records.samples import Predictions

NUMBERS = ("scores", "probabilities")
VECTORS = ("embedding", "relevant_embedding")
ENOUGH = 20  # samples for each class


def same_outputs(first: Predictions, second: Predictions) -> bool:
    """Return whether both recorded the same numbers to the last bit; False without numbers."""
    pairs = [*_known(first, second, NUMBERS), *_vectors(first, second)]
    return bool(pairs) and all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)


def same_answers(first: Predictions, second: Predictions) -> bool:
    """Return whether both gave the same answers to all samples."""
    pairs = _known(first, second, ("labels", "correct"))
    return bool(pairs) and all(np.array_equal(a, b, equal_nan=_float(a, b)) for a, b in pairs)


def suspicions(
    reference: Predictions,
    candidate: Predictions,
    names: tuple[str, str],
    target: NDArray[Any] | None = None,
    right: tuple[NDArray[np.bool_], NDArray[np.bool_]] | None = None,
) -> list[str]:
    """Return a sentence for each thing that a person should look at before trusting a verdict.

    Parameters
    ----------
    reference, candidate
        Answers of both sides, joined.
    names
        Of both sides.
    target, right
        Gold answers (n,), and where each side equals them (n,); None without either.
    """
    numbers = [*_known(reference, candidate, NUMBERS), *_vectors(reference, candidate)]
    found = []
    if same_outputs(reference, candidate):
        found.append(
            f"{names[1]}: every output is identical to the last bit to that of {names[0]}: "
            "make sure that these are two variants"
        )
    elif not numbers and same_answers(reference, candidate):
        found.append(
            f"{names[1]}: every answer is the same as that of {names[0]}: "
            "make sure that these are two variants"
        )
    if target is not None and right is not None:
        found += _of_targets(target, right, names)
    return found


def _of_targets(
    target: NDArray[Any],
    right: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    names: tuple[str, str],
) -> Iterator[str]:
    first, second = right
    counts = np.unique(target, return_counts=True)[1]
    more = int(first.sum()) - int(counts.max())
    if 1 < len(counts) < len(target) and more <= _by_chance(first, len(counts)):
        often = "no" if more <= 0 else "hardly"
        yield (
            f"{names[0]} is right on {first.mean():.1%}, {often} more often than always answering "
            f"the commonest class ({counts.max() / len(target):.1%}): is this the right target, "
            "are inputs prepared as the model takes them? What knows nothing has nothing to lose"
        )
    if second.all() and not first.all():
        yield f"{names[1]} is right on every sample: were targets taken for its answers?"
    if not second.any():
        yield f"{names[1]} is right on no sample: are its answers written like the targets?"


def _by_chance(right: NDArray[np.bool_], classes: int) -> float:
    """Return how many more right answers may be luck: two standard errors, where classes are few.

    Where a class has few samples, the commonest is itself an accident, and none are allowed.
    """
    n, share = len(right), float(right.mean())
    return 2 * float(np.sqrt(n * share * (1 - share))) if n >= ENOUGH * classes else 0.0


def _known(
    first: Predictions, second: Predictions, fields: tuple[str, ...]
) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    pairs = [(getattr(first, field), getattr(second, field)) for field in fields]
    return [(a, b) for a, b in pairs if a is not None and b is not None]


def _vectors(first: Predictions, second: Predictions) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    """Return the embeddings of both sides, flat, where both have them."""
    pairs = [(vectors(first.table, name), vectors(second.table, name)) for name in VECTORS]
    return [(a.numbers(), b.numbers()) for a, b in pairs if a is not None and b is not None]


def _float(first: NDArray[Any], second: NDArray[Any]) -> bool:
    return first.dtype.kind == second.dtype.kind == "f"
