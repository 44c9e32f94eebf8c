"""Rankings of documents, and which of them are relevant."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from .contract import Columns, Target

DOCUMENTS = 8
RELEVANT = pa.list_(pa.struct([("document", pa.string()), ("grade", pa.int64())]))
RANKING = pa.list_(pa.struct([("document", pa.string()), ("score", pa.float64())]))
WIDTH = 3


def gold(random: np.random.Generator, target: Target) -> Columns:
    """Return grades 0 to 3 of some documents; each sample has one of grade 3."""
    return {"relevant": pa.array([_grades(random) for _ in target], RELEVANT)}


def given(random: np.random.Generator, target: Target, gold: Columns) -> Columns:
    """Return rankings of some documents, none in places, with scores that often tie.

    Behind them come strange ones: all rankings are as deep, since metrics refuse a reference that
    was cut above the candidate. Vectors are of any direction.
    """
    graded = gold["relevant"].to_pylist()
    return {
        "ranking": pa.array([_ranking(random, one) for one in graded], RANKING),
        **{name: _vectors(random, len(target)) for name in ("embedding", "relevant_embedding")},
    }


def _vectors(random: np.random.Generator, n: int) -> Any:
    """Return vectors of small whole numbers, none of them zero."""
    values = random.integers(-2, 3, (n, WIDTH)).astype(np.float32)
    values[~values.any(axis=1), 0] = 1
    return pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), WIDTH)


def _grades(random: np.random.Generator) -> list[dict[str, Any]]:
    judged = random.permutation(DOCUMENTS)[: random.integers(1, 5)]
    grades = [3, *random.integers(0, 4, len(judged) - 1).tolist()]
    return [
        {"document": f"d{at}", "grade": grade} for at, grade in zip(judged, grades, strict=True)
    ]


def _ranking(random: np.random.Generator, graded: list[dict[str, Any]]) -> list[dict[str, Any]]:
    grade = {one["document"]: one["grade"] for one in graded}
    names = [f"d{at}" for at in random.permutation(DOCUMENTS)[: random.integers(0, DOCUMENTS)]]
    scores = [grade.get(name, 0) / 2 + float(random.integers(0, 4)) for name in names]
    strange = DOCUMENTS - len(names)
    names += [f"x{at}" for at in range(strange)]
    scores += [-1.0] * strange
    return [{"document": name, "score": score} for name, score in zip(names, scores, strict=True)]
