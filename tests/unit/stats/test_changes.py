from __future__ import annotations

import numpy as np
import pytest

from quantassay.stats import changes_allowed, clopper_pearson, unlabelled_power


def test_clopper_and_pearsons_bound_is_below_the_margin_up_to_that_count():
    n = np.array([368, 369, 1000, 5000, 200])
    margin = np.array([0.01, 0.01, 0.01, 0.01, 0.05])
    k = changes_allowed(n, margin, 0.025)
    assert k.tolist() == [0, 0, 3, 36, 3]
    assert np.all(clopper_pearson(k, n, 0.025)[1] < margin)
    assert np.all(clopper_pearson(k + 1, n, 0.025)[1] >= margin)


def test_too_few_samples_allow_no_change_at_all():
    assert changes_allowed(367, 0.01, 0.025) == -1
    assert np.isnan(changes_allowed(367, np.nan, 0.025))
    assert unlabelled_power(0.0, 367, 0.01, 0.025) == 0.0


def test_power_is_that_of_so_many_changes():
    assert unlabelled_power([0.002, 0.005], [1000, 5000], 0.01, 0.025) == pytest.approx(
        [0.857, 0.986], abs=5e-4
    )
    assert unlabelled_power([0.0, 1.0], 1000, 0.01, 0.025).tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("n", "margin", "alpha"), [(0, 0.01, 0.025), (1.5, 0.01, 0.025), (10, 1.0, 0.025), (10, 0.1, 0)]
)
def test_what_makes_no_sense_is_refused(n, margin, alpha):
    with pytest.raises(ValueError, match=r"whole|one-sided"):
        changes_allowed(n, margin, alpha)


def test_a_share_is_a_share():
    with pytest.raises(ValueError, match="share of changed"):
        unlabelled_power(1.5, 100, 0.1, 0.025)
