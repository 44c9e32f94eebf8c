"""Looks at judgements of raters: what holds for these raters alone is no pass at any look."""

from __future__ import annotations

import numpy as np
import pytest

from quantassay.workflows.run import run

RUBRIC = """
rubric: opinion/1
task:
  name: opinion
  data: {path: a.csv, id: id}
  composition: made up
  clusters: {column: item, between: independent}
metrics:
  - {name: rating, low: 1, high: 5, margin: 0.5}
reference: a
variants:
  a: {predictions: a.csv, precision: fp32}
  b: {predictions: b.csv, precision: int8, calibration: undisclosed}
timing: null
"""
RATERS, ITEMS = 6, 200


@pytest.fixture
def folder(tmp_path):
    """Six raters, of whom each judges all items of the candidate a little apart in his own way."""
    random = np.random.default_rng(0)
    pairs = [(item, rater) for item in range(ITEMS) for rater in range(RATERS)]
    taste = random.normal(0, 0.4, RATERS)
    first = random.integers(2, 5, len(pairs)).astype(float)
    own = np.array([taste[rater] for _, rater in pairs])
    second = np.clip(first + np.round(own + random.normal(0, 0.3, len(pairs))), 1, 5)
    for name, ratings in (("a", first), ("b", second)):
        rows = [f"s{i}_{r},r{r},i{i},{x}" for (i, r), x in zip(pairs, ratings, strict=True)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["id,rater,item,rating", *rows]) + "\n")
    return tmp_path


@pytest.mark.parametrize("more", ["", "stopping: {looks: [0.5]}\n"])
def test_few_raters_are_no_pass(folder, more):
    (folder / "assay.yaml").write_text(RUBRIC + more)
    found = run(folder / "assay.yaml", folder / "out").comparison
    (cell,) = found.cells
    assert cell.interval[1] < cell.margin
    assert (cell.verdict, found.verdict) == ("inconclusive", "inconclusive")
    assert "holds for these 6 raters or 200 items alone" in cell.reason
