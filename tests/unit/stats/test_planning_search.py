from __future__ import annotations

import numpy as np

from quantassay.stats.planning_search import MOST, least_size


def test_the_least_size_whose_reach_is_within():
    margin = np.array([0.1, 0.01, 2.0, np.nan])
    found = least_size(lambda n: 1 / np.sqrt(n), margin, ~np.isnan(margin))
    assert found.tolist() == [100, 10_000, 2, 2]


def test_a_margin_out_of_reach_ends():
    found = least_size(lambda n: 1 + 0 * n, np.array([0.5]), np.array([True]))
    assert found[0] >= MOST
