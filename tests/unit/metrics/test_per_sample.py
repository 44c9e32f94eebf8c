from __future__ import annotations

import numpy as np

from quantassay.metrics.per_sample import PerSample


def test_a_score_between_zero_and_one_unless_said(make_samples, make_predictions):
    metric, samples = PerSample(), make_samples([0, 1])
    given = make_predictions(labels=[0, 1])
    assert metric.extreme(samples, given, best=True).tolist() == [[1.0], [1.0]]
    assert metric.extreme(samples, given, best=False).tolist() == [[0.0], [0.0]]


def test_value_over_cells():
    found = PerSample().value(np.array([[1.0], [3.0], [0.0]]), np.array([2.0, 4.0, 0.0]))
    assert found[:2].tolist() == [0.5, 0.75]
    assert np.isnan(found[2])
