"""Answers beside gold answers: the same value whatever its type, the column of a class."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import DataError, some
from quantassay.records.samples import Predictions, Samples

Array = NDArray[Any]


def target_of(samples: Samples, metric: str) -> Array:
    """Return the gold answers.

    Raises
    ------
    DataError
        If the samples carry none.
    """
    if samples.target is None:
        msg = f"{metric} needs targets: name their column as 'target'"
        raise DataError(msg)
    return samples.target


def labels_of(predictions: Predictions, metric: str) -> Array:
    """Return the answers given.

    Raises
    ------
    DataError
        If the predictions carry none.
    """
    if predictions.labels is None:
        msg = f"{metric} needs predicted labels: name their column as 'prediction'"
        raise DataError(msg)
    return predictions.labels


def probabilities_of(predictions: Predictions, metric: str) -> NDArray[np.floating]:
    """Return class probabilities (n, k).

    Raises
    ------
    DataError
        If the predictions carry none.
    """
    if predictions.probabilities is None:
        msg = (
            f"{metric} needs probabilities: declare task.outputs.kind as logits or probabilities, "
            "or name the columns that hold them"
        )
        raise DataError(msg)
    return predictions.probabilities


def equal(first: Array, second: Array) -> NDArray[np.bool_]:
    """Compare element by element: numbers as numbers, everything else as text."""
    if np.issubdtype(first.dtype, np.number) and np.issubdtype(second.dtype, np.number):
        return np.asarray(first == second, bool)
    return np.asarray(as_text(first) == as_text(second), bool)


def as_text(values: Array) -> NDArray[np.str_]:
    """Write values as text; a whole number reads the same as integer or float."""
    if np.issubdtype(values.dtype, np.floating) and bool((values == np.floor(values)).all()):
        values = values.astype(np.int64)
    return values.astype(np.str_)


def target_column(samples: Samples, predictions: Predictions, metric: str) -> NDArray[np.intp]:
    """Return which of the k columns stands for each sample's gold answer (n,).

    Raises
    ------
    DataError
        If a target is a class that the model does not have.
    """
    ranking = predictions.ranking
    if ranking is None:
        msg = f"{metric} needs scores or probabilities of every class"
        raise DataError(msg)
    classes = np.array(predictions.classes or [str(i) for i in range(ranking.shape[1])])
    order = np.argsort(classes)
    names, codes = np.unique(as_text(target_of(samples, metric)), return_inverse=True)
    place = np.minimum(np.searchsorted(classes[order], names), len(classes) - 1)
    known = classes[order][place] == names
    if not known.all():
        msg = (
            f"{metric}: the model has no class {some(list(names[~known]))} "
            f"({int((~known)[codes].sum())} samples); it has {some(list(classes), 8)}; "
            "declare task.outputs.classes in the order of the model's columns"
        )
        raise DataError(msg)
    return np.asarray(order[place][codes], np.intp)
