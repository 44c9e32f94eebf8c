from __future__ import annotations

import numpy as np
import pytest

from quantassay.claims.transfer.likeness import mix_of, two_sample


def compare(first, second, categories=({}, {}), **more):
    sizes = tuple(max(map(len, side.values()), default=0) for side in (first, second))
    return two_sample("inputs", (first, second), categories, sizes, 0.05, 0, {}, **more)


def test_shares_have_exact_intervals_and_every_stratum_is_there() -> None:
    found = mix_of("place", {"day": 8, "dawn": 2}, {"day": 600, "night": 300}, 1, 0.95, 0)
    by_name = {one.value: one for one in found.shares}
    assert by_name["day"].share == 0.8
    # Clopper and Pearson's interval of 8 in 10
    assert by_name["day"].interval == pytest.approx((0.4439, 0.9748), abs=1e-4)
    assert (by_name["night"].count, by_name["night"].test_count) == (0, 300)
    assert found.distance == pytest.approx(1 / 3)
    assert found.p < 0.05
    assert found.nameless == 1


def test_what_differs_most_stands_first() -> None:
    rng = np.random.default_rng(0)
    first = {"a": rng.normal(size=400), "b": rng.normal(1.0, size=400)}
    second = {"a": rng.normal(size=300), "b": rng.normal(size=300)}
    found = compare(first, second)
    assert found.differs
    assert found.columns[0].column == "b"
    assert found.columns[0].p < 0.001 < found.columns[1].p
    assert found.p == 0.001


def test_a_difference_that_no_column_shows_alone_is_found() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 800))
    found = compare({"a": x, "b": x}, {"a": y, "b": rng.normal(size=800)})
    assert found.p_any > 0.025
    assert found.differs
    assert found.p <= 0.025


def test_samples_of_one_law_rarely_differ() -> None:
    rng = np.random.default_rng(2)
    found = [
        compare({"a": rng.normal(size=25)}, {"a": rng.normal(size=25)}).differs for _ in range(100)
    ]
    assert np.mean(found) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 100)


def test_categories_missing_values_and_constants() -> None:
    words = np.array(["x"] * 50 + ["y"] * 50), np.array(["x"] * 95 + ["y"] * 5)
    nothing, ones = np.full(100, np.nan), np.ones(100)
    found = compare(
        {"gone": nothing, "one": ones}, {"gone": nothing, "one": ones},
        ({"word": words[0]}, {"word": words[1]}),
    )  # fmt: skip
    assert found.differs
    assert found.columns[0].column == "word"
    assert found.columns[0].measure == "total variation"
    assert (found.effect, found.p) == (None, None)


def test_nothing_to_compare() -> None:
    assert compare({}, {}) is None


def test_numbers_at_the_edge_of_what_there_is() -> None:
    rng = np.random.default_rng(3)
    usual = rng.normal(size=50)
    for odd in (
        rng.choice([-1e308, 1e308], 50), np.full(50, np.inf), np.full(50, np.nan),
        np.full(50, 5e-324), usual[:1],
    ):  # fmt: skip
        found = compare({"a": odd}, {"a": usual})
        numbers = [found.effect, found.p, found.p_any]
        numbers += [value for one in found.columns for value in (one.effect, one.p)]
        assert all(value is None or np.isfinite(value) for value in numbers)
