import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantassay.errors import DataError
from quantassay.schemes.calibration import digest, draw, draw_apart, shared_by


def test_a_seed_draws_the_same_samples():
    first = draw(1000, 50, seed=7)
    np.testing.assert_array_equal(first, draw(1000, 50, seed=7))
    assert not np.array_equal(first, draw(1000, 50, seed=8))
    assert np.all(np.diff(first) > 0)


def test_all_of_them():
    np.testing.assert_array_equal(draw(5, None, seed=0), np.arange(5))


@pytest.mark.parametrize("samples", [0, 6, -1])
def test_more_than_there_are(samples):
    with pytest.raises(DataError, match=rf"asks for {samples} samples; there are 5"):
        draw(5, samples, seed=0)


def test_strata_are_drawn_alike():
    codes = np.repeat([0, 1, 2], [500, 100, 5])
    chosen = draw(605, 65, seed=1, strata_codes=codes)
    assert np.bincount(codes[chosen]).tolist() == [30, 30, 5]


def test_no_stratum_is_a_stratum():
    codes = np.array([-1, -1, 0, 0])
    assert sorted(codes[draw(4, 2, seed=3, strata_codes=codes)].tolist()) == [-1, 0]


@given(
    st.lists(st.integers(-1, 4), min_size=1, max_size=60),
    st.integers(0, 2**32),
    st.data(),
)
@settings(max_examples=60, deadline=None)
def test_a_stratified_draw_is_as_even_as_it_can_be(codes, seed, data):
    codes = np.array(codes)
    samples = data.draw(st.integers(1, len(codes)))
    chosen = draw(len(codes), samples, seed, codes)
    assert len(np.unique(chosen)) == samples
    names, sizes = np.unique(codes, return_counts=True)
    taken = np.array([(codes[chosen] == name).sum() for name in names])
    spare = taken < sizes
    assert not spare.any() or taken.max() - taken[spare].min() <= 1


def test_every_sample_has_the_same_chance():
    codes = np.repeat([0, 1], [10, 30])
    counts = np.zeros(40)
    for seed in range(2000):
        counts[draw(40, 10, seed, codes)] += 1
    np.testing.assert_allclose(counts[:10], 1000, atol=120)
    np.testing.assert_allclose(counts[10:], 2000 * 5 / 30, atol=80)


def test_draws_share_nothing_while_there_are_enough():
    draws = draw_apart(100, 12, 8, seed=1)
    assert len(np.unique(np.concatenate(draws))) == 96
    assert shared_by(draws) == 0
    assert all(np.all(np.diff(one) > 0) for one in draws)


def test_draws_share_as_little_as_they_can():
    draws = draw_apart(100, 50, 4, seed=1)
    used = np.bincount(np.concatenate(draws))
    assert used.tolist() == [2] * 100
    # of each draw's 50 samples one other draw of three has each
    assert shared_by(draws) == pytest.approx(1 / 3)
    assert shared_by(draw_apart(7, 7, 3, seed=0)) == 1


@pytest.mark.parametrize("samples", [6, 24])
def test_every_draw_is_as_even_over_strata(samples):
    codes = np.repeat([0, 1, 2], 10)
    for chosen in draw_apart(30, samples, 5, seed=2, strata_codes=codes):
        assert np.bincount(codes[chosen]).tolist() == [samples // 3] * 3


def test_draws_of_a_seed_are_the_same_and_differ_from_one_another():
    first, again = (draw_apart(500, 20, 3, seed=(7, 20)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, draw_apart(500, 20, 3, seed=(8, 20)))


def test_a_draw_of_more_than_there_are():
    with pytest.raises(DataError, match="a draw asks for 6 samples; there are 5"):
        draw_apart(5, 6, 2, seed=0)


FEEDS = {"a": np.arange(6, dtype=np.float32).reshape(3, 2), "b": np.array([1, 2, 3])}


def test_a_digest_is_of_content():
    same = {"b": FEEDS["b"].copy(), "a": np.asfortranarray(FEEDS["a"])}
    assert digest(FEEDS) == digest(same)


@pytest.mark.parametrize(
    "other",
    [
        {**FEEDS, "a": FEEDS["a"] + 1},
        {**FEEDS, "a": FEEDS["a"].astype(np.float64)},
        {**FEEDS, "a": FEEDS["a"].reshape(3, 2, 1)},
        {**FEEDS, "a": FEEDS["a"][::-1]},
        {"c": FEEDS["a"], "b": FEEDS["b"]},
        {"a": FEEDS["a"]},
    ],
)
def test_a_digest_tells_apart(other):
    assert digest(FEEDS) != digest(other)


def test_text_has_a_digest():
    assert digest({"t": np.array(["ab", "c"])}) != digest({"t": np.array(["a", "bc"])})
    assert digest({"t": np.array(["ab"], object)}) == digest({"t": np.array(["ab"], object)})
