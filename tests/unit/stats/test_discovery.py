from __future__ import annotations

import numpy as np
import pytest

from quantassay.stats import discover, halves


def test_halves_are_even_and_depend_on_ids_and_seed_alone():
    ids = np.array([f"sample-{i}" for i in range(4000)])
    first = halves(ids, seed=1)
    assert abs(first.mean() - 0.5) < 0.04
    assert np.array_equal(halves(ids[::-1], 1), first[::-1])
    assert np.array_equal(halves(ids.astype("<U40"), 1), first)
    assert abs((halves(ids, 2) == first).mean() - 0.5) < 0.04


def test_neighbours_are_not_split_in_step():
    parts = halves(np.arange(4000).astype(str), 0)
    assert abs((parts[1:] == parts[:-1]).mean() - 0.5) < 0.04


def test_the_largest_losses_are_found_and_only_they_count():
    found = discover([0.1, np.nan, -0.2, 0.3, 0.05], [0.01, 0.0, 0.0, 0.02, 0.0], most=2)
    assert found.found.tolist() == [3, 0]
    assert found.p == pytest.approx([0.02, 0.02])


def test_what_does_not_lose_is_not_found():
    found = discover([0.0, -0.1], [0.0, 0.0])
    assert len(found.found) == len(found.p) == 0


@pytest.mark.parametrize(("loss", "p", "most"), [([0.1], [0.1, 0.2], 1), ([0.1], [0.1], 0)])
def test_what_makes_no_sense_is_refused(loss, p, most):
    with pytest.raises(ValueError, match="at least one"):
        discover(loss, p, most)
