from __future__ import annotations

import numpy as np
import pyarrow as pa

from quantassay.records.samples import Samples


def test_order_of_ids():
    samples = Samples(np.array(["b", "c", "a"]), None, pa.table({}), "")
    assert len(samples) == 3
    assert samples.ids[samples.by_id].tolist() == ["a", "b", "c"]


def test_scores_rank_before_probabilities(make_predictions):
    scores, probabilities = np.array([[2.0, 1.0]]), np.array([[0.5, 0.5]])
    both = make_predictions(scores=scores, probabilities=probabilities)
    assert both.ranking is both.scores
    assert make_predictions(probabilities=probabilities).ranking.tolist() == [[0.5, 0.5]]
    assert make_predictions(labels=[1]).ranking is None
    assert len(both) == 1
