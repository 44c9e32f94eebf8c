from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from quantassay.stats import rank_correlation, rank_correlation_interval, rank_correlation_p
from quantassay.stats.ranks import ranked

FIGURES = st.lists(
    st.tuples(st.integers(-4, 4), st.integers(-4, 4), st.integers(0, 12)), min_size=2, max_size=40
)


def drawn(models=24, triples=3, seed=0, slope=1.0):
    rng = np.random.default_rng(seed)
    model = np.repeat(np.arange(models), triples)
    x = rng.normal(size=models)[model]
    return x, slope * x + rng.normal(size=len(model)), model


@given(FIGURES)
def test_the_estimate_is_scipys(rows):
    x, y, groups = map(list, zip(*rows, strict=True))
    found = rank_correlation(x, y)
    if len(set(x)) < 2 or len(set(y)) < 2:
        assert np.isnan(found)
        return
    assert found == pytest.approx(scipy_stats.spearmanr(x, y).statistic, abs=1e-9)
    assert rank_correlation_interval(x, y, groups).estimate == pytest.approx(found)


def test_each_model_left_out_is_scipys_of_the_rest():
    x, y, model = drawn()
    y = np.round(y)  # ties
    without = ranked(x, y, model).without_each()
    for group, found in enumerate(without):
        rest = model != group
        assert found == pytest.approx(scipy_stats.spearmanr(x[rest], y[rest]).statistic)


def test_a_rising_transformation_changes_nothing():
    x, y, model = drawn()
    before = rank_correlation_interval(x, y, model)
    after = rank_correlation_interval(np.exp(3 * x), y**3, model)
    assert (after.low, after.estimate, after.high) == (before.low, before.estimate, before.high)


def test_triples_in_any_order_and_models_of_any_name():
    x, y, model = drawn()
    order = np.random.default_rng(1).permutation(len(x))
    named = np.array([f"model-{(7 * each) % 24}" for each in model])
    before = rank_correlation_interval(x, y, model)
    after = rank_correlation_interval(x[order], y[order], named[order])
    assert vars(after) == pytest.approx(vars(before))


def test_a_falling_transformation_mirrors():
    x, y, model = drawn()
    before, after = (rank_correlation_interval(each, y, model) for each in (x, -x))
    assert (-after.high, -after.estimate, -after.low) == pytest.approx(
        (before.low, before.estimate, before.high)
    )


def test_p_is_where_the_interval_reaches_zero():
    x, y, model = drawn(slope=0.4, seed=3)
    p = rank_correlation_p(x, y, model)
    assert 0.001 < p < 0.5
    touching = rank_correlation_interval(x, y, model, confidence=1 - p)
    assert min(abs(touching.low), abs(touching.high)) == pytest.approx(0, abs=1e-12)


def test_many_triples_of_few_models_are_no_surer_than_the_models():
    """Fifty copies of every triple: the same correlation, and the same interval."""
    x, y, model = drawn(models=12, triples=1)
    once = rank_correlation_interval(x, y, model)
    often = rank_correlation_interval(*(np.repeat(each, 50) for each in (x, y, model)))
    assert often.low == pytest.approx(once.low, abs=1e-9)
    assert often.high == pytest.approx(once.high, abs=1e-9)


def test_never_surer_than_as_many_pairs_as_models():
    """Bonett and Wright's error, where each of 20 models gives five independent triples."""
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(2, 100))
    found = rank_correlation_interval(x, y, np.repeat(np.arange(20), 5))
    least = np.sqrt((1 + found.estimate**2 / 2) / 17)
    half = scipy_stats.t.ppf(0.975, 18) * least
    assert np.arctanh(found.high) - np.arctanh(found.estimate) == pytest.approx(half)


def test_a_perfect_order_reaches_one_and_stays_unsure_below():
    x, _, model = drawn()
    found = rank_correlation_interval(x, 2 * x, model)
    assert (found.estimate, found.high) == (pytest.approx(1), 1.0)
    assert 0.9 < found.low < 0.999
    assert rank_correlation_interval(x, -x, model).low == -1.0


def test_below_ten_models_nothing_but_the_estimate():
    x, y, model = drawn(models=9, triples=40)
    found = rank_correlation_interval(x, y, model)
    assert -1 < found.estimate < 1
    assert found.ends is None
    assert np.isnan(rank_correlation_p(x, y, model))


def test_what_rests_on_one_model_has_no_interval():
    model = np.repeat(np.arange(12), 2)
    y = np.where(model == 4, 0.1, 0.0)
    found = rank_correlation_interval(np.arange(24), y, model)
    assert np.isfinite(found.estimate)
    assert found.ends is None
    # nor what hangs on the one model that has nearly all triples
    x, y, _ = drawn(models=400, triples=1)
    assert rank_correlation_interval(x, y, np.maximum(np.arange(400) - 388, 0)).ends is None


def test_no_correlation_where_nothing_varies():
    assert np.isnan(rank_correlation([1, 1, 1], [1, 2, 3]))
    assert np.isnan(rank_correlation([1.0], [2.0]))
    x, _, model = drawn()
    assert np.isnan(rank_correlation_interval(x, np.zeros(len(x)), model).estimate)


@pytest.mark.parametrize(
    ("x", "y", "groups", "match"),
    [
        ([], [], [], "at least one"),
        ([1.0, 2.0], [1.0], [0, 1], "one group"),
        ([1.0, np.nan], [1.0, 2.0], [0, 1], "NaN has no rank"),
    ],
)
def test_bad_figures_are_refused(x, y, groups, match):
    with pytest.raises(ValueError, match=match):
        rank_correlation_interval(x, y, groups)


def test_infinite_figures_have_a_rank():
    assert rank_correlation([1, 2, np.inf], [1, 2, 3]) == pytest.approx(1)
