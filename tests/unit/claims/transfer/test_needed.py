from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from quantassay.claims.transfer.mix import reweighted
from quantassay.claims.transfer.needed import needed_at_mix
from quantassay.claims.transfer.refusals import Mix
from quantassay.stats import binary_interval, standardized


@pytest.fixture
def open_at(claim):
    mix = Mix("place", {"day": 0.6, "night": 0.4})
    return reweighted(claim, claim.candidates[0], claim.metric("top1"), mix, 0.025)


def test_that_many_samples_pass_about_as_often_as_planned(open_at) -> None:
    assert open_at.verdict == "inconclusive"
    sizes = needed_at_mix(open_at, 0.95)
    rng = np.random.default_rng(0)
    day = rng.binomial(sizes["day"], 0.0, 400)
    night = rng.binomial(sizes["night"], 0.04, 400)
    ends = [binary_interval(x, 0, sizes[p], 0.025) for x, p in ((day, "day"), (night, "night"))]
    seen = np.stack([day / sizes["day"], night / sizes["night"]], axis=1)
    low, high = (np.stack([one[i] for one in ends], axis=1) for i in (0, 1))
    _, _, upper = standardized(seen, (low, high), [0.6, 0.4])
    assert 0.85 < (upper < 0.025).mean() <= 1.0


def test_no_number_helps_a_loss_beyond_the_margin(open_at) -> None:
    assert needed_at_mix(replace(open_at, margin=0.01), 0.95) is None


def test_a_wider_margin_needs_fewer(open_at) -> None:
    few, many = (
        sum(needed_at_mix(replace(open_at, margin=m), 0.95).values()) for m in (0.04, 0.02)
    )
    assert few < many
