"""What a model's raw output means: answers, scores or probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from quantassay.errors import DataError, nearest, some
from quantassay.readers.columns.probabilities import check_probabilities

Kind = Literal["scores", "logits", "probabilities", "labels", "texts", "loglikelihood"]
MEND = "declare 'outputs: {kind: logits}', or 'scores', if that is what they are"
KINDS = ("scores", "logits", "probabilities", "labels", "texts", "loglikelihood")


class Fields(TypedDict, total=False):
    """Fields of ``records.samples.Predictions`` that outputs determine."""

    failed: NDArray[np.bool_]
    labels: NDArray[np.generic]
    scores: NDArray[np.floating[Any]]
    probabilities: NDArray[np.floating[Any]]
    classes: tuple[str, ...]
    table: pa.Table


def interpret(
    outputs: NDArray[Any],
    kind: str,
    classes: Sequence[str | int | float | bool] | None = None,
    ids: NDArray[np.str_] | None = None,
) -> Fields:
    """Turn raw outputs into fields of ``Predictions``.

    Parameters
    ----------
    outputs : ndarray, (n, k); (n,) for labels and texts, (n, 2) for loglikelihood
        A single column of logits or probabilities is that of the second of two classes.
    kind : {'scores', 'logits', 'probabilities', 'labels', 'texts', 'loglikelihood'}
        ``scores`` are only ranked; ``logits`` pass through a softmax in float64.
    classes : sequence, optional
        The class of each column; 0, 1, 2 ... else.
    ids : ndarray of str, optional
        Names of the samples, for messages.

    Returns
    -------
    Fields
        ``failed`` marks rows that are not finite. Their label is one that no class has.

    Raises
    ------
    DataError
        If the shape does not fit ``kind`` or ``classes``, or probabilities do not sum to one.
    """
    if kind not in KINDS:
        msg = f"outputs are {', '.join(KINDS)}, not {kind!r}{nearest(kind, KINDS)}"
        raise DataError(msg)
    array = outputs.reshape(outputs.shape[:2]) if _trailing_ones(outputs) else outputs
    if kind == "texts" and array.dtype.kind not in "OU":
        msg = f"the model's output is {array.dtype}, not text; declare another 'outputs: kind'"
        raise DataError(msg)
    if kind in ("labels", "texts"):
        return _labels(array, classes)
    if kind == "loglikelihood":
        return _loglikelihood(array)
    columns = _columns(array, kind)
    failed = ~np.isfinite(columns).all(axis=1)
    names = _names(classes, columns.shape[1])
    fields: Fields = {"failed": failed, "classes": tuple(str(name) for name in names)}
    if kind == "scores":
        fields["scores"] = _blanked(columns, failed)
    elif kind == "logits":
        fields["scores"] = _blanked(columns, failed)
        fields["probabilities"] = _softmax(columns, failed)
    else:
        check_probabilities(columns, ~failed, ids, MEND)
        fields["probabilities"] = _blanked(columns, failed)
    fields["labels"] = answers(columns, failed, names)
    return fields


def answers(
    columns: NDArray[Any], failed: NDArray[np.bool_], classes: Sequence[Any]
) -> NDArray[Any]:
    """Return the class of the largest value in each row; of equal ones, the first.

    Failed rows get a label that is no class: -1, or below the lowest class, or an empty string.
    """
    whole = all(isinstance(name, int) and not isinstance(name, bool) for name in classes)
    named = np.array(classes if whole else [str(name) for name in classes])
    none = min(-1, int(named.min()) - 1) if whole else ""
    best = np.where(failed, 0, np.argmax(np.where(failed[:, None], 0, columns), axis=1))
    return np.where(failed, none, named[best])


def refuse_unknown_targets(
    target: NDArray[Any], classes: Sequence[str], ids: NDArray[np.str_] | None = None
) -> None:
    """Raise DataError where the test set has a class that the model does not have."""
    names, first, counts = np.unique(target.astype(np.str_), return_index=True, return_counts=True)
    unknown = ~np.isin(names, np.asarray(classes, dtype=np.str_))
    if unknown.any():
        listed = [
            f"{name} ({count} samples, first {ids[at] if ids is not None else f'row {at}'})"
            for name, at, count in zip(names[unknown], first[unknown], counts[unknown], strict=True)
        ]
        msg = (
            f"the test set has classes that the model does not: {some(listed)}; "
            f"the model's are {some(classes)}; declare 'outputs: {{classes: [...]}}'"
        )
        raise DataError(msg)


def _trailing_ones(outputs: NDArray[Any]) -> bool:
    return outputs.ndim > 2 and set(outputs.shape[2:]) == {1}


def _columns(array: NDArray[Any], kind: str) -> NDArray[np.floating[Any]]:
    if array.dtype.kind not in "biuf":
        msg = (
            f"the model's output is {array.dtype}, not {kind}; declare 'outputs: {{kind: labels}}'"
        )
        raise DataError(msg)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or not array.shape[1]:
        msg = f"{kind} need one row of classes a sample; the model's output has shape {array.shape}"
        raise DataError(msg)
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    if array.shape[1] > 1:
        return array
    if kind == "scores":
        msg = "one score a sample ranks no classes; declare 'logits', 'probabilities' or 'labels'"
        raise DataError(msg)
    zero = np.zeros_like(array) if kind == "logits" else 1 - array
    return np.concatenate([zero, array], axis=1)


def _names(classes: Sequence[Any] | None, count: int) -> Sequence[Any]:
    if classes is None:
        return range(count)
    if len(classes) != count:
        msg = f"the model gives {count} classes, 'outputs: classes' names {len(classes)}"
        raise DataError(msg)
    if len({str(name) for name in classes}) != count:
        msg = "'outputs: classes' names a class twice"
        raise DataError(msg)
    return classes


def _blanked(columns: NDArray[Any], failed: NDArray[np.bool_]) -> NDArray[Any]:
    if not failed.any():
        return columns
    result = columns.copy()
    result[failed] = np.nan
    return result


def _softmax(columns: NDArray[Any], failed: NDArray[np.bool_]) -> NDArray[np.float64]:
    exact = np.where(failed[:, None], 0.0, columns.astype(np.float64))
    exact -= exact.max(axis=1, keepdims=True)
    np.exp(exact, out=exact)
    exact /= exact.sum(axis=1, keepdims=True)
    exact[failed] = np.nan
    return exact


def _labels(array: NDArray[Any], classes: Sequence[Any] | None) -> Fields:
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        msg = f"labels need one value a sample; the model's output has shape {array.shape}"
        raise DataError(msg)
    failed = ~np.isfinite(array) if array.dtype.kind == "f" else np.zeros(len(array), np.bool_)
    labels = array
    if array.dtype.kind == "f":
        whole = np.where(failed, -1, array)
        labels = whole.astype(np.int64) if np.array_equal(whole, np.rint(whole)) else array
    fields: Fields = {"failed": failed, "labels": labels}
    if classes is not None:
        known = [str(name) for name in classes]
        _refuse_undeclared(labels[~failed], known)
        fields["classes"] = tuple(known)
    return fields


def _loglikelihood(array: NDArray[Any]) -> Fields:
    """Read log-likelihoods in nats, and the numbers of tokens that they are of (n, 2)."""
    if array.dtype.kind not in "iuf" or array.ndim != 2 or array.shape[1] != 2:
        msg = (
            "a log-likelihood is two numbers a sample, nats and tokens; the model's output is "
            f"{array.dtype} of shape {array.shape}"
        )
        raise DataError(msg)
    columns = array.astype(np.float64)
    failed = np.asarray(~np.isfinite(columns).all(axis=1) | (columns[:, 1] < 1))
    names = ("loglikelihood", "tokens")
    table = pa.table(dict(zip(names, np.where(failed[:, None], np.nan, columns).T, strict=True)))
    return {"failed": failed, "table": table}


def _refuse_undeclared(labels: NDArray[Any], known: Sequence[str]) -> None:
    odd = sorted(set(np.unique(labels.astype(np.str_)).tolist()) - set(known))
    if odd:
        msg = f"the model answers {some(odd)}, which 'outputs: classes' does not name"
        raise DataError(msg)
