from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multinomial

from quantassay import stats
from quantassay.stats.tango import score


@pytest.mark.parametrize(("b", "c", "n"), [(0, 0, 12), (1, 4, 15), (3, 0, 9), (5, 5, 20)])
@pytest.mark.parametrize("margin", [-0.1, 0.0, 0.05, 0.3])
def test_p_is_the_worst_sum_over_all_tables(b, c, n, margin):
    tables = np.array([(i, j) for i in range(n + 1) for j in range(n + 1 - i)], float)
    size = np.asarray(float(n))
    t = score(tables[:, 0], tables[:, 1], size, np.asarray(margin))
    observed = score(np.asarray(float(b)), np.asarray(float(c)), size, np.asarray(margin))
    high = tables[t >= observed - 1e-9].astype(int)
    cells = np.column_stack([high, n - high.sum(axis=1)])
    found = stats.exact_unconditional(b, c, n, margin)
    sums = []
    for psi in np.linspace(abs(margin), 1, 60):
        law = [(psi + margin) / 2, (psi - margin) / 2, 1 - psi]
        sums.append(multinomial.pmf(cells, n, np.clip(law, 0, 1)).sum())
    assert max(sums) - 1e-9 <= found <= max(sums) * 1.05 + 1e-9


@pytest.mark.parametrize(("b", "c", "n"), [(2, 3, 100), (12, 2, 50), (0, 1, 200), (30, 40, 400)])
def test_the_rule_in_use_is_near_it_at_the_default_level(b, c, n):
    high = stats.binary_interval(b, c, n, 0.025)[1]
    assert 0.02 < stats.exact_unconditional(b, c, n, high) < 0.04


def test_confining_the_discordance_costs_gamma():
    plain = stats.exact_unconditional(6, 16, 161)
    confined = stats.exact_unconditional(6, 16, 161, gamma=1e-4)
    assert confined <= plain + 1e-4
    assert confined != plain


def test_no_pairs_have_no_p():
    assert np.isnan(stats.exact_unconditional(0, 0, 0))


@pytest.mark.parametrize("bad", [(0, 0, 1001), (0, 0, 9, 1.0), (0, 0, 9, 0.1, 1.0), (9, 9, 9)])
def test_bad_arguments_are_refused(bad):
    with pytest.raises(ValueError, match=r"exact test|losses"):
        stats.exact_unconditional(*bad)
