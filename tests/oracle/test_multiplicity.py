"""Adjusted p-values beside those of statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from quantassay import stats


@pytest.mark.parametrize(
    ("rule", "theirs"), [(stats.holm, "holm"), (stats.benjamini_hochberg, "fdr_bh")]
)
@pytest.mark.parametrize("count", [1, 2, 7, 200])
def test_statsmodels_agrees(rule, theirs, count):
    rng = np.random.default_rng(count)
    for p in (rng.random(count), rng.random(count) ** 6, np.round(rng.random(count), 1)):
        np.testing.assert_allclose(rule(p), multipletests(p, method=theirs)[1], atol=1e-14)
