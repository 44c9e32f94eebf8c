from __future__ import annotations

import numpy as np
import pytest

from quantassay.stats import anytime_p, betting_p_within


def test_nothing_seen_says_nothing():
    assert anytime_p(0.0, 0.0, 1.0) == pytest.approx(1.0)


def test_sums_alone_never_say_more_than_all_values():
    rng = np.random.default_rng(2)
    values = np.array([-1.0, 0.0, 1.0])
    for counts in rng.multinomial(2000, [0.005, 0.985, 0.01], size=20).astype(float):
        margin, n = 0.02, counts.sum()
        total, square = counts @ values, counts @ values**2
        p = anytime_p(total + n * margin, square + 2 * margin * total + n * margin**2, 1 - margin)
        assert p >= betting_p_within(values, counts, 1.0, margin) * (1 - 1e-9)


def test_it_finds_what_is_plain():
    assert anytime_p(20.0, 0.4, 0.98) < 1e-4


def test_looking_at_every_step_errs_no_more_often_than_asked():
    rng = np.random.default_rng(4)
    increments = 0.05 - (rng.random((2000, 600)) < 0.05)
    sums, squares = (np.cumsum(x, axis=1)[:, ::20] for x in (increments, increments**2))
    p = anytime_p(sums, squares, 0.95)
    assert (p <= 0.025).any(axis=1).mean() <= 0.025


def test_an_increment_without_a_bound_is_refused():
    with pytest.raises(ValueError, match="positive"):
        anytime_p(1.0, 1.0, 0.0)
